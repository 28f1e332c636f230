"""What is in a bundle: the lines and the tree, the values, for whom; and nothing of anybody else."""

from __future__ import annotations

import base64
import html
import io
import json
import zipfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import bagit
import pytest

from awards.access import Caller
from awards.bundle.contents import PAGES, page_of
from awards.domain.refusals import NotAllowed, NotFound
from awards.ledger.notes import Head, Verifier, open_note
from awards.ledger.receipts import Receipt
from awards.ledger.sealed import decode, digest_of
from awards.ledger.tiles import nodes_of, path_of
from awards.ledger.tree import Frontier, leaf_hash
from tests.bundle.scene import DURING_EMBARGO, ELSEWHERE, EMBARGO, HOSTILE, PRIVATE, Opened, Scene


@pytest.fixture(scope="module")
def auditors(scene: Scene) -> Opened:
    """What an auditor gets."""
    return scene.bundle()


@pytest.fixture(scope="module")
def public(scene: Scene) -> Opened:
    """What anybody may get once all is public; the rules publish the scores."""
    return scene.bundle("public")


@pytest.fixture(scope="module")
def embargoed(scene: Scene) -> Opened:
    """What anybody may get before the end of the embargo."""
    return scene.bundle("public", DURING_EMBARGO)


def keys(scene: Scene) -> list[Verifier]:
    publisher = scene.service.publisher
    assert publisher is not None
    return list(map(Verifier.read, publisher.vkeys()))


# --- the bytes


def test_the_same_log_gives_the_same_bytes_and_nothing_is_recorded(scene: Scene, auditors: Opened) -> None:
    before = scene.service.ledger.position()
    again = scene.bundle()
    assert (again.data, again.digest, again.name) == (auditors.data, auditors.digest, auditors.name)
    assert scene.service.ledger.position() == before


def test_the_zip_is_stored_sorted_and_of_no_time(auditors: Opened) -> None:
    with zipfile.ZipFile(io.BytesIO(auditors.data)) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert {name.partition("/")[0] for name in names} == {auditors.name}
    assert {(entry.compress_type, entry.date_time) for entry in entries} == {
        (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))
    }


def test_bagit_finds_the_bag_valid_and_refuses_a_changed_one(auditors: Opened, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(auditors.data)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / auditors.name
    bag = bagit.Bag(str(folder))
    bag.validate()
    assert bag.info["Awards-Profile"] == "auditor"
    assert bag.info["Awards-Size"] == str(len(auditors.lines))
    assert bag.info["Bagging-Date"] == f"{EMBARGO:%Y-%m-%d}"
    events = folder / "data" / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b'"scores":{"impact":4', b'"scores":{"impact":5', 1))
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(folder)).validate()


# --- the tree


def test_lines_and_leaves_make_the_root_that_is_signed(scene: Scene, auditors: Opened, embargoed: Opened) -> None:
    for bundle in (auditors, embargoed):
        head = Head.read(open_note(bundle.files["data/checkpoint"], keys(scene))[0])
        frontier = Frontier()
        for line in bundle.lines:
            told = json.loads(line)
            frontier.append(bytes.fromhex(told["leaf"]) if "leaf" in told else leaf_hash(line))
        assert (frontier.size, frontier.root()) == (head.size, head.root)
        assert bundle.files["data/vkey"].decode().splitlines() == list(map(str, keys(scene)))

        def tile(level: int, number: int, width: int, bundle: Opened = bundle) -> list[bytes]:
            data = bundle.files[f"data/tile/{level}/{path_of(number)}.p/{width}"]
            return [data[place : place + 32] for place in range(0, len(data), 32)]

        assert Frontier.of(head.size, nodes_of(tile, head.size)).root() == head.root


def test_every_line_of_a_decision_has_its_receipt(scene: Scene, auditors: Opened) -> None:
    proofs = {name: data for name, data in auditors.files.items() if name.startswith("data/proofs/")}
    decided = {index for index, event in auditors.shown.items() if event["type"].startswith("decision.")}
    assert proofs.keys() == {f"data/proofs/{index}.tlog-proof" for index in decided}
    for data in proofs.values():
        receipt = Receipt.read(data.decode())
        assert receipt.extra == auditors.lines[receipt.index]
        receipt.verify(leaf_hash(receipt.extra), keys(scene))


