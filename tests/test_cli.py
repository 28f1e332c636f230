"""The command line as an operator meets it: real processes on real databases, and one line where something is wrong."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from awards.access import AWARD_ROLES, EDITION_ROLES, OPERATOR, PANEL_ROLES
from awards.domain.refusals import RoleNotHeld
from awards.domain.subject import Subject
from awards.ledger.sealed import from_table, open_all
from tests import set_up, shell
from tests.application.house import House, open_service
from tests.conftest import NewDatabase
from tests.set_up import ORIGIN

SOMEBODY = "6f1d9a52-2b0e-4c39-9c55-6a1f0c7a1e77"
AWARDS = [sys.executable, "-c", "from awards.cli import main; main()"]


@dataclass
class Operator:
    """Somebody at a shell, in a folder, with an environment."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str | bytes, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `awards …` to its end."""
        return shell.run(arguments, self.folder, {**clean(), **self.variables, **variables})

    def told(self, *arguments: str, **variables: str) -> dict[str, str]:
        """What a command that must end well prints, by the first word of each line."""
        done = self.run(*arguments, **variables)
        assert done.returncode == 0, done.stderr
        return dict(line.split(" ", 1) for line in done.stdout.splitlines())

    def refused(self, *arguments: str | bytes, **variables: str) -> str:
        """The one line with which a command that must fail ends."""
        done = self.run(*arguments, **variables)
        assert done.returncode in {1, 2}, done.stdout
        (line,) = done.stderr.splitlines()
        assert line.startswith("Error: ")
        return line


def clean() -> dict[str, str]:
    """The environment without settings; the package is found from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWARDS_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).parent.parent)}


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """In an empty folder, without settings."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Operator(folder)


@pytest.fixture
def outfitted(operator: Operator, new_database: NewDatabase, tmp_path: Path) -> Operator:
    """With a migrated log and an empty database for the keys, of the kind under test."""
    operator.variables = {
        "AWARDS_DATABASE_URL": new_database("awards", set_up.log),
        "AWARDS_KEYS": new_database("keys"),
        "AWARDS_KEY_FILE": str(tmp_path / "awards.key"),
    }
    return operator


# --- only what begins something makes what is missing


@pytest.mark.parametrize(
    "command",
    [
        "replay",
        "rebuild",
        f"subject grant {SOMEBODY} auditor",
        f"subject revoke {SOMEBODY} auditor",
        f"subject invite {SOMEBODY}",
        f"subject deactivate {SOMEBODY} left",
        f"erase {SOMEBODY}",
        f"subject enter {SOMEBODY} nominator Nadia",
        f"subject token {SOMEBODY} {SOMEBODY} nominator",
        f"subject link {SOMEBODY} nominee",
        "subject revoke-token awd_0",
    ],
)
def test_a_wrong_folder_is_told_and_left_as_it_was(operator: Operator, command: str) -> None:
    assert "there is no database awards.db" in operator.refused(*command.split())
    assert list(operator.folder.iterdir()) == []


def test_a_database_that_was_never_migrated_is_no_empty_log(operator: Operator, new_database: NewDatabase) -> None:
    url = new_database("bare")
    keys, key_file = new_database("keys"), operator.folder / "awards.key"
    named = {"AWARDS_DATABASE_URL": url, "AWARDS_KEYS": keys, "AWARDS_KEY_FILE": str(key_file)}
    for command in ("replay", "rebuild"):
        assert "database" in operator.refused(command, **named)
    assert list(operator.folder.iterdir()) == []


def test_no_key_store_is_made_by_a_rebuild(outfitted: Operator) -> None:
    assert "there is no key store" in outfitted.refused("rebuild")
    assert not Path(outfitted.variables["AWARDS_KEY_FILE"]).exists()


def test_a_log_is_replayed_without_its_keys(outfitted: Operator) -> None:
    assert outfitted.run("replay").stdout.startswith("0 events of 0 streams replayed")
    assert not Path(outfitted.variables["AWARDS_KEY_FILE"]).exists()


