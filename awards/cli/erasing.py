"""Erasing a person from the command line: the report, a request on paper, and finishing what was cut short."""

from __future__ import annotations

from typing import Any

import click

from awards.cli.opening import arrival, finding, opened
from awards.cli.words import LINE, reason_code


@click.command()
@click.argument("who", type=LINE, required=False)
@click.option("--basis", type=LINE, help="Requests the erasure, on this legal basis, a code (`gdpr-17-1-b`).")
@click.option("--keep-public", type=LINE, help="Keeps a winner's published name, on this legal basis, a code.")
@click.option("--due", is_flag=True, help="Lists requests that wait, and what is due by the rules; erases nothing.")
@click.option("--finish", is_flag=True, help="Finishes every erasure that was approved and cut short.")
def erase(who: str | None, basis: str | None, keep_public: str | None, due: bool, finish: bool) -> None:
    """Show what an erasure of somebody would take, or request it.

    WHO is the id of a subject or of a participant. The operator is one person: the second one, an approver or a
    privacy officer, approves it over HTTP with a token of her own.
    """
    if (bool(who), due, finish).count(True) != 1 or (basis and not who):
        raise click.UsageError("name somebody, or use --due or --finish alone")
    if keep_public and not basis:
        raise click.UsageError("--keep-public is for a request, which needs --basis")
    missing = f"nobody here goes by {who}: give the id of a subject or a participant, not a name"
    with opened() as service, finding(missing):
        if finish:
            click.echo("every approved erasure is finished")  # opening the service has done so
            return
        if due:
            for one in service.application.retention.due(arrival()):
                place = f" as {one['participant']} in {one['edition']} {one['label']}" if "edition" in one else ""
                why = ", requested by {by} on {basis}".format(**one["requested"]) if "requested" in one else ""
                click.echo(f"{one['subject']}{place}: {' '.join(one['classes'])} since {one['due'][:10]}{why}")
            return
        erasures = service.application.erasures
        if basis:
            kept = {"public": reason_code(keep_public)} if keep_public else {}
            erasures.request(arrival(), str(who), reason_code(basis), kept=kept)
        for line in _lines(erasures.erasure(arrival(), str(who))):
            click.echo(line)


def _lines(report: dict[str, Any]) -> list[str]:
    lines = [f"subject {report['subject']}"]
    if asked := report.get("requested"):
        kept = "".join(f", {cls} kept by {basis}" for cls, basis in asked["kept"].items())
        lines.append(f"requested by {asked['by']}: {' '.join(asked['classes'])} on {asked['basis']}{kept}")
    if report["erased"]:
        lines.append(f"erased {' '.join(report['erased'])}{'' if report['finished'] else ', not finished'}")
    for place in report["editions"]:
        roles = " ".join(place["roles"]) or "no role"
        lines.append(f"edition {place['edition']} {place['label']} ({place['phase']}), {roles}")
        values = ", ".join(f"{count} {cls}" for cls, count in place["values"].items())
        lines.append(f"  values: {values}; shared with others: {place['shared']}; reviews that stay: {place['scored']}")
    lines.append("beside the log: " + ", ".join(f"{count} {name}" for name, count in report["account"].items()))
    return lines
