"""The log as outsiders get it, over real HTTP: checkpoint, tiles, lines for auditors, and receipts for who wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from awards import server
from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.domain.values import derived_id, instant
from awards.ledger.notes import Head, Verifier, open_note
from awards.ledger.receipts import Receipt
from awards.ledger.sealed import decode, digest_of
from awards.ledger.tiles import WIDTH, nodes_of, width_at
from awards.ledger.tree import consistency, leaf_hash, root, verify_consistency
from awards.settings import Settings
from tests.api.client import Answer, Client
from tests.api.conftest import serving
from tests.api.play import Play, now, written
from tests.api.test_course import reviewed
from tests.api.test_winners import eventually

RECEIPT = re.compile(r'<(/api/v1/receipts/(\d+))>; rel="https://c2sp\.org/tlog-proof"')


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A service on SQLite with a log of its own, of some hundred events."""
    folder = tmp_path_factory.mktemp("log")
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{folder / 'awards.db'}", "AWARDS_PORT": "0", "AWARDS_LIMITS": "0"}
    with serving(Settings.from_environment(environ)) as play:
        edition = play.open()
        while play.events() < 270:
            play.submit(edition, play.secretariat)
        yield play


@pytest.fixture(scope="module")
def auditor(play: Play) -> str:
    """The token of the auditor of every award."""
    people, arrival = play.service.application.people, Arrival(OPERATOR, now())
    return people.issue_token(arrival, people.register(arrival, "Ann", "auditor"), "auditor")


class Outsider:
    """Somebody who has the address and the key, and believes nothing else."""

    def __init__(self, api: Client) -> None:
        self._api = api
        self.keys = list(map(Verifier.read, api.get("/log/vkey").text.splitlines()))

    def head(self) -> Head:
        return Head.read(open_note(self._api.get("/log/checkpoint").data, self.keys)[0])

    def tile(self, level: int, tile: int, width: int) -> list[bytes]:
        partial = f".p/{width}" if width < WIDTH else ""
        data = self._api.get(f"/log/tile/{level}/{tile:03}{partial}").data
        assert len(data) == 32 * width
        return [data[place : place + 32] for place in range(0, len(data), 32)]


def test_an_outsider_finds_each_checkpoint_in_the_next(play: Play) -> None:
    outsider = Outsider(play.api)
    heads = []
    for _ in range(3):
        heads.append(outsider.head())
        play.award()
    new = outsider.head()
    assert (new.size, new.root.hex()) == play.service.ledger.basis()
    for old in heads:
        assert old.size < new.size
        path = consistency(old.size, new.size, nodes_of(outsider.tile, new.size))
        verify_consistency(old.size, new.size, old.root, new.root, path)


def test_what_never_changes_may_be_kept_for_ever_and_the_checkpoint_for_a_moment(play: Play) -> None:
    size = Outsider(play.api).head().size
    checkpoint = play.api.get("/log/checkpoint")
    assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
    assert checkpoint.headers["cache-control"] == "public, max-age=1"
    for path in ("0/000", f"0/001.p/{width_at(0, 1, size)}", "0/000.p/7", "1/000.p/1"):
        tile = play.api.get(f"/log/tile/{path}")
        assert tile.headers["content-type"] == "application/octet-stream"
        assert tile.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert tile.headers["access-control-allow-origin"] == "*"
        assert play.api.get(f"/log/tile/{path}", If_None_Match=tile.etag).status == 304
    assert play.api.get("/log/tile/0/000").data[: 7 * 32] == play.api.get("/log/tile/0/000.p/7").data


@pytest.mark.parametrize(
    "path",
    [
        *("0/002", "0/001", "0/000.p/0", "0/000.p/256", "0/000.p/07", "0/0", "0/0000", "0/x000/000", "0/x001/000"),
        *(
            "00/000",
            "64/000",
            "-1/000",
            "1/000",
            "1/000.p/2",
            "2/000.p/1",
            "0/000/",
            "0/000.p/",
            "0/000.p/1/",
            "entry/000",
        ),
    ],
)
def test_what_the_checkpoint_does_not_cover_or_is_spelt_otherwise_is_not_there(play: Play, path: str) -> None:
    answer = play.api.get(f"/log/tile/{path}")
    assert answer.problem == (404, "not_found")
    assert answer.headers["cache-control"] == "no-store"