# --- the lines


def test_an_auditor_has_every_line_of_the_edition_and_of_its_award_and_no_other(scene: Scene, auditors: Opened) -> None:
    whole = [json.loads(line) for line in scene.service.ledger.lines()]
    mine = {"edition": scene.edition, "award": scene.house.award}
    expected = {
        index: event
        for index, event in enumerate(whole)
        if any(event["data"].get(name) == id_ for name, id_ in mine.items())
    }
    assert auditors.shown == expected
    assert auditors.topics.count("award.established") == 1
    assert len(auditors.lines) == len(whole) > len(expected)


def test_under_an_embargo_the_public_sees_that_the_edition_was_planned(embargoed: Opened) -> None:
    assert embargoed.topics == ["edition.planned"]
    assert [name for name in embargoed.files if "proofs" in name] == []


def test_once_all_is_public_the_scores_are_where_the_rules_say_so(
    scene: Scene, auditors: Opened, public: Opened
) -> None:
    assert public.topics == [topic for topic in auditors.topics if not topic.startswith("award.")]
    assert public.files["data/rules/rules.json"] == auditors.files["data/rules/rules.json"]
    assert scene.bundle("public", edition=scene.recorded).topics == ["edition.recorded"]


def test_where_the_rules_publish_the_result_the_public_sees_that_alone(scene: Scene) -> None:
    later = scene.bundle("public", edition=scene.later)
    assert later.topics == ["edition.planned"]
    assert "edition.call_opened" in scene.bundle(edition=scene.later).topics


# --- the values


def test_what_is_opened_is_what_the_lines_refer_to_in_their_order(auditors: Opened) -> None:
    positions = []
    for told in auditors.disclosures:
        assert digest_of(told["disclosure"]) == told["sd"]
        positions.append((told["leaf"], json.dumps(auditors.shown[told["leaf"]]["data"]).index(told["sd"])))
    assert positions == sorted(positions)
    opened = [decode(told["disclosure"])[1:] for told in auditors.disclosures]
    assert ("statement", "She brought patrols together.") in opened
    assert ("name", HOSTILE) in opened


def test_a_choice_in_an_open_secret_ballot_is_not_opened_and_the_seed_is_once_it_is_told(
    scene: Scene, auditors: Opened
) -> None:
    opened = {told["sd"] for told in auditors.disclosures}
    votes = [event["data"] for event in auditors.shown.values() if event["type"] == "decision.vote_cast.v1"]
    secret = {vote["choice"]["sd"]: vote["ballot"] for vote in votes if "choice" in vote}
    assert {ballot for sd, ballot in secret.items() if sd in opened} == {scene.secret}
    assert {ballot for sd, ballot in secret.items() if sd not in opened} == {scene.running}
    (planned,) = (event["data"] for event in auditors.shown.values() if event["type"] == "edition.planned.v1")
    assert planned["seeds"]["panel"]["sd"] in opened, "the lot was drawn"
    assert "not opened yet" in auditors.report


def test_every_value_is_opened_but_what_is_not_due(auditors: Opened) -> None:
    referred = sum(line.count(b'"sd":"') for line in auditors.lines)
    assert len(auditors.disclosures) == referred - 2


