"""What the demonstration reads back, and what it must be; every check counts for itself, from the files or the API."""

from __future__ import annotations

import csv
import io
import json
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from awards.demo.client import Client, Unexpected
from awards.demo.people import People, data_of

if TYPE_CHECKING:
    from awards.app import Service
    from awards.demo.exercise import Exercise

Json = dict[str, Any]
JOINT_OF_2019 = ["Carla Monteiro de Castro Araujo", "Suman Gawani"]
JOINT_OF_EXERCISE = ["Abena Oforiwaa-Mensah", "Beatriz Tavares Moreno"]
LATEST_SECONDS = 10
ATOM = "{http://www.w3.org/2005/Atom}"


def same(what: str, found: object, wanted: object) -> None:
    """Raise `Unexpected` where something differs."""
    if found != wanted:
        raise Unexpected(f"{what}: found {found!r}, it should be {wanted!r}")


def soon(what: str, read: Callable[[], object], wanted: object) -> None:
    """The same for what is public, which may be a second or two old."""
    began = time.monotonic()
    while read() != wanted and time.monotonic() - began < LATEST_SECONDS:
        time.sleep(0.1)
    same(what, read(), wanted)


# The roll of honour.


def check_roll(public: Client) -> int:
    """All of the file is public, in four formats; gives how many winners come from it."""
    editions = json.loads(data_of("roll.json"))["editions"]
    wanted = {(edition["label"], winner["name"]) for edition in editions for winner in edition["winners"]}
    every = list(public.items("/winners", limit=5))
    found = {(winner["edition"], winner["name"]) for winner in every if "sources" in winner}
    same("the winners of the file", found, wanted)
    same("winners in all", len(every), len(wanted) + len(JOINT_OF_EXERCISE))
    same("winners of 2019", _names(public, year=2019), JOINT_OF_2019)
    same("winners from Zimbabwe", _names(public, country="ZW"), ["Winnet Zharare"])
    same("winners by free text", _names(public, q="gawANI"), ["Suman Gawani"])
    same("winners of an award there is not", _names(public, award="no-such-award"), [])
    for edition in editions:
        _check_edition(edition, [winner for winner in every if winner["edition"] == edition["label"]])
    _check_formats(public, len(every))
    return len(found)


def _names(public: Client, **query: Any) -> list[str]:
    return sorted(winner["name"] for winner in public.items("/winners", **query))


def _check_edition(edition: Json, shown: list[Json]) -> None:
    """Every fact of the file is shown: names, ranks, the giving with its certainties, what sources disagree on."""
    label = edition["label"]
    for winner in edition["winners"]:
        told = next(each for each in shown if each["name"] == winner["name"])
        same(f"facts of {winner['name']}", {name: told.get(name) for name in winner}, winner)
        same(f"conferral of {label}", told["conferral"], edition["conferral"])
        same(f"sources of {label}", [source["key"] for source in told["sources"]], edition["sources"])
        same(f"year of {label}", told["year"], int(label))
    wanted = [
        (each["field"], each["standing"]["value"], each["rival"]["value"]) for each in edition.get("corrections", [])
    ]
    found = {
        (each["field"], each["standing"], each["rival"]) for winner in shown for each in winner.get("corrections", [])
    }
    same(f"what sources disagree on about {label}", sorted(found, key=str), sorted(wanted, key=str))


def _check_formats(public: Client, count: int) -> None:
    table = public.ask("GET", "/winners", headers={"Accept": "text/csv", "Accept-Language": "fr"})
    rows = list(csv.DictReader(io.StringIO(table.data.decode())))
    same("rows of the CSV", len(rows), count)
    same("the award's name in French", rows[0]["award_name"].split()[0], "Récompense")
    linked = public.ask("GET", "/winners?format=jsonld").json
    same("items of the JSON-LD", len(linked["itemListElement"]), count)
    feed = ET.fromstring(public.ask("GET", "/winners?format=atom").data)  # noqa: S314 - our own
    same("entries of the feed", len(feed.findall(f"{ATOM}entry")), count)


def show_embargo(people: People, decision: str, ends: datetime) -> None:
    """Nothing is public before the embargo ends, and everything soon after; waits for it."""
    before = _names(people.public, year=2025)
    conferring = {"occasion": {"en": "Too early"}, "date": "2025"}
    answer = people.secretariat.try_to(f"/decisions/{decision}/confer", conferring)
    if datetime.now(UTC) >= ends:
        raise Unexpected("this machine is too slow to show an embargo of a few seconds")
    answer.refused(409, "embargo_not_over")
    same("winners before their embargo ends", before, [])
    time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()))
    soon("winners after their embargo has ended", lambda: _names(people.public, year=2025), JOINT_OF_EXERCISE)


# The exercise.


