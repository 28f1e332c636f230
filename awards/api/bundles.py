"""Bundles over HTTP: made in a temporary file, and sent from there."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from awards.api.answers import Download
from awards.api.op import NOTHING, Operations
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.schemas.fields import Choice, Shape

ZIP = "application/zip"

bundles = Operations("Bundles", "An edition's history to take away, with everything that is needed to check it.")


class ForWhom(Shape):
    """Which bundle."""

    profile = Choice(
        "auditor",
        "public",
        required=True,
        metadata={"description": "`auditor`: with what can be opened; `public`: as the edition's rules publish it."},
    )


@bundles.get(
    "/editions/<id:edition>/bundle",
    out=NOTHING,
    query=ForWhom(),
    permission=("bundle.export", "bundle.publish"),
    produces=(ZIP,),
    errors=("log_not_published",),
    limit="export",
)
def get_bundle(app: Application, arrival: Arrival, edition: str, query: dict[str, Any]) -> Any:
    """Take an edition's history away: a BagIt bag in a zip, for `awards-verify` or to be checked by hand.

    It is made for each request, of everything recorded by now; the same log gives the same bytes.
    """
    file = TemporaryFile()  # noqa: SIM115 - closed when it is sent
    try:
        built = app.bundles.export(arrival, edition, query["profile"], file)
    except BaseException:
        file.close()
        raise
    return Download(b"", built.digest[:32], ZIP, file=file, name=f"{built.name}.zip")
