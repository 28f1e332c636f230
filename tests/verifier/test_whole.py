"""A history that was played through the application, as a bundle: the grades, the sealed values, and what is forged."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from awards.app import Service
from awards.application.desk import Arrival
from awards.ledger.canonical import canonical
from awards.verifier import references
from tests.application.house import House
from tests.application.jury import Jury
from tests.verifier.bags import Bundle, hidden, opened, sealed
from tests.verifier.conftest import Told as Verified
from tests.verifier.story import Line, Story, Told, house_in
from tests.verifier.test_bytes import cosignature, witness_key


@dataclass(frozen=True)
class Real:
    """The lines of a log, its edition, and the disclosures of its sealed values by digest."""

    told: Told
    lines: Sequence[bytes]
    disclosures: Mapping[str, str]

    @classmethod
    def of(cls, house: House, edition: str) -> Real:
        service = house.service
        return cls(Told.of(house, edition), list(service.ledger.lines()), disclosures_of(service))

    def bundle(
        self, folder: Path, lines: Sequence[Line], withheld: Callable[[Line, Mapping[str, Any]], bool] | None = None
    ) -> Bundle:
        """The auditor's bundle of some lines, without the values withheld."""
        award = next(line["data"]["of_award"] for line in lines if "of_award" in line["data"])
        shown = [self.told.edition == one["data"].get("edition") or award == one["data"].get("award") for one in lines]
        written = [canonical(one) for one in lines]
        told = [
            opened(leaf, self.disclosures[reference["sd"]])
            for leaf, one in enumerate(lines)
            for reference in (references(one["data"]) if shown[leaf] else ())
            if reference["sd"] in self.disclosures and not (withheld and withheld(one, reference))
        ]
        pairs = zip(written, shown, strict=True)
        bundle = Bundle(folder, edition=self.told.edition)
        return bundle.write([one if is_shown else hidden(one) for one, is_shown in pairs], told)


def disclosures_of(service: Service) -> dict[str, str]:
    """What lies sealed beside the log, opened."""
    found = {}
    for row in service.ledger.rows("SELECT * FROM sealed", ()):
        cipher = service.keys.cipher(tuple(json.loads(row["subjects"])), row["class"])
        assert cipher is not None
        plain = cipher.decrypt(row["nonce"], row["ciphertext"], row["digest"].encode())
        found[row["digest"]] = base64.urlsafe_b64encode(plain).decode().rstrip("=")
    return found


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    house = house_in(tmp_path_factory.mktemp("story"))
    story = Story(house)
    yield Real.of(house, story.edition)
    house.service.close()


def test_a_real_edition_is_verified_to_the_grade_of_what_is_brought(real: Real, tmp_path: Path, told: Verified) -> None:
    bundle = real.bundle(tmp_path / "real", real.told.lines)
    assert bundle.head().size == len(real.lines)
    head, policy, key = tmp_path / "head", tmp_path / "policy", str(bundle.signer.verifier)
    head.write_text(bundle.note(20))
    policy.write_text(f"log {key}\nwitness W {witness_key()}\nquorum W\n")
    assert told(bundle.folder)["verdict"] == 20
    assert told(bundle.folder, "--key", key)["verdict"] == 20
    found = told(bundle.folder, "--key", key, "--known-head", str(head))
    assert (found["verdict"], found["finding"], found["not_recountable"]) == (10, None, [])
    assert found["values"].pop("shown") > 20
    assert set(found["values"].values()) == {0}
    bundle.put("data/checkpoint", bundle.note() + cosignature(bundle.head().text()))
    found = told(bundle.zip(tmp_path / "real.zip"), "--policy", str(policy), "--known-head", str(head))
    assert (found["verdict"], found["policy_met"]) == (0, True)