def check_exercise(exercise: Exercise) -> None:
    """The outcome, the history, and the standing against a recount made here."""
    auditor = exercise.people.auditor
    decision = auditor.get(f"/decisions/{exercise.decision}")
    same("winners of the exercise", sorted(each["name"] for each in decision["winners"]), JOINT_OF_EXERCISE)
    same("runners-up", len(decision["runners_up"]), 2)
    same("what decided", decision["decided_by"], "joint-winners")
    public = exercise.people.public
    soon("corrections", lambda: _rivals(public.items("/winners", year=2025)), ["Flight Lieutenant"])
    languages = {tuple(sorted(each["citation"])) for each in public.items("/winners", year=2025)}
    same("languages of the citations", languages, {("en", "fr")})
    _check_history(list(auditor.items(f"{exercise.here}/history", limit=200)))
    for stage in exercise.script["rules"]["stages"]:
        _check_standing(exercise, auditor, stage)
    _check_conflicts(exercise, auditor.get(f"{exercise.here}/conflicts"))


def _rivals(winners: Iterable[Json]) -> list[Any]:
    return [each["rival"] for winner in winners for each in winner["corrections"]]


def _check_history(history: list[Json]) -> None:
    positions = [item["position"] for item in history]
    same("order of the history", positions, sorted(positions))
    counts = Counter(item["type"] for item in history)
    wanted = {
        "nomination.submitted": 12,
        "nomination.amended": 1,
        "nomination.endorsed": 3,
        "nomination.accepted": 11,
        "nomination.ruled_eligible": 11,
        "nomination.ruled_ineligible": 1,
        "review.assigned": 69,
        "review.conflict_declared": 1,
        "review.recused": 2,
        "review.reinstated": 1,
        "review.no_conflict_declared": 68,
        "nomination.file_opened": 68,
        "review.submitted": 68,
        "review.revised": 1,
        "edition.shortlisted": 1,
        "decision.proposed": 1,
        "decision.approved": 1,
        "decision.announced": 1,
        "decision.conferred": 1,
        "decision.corrected": 1,
    }
    same("what happened", {kind: counts[kind] for kind in wanted}, wanted)
    same("scores in the history", [item for item in history if "scores" in json.dumps(item)], [])


def _check_conflicts(exercise: Exercise, report: Json) -> None:
    """One conflict stands, declared before anything it could touch; the other recusal was lifted."""
    found = {one["review"]: (one["how"], "reinstated" in one) for one in report["conflicts"]}
    same("conflicts of interest", found, exercise.recusals)
    same("scores they touch", [score for one in report["conflicts"] for score in one["scores"]], [])


def _check_standing(exercise: Exercise, auditor: Client, stage: Json) -> None:
    """The weighted mean of every counted review of the stage, in plain fractions, best first."""
    standing = auditor.get(f"{exercise.here}/standing", stage=stage["id"])["ranking"]
    rubric = stage["rubric"]
    weights = {criterion["id"]: criterion["weight"] for criterion in rubric}
    lead = next(criterion["id"] for criterion in rubric if criterion.get("lead"))
    totals: dict[str, list[Fraction]] = {}
    leads: dict[str, list[Fraction]] = {}
    for review in auditor.items(f"{exercise.here}/reviews", limit=200):
        if review["status"] == "submitted" and review["stage"] == stage["id"]:
            scores = review["scores"]
            total = Fraction(sum(weights[name] * score for name, score in scores.items()), sum(weights.values()))
            totals.setdefault(review["nomination"], []).append(total)
            leads.setdefault(review["nomination"], []).append(Fraction(scores[lead]))
    merits = {nomination: (_mean(totals[nomination]), _mean(leads[nomination])) for nomination in totals}
    wanted = {
        nomination: (1 + sum(other > merit for other in merits.values()), merit[0])
        for nomination, merit in merits.items()
    }
    found = {entry["nomination"]: (entry["rank"], Fraction(*entry["total"])) for entry in standing["entries"]}
    same("the standing", found, wanted)
    best = {nomination for nomination, (rank, _) in found.items() if rank == 1}
    same("the tie", best, {exercise.cases["UNISFA"], exercise.cases["MINUSCA"]})


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


# The log.


def check_log(service: Service, people: People, editions: int) -> int:
    """The log replays, and all read models built anew show the same; gives the number of events."""
    from awards.application.replaying import replay  # noqa: PLC0415

    size, _, _ = replay(service.ledger)
    same("events replayed", size, service.ledger.position())
    before = _everything(people)
    same("editions", len(before["editions"]), editions)
    same("position of the rebuilt read models", service.projector.rebuild(), size)
    after = _everything(people)
    for what, items in before.items():
        same(f"{what} after a rebuild", after[what], items)
    return size


def _everything(people: People) -> Mapping[str, Any]:
    """All that an auditor and the public can read in lists."""
    auditor = people.auditor
    editions = list(auditor.items("/editions", limit=200))
    read: dict[str, Any] = {"editions": editions, "winners": list(people.public.items("/winners", placing="any"))}
    for edition in editions:
        for what in ("nominations", "reviews", "decisions", "history"):
            read[f"{what} of {edition['label']}"] = list(auditor.items(f"/editions/{edition['id']}/{what}", limit=200))
    return read
