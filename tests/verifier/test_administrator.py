"""From the service to the auditor: honest bundles are verified, and what an administrator does is found and named."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from awards import verifier
from awards.access import OPERATOR
from awards.anchoring.policy import Policy
from awards.anchoring.witnesses import Witnessing
from awards.application.desk import Arrival
from awards.verifier import (
    CONTRADICTED,
    DOES_NOT_FOLLOW,
    INVALID,
    NO_KNOWN_HEAD,
    UNEXPLAINED,
    UNWITNESSED,
    VERIFIED,
)
from tests import set_up
from tests.anchoring.witness import watching
from tests.bundle.scene import PUBLIC_SINCE, Scene, open_service
from tests.verifier.administrator import Administrator, Edit, Record
from tests.verifier.bags import Bundle


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Path]]:
    """The scene of the bundle, and the folder with everything of it."""
    folder = tmp_path_factory.mktemp("installation")
    urls = [f"sqlite:///{folder / name}.db" for name in ("awards", "keys")]
    set_up.log_and_views(urls[0])
    service = open_service(folder, *urls)
    yield Scene(service), folder
    service.close()


@pytest.fixture(scope="module")
def kept(installation: tuple[Scene, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an auditor was given when all was well: a checkpoint and the key, in a folder."""
    scene, folder = tmp_path_factory.mktemp("auditor"), installation[1]
    log = installation[0].app.log
    (scene / "checkpoint").write_bytes(log.checkpoint())
    (scene / "vkey").write_text(log.vkeys()[0])
    assert folder.is_dir()
    return scene


def told(capsys: pytest.CaptureFixture[str], bundle: Path, *arguments: str) -> dict[str, Any]:
    """What the verifier says, having checked that it says it by its exit code."""
    capsys.readouterr()
    code = verifier.main([str(bundle), "--json", *arguments])
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert said["verdict"] == code
    return said


@pytest.mark.parametrize(
    ("profile", "known", "unknown"),
    [("auditor", UNWITNESSED, NO_KNOWN_HEAD), ("public", UNWITNESSED, NO_KNOWN_HEAD)],
)
def test_what_the_service_exports_is_verified(
    installation: tuple[Scene, Path],
    kept: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    profile: str,
    known: int,
    unknown: int,
) -> None:
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(installation[0].bundle(profile).data)
    key = ("--key", str(kept / "vkey"))
    assert told(capsys, bundle, *key, "--known-head", str(kept / "checkpoint"))["verdict"] == known
    assert told(capsys, bundle, *key)["verdict"] == unknown


