"""Loading a roll: an award with its past editions and winners, from a JSON file of sourced facts (`awards load FILE`).

    {
      "award": {"slug", "name": {lang: text}, "awarding_body": {lang: text}, "purpose"?: {lang: text}, "since"?: date},
      "sources": [{"key", "title", "url"?}],
      "editions": [{
        "label", "sources": [key],
        "winners": [{"name", "kind"?, "rank"?, "country"?, "mission"?, "citation"?: {lang: text}}],
        "conferral"?: {"occasion": {lang: text}, "date", "date_certainty"?, "place"?, "place_certainty"?,
                       "presented_by"?: [name]},
        "corrections"?: [{"field", "winner"?: name, "standing": told, "rival": told, "reading"?}]
      }]
    }

Dates are EDTF level 0 with a certainty in words where sources infer; countries ISO 3166-1. A correction tells where
sources disagree: `told` is {"value", "sources": [key]}, empty where nobody noted it; its event lists the sources
of what stands before those of the rival. What is about a person names the winner, where the edition has more than one.

The whole file is checked first, and against the log; `InvalidRoll` says what is wrong and where (JSON Pointer,
RFC 6901), and then nothing was recorded. Recording takes one command a fact and skips what the log holds already, so
that a load that was cut short is finished by running it again. An award there is keeps its texts; where a winner was
erased since, the edition is left as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from marshmallow import ValidationError

from awards.application.application import Application
from awards.application.desk import Arrival
from awards.application.giving import PERSONAL
from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.refusals import Invalid
from awards.projections import decisions
from awards.schemas.decisions import FACTS
from awards.schemas.roll import Roll

MAIN = "main"
"""The category of past winners: sources know of no other."""

View = dict[str, Any]


class InvalidRoll(Invalid):
    """The file is no roll, or contradicts itself or the log."""

    code = "invalid_roll"
    message = "This is not a roll."


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many of each were recorded by this run."""

    editions: int
    winners: int
    corrections: int


def load_roll(application: Application, arrival: Arrival, data: bytes) -> Loaded:
    """Check the file, then record what the log does not hold yet."""
    roll = read_roll(data)
    recording = Recording(application, arrival, roll)
    recording.check()
    loaded = recording.record()
    application.desk.projector.catch_up()
    return loaded


# Checking.


def read_roll(data: bytes) -> View:
    """The roll a file holds, with defaults filled in; `InvalidRoll` when it is none."""
    try:
        roll: View = Roll().load(json.loads(data, object_pairs_hook=_object, parse_constant=_no_constant))
    except ValidationError as error:
        raise InvalidRoll("\n".join(_told(error.messages))) from None
    except RecursionError:
        raise InvalidRoll("The file is nested too deeply.") from None
    except ValueError as error:  # JSONDecodeError, UnicodeDecodeError
        raise InvalidRoll(f"The file is not JSON: {error}") from None
    known = [source["key"] for source in roll["sources"]]
    _require_distinct(known, "/sources/{}/key")
    _require_distinct([edition["label"] for edition in roll["editions"]], "/editions/{}/label")
    for place, edition in enumerate(roll["editions"]):
        _check_edition(edition, f"/editions/{place}", set(known))
    return roll


def _check_edition(edition: View, at: str, known: set[str]) -> None:
    names = [winner["name"] for winner in edition["winners"]]
    _require_distinct(names, at + "/winners/{}/name")
    _require_known(edition["sources"], at + "/sources/{}", known)
    for place, correction in enumerate(edition["corrections"]):
        here = f"{at}/corrections/{place}"
        if correction["field"] in PERSONAL and len(names) == 1:
            correction.setdefault("winner", names[0])
        if correction["field"] in PERSONAL and "winner" not in correction:
            _refuse(f"{here}/winner", "say which of the winners this is about")
        if correction.setdefault("winner", None) not in (None, *names):
            _refuse(f"{here}/winner", "the edition has no winner of this name")
        form = FACTS[correction["field"]]
        for side in ("standing", "rival"):
            _require_known(correction[side]["sources"], f"{here}/{side}/sources/{{}}", known)
            try:
                correction[side]["value"] = form.deserialize(correction[side]["value"])
            except ValidationError as error:
                _refuse(f"{here}/{side}/value", "; ".join(_told(error.messages)))
        if correction["standing"]["value"] == correction["rival"]["value"]:
            _refuse(f"{here}/rival/value", "this is what stands already")


def _require_distinct(values: list[str], at: str) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            _refuse(at.format(place), f"{value!r} comes twice")


def _require_known(keys: list[str], at: str, known: set[str]) -> None:
    for place, key in enumerate(keys):
        if key not in known:
            _refuse(at.format(place), f"there is no source {key!r}")


def _refuse(at: str, what: str) -> NoReturn:
    raise InvalidRoll(f"{at}: {what}")