def test_registering_makes_what_is_missing(outfitted: Operator) -> None:
    who = outfitted.told("subject", "register", "Sada")["subject"]
    assert outfitted.told("subject", "grant", who, "approver")["subject"] == who
    assert outfitted.told("rebuild") == {"rebuilt": "at position 3"}


# --- tokens are given for roles that are held


@dataclass(frozen=True)
class Played:
    """An edition with a nominator and a member of the panel."""

    operator: Operator
    award: str
    edition: str
    nominator: str
    reviewer: str


@pytest.fixture
def house(outfitted: Operator) -> Iterator[House]:
    """An award and its secretariat."""
    named = outfitted.variables
    service = open_service(named["AWARDS_DATABASE_URL"], named["AWARDS_KEYS"], Path(named["AWARDS_KEY_FILE"]))
    try:
        yield House(service)
    finally:
        service.close()


@pytest.fixture
def played(outfitted: Operator, house: House) -> Played:
    """An award with an edition and the people in it."""
    edition = house.edition()
    nominator, reviewer = house.member(edition, "nominator", "Nadia"), house.member(edition, "reviewer", "Rosa")
    return Played(outfitted, house.award, edition, str(nominator.participant), str(reviewer.participant))


def test_a_token_is_for_a_role_that_is_held(played: Played) -> None:
    token = ("subject", "token", played.edition)
    assert played.operator.told(*token, played.nominator, "nominator")["token"].startswith("awd_")
    assert "does not hold the role secretariat" in played.operator.refused(*token, played.nominator, "secretariat")
    assert "does not hold the role chair" in played.operator.refused(*token, played.reviewer, "chair")
    assert "There is no participant" in played.operator.refused(*token, SOMEBODY, "nominator")


def test_a_seat_is_held_like_a_role(played: Played) -> None:
    for word in ("reviewer", "member"):
        told = played.operator.told("subject", "token", played.edition, played.reviewer, word)
        assert told["token"].startswith("awd_")
    assert "role reviewer" in played.operator.refused("subject", "token", played.edition, played.nominator, "member")


def test_nothing_is_recorded_of_a_token_that_is_refused(house: House) -> None:
    edition = house.edition()
    who = str(house.member(edition, "nominator", "Nadia").participant)
    before = house.counts()
    with pytest.raises(RoleNotHeld):
        house.app.people.issue_edition_token(house.by(OPERATOR), edition, who, "approver")
    assert house.counts() == before


@pytest.mark.parametrize(
    ("command", "choices"),
    [
        ("register Sada --role king", AWARD_ROLES),
        (f"grant {SOMEBODY} king", AWARD_ROLES),
        (f"revoke {SOMEBODY} king", AWARD_ROLES),
        (f"enter {SOMEBODY} king Nadia", EDITION_ROLES),
        (f"token {SOMEBODY} {SOMEBODY} king", EDITION_ROLES + PANEL_ROLES + ("member",)),
    ],
)
def test_an_unknown_role_is_answered_with_those_there_are(
    operator: Operator, command: str, choices: tuple[str, ...]
) -> None:
    line = operator.refused("subject", *command.split())
    assert line.lower().startswith("error: '--role'" if "--role" in command else "error: 'role'")
    assert line.endswith(f"choose one of {', '.join(choices)}")
    assert list(operator.folder.iterdir()) == []


# --- a name is checked as the API checks it

NOT_NAMES = {
    "": "This cannot be empty.",
    "   ": "This cannot be empty.",
    "a" * 300: "This can have at most 200 characters.",
    "Ada\u202eecalevoL": "This contains a character that reorders text.",
    "Ada\nLovelace": "This contains a control character.",
    b"Ada\xff": "This contains a character that is not text.",
}


