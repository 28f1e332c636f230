"""What is left for whoever watches: an edition that is open for nominations, and where to look, as whom."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from awards.demo.checks import same
from awards.demo.client import Client
from awards.demo.exercise import ZONE, Exercise
from awards.demo.people import SLUG, People
from awards.demo.proving import Kept

LABEL = "Exercise 2026"
NOMINEE = {"name": "Lieutenant Amara Invented", "rank": "Lieutenant", "country": "KE", "mission": "MINUSCA"}


@dataclass(frozen=True)
class Upcoming:
    """The open edition, and who acts in it."""

    edition: str
    nominator: Client
    nominee: Client
    endorser: Client
    nomination: str


def leave_open(people: People, exercise: Exercise) -> Upcoming:
    """Plan another edition, open its call for sixty days, and put one nomination in."""
    secretariat = people.secretariat
    body = {"label": LABEL, "rules": exercise.script["rules"]}
    edition = secretariat.post(f"/awards/{SLUG}/editions", body)["id"]
    opens = datetime.now(UTC)
    closes = (opens + timedelta(days=60)).isoformat()
    secretariat.post(f"/editions/{edition}/open-call", {"opens": opens.isoformat(), "closes": closes, "zone": ZONE})
    nominator = people.entered(edition, "nominator", name="Force Commander (invented)")
    statement = "Put forward to show how an open call looks. (Exercise, the person is invented.)"
    nomination = nominator.post(f"/editions/{edition}/nominations", {"nominee": NOMINEE, "statement": statement})["id"]
    same("phase of the open edition", nominator.get(f"/editions/{edition}")["phase"], "call_open")
    links = [people.link(nomination, role) for role in ("nominee", "endorser")]
    return Upcoming(edition, nominator, links[0], links[1], nomination)


def told(people: People, exercise: Exercise, upcoming: Upcoming, folder: Path, kept: Kept) -> str:
    """Where to look, as whom, and a first command."""
    site = people.public.site
    api = f"{site}/api/v1"
    body = json.dumps({"nominee": {"name": "Captain Test Person", "country": "SN"}, "statement": "Because."})
    places = {
        "this service": f"{site}/",
        "documentation": f"{site}/api/docs",
        "winners": f"{api}/winners (?format=csv, jsonld, atom)",
        "all of it is in": str(folder),
        "to serve it again": f"AWARDS_DATABASE_URL=sqlite:///{folder}/awards.db {_here('awards')} serve",
    }
    closed = {
        "the decided edition": f"{api}{exercise.here}",
        "its decision": f"{api}/decisions/{exercise.decision}",
        "the open edition": f"{api}/editions/{upcoming.edition}",
        "its nomination": f"{api}/nominations/{upcoming.nomination}",
    }
    tokens = {
        "secretariat": people.secretariat,
        "approver": people.approver,
        "auditor": people.auditor,
        "chair (2025)": exercise.chair,
        "final chair (2025)": exercise.final.chair,
        "deputy (2025)": exercise.deputy,
        "reviewer (2025)": exercise.panel[4][1],
        "nominator (2026)": upcoming.nominator,
        "nominee link (2026)": upcoming.nominee,
        "endorser link (2026)": upcoming.endorser,
    }
    lines = [
        "Where to look:",
        *(f"  {what:20}  {where}" for what, where in places.items()),
        "",
        f"Where to look with a token: curl -H 'Authorization: Bearer {people.auditor.token}' ADDRESS",
        *(f"  {what:20}  {where}" for what, where in closed.items()),
        "",
        "Bearer tokens, one a role:",
        *(f"  {role:20}  {client.token}" for role, client in tokens.items()),
        "",
        "To sign in with a browser, one-time links:",
        *(f"  {role:20}  {link}" for role, link in people.ways_in().items()),
        "",
        f"Nominate in the open edition ({LABEL}), as its nominator:",
        f"  curl -X POST {api}/editions/{upcoming.edition}/nominations \\",
        f"    -H 'Authorization: Bearer {upcoming.nominator.token}' \\",
        f"    -H 'Content-Type: application/json' -d '{body}'",
        "",
        "Check the bundle of the decided edition, with a checkpoint from before it began:",
        f"  {_here('awards-verify')} {shlex.join(kept.arguments)}",
        "",
        "Ctrl-C ends it.",
    ]
    return "\n".join(lines)


def _here(command: str) -> str:
    """The path of a command of this environment, as a shell takes it from any folder."""
    return shlex.quote(str(Path(sys.executable).with_name(command)))