def test_with_enough_witnesses_nothing_is_left_to_ask(
    installation: tuple[Scene, Path], kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The newest checkpoint need not be cosigned, if what is shown was there before."""
    scene, folder = installation
    vkey, policy, bundle = (kept / "vkey").read_text(), tmp_path / "policy", tmp_path / "bundle.zip"
    copy = Administrator.of(folder, tmp_path / "copy").folder
    service = open_service(copy, *(f"sqlite:///{copy / name}.db" for name in ("awards", "keys")))
    app, publisher = service.application, service.publisher
    assert publisher is not None

    def verified() -> tuple[int, bool, int]:
        with bundle.open("wb+") as file:
            app.bundles.export(Arrival(OPERATOR, PUBLIC_SINCE), scene.edition, "auditor", file)
        said = told(capsys, bundle, "--policy", str(policy))
        return said["verdict"], said["policy_met"], said["witnessed"]

    with ExitStack() as stack:
        stack.callback(service.close)
        watch = [stack.enter_context(watching(f"w{n}.example", tmp_path / f"w{n}", [vkey])) for n in range(2)]
        lines = [f"log {vkey}", *(f"witness w{n} {one.vkey} {one.url}" for n, one in enumerate(watch))]
        policy.write_text("\n".join([*lines, "group both 2 w0 w1", "quorum both", ""]))
        assert verified() == (NO_KNOWN_HEAD, False, 0)
        assert Witnessing(publisher, Policy.load(policy)).round().enough
        seen = service.ledger.position()
        assert verified() == (VERIFIED, True, seen)
        secretary = Arrival(scene.jury.people["secretary"], PUBLIC_SINCE)
        gazette = [{"key": "gazette", "title": "The Gazette"}]
        app.editions.record(secretary, scene.house.award, "2018", gazette)
        assert verified() == (VERIFIED, True, seen)
        winner = scene.jury.nominee(scene.house.events("decision.proposed", scene.edition)[0].winners[0])
        app.decisions.propose_revocation(secretary, scene.decision, winner, "forged")
        assert verified() == (UNWITNESSED, False, seen)
        assert Witnessing(publisher, Policy.load(policy)).round().enough
        assert verified() == (VERIFIED, True, service.ledger.position())


def test_the_rules_beside_the_lines_are_theirs_and_what_is_for_reading_proves_nothing(
    installation: tuple[Scene, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = installation[0].bundle()
    with zipfile.ZipFile(io.BytesIO(given.data)) as archive:
        archive.extractall(tmp_path)
    size = len(given.lines)
    bag = Bundle(tmp_path / given.name, leaves=[b""] * size, edition=installation[0].edition)
    bag.file("data/report.html").write_text("<p>Somebody else won.</p>")
    assert told(capsys, bag.seal().folder)["verdict"] == NO_KNOWN_HEAD
    assert "report.html" in next(
        one["text"] for one in told(capsys, bag.folder)["checks"] if one["check"] == "not proved"
    )
    rules = json.loads(bag.file("data/rules/rules.json").read_text())
    for forged in (json.dumps(rules | {"publish": "nothing"}), "{", "[" * 50_000):
        bag.file("data/rules/rules.json").write_text(forged)
        said = told(capsys, bag.seal().folder)
        assert (said["verdict"], said["finding"]["text"]) == (
            INVALID,
            "data/rules/rules.json has other rules than the lines",
        )


# --- what an administrator writes


def only(records: list[Record], topic: str) -> Record:
    return next(record for record in records if record.topic == topic)


def change_a_statement(records: list[Record]) -> None:
    only(records, "nomination.submitted").state["statement"]["sd"] = "A" * 43


def change_one_score(records: list[Record]) -> None:
    """So that the first of the ranking becomes the last."""
    submitted = [record for record in records if record.topic == "review.submitted"]
    submitted[0].state["scores"] = dict.fromkeys(submitted[0].state["scores"], 1)
    submitted[2].state["scores"] = dict.fromkeys(submitted[2].state["scores"], 1)


def delete_a_review(records: list[Record]) -> None:
    records.remove(next(record for record in reversed(records) if record.topic == "review.submitted"))
    only(records, "decision.proposed").state["basis"]["size"] -= 1


def swap_two_steps(records: list[Record]) -> None:
    opened, came = (records.index(only(records, topic)) for topic in ("edition.call_opened", "nomination.submitted"))
    records[opened].state["time"] = records[came].state["time"]
    records.insert(came, records.pop(opened))


def back_date(records: list[Record]) -> None:
    only(records, "review.submitted").state["time"] = "2026-02-01T12:00:00.000000Z"


def score_without_being_asked(records: list[Record]) -> None:
    """A review by somebody who has no assignment, put into the middle."""
    submitted = only(records, "review.submitted")
    own = deepcopy(submitted)
    own.state |= {
        "nonce": "0" * 32,
        "actor": submitted.state["actor"] | {"id": only(records, "review.recused").state["actor"]["id"]},
    }
    records.insert(records.index(submitted) + 1, own)
    only(records, "decision.proposed").state["basis"]["size"] += 1


def add_a_review_after_the_basis(records: list[Record]) -> None:
    proposed = records.index(only(records, "decision.proposed"))
    revised = deepcopy(only(records, "review.submitted"))
    revised.topic = "review.revised"
    revised.state |= {"nonce": "1" * 32, "time": records[proposed].state["time"]}
    records.insert(proposed, revised)


def plant_another_winner(records: list[Record]) -> None:
    announced = only(records, "decision.announced").state
    (winner,) = announced["winners"]
    other = next(one for one in records if one.topic == "nomination.submitted" and one.stream != winner["nomination"])
    winner |= {"nomination": other.stream, "participant": other.state["nominee"]["participant"]}


def let_the_proposer_approve(records: list[Record]) -> None:
    only(records, "decision.approved").state["actor"] = only(records, "decision.proposed").state["actor"]


def end_otherwise(records: list[Record]) -> None:
    """What comes after the decision was announced did not happen; something else did."""
    conferred = only(records, "decision.conferred")
    conferred.state["place"] = "Somewhere else"


FOUND: dict[Edit, tuple[int, str | None]] = {
    change_a_statement: (UNEXPLAINED, "nomination.submitted"),
    change_one_score: (DOES_NOT_FOLLOW, "decision.proposed"),
    delete_a_review: (DOES_NOT_FOLLOW, "decision.proposed"),
    swap_two_steps: (DOES_NOT_FOLLOW, "nomination.submitted"),
    back_date: (INVALID, "review.submitted"),
    score_without_being_asked: (DOES_NOT_FOLLOW, "review.submitted"),
    add_a_review_after_the_basis: (DOES_NOT_FOLLOW, "review.revised"),
    plant_another_winner: (DOES_NOT_FOLLOW, "decision.announced"),
    let_the_proposer_approve: (DOES_NOT_FOLLOW, "decision.approved"),
    end_otherwise: (NO_KNOWN_HEAD, None),
}
"""What the verifier finds without any head from before, and the line it names."""


@pytest.mark.parametrize("edit", FOUND, ids=lambda edit: edit.__name__)
def test_a_history_written_anew_and_signed_does_not_follow_or_contradicts_what_is_known(
    installation: tuple[Scene, Path], kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], edit: Edit
) -> None:
    scene, folder = installation
    administrator = Administrator.of(folder, tmp_path / "copy")
    administrator.rewrite(edit)
    bundle = administrator.bundle(scene.edition, "auditor", tmp_path / "bundle.zip")
    key = ("--key", str(kept / "vkey"))
    said = told(capsys, bundle, *key)
    verdict, topic = FOUND[edit]
    assert (said["verdict"], topic_named(bundle, said)) == (verdict, topic), said
    known = told(capsys, bundle, *key, "--known-head", str(kept / "checkpoint"))
    shorter = edit is delete_a_review  # than what is known of: it cannot be compared
    assert known["verdict"] == (verdict if shorter or verdict == INVALID else CONTRADICTED)


def test_one_value_that_is_withheld_is_missed(
    installation: tuple[Scene, Path], kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene, folder = installation
    administrator = Administrator.of(folder, tmp_path / "copy")
    submitted = scene.house.events("review.submitted", scene.edition)[0]
    administrator.forget(submitted.comment["sd"])
    bundle = administrator.bundle(scene.edition, "auditor", tmp_path / "bundle.zip")
    said = told(capsys, bundle, "--key", str(kept / "vkey"), "--known-head", str(kept / "checkpoint"))
    assert (said["verdict"], said["finding"]["leaf"]) == (UNEXPLAINED, submitted.position - 1)


def topic_named(bundle: Path, said: dict[str, Any]) -> str | None:
    """The name of the event on the first line that the verifier found wrong."""
    if said["finding"] is None:
        return None
    with zipfile.ZipFile(bundle) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/data/events.jsonl")]
        line = archive.read(name).splitlines()[said["finding"]["leaf"]]
    return str(json.loads(line)["type"]).rpartition(".v")[0]