@pytest.mark.parametrize("name", list(NOT_NAMES))
def test_a_name_the_api_refuses_is_refused(operator: Operator, name: str | bytes) -> None:
    told = f"Error: 'NAME': {NOT_NAMES[name]}"
    assert operator.refused("subject", "register", name) == told
    assert operator.refused("subject", "enter", SOMEBODY, "nominator", name) == told
    assert list(operator.folder.iterdir()) == []


def test_a_name_is_kept_as_the_api_keeps_it(house: House, outfitted: Operator) -> None:
    outfitted.told("subject", "register", "Zoe\u0308")
    name = house.events("subject.known")[-1].name
    desk = house.app.desk
    assert list(open_all(from_table(desk.ledger.rows), [name], desk.keys).values()) == ["Zo\u00eb"]


@pytest.mark.parametrize(
    "command",
    [
        [b"grant", b"\xff", b"auditor"],
        [b"register", b"Sada", b"--award", b"\xff"],
        [b"enter", b"\xff", b"nominator", b"Nadia"],
        [b"token", SOMEBODY.encode(), b"\xff", b"nominator"],
        [b"link", b"\xff", b"nominee"],
        [b"revoke-token", b"\xff"],
    ],
)
def test_no_argument_may_be_what_is_not_text(operator: Operator, command: list[bytes]) -> None:
    assert operator.refused("subject", *command).endswith("not text.")


# --- what the environment says and cannot be


def test_a_port_in_use_is_told(operator: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"cannot serve on 127.0.0.1:{port}; " in operator.refused("serve", AWARDS_PORT=port)


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "a..b", "a" * 70])
def test_a_host_that_is_not_here_is_told(operator: Operator, host: str) -> None:
    assert f"cannot serve on {host}:0; " in operator.refused("serve", AWARDS_HOST=host, AWARDS_PORT="0")


@pytest.mark.parametrize("command", ["serve", "replay", "rebuild", "subject register Sada"])
def test_the_origin_of_another_log_is_told(outfitted: Operator, command: str) -> None:
    line = outfitted.refused(*command.split(), AWARDS_ORIGIN="other.example/log", AWARDS_PORT="0")
    assert line.startswith(f"Error: AWARDS_ORIGIN is other.example/log, but this log is {ORIGIN}")


def test_the_origin_of_the_log_is_no_mistake(outfitted: Operator) -> None:
    assert outfitted.told("subject", "register", "Sada", AWARDS_ORIGIN=ORIGIN)["token"]


# --- an award by its slug


def test_an_award_is_named_by_its_slug_or_its_id(house: House, outfitted: Operator) -> None:
    who = outfitted.told("subject", "register", "Sada", "--role", "approver", "--award", "advocate")["subject"]
    assert "holds this role already" in outfitted.refused("subject", "grant", who, "approver", "--award", house.award)
    token = outfitted.told("subject", "grant", who, "privacy_officer", "--award", "advocate")["token"]
    caller = house.app.people.caller(token, house.at)
    assert caller is not None
    assert (caller.subject, caller.role, caller.award) == (who, "privacy_officer", house.award)
    outfitted.told("subject", "revoke", who, "privacy_officer", "--award", "advocate")
    subject = house.app.desk.streams.get(UUID(who))
    assert isinstance(subject, Subject)
    assert subject.grants == {("approver", house.award)}


def test_what_was_not_found_is_named(house: House, outfitted: Operator) -> None:
    before = house.counts()
    for command in (["register", "Sada", "--role", "auditor"], ["grant", SOMEBODY, "auditor"]):
        for award in ("advocat", SOMEBODY):
            line = outfitted.refused("subject", *command, "--award", award)
            assert line == f"Error: There is no award {award}, by its id or its slug."
    for verb in ("grant", "revoke"):
        assert outfitted.refused("subject", verb, SOMEBODY, "auditor") == f"Error: There is no subject {SOMEBODY}."
    assert house.counts() == before


# --- people who sign in