def test_a_tile_of_what_is_not_signed_yet_is_not_there(play: Play) -> None:
    size = Outsider(play.api).head().size
    play.award()
    path = f"/log/tile/0/001.p/{width_at(0, 1, size) + 1}"
    assert play.api.get(path).status == 404
    assert Outsider(play.api).head().size > size
    assert play.api.get(path).status == 200


def test_lines_are_for_auditors_of_every_award(play: Play, auditor: str) -> None:
    outsider = Outsider(play.api)
    head = outsider.head()
    leaves = []
    for tile in (0, 1):
        width = width_at(0, tile, head.size)
        partial = f".p/{width}" if width < WIDTH else ""
        answer = play.api.get(f"/log/tile/entries/{tile:03}{partial}", auditor)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/octet-stream")
        assert answer.headers["cache-control"] == "no-store"
        lines, data = [], answer.data
        while data:
            length = int.from_bytes(data[:2], "big")
            lines.append(data[2 : 2 + length])
            data = data[2 + length :]
        assert lines == list(play.service.ledger.lines(256 * tile, 256 * tile + width))
        leaves += list(map(leaf_hash, lines))
    assert root(leaves) == head.root
    assert play.api.get("/log/tile/entries/002.p/1", auditor).problem == (404, "not_found")
    for token, problem in [
        (None, (401, "unauthenticated")),
        (play.secretariat, (403, "forbidden")),
        (play.enter(play.edition(), "auditor").token, (403, "forbidden")),
    ]:
        assert play.api.get("/log/tile/entries/000", token).problem == problem


# --- receipts


def receipt_of(play: Play, answer: Answer, token: str) -> tuple[Receipt, int]:
    """The receipt that the answer to a write links to, checked against the key, and its index."""
    found = RECEIPT.fullmatch(answer.headers["link"])
    assert found, answer.headers
    got = play.api.get(found[1], token)
    assert got.status == 200, got.text
    assert got.headers["content-type"] == "text/plain; charset=utf-8"
    assert got.headers["cache-control"] == "no-store"
    receipt = Receipt.read(got.text)
    assert receipt.index == int(found[2])
    leaf = receipt.extra if len(receipt.extra) == 32 else leaf_hash(receipt.extra)
    receipt.verify(leaf, Outsider(play.api).keys)
    assert leaf == leaf_hash(next(play.service.ledger.lines(receipt.index, receipt.index + 1)))
    return receipt, receipt.index


def test_whoever_writes_gets_a_receipt_and_nobody_else_does(play: Play, auditor: str) -> None:
    edition = play.open()
    nominator, other = play.enter(edition), play.enter(edition)
    chair = play.appoint(edition, "chair")
    body = {"nominee": {"name": "Suman Gawani"}, "statement": "She brought patrols together."}
    answer = play.api.post(f"editions/{edition['id']}/nominations", body, nominator.token)
    receipt, index = receipt_of(play, answer, nominator.token)
    assert b'"type":"nomination.submitted.v1"' in receipt.extra
    assert answer.json["id"].encode() in receipt.extra
    assert b"Suman" not in receipt.extra
    path = f"receipts/{index}"
    assert Receipt.read(play.api.get(path, auditor).text).extra == receipt.extra
    for token in (other.token, chair.token, play.link(answer.json, "nominee"), play.enter(play.edition()).token):
        assert play.api.get(path, token).problem == play.api.get("receipts/999999", token).problem == (404, "not_found")
    assert play.api.get(path).problem == (401, "unauthenticated")
    assert play.api.get("receipts/007", nominator.token).status == 404