def _object(members: list[tuple[str, Any]]) -> View:
    found = dict(members)
    if len(found) != len(members):
        names = [name for name, _ in members]
        raise ValueError(f"an object names {next(name for name in names if names.count(name) > 1)!r} twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _told(messages: Any, at: str = "") -> Iterator[str]:
    """The nested messages of marshmallow, a line each."""
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            yield from _told(below, at if name == "_schema" else f"{at}/{name}")
    else:
        yield from (f"{at}: {message}" if at else str(message) for message in messages)


# Recording.


class Recording:
    """One run: the roll against what the log holds."""

    def __init__(self, application: Application, arrival: Arrival, roll: View) -> None:
        self._app = application
        self._arrival = arrival
        self._roll = roll
        self._award = str(Award.id_of(roll["award"]["slug"]))
        self._titles = {source["key"]: source for source in roll["sources"]}

    def check(self) -> None:
        """Refuse what contradicts the log."""
        for place, edition in enumerate(self._roll["editions"]):
            known = self._app.desk.streams.get(Edition.id_of(self._award, edition["label"]))
            if isinstance(known, Edition) and known.rules is not None:
                _refuse(f"/editions/{place}/label", "an edition of this label is run here; it has winners of its own")
            names = {winner["name"] for winner in edition["winners"]}
            held = {winner["name"] for winner in self._decision(edition)["winners"]}
            if "erased" not in held and (strangers := held - names):
                _refuse(f"/editions/{place}/winners", f"the log names other winners: {', '.join(sorted(strangers))}")

    def record(self) -> Loaded:
        """Record what is missing, in the order of the file; gives how much that was."""
        if self._app.desk.streams.get(Award.id_of(self._roll["award"]["slug"])) is None:
            self._app.awards.establish(self._arrival, **self._roll["award"])
        editions = winners = corrections = 0
        for edition in self._roll["editions"]:
            editions += self._edition(edition)
            held = self._decision(edition)
            if any(winner["name"] == "erased" for winner in held["winners"]):
                continue
            winners += self._winners(edition, held)
            held = self._decision(edition)
            self._conferral(edition, held)
            corrections += self._corrections(edition, held)
        return Loaded(editions, winners, corrections)

    def _decision(self, edition: View) -> View:
        """The past winners as the read model holds them."""
        decision = str(Decision.id_of(self._edition_id(edition), MAIN))
        with self._app.desk.projector.reading() as rows:
            return decisions.find(rows, decision) or {
                "id": decision,
                "winners": [],
                "conferrals": [],
                "corrections": [],
            }

    def _edition_id(self, edition: View) -> str:
        return str(Edition.id_of(self._award, edition["label"]))

    def _edition(self, edition: View) -> int:
        if self._app.desk.streams.get(Edition.id_of(self._award, edition["label"])) is not None:
            return 0
        sides = [correction[side] for correction in edition["corrections"] for side in ("standing", "rival")]
        named = dict.fromkeys([*edition["sources"], *(key for side in sides for key in side["sources"])])
        self._app.editions.record(self._arrival, self._award, edition["label"], [self._titles[key] for key in named])
        return 1

    def _winners(self, edition: View, held: View) -> int:
        known = {winner["name"] for winner in held["winners"]}
        missing = [winner for winner in edition["winners"] if winner["name"] not in known]
        for winner in missing:
            facts = {name: fact for name, fact in winner.items() if name != "citation"}
            self._app.decisions.record_honour(
                self._arrival,
                self._edition_id(edition),
                facts,
                edition["sources"],
                citation=winner.get("citation"),
            )
        return len(missing)

    def _conferral(self, edition: View, held: View) -> None:
        given = {winner for conferral in held["conferrals"] for winner in conferral["winners"]}
        waiting = [winner["participant"] for winner in held["winners"] if winner["participant"] not in given]
        if "conferral" in edition and waiting:
            presented_by = edition["conferral"].get("presented_by", [])
            facts = {name: fact for name, fact in edition["conferral"].items() if name != "presented_by"}
            self._app.decisions.confer(self._arrival, held["id"], facts, presented_by, waiting)

    def _corrections(self, edition: View, held: View) -> int:
        who = {winner["name"]: winner["participant"] for winner in held["winners"]}
        count = 0
        for correction in edition["corrections"]:
            standing, rival = correction["standing"], correction["rival"]
            about = who.get(correction["winner"])
            fact = (correction["field"], standing["value"], rival["value"], about)
            if fact in [
                (each["field"], each["standing"], each["rival"], each.get("winner")) for each in held["corrections"]
            ]:
                continue
            sources = list(dict.fromkeys([*standing["sources"], *rival["sources"]]))
            self._app.decisions.correct(
                self._arrival, held["id"], *fact[:3], sources, winner=about, reading=correction.get("reading")
            )
            count += 1
        return count
