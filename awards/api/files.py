"""What is held on somebody, for herself or for whoever answers her request."""

from __future__ import annotations

from typing import Any

from awards.api.op import Operations
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.schemas.files import FileOut

files = Operations("Own file", "What is held on a person, with proofs, and nothing about others.")


@files.get("/me/file", out=FileOut(), permission="file.own")
def get_own_file(app: Application, arrival: Arrival) -> Any:
    """Get what is held on you, within the scope of your token: what you did, and what is said of you.

    Each event comes with its receipt. All of it, your account included, is on the page of your account.
    """
    return app.files.own_file(arrival)


@files.get("/subjects/<id:subject>/file", out=FileOut(), permission="file.of")
def get_file(app: Application, arrival: Arrival, subject: str) -> Any:
    """Get what is held on a person, to be sent to her; by the id of the subject, or of a participant."""
    return app.files.file_of(arrival, subject)