def test_a_receipt_does_not_tell_how_much_else_happened(play: Play, auditor: str) -> None:
    """The version of a nomination counts what others do to it; so it is told to nobody by its nominator's receipt."""
    edition = play.open()
    nominator = play.enter(edition)
    case = play.submit(edition, nominator.token)
    play.api.post(
        f"nominations/{case['id']}/endorse", {"name": "Eve", "statement": "So say I."}, play.link(case, "endorser")
    )
    amended = {"nominee": {"name": "Suman Gawani"}, "statement": "Amended."}
    answer = play.api.put(f"nominations/{case['id']}", amended, nominator.token, If_Match="*")
    receipt, index = receipt_of(play, answer, nominator.token)
    assert len(receipt.extra) == 32
    whole = Receipt.read(play.api.get(f"receipts/{index}", auditor).text)
    assert f'"id":"{case["id"]}/3"'.encode() in whole.extra


def test_a_reviewer_gets_the_lines_of_her_own_scores(play: Play) -> None:
    edition = play.open(sight={"scores": {"secretariat": "closed"}})
    reviewer, other = play.appoint(edition), play.appoint(edition)
    case = play.eligible(edition, play.secretariat)
    play.act(edition, "close-call", {})
    play.act(edition, "reviewing", {"stage": "panel", "state": "open"})
    review = play.assign(edition, case, reviewer)
    sheet: dict[str, Any] = {"scores": {"impact": 3, "reach": 4}, "comment": "Good."}
    answer = play.api.put(f"reviews/{review['id']}", sheet, reviewer.token, If_Match="*")
    receipt, index = receipt_of(play, answer, reviewer.token)
    assert b'"scores":{"impact":3,"reach":4}' in receipt.extra
    assert play.api.get(f"receipts/{index}", other.token).problem == (404, "not_found")
    assert play.api.get(f"receipts/{index}", play.secretariat).status == 404, "scores wait until reviewing is closed"


def test_what_records_nothing_has_no_receipt(play: Play) -> None:
    edition = play.open()
    body = {"nominee": {"name": "Suman Gawani"}, "statement": "She brought patrols.", "on_behalf_of": "Chidi"}
    first, again = (
        play.api.post(f"editions/{edition['id']}/nominations", body, play.secretariat, Idempotency_Key="a")
        for _ in range(2)
    )
    refused = play.api.post(f"editions/{edition['id']}/nominations", {}, play.secretariat)
    assert ["link" in answer.headers for answer in (first, again, refused)] == [True, False, False]


def test_a_role_that_is_taken_back_gets_no_receipts(play: Play) -> None:
    edition = play.open()
    nominator = play.enter(edition)
    answer = play.api.post(
        f"editions/{edition['id']}/nominations", {"nominee": {"name": "A"}, "statement": "B"}, nominator.token
    )
    _, index = receipt_of(play, answer, nominator.token)
    play.act(edition, "leave", {"participant": nominator.participant, "role": "nominator"})
    assert play.api.get(f"receipts/{index}", nominator.token).status in (403, 404)


# --- the sealed embargo


def reviewed_and_approved(play: Play, **rules: Any) -> tuple[str, str, str]:
    """The path of an approved decision, the nomination that wins, and the roll where the winner will stand."""
    edition, chair, cases = reviewed(play, [(9, 9), (5, 5)], **rules)
    decision = play.did(play.api.post(f"editions/{edition['id']}/decisions", {}, chair.token), 201)
    path = f"decisions/{decision['id']}"
    play.did(play.api.post(f"{path}/approve", token=play.approver))
    return path, cases[0]["id"], f"winners?award={edition['award_slug']}&placing=any"