def test_the_first_secretariat_comes_in_by_a_link(house: House, outfitted: Operator) -> None:
    told = outfitted.told("subject", "register", "Ada", "--login", "ada@example.org", AWARDS_BASE_URL="https://a.org/x")
    assert told.keys() == {"subject", "code", "link"}
    assert told["link"] == f"https://a.org/x/enter#{told['code']}"
    session = house.app.accounts.accept(told["code"], datetime.now(UTC), "", "correct horse battery")
    account = house.app.accounts.signed_in(str(session), datetime.now(UTC))
    assert account
    assert (account.subject, account.login) == (told["subject"], "ada@example.org")
    again = outfitted.told("subject", "invite", told["subject"])
    assert again["code"] != told["code"]


def test_a_login_that_is_taken_registers_nobody(house: House, outfitted: Operator) -> None:
    outfitted.told("subject", "register", "Ada", "--login", "ada@example.org")
    before = house.counts()
    line = outfitted.refused("subject", "register", "Bo", "--login", "ADA@example.org")
    assert line == "Error: Another account has this login."
    assert "3 to 200" in outfitted.refused("subject", "register", "Bo", "--login", "a")
    assert house.counts() == before


def test_an_account_is_ended_for_a_reason(house: House, outfitted: Operator) -> None:
    told = outfitted.told("subject", "register", "Ada")
    assert "a reason code is made of" in outfitted.refused("subject", "deactivate", told["subject"], "She left!")
    assert house.app.people.caller(told["token"], datetime.now(UTC))
    assert outfitted.told("subject", "deactivate", told["subject"], "left-the-office") == {"subject": told["subject"]}
    assert house.app.people.caller(told["token"], datetime.now(UTC)) is None
    assert "deactivated" in outfitted.refused("subject", "invite", told["subject"])
    assert outfitted.refused("subject", "deactivate", SOMEBODY, "left") == f"Error: There is no subject {SOMEBODY}."


def test_an_erasure_is_requested_here_and_approved_elsewhere(played: Played, house: House) -> None:
    operator, who = played.operator, played.reviewer
    asked = operator.run("erase", who, "--basis", "she-asked", "--keep-public", "archive").stdout.splitlines()
    subject = asked[0].removeprefix("subject ")
    assert asked[1] == "requested by operator: case account on she-asked, public kept by archive"
    assert asked[2].startswith(f"edition {played.edition} 2026 (")
    assert asked[2].endswith("), reviewer")
    house.app.erasures.approve(house.by(house.approver), subject)
    assert operator.run("erase", "--finish").stdout == "every approved erasure is finished\n"
    assert "has been erased" in operator.refused("erase", who)
    assert operator.run("erase").returncode == 2


def test_no_token_lasts_longer_than_a_year_and_a_day(operator: Operator) -> None:
    done = operator.run("subject", "register", "Ada", "--days", "367")
    assert (done.returncode, "1<=x<=366" in done.stderr) == (2, True)


# --- the demo


def test_the_demo_needs_no_databases(operator: Operator) -> None:
    assert "demo: ok" in operator.run("demo", "--check", AWARDS_DATABASE_URL="postgresql://nowhere.invalid/log").stdout


def test_what_the_demo_left_is_served_again_as_it_says(tmp_path: Path) -> None:
    environment = {**clean(), "AWARDS_PORT": "0", "TMPDIR": str(tmp_path)}
    with subprocess.Popen([*AWARDS, "demo"], env=environment, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        again = next(line for line in demo.stdout if "to serve it again" in line).split("again", 1)[1].strip()
        demo.terminate()
    command = ["/bin/sh", "-c", again.replace(" /", " exec /", 1)]
    with subprocess.Popen(command, env=environment, cwd="/", stderr=subprocess.PIPE, text=True) as served:
        assert served.stderr is not None
        assert served.stderr.readline().startswith("listening on ")
        served.terminate()
    assert served.returncode == 0
