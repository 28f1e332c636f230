"""What was signed before an erasure still holds after it, and what was erased is told from what was made away with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from awards import verifier
from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.ledger.copying import filling
from awards.ledger.keys import UnknownKey
from awards.ledger.notes import Head, Verifier, open_note
from awards.ledger.receipts import Receipt
from awards.ledger.tree import consistency, leaf_hash, verify_consistency
from awards.mail.feed import Feed
from awards.mail.outbox import Outbox
from tests.application.house import House
from tests.application.marked import Marked
from tests.bundle.scene import open_service
from tests.importing.files import Desk, as_json, nomination, review


@pytest.fixture
def service(tmp_path: Path, database_url: str, keys_url: str) -> Iterator[Service]:
    """The service with a checkpoint store."""
    with closing(open_service(tmp_path, database_url, keys_url)) as opened:
        yield opened


@pytest.fixture
def marked(house: House) -> Marked:
    return Marked(house)


class Auditor:
    """Takes bundles away, and keeps the head of the first."""

    def __init__(self, marked: Marked, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.marked, self.folder, self.capsys = marked, folder, capsys
        assert marked.service.publisher is not None
        self.publisher = marked.service.publisher
        self.signed = self.publisher.publish()
        self.keys = [Verifier.read(one) for one in self.publisher.vkeys()]
        self.head = folder / "head"
        self.head.write_bytes(self.signed.note)

    def told(self, profile: str = "auditor", edition: str | None = None) -> dict[str, Any]:
        """What the verifier tells of a bundle that is written now, knowing the first head."""
        path = self.folder / f"{profile}.zip"
        with path.open("wb+") as out:
            by = Arrival(OPERATOR, self.marked.house.at)
            self.marked.app.bundles.export(by, edition or self.marked.edition, profile, out)
        keys = [word for key in self.keys for word in ("--key", str(key))]
        code = verifier.main([str(path), "--json", "--known-head", str(self.head), *keys])
        found: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        assert found["verdict"] == code
        return found


@pytest.fixture
def auditor(marked: Marked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Auditor:
    return Auditor(marked, tmp_path, capsys)


def test_bundles_from_before_and_after_an_erasure_are_both_sound(marked: Marked, auditor: Auditor) -> None:
    before, public = auditor.told(), auditor.told("public")
    assert (before["verdict"], before["finding"], before["values"]["erased"]) == (10, None, 0)
    marked.erase(marked.irina)
    marked.erase(marked.rosa)
    after = auditor.told()
    assert (after["verdict"], after["finding"]) == (10, None)
    assert after["values"]["erased"] > 10
    assert after["values"]["unexplained"] == 0
    assert after["values"]["shown"] + after["values"]["erased"] == before["values"]["shown"]
    later = auditor.told("public")
    assert (later["verdict"], later["finding"]) == (public["verdict"], None)
    assert later["values"] == public["values"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_checkpoints_and_receipts_from_before_an_erasure_hold_after_it(marked: Marked, auditor: Auditor) -> None:
    publisher, old = auditor.publisher, auditor.signed.head
    lines = list(marked.service.ledger.lines())
    receipts = []
    for index in range(old.size):
        signed, path = publisher.proof(index)
        receipts.append(Receipt(index, path, signed.note).text())
    marked.erase(marked.irina)
    new = publisher.publish().head
    assert new.size > old.size
    assert Head.read(open_note(auditor.signed.note, auditor.keys)[0]) == old
    proof = consistency(old.size, new.size, publisher.nodes(new.size))
    verify_consistency(old.size, new.size, old.root, new.root, proof)
    now = list(marked.service.ledger.lines(0, old.size))
    assert now == lines
    for line, text in zip(now, receipts, strict=True):
        assert Receipt.read(text).verify(leaf_hash(line), auditor.keys) == old
    assert publisher.check_all() == new


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_asked_as_of_then_shows_as_erased(marked: Marked) -> None:
    before, secretary = marked.house.at, marked.jury.by("secretary")
    marked.house.at += timedelta(days=1)
    then = replace(marked.jury.by("secretary"), as_of=before)
    reading, marks = marked.app.reading, marked.marks["irina"]

    shown = ("name", "statement", "citation")

    def told(by: Arrival) -> str:
        views = (reading.nomination(by, marked.nomination), reading.decision(by, marked.decision))
        return json.dumps([*views, list(reading.reviews(by, marked.edition).items)])

    assert [name for name in shown if marks[name] not in told(then)] == []
    marked.erase(marked.irina)
    for by in (then, replace(secretary, as_of=marked.house.service.ledger.position() - 3), secretary):
        answer = told(by)
        assert [mark for mark in marks.values() if mark in answer] == []
        assert "erased" in answer


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_proof_of_a_winner_opens_what_is_kept_of_her_and_nothing_else(marked: Marked, auditor: Auditor) -> None:
    at = marked.house.at + timedelta(days=1)
    (winner, *_) = [one["id"] for one in marked.winners() if one["name"] == marked.marks["irina"]["name"]]
    before = marked.app.log.winner_proof(at, winner)
    assert before["disclosures"] != []
    marked.erase(marked.irina, {"public": "archive"})
    assert marked.app.log.winner_proof(at, winner)["disclosures"] == before["disclosures"]
    assert auditor.told()["verdict"] == 10
    marked.erase(marked.irina)
    after = marked.app.log.winner_proof(at, winner)
    assert after["disclosures"] == []
    receipt = Receipt.read(after["receipt"])
    assert receipt.extra == Receipt.read(before["receipt"]).extra
    assert receipt.verify(leaf_hash(receipt.extra), auditor.keys).size >= auditor.signed.head.size
    told = auditor.told()
    assert (told["verdict"], told["values"]["unexplained"]) == (10, 0)


# --- an operator who makes away with evidence


def made_away(marked: Marked, how: str) -> None:
    """Something on a winner is gone, and no event says so."""
    settings = marked.service.settings
    if how == "key":
        with filling(settings.keys_url) as tables:
            sql = "UPDATE keys SET wrapped = NULL, erased_at = '2026-06-01' WHERE id = ? AND class = 'case'"
            tables.run(sql, [marked.irina])
    else:
        like = f'%"{marked.irina}"%'
        marked.service.ledger.write(("DELETE FROM sealed WHERE class = 'case' AND subjects LIKE ?", [like]))


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("how", ["key", "row"])
def test_what_is_gone_without_an_erasure_is_named_by_its_line(marked: Marked, auditor: Auditor, how: str) -> None:
    (submitted,) = (
        event for event in marked.house.events("nomination.submitted") if str(event.originator_id) == marked.nomination
    )
    made_away(marked, how)
    marked.erase(marked.rosa)  # the erasure of somebody else explains nothing
    told = auditor.told()
    assert (told["verdict"], told["finding"]["leaf"]) == (51, submitted.position - 1)
    assert told["values"]["unexplained"] > 5
    marked.erase(marked.irina)
    told = auditor.told()
    assert (told["verdict"], told["values"]["unexplained"]) == (10, 0)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_key_that_is_gone_without_a_tombstone_is_an_error_and_no_erasure(marked: Marked, auditor: Auditor) -> None:
    with filling(marked.service.settings.keys_url) as tables:
        tables.run("DELETE FROM keys WHERE id = ? AND class = 'case'", [marked.irina])
    marked.erase(marked.rosa)  # and no key is remembered
    with pytest.raises(UnknownKey):
        auditor.told()


# --- beside the log


def test_marks_of_lines_and_mail_that_tell_of_her_go_and_those_of_others_stay(house: House, tmp_path: Path) -> None:
    desk = Desk(house, tmp_path)
    desk.load(as_json([nomination(number) for number in range(1, 4)]))
    for reviewer in ("Rosa", "Rudi"):
        house.member(desk.edition, "reviewer", reviewer)
    house.reviewing(desk.edition)
    desk.load(as_json([review(number, "Rosa") for number in range(1, 4)]))
    ledger = house.service.ledger
    cases = house.events("nomination.submitted")
    reviews = {event.nomination: str(event.originator_id) for event in house.events("review.assigned")}
    first, others = cases[0], cases[1:]
    officer = house.staff("privacy_officer", "Petra")
    Feed(ledger, Outbox(ledger)).catch_up()

    def marks() -> set[str]:
        return {row["stream"] for row in ledger.rows("SELECT stream FROM imported")}

    def mail() -> list[tuple[str, str]]:
        rows = ledger.rows("SELECT recipient, facts FROM outbox ORDER BY cause, recipient")
        return [(row["recipient"], row["facts"]) for row in rows]

    def erase(participant: str) -> None:
        subject = house.app.erasures.request(house.by(officer), participant, "asked")
        house.app.erasures.approve(house.by(house.approver), subject)

    def of(*participants: str) -> list[tuple[str, str]]:
        ids = {*participants}
        for row in ledger.rows("SELECT participant, subject FROM participants"):
            ids |= {row["subject"]} if row["participant"] in ids else set()
        return [row for row in before if row[0] in ids or any(id in row[1] for id in ids)]

    before = mail()
    told_nominator = of(first.nominator)
    assert told_nominator != []
    streams = {str(event.originator_id) for event in others}
    everything = {*streams, str(first.originator_id), *reviews.values()}
    assert marks() == everything
    erase(first.nominee["participant"])
    gone = {str(first.originator_id), reviews[str(first.originator_id)]}
    assert marks() == everything - gone
    assert mail() == before
    erase(first.nominator)
    assert mail() == [row for row in before if row not in told_nominator]
    (rosa,) = {event.reviewer for event in house.events("review.assigned")}
    hers = of(rosa)
    assert hers != []
    erase(rosa)
    assert marks() == streams
    assert mail() == [row for row in before if row not in told_nominator and row not in hers]
