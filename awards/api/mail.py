"""One's own mail: which kinds one gets, and in which language."""

from __future__ import annotations

from typing import Any

from awards.api.answers import IfMatch
from awards.api.op import Operations
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.schemas.mail import MailIn, MailOut

mail = Operations("Mail", "What you are written. Invitations come in any case.")


@mail.get("/me/mail", out=MailOut(), permission="mail.own")
def get_mail_choices(app: Application, arrival: Arrival) -> Any:
    """Read which mail you get, and in which language."""
    return app.mail.mail_choices(arrival)


@mail.put("/me/mail", body=MailIn(), out=MailOut(), permission="mail.own")
def choose_mail(app: Application, arrival: Arrival, body: dict[str, Any], if_match: IfMatch) -> Any:
    """Choose which mail you get, and in which language."""
    if_match.require(app.mail.mail_choices(arrival))
    app.mail.choose_mail(arrival, **body)
    return app.mail.mail_choices(arrival)