@pytest.mark.parametrize(("minutes", "verdict"), [(20, 20), (60, 20), (61, 40)])
def test_of_two_who_race_on_a_stream_the_later_may_land_first(
    tmp_path: Path, told: Verified, minutes: int, verdict: int
) -> None:
    """A command whose stream moved is decided again, and keeps the time of its arrival."""
    jury = Jury(house := house_in(tmp_path))
    ballot = jury.app.ballots.open(jury.by("chair"), jury.edition, quorum=2)
    arrived = [house.at, house.at + timedelta(minutes=minutes)]
    for who, at in (("rosa", arrived[1]), ("rudi", arrived[0])):
        jury.app.ballots.vote(Arrival(jury.people[who], at), ballot, [["yes"]])
    house.at = arrived[1]
    jury.app.ballots.close(jury.by("chair"), ballot)
    real = Real.of(house, jury.edition)
    house.service.close()
    second = real.told.index("decision.vote_cast", 1)
    assert real.told.lines[second]["time"] < real.told.lines[second - 1]["time"]
    assert real.told.data(second + 1)["counted"] == 2
    found = told(real.bundle(tmp_path / "bundle", real.told.lines).folder)
    leaf = found["finding"] and found["finding"]["leaf"]
    assert (found["verdict"], leaf) == (verdict, second if verdict == 40 else None)


def test_of_values_that_are_withheld_the_first_is_named(real: Real, tmp_path: Path, told: Verified) -> None:
    found = told(real.bundle(tmp_path / "all", real.told.lines, lambda line, reference: True).folder)
    first = min(i for i, line in enumerate(real.told.lines) if references(line["data"]) and real.told._tells(line, {}))
    assert (found["verdict"], found["finding"]["leaf"]) == (51, first)
    assert found["values"]["shown"] == found["values"]["erased"] == 0


def test_a_basis_is_a_root_that_the_log_had(real: Real, tmp_path: Path, told: Verified) -> None:
    at = real.told.index("decision.proposed", 1)
    for basis in ({"root": "00" * 32}, {"size": len(real.told.lines)}, {"size": 0}, {"size": True}):
        forged = real.told.forged()
        forged.data(at)["basis"] |= basis
        found = told(real.bundle(tmp_path / "forged", forged.lines).folder)
        assert (found["verdict"], found["finding"]["leaf"]) == (50, at)
        assert "basis" in found["finding"]["text"]


def test_choices_and_lots_are_opened_when_it_is_time(real: Real, tmp_path: Path, told: Verified) -> None:
    def values(lines: Sequence[Line], name: str) -> dict[str, int]:
        bundle = real.bundle(tmp_path / name, lines, lambda line, reference: reference["class"] == "ballot")
        found: dict[str, int] = told(bundle.folder)["values"]
        return {why: count for why, count in found.items() if why != "shown"}

    none = {"erased": 0, "not_yet_open": 0, "not_opened": 0, "unexplained": 0}
    secret = [i for i, line in enumerate(real.told.lines) if "choice" in line["data"]]
    assert values(real.told.lines[: secret[-1] + 1], "open") == none | {"not_yet_open": len(secret)}
    assert values(real.told.lines, "closed") == none | {"unexplained": len(secret)}
    forged = real.told.forged()
    planned, proposed = forged.data(forged.index("edition.planned")), forged.data(forged.index("decision.proposed"))
    planned["seeds"] = {proposed["stage"]: sealed("seed", cls="ballot")[0]}
    assert values(forged.lines, "undrawn")["not_yet_open"] == 1
    proposed["seed"] = "00"
    assert values(forged.lines, "drawn") == none | {"unexplained": len(secret) + 1}


def test_what_is_about_an_erased_person_may_be_missing(real: Real, tmp_path: Path, told: Verified) -> None:
    forged = real.told.forged()
    case = forged.index("nomination.submitted")
    person = references(forged.data(case))[0]["of"][0]
    last = forged.index("edition.reviewing_closed")
    code = {"participant": person, "classes": ["case"], "code": "request"}
    forged.insert(len(forged.lines), last, **code, time=forged.lines[-1]["time"])
    forged.lines[-1]["type"] = "edition.participant_erased.v1"
    for cls, why in (("case", "erased"), ("public", "unexplained")):
        withheld = [0]

        def about(line: Line, reference: Mapping[str, Any], cls: str = cls, withheld: list[int] = withheld) -> bool:
            withheld[0] += (hit := person in reference["of"] and reference["class"] == cls)
            return hit

        found = told(real.bundle(tmp_path / cls, forged.lines, about).folder)
        assert withheld[0] > 0
        assert (found["values"][why], found["values"]["erased"] > 0) == (withheld[0], why == "erased")
