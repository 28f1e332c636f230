"""Ballots: from the orders that voters give to the order of the options, step by step.

A ballot is groups of options, best first; what it does not name ties last. It has to name each option at most once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from awards.domain.judging.pairwise import Orders, borda, schulze
from awards.domain.judging.ranked_pairs import ranked_pairs
from awards.domain.judging.runoff import instant_runoff
from awards.domain.judging.shapes import Counted, UnknownMethod, as_json, grouped
from awards.domain.judging.transferable import stv
from awards.domain.refusals import Invalid, InvalidRules

MOST = 100
"""How many options a method that compares them two by two, or round by round, takes."""

MOST_SEATS = 20
"""How many a single transferable vote elects at most."""

Ballot = Sequence[Collection[str]]
Count = Callable[..., Counted]
"""Counts ballots on options; the parameters of the method are given by name."""


class InvalidBallot(Invalid):
    """A ballot that names what is not put to the vote, or something twice."""

    code = "invalid_ballot"
    message = "A ballot names each option at most once, and nothing else."


class TooManyOptions(Invalid):
    """More options than a method of pairs or rounds takes."""

    code = "too_many_options"
    message = f"This method compares at most {MOST} options; a shortlist, or another method, comes first."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a vote comes to: groups of options, best first, inside a group by name."""

    method: str
    version: int
    ballots: int
    order: tuple[tuple[str, ...], ...]
    found: Mapping[str, Mapping[str, Any]]
    steps: Mapping[str, Any]

    def as_data(self) -> dict[str, Any]:
        """The outcome as JSON data with its steps, fractions as [numerator, denominator]."""
        return {
            "method": self.method,
            "version": self.version,
            "ballots": self.ballots,
            "order": [list(group) for group in self.order],
            "found": as_json(self.found),
            "steps": as_json(self.steps),
        }


def count(method: Mapping[str, Any], options: Sequence[str], ballots: Sequence[Ballot]) -> Outcome:
    """Count the ballots; nothing depends on the order in which options or ballots are given."""
    counter = counter_of(method)
    listed = sorted(set(options))
    for ballot in ballots:
        _check(ballot, listed)
    if counter in BOUNDED:
        require_few(listed)
    taken = ballots if counter in AS_NAMED else [_completed(ballot, listed) for ballot in ballots]
    counted = counter(listed, taken, **_parameters(method))
    order = tuple(tuple(sorted(group)) for group in counted.groups)
    found = {option: counted.found[option] for option in listed}
    return Outcome(method["name"], method["version"], len(ballots), order, found, counted.steps)


def counter_of(method: Mapping[str, Any]) -> Count:
    """The function that counts by this method; an unknown one is refused, and so are parameters it does not take."""
    if (method["name"], method["version"]) not in COUNTS:
        raise UnknownMethod
    given, counter = _parameters(method), COUNTS[method["name"], method["version"]]
    if unknown := sorted(given.keys() - ({"seats"} if counter is stv else set())):
        raise InvalidRules(f"A vote by {method['name']} has no parameter {unknown[0]}.")
    if counter is stv and not (type(given.get("seats")) is int and 1 <= given["seats"] <= MOST_SEATS):
        raise InvalidRules(f"A vote by stv needs the parameter seats: how many are elected, 1 to {MOST_SEATS}.")
    return counter


def _parameters(method: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in method.items() if name not in ("name", "version")}


def require_few(options: Collection[str]) -> None:
    """Refuse what would take a method of pairs or rounds too long."""
    if len(options) > MOST:
        raise TooManyOptions


def approval(options: Sequence[str], ballots: Orders) -> Counted:
    """An option has as many approvals as there are ballots that name it in their first group."""
    return _by_votes([group for ballot in ballots for group in ballot[:1]], options, "approvals", {})


def majority(options: Sequence[str], ballots: Orders) -> Counted:
    """One ballot, one vote, for the option that stands first on it alone; any other ballot is blank.

    The order is that of the votes. `reached` names the option with more than half of them, if there is one.
    """
    cast = [ballot[0] for ballot in ballots if ballot and len(ballot[0]) == 1]
    steps: dict[str, Any] = {"votes": len(cast), "blank": len(ballots) - len(cast)}
    counted = _by_votes(cast, options, "votes", steps)
    reached = [option for option in options if 2 * counted.found[option]["votes"] > len(cast)]
    return counted._replace(steps=steps | ({"reached": reached[0]} if reached else {}))


def _by_votes(
    groups: Sequence[Collection[str]], options: Sequence[str], name: str, steps: Mapping[str, Any]
) -> Counted:
    votes = {option: sum(option in group for group in groups) for option in options}
    return Counted(grouped(votes), {option: {name: many} for option, many in votes.items()}, steps)


def _check(ballot: Ballot, options: Collection[str]) -> None:
    named = [option for group in ballot for option in group]
    if len(set(named)) < len(named) or not set(named) <= set(options):
        raise InvalidBallot


def _completed(ballot: Ballot, options: Sequence[str]) -> list[Collection[str]]:
    """The ballot with what it does not name in a last group."""
    named = {option for group in ballot for option in group}
    unnamed = [option for option in options if option not in named]
    return [group for group in ballot if group] + ([unnamed] if unnamed else [])


COUNTS: Mapping[tuple[str, int], Count] = MappingProxyType(
    {
        ("approval", 1): approval,
        ("borda", 1): borda,
        ("instant-runoff", 1): instant_runoff,
        ("majority", 1): majority,
        ("ranked-pairs", 1): ranked_pairs,
        ("schulze", 1): schulze,
        ("stv", 1): stv,
    }
)
AS_NAMED = (approval, majority)
BOUNDED = (schulze, ranked_pairs, instant_runoff, stv)
