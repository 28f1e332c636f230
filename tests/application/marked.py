"""People who leave marks everywhere, and a search for what is left of them: in tables, and as bytes in files."""

from __future__ import annotations

import base64
import secrets
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from awards.access import Caller
from awards.ledger.contacts import put_contact
from awards.ledger.database import is_sqlite, sqlite_path
from awards.ledger.tokens import CODE_LIFE
from tests.application.house import House
from tests.application.jury import Jury

PASSWORD = "correct horse battery"


class Marks(dict[str, str]):
    """A mark a name: random, so that it stands nowhere by chance; lower case, so that folding leaves it."""

    def __missing__(self, name: str) -> str:
        self[name] = mark = "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(28))
        return mark


class Marked:
    """An edition with a winner, a reviewer with an account, and an officer; whatever can be said of them is a mark."""

    def __init__(self, house: House) -> None:
        self.house, self.app = house, house.app
        self.service = house.service
        self.marks: dict[str, Marks] = {"irina": Marks(), "rosa": Marks()}
        self.officer = house.staff("privacy_officer", "Petra")
        self.jury = jury = Jury(house, reviewing=False)
        self.edition = jury.edition
        irina, rosa = self.marks["irina"], self.marks["rosa"]
        told = {name: irina[name] for name in ("rank", "country", "unit", "mission", "statement")}
        self.nomination = house.eligible(self.edition, jury.people["nadia"], irina["name"], **told)
        self.link = house.link(self.nomination, "nominee")
        self.irina = jury.nominee(self.nomination)
        self.account(str(jury.people["rosa"].subject), rosa)
        jury.app.conflicts.affiliate(jury.by("secretary"), self.edition, jury.id("rosa"), [rosa["affiliation"]])
        house.reviewing(self.edition)
        self.review()
        self.decision = self.decide()

    def account(self, subject: str, marks: Marks) -> None:
        """An account with all there can be of it."""
        accounts, at = self.app.accounts, self.house.at
        session = accounts.accept(accounts.new_code(subject, at, at + CODE_LIFE), at, marks["login"], PASSWORD)
        assert session
        accounts.attach_identity(subject, "https://issuer.example", marks["identity"], at)
        put_contact(self.service.ledger, self.service.keys, subject, f"{marks['email']}@example.org", "fr")
        person = Caller("account", "self", subject)
        scope = replace(self.app.people.held(self.house.by(person))[0].token, label=marks["label"])
        assert self.app.people.issue_own(self.house.by(person), scope)

    def review(self) -> None:
        """Everybody scores with a word; Rosa declares a conflict with another nomination."""
        jury, marks = self.jury, self.marks
        for who in ("rosa", "rudi"):
            review = jury.assign(self.nomination, who)
            self.house.score(jury.people[who], review, marks["irina"][f"comment by {who}"], impact=5, reach=5)
        conflict = marks["rosa"]["conflict"]
        jury.app.conflicts.declare(jury.by("rosa"), self.edition, "panel", jury.olga, "family-tie", conflict)
        jury.scored(jury.olga, "rudi", impact=1, reach=1)
        jury.scored(jury.irina, "rudi", impact=1, reach=1)
        jury.close()

    def decide(self) -> str:
        """The winner is announced, honoured and corrected."""
        jury, marks = self.jury, self.marks["irina"]
        decision = self.app.decisions.approve(jury.by("abel"), jury.propose())
        by = jury.by("secretary")
        self.app.decisions.announce(by, decision, {self.nomination: {"en": marks["citation"]}})
        self.app.decisions.confer(by, decision, {"occasion": {"en": "Ministerial"}, "date": "2026"}, ["Minister"])
        told = (decision, "rank", marks["right rank"], marks["wrong rank"], ["un-2019"])
        self.app.decisions.correct(by, *told, winner=self.irina, reading=marks["reading"])
        return decision

    @property
    def rosa(self) -> str:
        return str(self.jury.people["rosa"].subject)

    def erase(self, who: str, kept: dict[str, str] | None = None) -> str:
        """The officer asks, the approver agrees; gives the subject."""
        subject = self.app.erasures.request(self.house.by(self.officer), who, "asked", kept=kept)
        return self.app.erasures.approve(self.house.by(self.house.approver), subject)

    def winners(self) -> list[dict[str, Any]]:
        """The roll as the public reads it."""
        self.service.projector.catch_up()
        return list(self.app.reading.winners(self.house.at).items)


def forms(mark: str) -> set[bytes]:
    """The mark as it may lie in a file: plain, in UTF-16, in hexadecimal, and in base64 at every offset."""
    plain = mark.encode()
    wide = {mark.encode("utf-16-le"), mark.encode("utf-16-be")}
    coded = {plain.hex().encode(), plain.hex().upper().encode(), "".join(f"\\u{ord(one):04x}" for one in mark).encode()}
    for offset in range(3):
        inner = base64.b64encode(b"x" * offset + plain)[4 if offset else 0 : -4]
        coded |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    return {plain, *wide, *coded}


def found_in(files: Iterable[Path], marks: Marks) -> list[str]:
    """Which marks lie where."""
    wanted = [(name, form) for name, mark in marks.items() for form in forms(mark)]
    found = []
    for file in files:
        # By another process: one that closes a file of SQLite's lets go of all locks it holds on it.
        content = subprocess.run(["cat", str(file)], capture_output=True, check=True).stdout
        found += [f"{name} in {file.name}" for name, form in wanted if form in content]
    return sorted(set(found))


def files_of(urls: Iterable[str], folder: Path) -> Iterator[Path]:
    """Every file of an installation: those of its folder, and those of its databases where a server keeps them."""
    yield from (file for file in folder.rglob("*") if file.is_file())
    for url in urls:
        if not is_sqlite(url):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CHECKPOINT")
                (row,) = connection.execute(
                    "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
                )
            yield from (file for file in (Path(row[0]) / "base" / str(row[1])).iterdir() if file.is_file())
        else:
            assert Path(sqlite_path(url)).is_file()


def wal_of(url: str) -> list[Path]:
    """The files of the server's write-ahead log, in which nothing waits to be written."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")
        (row,) = connection.execute("SELECT current_setting('data_directory')")
    return [file for file in (Path(row[0]) / "pg_wal").iterdir() if file.is_file()]


def dumped(url: str) -> dict[str, str]:
    """Every table of a database, whoever made it, as text."""
    if is_sqlite(url):
        with closing(sqlite3.connect(sqlite_path(url))) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                name: str(sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=str)) for name in names
            }
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            name: str(sorted(connection.execute(f'SELECT t::text FROM "{name}" t').fetchall())) for (name,) in found
        }