def spelt(text: str) -> list[bytes]:
    """A text as bytes: plain, escaped in JSON and HTML, and in base64 wherever it begins."""
    raw = text.encode()
    written = [raw, json.dumps(text)[1:-1].encode(), html.escape(text).encode()]
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * shift + raw)
            written.append(whole[4 if shift else 0 : len(whole) // 4 * 4 - 4])
    return [one for one in written if len(one) > 3]


def test_a_public_bundle_holds_no_value_in_any_spelling(public: Opened, embargoed: Opened, auditors: Opened) -> None:
    @cache
    def found(text: str) -> list[bool]:
        return [any(one in bundle.data for one in spelt(text)) for bundle in (public, embargoed, auditors)]

    assert {text: found(text) for text in PRIVATE} == {text: [False, False, True] for text in PRIVATE}
    assert (public.disclosures, embargoed.disclosures) == ([], [])
    assert "sealed" in public.report


def test_no_bundle_holds_anything_of_another_edition(scene: Scene, auditors: Opened, public: Opened) -> None:
    others = [json.loads(line) for line in scene.service.ledger.lines()]
    ids = {event["id"].partition("/")[0] for event in others if event["data"].get("edition") != scene.edition}
    ids -= {scene.house.award}
    for bundle in (auditors, public):
        assert [one for one in (*ELSEWHERE, *ids) if any(form in bundle.data for form in spelt(one))] == []


def test_what_was_erased_is_not_there_and_the_lines_are_as_before(scene: Scene, auditors: Opened) -> None:
    later = scene.bundle(edition=scene.later)
    names = [decode(told["disclosure"])[2] for told in later.disclosures]
    assert "Elsewhere Person" in names
    (submitted,) = (event["data"] for event in later.shown.values() if event["type"] == "nomination.submitted.v1")
    for cls in ("case", "public"):
        scene.service.keys.erase(submitted["nominee"]["participant"], [cls], datetime(2026, 8, 1, tzinfo=UTC))
    after = scene.bundle(edition=scene.later)
    assert after.lines == later.lines
    names = [decode(told["disclosure"])[2] for told in after.disclosures]
    assert "Elsewhere Person" not in names
    assert b"Elsewhere" not in after.data
    assert '<em class="hidden">erased</em>' in after.report
    assert scene.bundle().data == auditors.data


# --- what is beside


def test_the_specifications_are_there_as_published(auditors: Opened) -> None:
    docs = Path(__file__).parents[2] / "docs"
    for page in PAGES:
        assert auditors.files[f"data/rules/{page}"] == page_of(page) == (docs / page).read_bytes()


def test_earlier_checkpoints_and_their_anchors_are_taken_along(scene: Scene) -> None:
    publisher = scene.service.publisher
    assert publisher is not None
    size = publisher.publish().head.size
    kept = {
        "checkpoints/7": b"old",
        f"checkpoints/{size + 1}": b"newer",
        "anchors/7.tsr": b"\x30",
        "anchors/x.tsr": b"",
    }
    for name, data in kept.items():
        path = publisher.store.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    try:
        files = scene.bundle("public").files
    finally:
        for name in kept:
            (publisher.store.folder / name).unlink()
    assert {name: data for name, data in files.items() if "checkpoints/" in name or "anchors/" in name} == {
        "data/checkpoints/7": b"old",
        "data/anchors/7.tsr": b"\x30",
    }


# --- who may have it


def test_who_does_not_see_the_whole_gets_no_opened_values(scene: Scene) -> None:
    for who, profiles in {"ada": {"auditor", "public"}, "secretary": {"public"}}.items():
        caller = scene.jury.people[who]
        for profile in ("auditor", "public"):
            if profile in profiles:
                assert scene.bundle(profile, caller=caller).data == scene.bundle(profile).data
            else:
                with pytest.raises(NotAllowed):
                    scene.bundle(profile, caller=caller)
    for who in ("chair", "rosa", "abel", "nadia"):
        for profile in ("auditor", "public"):
            with pytest.raises(NotAllowed):
                scene.bundle(profile, caller=scene.jury.people[who])


def test_an_editions_auditor_gets_no_other_edition(scene: Scene) -> None:
    auditor: Caller = scene.jury.people["ada"]
    for profile in ("auditor", "public"):
        with pytest.raises(NotAllowed):
            scene.bundle(profile, caller=auditor, edition=scene.later)


def test_an_edition_is_named_by_its_id_or_by_slug_and_label(scene: Scene) -> None:
    named = scene.app.bundles.named
    assert [named(scene.edition), named("advocate/2026"), named("advocate/ 2027")] == [scene.edition] * 2 + [
        scene.later
    ]
    for name in ("advocate/1999", "nothing/2026", "advocate", "6f1d9a52-2b0e-4c39-9c55-6a1f0c7a1e77", scene.decision):
        with pytest.raises(NotFound):
            named(name)


def test_a_bundle_of_before_the_embargo_and_of_after_it_are_of_one_log(embargoed: Opened, public: Opened) -> None:
    assert embargoed.files["data/checkpoint"] == public.files["data/checkpoint"]