def test_what_was_decided_under_an_embargo_is_opened_against_a_checkpoint_of_before_its_end(play: Play) -> None:
    path, winner, roll = reviewed_and_approved(play)
    ends = now() + timedelta(seconds=3)
    body = {"citations": {winner: {"en": "For service."}}, "embargo": written(ends)}
    play.did(play.api.post(f"{path}/announce", body, play.secretariat))
    outsider = Outsider(play.api)
    old = outsider.head()
    leaves = [leaf for tile in (0, 1) for leaf in outsider.tile(0, tile, width_at(0, tile, old.size))]
    assert root(leaves) == old.root
    assert play.api.get(roll).json["items"] == []
    assert now() < ends, "this machine is too slow to show an embargo"
    play.award()
    new = outsider.head()
    path_between = consistency(old.size, new.size, nodes_of(outsider.tile, new.size))
    verify_consistency(old.size, new.size, old.root, new.root, path_between)

    shown = {one["placing"]: one for one in eventually(lambda: play.api.get(roll).json["items"], 2)}
    for placing, told in {"winner": {"citation": {"en": "For service."}}, "runner_up": {}}.items():
        proof = play.api.get(f"winners/{shown[placing]['id']}/proof")
        assert (proof.headers["cache-control"], proof.headers["access-control-allow-origin"]) == (
            "public, max-age=60",
            "*",
        )
        receipt = Receipt.read(proof.json["receipt"])
        assert receipt.verify(leaf_hash(receipt.extra), outsider.keys) == new
        assert leaf_hash(receipt.extra) == leaves[receipt.index], "the leaf stood in the old tree"
        line = json.loads(receipt.extra)
        assert (line["type"], line["data"]["embargo"]) == ("decision.announced.v1", instant(ends))
        opened = {name: value for _, name, value in map(decode, proof.json["disclosures"])}
        assert opened == {"name": shown[placing]["name"], **told}
        for disclosure in proof.json["disclosures"]:
            assert f'"sd":"{digest_of(disclosure)}"'.encode() in receipt.extra


def test_a_proof_is_there_when_the_entry_is_and_not_before(play: Play) -> None:
    path, winner, roll = reviewed_and_approved(play)
    decision = play.api.get(path, play.secretariat).json
    ends = now() + timedelta(seconds=2)
    body = {"citations": {winner: {"en": "For service."}}, "embargo": written(ends)}
    announced = play.did(play.api.post(f"{path}/announce", body, play.secretariat))
    public = derived_id("winner", decision["id"], announced["winners"][0]["participant"])
    early = play.api.get(f"winners/{public}/proof")
    assert now() < ends, "this machine is too slow to show an embargo"
    assert early.problem == (404, "not_found")
    eventually(lambda: play.api.get(roll).json["items"], 2)
    assert play.api.get(f"winners/{public}/proof").status == 200


def test_where_the_rules_publish_nothing_no_line_is_shown(play: Play) -> None:
    path, winner, roll = reviewed_and_approved(play, publish="nothing")
    play.did(play.api.post(f"{path}/announce", {"citations": {winner: {"en": "For service."}}}, play.secretariat))
    (shown,) = eventually(lambda: play.api.get(roll).json["items"], 1)
    assert play.api.get(f"winners/{shown['id']}/proof").problem == (404, "lines_not_published")


def test_a_winner_from_sources_is_proved_as_it_was_recorded(play: Play) -> None:
    award = play.award()
    first = play.recorded(award, "2019", name="Suman Gawani", country="IN")
    play.honour({"id": first["edition"]}, name="Carla Monteiro", citation={"en": "For her courage."})
    shown = eventually(lambda: play.api.get(f"winners?award={award['slug']}").json["items"], 2)
    for one in shown:
        proof = play.api.get(f"winners/{one['id']}/proof").json
        told = {name: value for _, name, value in map(decode, proof["disclosures"])}
        assert told == {name: one[name] for name in ("name", "country", "citation") if name in one}


# --- where nothing is published


def test_a_process_without_a_store_says_so(tmp_path: Path) -> None:
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{tmp_path / 'awards.db'}", "AWARDS_PORT": "0"}
    settings = Settings.from_environment(environ)
    object.__setattr__(settings, "log_store", None)
    service = Service.open(settings)
    try:
        with server.serving(service) as (host, port), closing(Client(host, port)) as client:
            play = Play(client, service)
            for path in ("/log/checkpoint", "/log/vkey", "/log/tile/0/000.p/1", "receipts/0"):
                assert client.get(path, play.secretariat).problem == (404, "log_not_published")
    finally:
        service.close()
    assert not (tmp_path / "awards-log").exists()
