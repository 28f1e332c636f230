"""Checks a bundle of an awards log: `awards-verify BUNDLE`. One file, to be copied and read; it needs Python 3.11 and
`cryptography`, and nothing of the service that wrote the log.

docs/bundle.md says what a bundle holds, docs/judging.md and docs/methods.md how a decision is counted; this is the
second program written from those pages. It goes through the log once, keeps what it knows of each stream, and
tells the first line that is wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cached_property, reduce
from itertools import chain, combinations, permutations, product
from typing import Any

# Verdicts: the exit codes. Below 30 nothing is wrong, and the number says what was not there to check with.

VERIFIED, UNWITNESSED, NOT_RECOUNTABLE, NO_KNOWN_HEAD = 0, 10, 11, 20
CONTRADICTED, INVALID, UNKNOWN_METHOD, DOES_NOT_FOLLOW, UNEXPLAINED = 30, 40, 41, 50, 51
BAD_USAGE = 2


@dataclass(frozen=True)
class Finding:
    """Something wrong, or something that could not be checked: the verdict, the leaf it is about, and words for it."""

    verdict: int
    index: int | None
    text: str


@dataclass(frozen=True)
class Event:
    """One line of the log: its leaf index, stream and version, `topic` without the version, the state, and what is
    opened of its sealed values, by digest.
    """

    index: int
    stream: str
    version: int
    topic: str
    time: str
    data: Mapping[str, Any]
    opened: Mapping[str, Any] = field(default_factory=dict)


# === 1. Bytes: hashes, the tree, signed notes ========================================================================

# === 2. Judging: how an order is made of reviews and votes (docs/judging.md, docs/methods.md) ========================


class UnknownRule(Exception):
    """A method, version or rung that this program does not know: it cannot verify what rests on it."""


class TooManyOptions(Exception):
    """The method does not compare so many."""


class Refused(ValueError):
    """Rules, scores, votes or a seed by which nothing is counted; says the code of judging.md, section 4."""


Settled = Callable[[str, Sequence[str]], Sequence[Sequence[str]] | str | None]
"""Asked for a rung that people settle and the ids tied there: their order in groups, `passed` where the rung is passed
over, None where the tie is open. For the lot: the seed, or None."""

NO_AWARD = "no-award"
HEX = re.compile("[0-9a-f]{64}")
"""A seed, and the commitment to one."""

Groups = list[list[str]]
"""Ids in groups, best first; those of one group are tied."""


def ranking(
    stage: Mapping[str, Any],
    nominations: Sequence[str],
    reviews: Sequence[tuple[str, str, Mapping[str, int]]],
    settled: Settled,
    method: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The ranking as data (docs/judging.md, section 5), by the stage's method, or by another (a cross-check).

    `reviews`: reviewer, nomination and scores of every review that counts.
    """
    method = stage["method"] if method is None else method
    count = _counting(method, RANKINGS)
    _check_stage(stage)
    by_nomination: dict[str, list[Review]] = {nomination: [] for nomination in sorted(nominations)}
    for reviewer, nomination, scores in reviews:
        if nomination in by_nomination:
            by_nomination[nomination].append(_review(stage, reviewer, scores))
    least = max(1, stage.get("minimum_reviews", 1))
    panel = Panel(stage, {name: given for name, given in by_nomination.items() if len(given) >= least})
    order = count(panel, method)
    ladder = Ladder(order.groups, panel, settled)
    data = {
        "method": method["name"],
        "version": method["version"],
        **ladder.told(),
        "entries": [
            {"nomination": name, "rank": rank, **order.found[name], **panel.told(name)} for name, rank in ladder.ranks()
        ],
        "unranked": [
            {"nomination": name, "reviews": len(given), "code": "too_few_reviews"}
            for name, given in by_nomination.items()
            if len(given) < least
        ],
    }
    return _written(data | ({} if order.steps is None else {"steps": order.steps}))


def count_votes(
    method: Mapping[str, Any], options: Sequence[str], votes: Sequence[Sequence[Sequence[str]]]
) -> dict[str, Any]:
    """The `result` of a ballot: the count of its votes, each a ranking in groups; an abstention is not among them."""
    count = _counting(method, COUNTS)
    if count in BOUNDED:
        _few(options)
    order = count(sorted(set(options)), [_whole_ballot(vote, options) for vote in votes], method)
    data = {
        "method": method["name"],
        "version": method["version"],
        "ballots": len(votes),
        "order": order.groups,
        "found": order.found,
        "steps": order.steps or {},
    }
    return _written(data)


def winners(told: Mapping[str, Any]) -> list[str]:
    """Whom a ranking names: all of rank 1, also those of an open tie (judging.md, sections 3 and 6)."""
    return [entry["nomination"] for entry in told["entries"] if entry["rank"] == 1]


def runners_up(told: Mapping[str, Any], ranks: int) -> list[str]:
    """All of the next `ranks` ranks that anybody holds, but nobody behind `no-award`."""
    named = [
        (entry["rank"], entry["nomination"])
        for entry in told["entries"]
        if 1 < entry["rank"] <= told.get("no_award", entry["rank"])
    ]
    held = sorted({rank for rank, _ in named})[:ranks]
    return [nomination for rank, nomination in named if rank in held]


def inputs_digest(standings: Iterable[tuple[str, int, str]]) -> dict[str, Any]:
    """`count` and `sha256` of a decision's inputs, each `(stream, version, standing)` (judging.md, section 6)."""
    items = sorted(standings)
    text = json.dumps(items, separators=(",", ":"))
    return {"count": len(items), "sha256": hashlib.sha256(text.encode()).hexdigest()}


# What goes in, and how numbers are written.


@dataclass(frozen=True)
class Review:
    """One counted review: by whom, its weighted total, and its scores by criterion."""

    reviewer: str
    total: Fraction
    scores: Mapping[str, int]


@dataclass(frozen=True)
class Panel:
    """The nominations that are ranked, sorted, each with its counted reviews."""

    stage: Mapping[str, Any]
    reviews: Mapping[str, Sequence[Review]]

    def totals(self, nomination: str) -> list[Fraction]:
        """The totals of the nomination's reviews, ascending."""
        return sorted(review.total for review in self.reviews[nomination])

    def mean_of(self, criterion: str, nomination: str) -> Fraction:
        return _mean([Fraction(review.scores[criterion]) for review in self.reviews[nomination]])

    def told(self, nomination: str) -> dict[str, Any]:
        """What every entry holds of a nomination, whatever the method."""
        criteria = {item["id"]: _pair(self.mean_of(item["id"], nomination)) for item in self.stage["rubric"]}
        return {"criteria": criteria, "reviews": len(self.reviews[nomination])}

    @cached_property
    def by_reviewer(self) -> dict[str, dict[str, Fraction]]:
        """What each reviewer gave each nomination she reviewed: the mean of her totals, where she has several."""
        given: dict[str, dict[str, list[Fraction]]] = {}
        for nomination, reviews in self.reviews.items():
            for review in reviews:
                given.setdefault(review.reviewer, {}).setdefault(nomination, []).append(review.total)
        return {who: {name: _mean(totals) for name, totals in her.items()} for who, her in given.items()}


@dataclass(frozen=True)
class Order:
    """What a method finds: the order in groups, what it says of each option, and its working, where it has any."""

    groups: Groups
    found: Mapping[str, dict[str, Any]]
    steps: dict[str, Any] | None = None


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _median(ascending: Sequence[Fraction]) -> Fraction:
    middle = len(ascending) // 2
    return _mean(ascending[middle : middle + 1] if len(ascending) % 2 else ascending[middle - 1 : middle + 1])


def _pair(number: Fraction, decimals: int | None = None) -> list[int]:
    """A fraction as it is written; with `decimals`, rounded to so many, half to even."""
    number = number if decimals is None else round(number, decimals)
    return [number.numerator, number.denominator]


def _written(data: dict[str, Any]) -> dict[str, Any]:
    """The data, if RFC 8785 can carry its integers."""
    rest: list[Any] = [data]
    while rest:
        value = rest.pop()
        if isinstance(value, int) and abs(value) >= 2**53:
            raise Refused("number_too_large")
        if isinstance(value, Mapping):
            rest.extend(value.values())
        elif isinstance(value, list):
            rest.extend(value)
    return data


def _grouped(names: Iterable[str], worth: Callable[[str], Any]) -> Groups:
    """The names in groups of equal worth, the higher first, sorted inside."""
    groups: dict[Any, list[str]] = {}
    for name in sorted(names):
        groups.setdefault(worth(name), []).append(name)
    return [groups[value] for value in sorted(groups, reverse=True)]


def _many(groups: Groups) -> int:
    return sum(len(group) for group in groups)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _review(stage: Mapping[str, Any], reviewer: str, scores: Mapping[str, int]) -> Review:
    rubric, scale = stage["rubric"], stage["scale"]
    if set(scores) != {criterion["id"] for criterion in rubric}:
        raise Refused("scores_incomplete")
    if not all(_is_integer(score) and scale["lowest"] <= score <= scale["highest"] for score in scores.values()):
        raise Refused("score_out_of_scale")
    weighed = sum(criterion["weight"] * scores[criterion["id"]] for criterion in rubric)
    return Review(reviewer, Fraction(weighed, sum(criterion["weight"] for criterion in rubric)), scores)


def _check_stage(stage: Mapping[str, Any]) -> None:
    """Refuse a rubric, scale or ladder of another form than judging.md, section 1, gives them."""
    rubric, scale, rungs = stage["rubric"], stage["scale"], stage["ties"]
    for rung in rungs:
        if rung not in {*COMPUTED_RUNGS, *SETTLED_RUNGS, *LAST_RUNGS}:
            raise UnknownRule(f"the rung {rung!r}")
    checks = [check["name"] for check in stage.get("cross_checks", ())]
    if not (
        rubric
        and len({criterion["id"] for criterion in rubric}) == len(rubric)
        and all(_is_integer(criterion["weight"]) and criterion["weight"] >= 1 for criterion in rubric)
        and sum(bool(criterion.get("lead")) for criterion in rubric) <= 1
        and _is_integer(scale["lowest"])
        and _is_integer(scale["highest"])
        and scale["lowest"] < scale["highest"]
        and len(set(rungs)) == len(rungs)
        and [rung for rung in rungs if rung in LAST_RUNGS] == list(rungs[-1:])
        and len(rungs) > 0
        and ("lot" in rungs) == ("lot" in stage)
        and HEX.fullmatch(stage.get("lot", "0" * 64))
        and len({stage["method"]["name"], *checks}) == 1 + len(checks)
    ):
        raise Refused("invalid_rules")


def _counting(method: Mapping[str, Any], known: Mapping[tuple[Any, Any], Any]) -> Any:
    """The function that counts by a method, whose parameters are those it takes."""
    if (method["name"], method["version"]) not in known:
        raise UnknownRule(f"the method {method['name']!r}, version {method['version']!r}")
    count, parameters = known[method["name"], method["version"]]
    if not {"name", "version"} <= set(method) <= {"name", "version", *parameters}:
        raise Refused("invalid_rules")
    return count


def _few(options: Collection[str]) -> None:
    """Refuse more options, or nominations, than methods of pairs and rounds take."""
    if len(options) > 100:
        raise TooManyOptions(f"{len(options)} options")


def _parameter(method: Mapping[str, Any], name: str, lowest: Fraction, highest: Fraction) -> Fraction:
    """A parameter that is a fraction in lowest terms, from `lowest` to `highest`."""
    value = method.get(name)
    if not (isinstance(value, list) and len(value) == 2 and all(map(_is_integer, value)) and value[1] > 0):
        raise Refused("invalid_rules")
    number = Fraction(*value)
    if _pair(number) != value or not lowest <= number <= highest:
        raise Refused("invalid_rules")
    return number


def _worthy(panel: Panel, method: Mapping[str, Any]) -> Fraction:
    scale = panel.stage["scale"]
    return _parameter(method, "worthy", Fraction(scale["lowest"]), Fraction(scale["highest"]))


# The ladder for ties (judging.md, section 3).


class Ladder:
    """The groups of a method, as far as the rungs of the stage split them."""

    def __init__(self, groups: Groups, panel: Panel, settled: Settled) -> None:
        self.groups, self.before = _without_no_award(groups)
        self.rungs: Sequence[str] = panel.stage["ties"]
        self.panel, self.settled = panel, settled
        self.broken: list[dict[str, Any]] = []
        self.open_tie: dict[str, Any] | None = None
        self.decided_by = NO_AWARD if self.before == 0 and self.groups else None
        self._note("none")
        for rung in self.rungs:
            if rung in COMPUTED_RUNGS:
                self._compute(rung)
            elif self.open_tie is None and self.decided_by is None:
                self._settle(rung)
            self._note(rung)

    def _note(self, rung: str) -> None:
        """Remember what left one alone in the first place."""
        if self.decided_by is None and _many(self.groups[:1]) <= 1:
            self.decided_by = rung

    def _compute(self, rung: str) -> None:
        """Split every tie by what the rung finds, but not a first one that is open."""
        waiting = self.groups[:1] if self.open_tie else []
        split: Groups = list(waiting)
        for tie in self.groups[len(waiting) :]:
            split += self._noted(rung, tie, COMPUTED_RUNGS[rung](self.panel, tie) if len(tie) > 1 else [tie])
        self.groups = split

    def _settle(self, rung: str) -> None:
        """Split the first tie by what people, or the seed, say of it."""
        tie = self.groups[0]
        if rung == "joint-winners":
            return
        said = self.settled(rung, tie)
        if said is None:
            self.open_tie = {"rung": rung, "nominations": tie}
        elif rung == "lot":
            self.groups[:1] = self._noted(rung, tie, _drawn(self.panel.stage["lot"], str(said), tie))
        elif said != "passed":
            self.groups[:1] = self._noted(rung, tie, [sorted(group) for group in said])

    def _noted(self, rung: str, tie: list[str], split: Groups) -> Groups:
        if len(split) > 1:
            self.broken.append({"rung": rung, "nominations": tie})
        return split

    def told(self) -> dict[str, Any]:
        """`decided_by`, and `open_tie`, `ties` and `no_award` where they say something."""
        data: dict[str, Any] = {"decided_by": self.decided_by or ("open" if self.open_tie else "joint-winners")}
        if self.open_tie:
            data["open_tie"] = self.open_tie
        if set(self.rungs) - {"lead-criterion", "joint-winners"}:
            data["ties"] = self.broken
        if self.before is not None:
            data["no_award"] = self.before + 1
        return data

    def ranks(self) -> Iterator[tuple[str, int]]:
        """Every nomination with its rank: one more than there are better ones, `no-award` among them."""
        better = 0
        for group in self.groups:
            rank = better + 1 + (self.before is not None and better >= self.before)
            yield from ((nomination, rank) for nomination in group)
            better += len(group)


def _without_no_award(groups: Groups) -> tuple[Groups, int | None]:
    """The groups of nominations, and how many stand before `no-award`: those tied with it do."""
    before = None
    better = 0
    kept = []
    for group in groups:
        nominations = [name for name in group if name != NO_AWARD]
        better += len(nominations)
        before = better if NO_AWARD in group else before
        kept += [nominations] if nominations else []
    return kept, before


def _lead_criterion(panel: Panel, tie: list[str]) -> Groups:
    lead = [criterion["id"] for criterion in panel.stage["rubric"] if criterion.get("lead")]
    return _grouped(tie, lambda name: panel.mean_of(lead[0], name)) if lead else [tie]


def _head_to_head(panel: Panel, tie: list[str]) -> Groups:
    """The higher number of duels won less duels lost, among those tied."""
    given = list(panel.by_reviewer.values())
    net = dict.fromkeys(tie, 0)
    for one, other in combinations(tie, 2):
        both = [her for her in given if one in her and other in her]
        lead = sum((her[one] > her[other]) - (her[one] < her[other]) for her in both)
        net[one] += (lead > 0) - (lead < 0)
        net[other] -= (lead > 0) - (lead < 0)
    return _grouped(tie, net.__getitem__)


def _higher_median(panel: Panel, tie: list[str]) -> Groups:
    return _grouped(tie, lambda name: _median(panel.totals(name)))


def _least_disagreement(panel: Panel, tie: list[str]) -> Groups:
    """The smaller variance first; no order where one has a single review, and so no variance."""
    totals = {name: panel.totals(name) for name in tie}
    if any(len(values) < 2 for values in totals.values()):
        return [tie]
    squares = {name: sum((total - _mean(values)) ** 2 for total in values) for name, values in totals.items()}
    return _grouped(tie, lambda name: -squares[name] / (len(totals[name]) - 1))


def _drawn(commitment: str, seed: str, tie: list[str]) -> Groups:
    """The tied in the order of their lots, the smallest first."""
    if not HEX.fullmatch(seed) or hashlib.sha256(seed.encode()).hexdigest() != commitment:
        raise Refused("wrong_seed")
    return [[name] for name in sorted(tie, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).hexdigest())]


COMPUTED_RUNGS: Mapping[str, Callable[[Panel, list[str]], Groups]] = {
    "lead-criterion": _lead_criterion,
    "head-to-head": _head_to_head,
    "median": _higher_median,
    "least-disagreement": _least_disagreement,
}
SETTLED_RUNGS, LAST_RUNGS = ("run-off-vote", "casting-vote"), ("lot", "joint-winners")

# Methods of one number (methods.md, section 2).


def _by_total(panel: Panel, total: Callable[[list[Fraction]], Fraction]) -> Order:
    """The order by one total made of the ascending totals of the reviews."""
    totals = {name: total(panel.totals(name)) for name in panel.reviews}
    return Order(
        _grouped(totals, totals.__getitem__), {name: {"total": _pair(value)} for name, value in totals.items()}
    )


def _weighted_rubric_mean(panel: Panel, method: Mapping[str, Any]) -> Order:
    return _by_total(panel, _mean)


def _median_of_totals(panel: Panel, method: Mapping[str, Any]) -> Order:
    return _by_total(panel, _median)


def _trimmed_mean(panel: Panel, method: Mapping[str, Any]) -> Order:
    trim = _parameter({"trim": [1, 5], **method}, "trim", Fraction(0), Fraction(1, 2))
    if trim == Fraction(1, 2):
        raise Refused("invalid_rules")

    def trimmed(totals: list[Fraction]) -> Fraction:
        out = int(len(totals) * trim)
        return _mean(totals[out : len(totals) - out])

    return _by_total(panel, trimmed)


def _approval_of_reviews(panel: Panel, method: Mapping[str, Any]) -> Order:
    worthy = _worthy(panel, method)
    approvals = {name: sum(total >= worthy for total in panel.totals(name)) for name in panel.reviews}
    shares = {name: Fraction(many, len(panel.reviews[name])) for name, many in approvals.items()}
    found = {name: {"approvals": many, "share": _pair(shares[name])} for name, many in approvals.items()}
    return Order(_grouped(shares, shares.__getitem__), found)


def _majority_judgment(panel: Panel, method: Mapping[str, Any]) -> Order:
    worth, found = {}, {}
    for name in panel.reviews:
        totals = panel.totals(name)
        grade = totals[(len(totals) - 1) // 2]
        above = Fraction(sum(total > grade for total in totals), len(totals))
        below = Fraction(sum(total < grade for total in totals), len(totals))
        worth[name] = (grade, above > below, above if above > below else -below)
        found[name] = {"grade": _pair(grade), "above": _pair(above), "below": _pair(below)}
    return Order(_grouped(worth, worth.__getitem__), found)


DECIMALS = 12
"""To how many decimals methods that correct for reviewers write their numbers."""


def _standardised_scores(panel: Panel, method: Mapping[str, Any]) -> Order:
    """Each total by its distance from its reviewer's mean, in her standard deviations; in 60 digits of decimals."""
    context = Context(prec=60, rounding=ROUND_HALF_EVEN)

    def quotient(number: Fraction) -> Decimal:
        return context.divide(Decimal(number.numerator), Decimal(number.denominator))

    standardised: dict[str, list[Decimal]] = {name: [] for name in panel.reviews}
    for her in panel.by_reviewer.values():
        mean = _mean([*her.values()])
        variance = _mean([(total - mean) ** 2 for total in her.values()])
        for name, total in her.items():
            distance = quotient(total - mean)
            standardised[name].append(
                context.divide(distance, context.sqrt(quotient(variance))) if variance else Decimal(0)
            )
    worth = {}
    for name, values in standardised.items():
        whole = reduce(context.add, sorted(values), Decimal(0))
        mean_value = context.divide(whole, Decimal(len(values)))
        worth[name] = Fraction(mean_value.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_EVEN, context))
    return Order(_grouped(worth, worth.__getitem__), _beside_raw(panel, "standardised", worth))


def _beside_raw(panel: Panel, name: str, worth: Mapping[str, Fraction]) -> dict[str, dict[str, Any]]:
    return {
        nomination: {name: _pair(value, DECIMALS), "raw": _pair(_mean(panel.totals(nomination)))}
        for nomination, value in worth.items()
    }


def _additive_bias(panel: Panel, method: Mapping[str, Any]) -> Order:
    """Worth and bias by least squares, solved exactly; the equation of each circle's first reviewer, which follows from
    the others, gives way to the circle's sum of 0.
    """
    given = panel.by_reviewer
    if len(given) > 40:
        raise TooManyOptions(f"{len(given)} reviewers")
    reviewers = sorted(given)
    readers = {name: [who for who in reviewers if name in given[who]] for name in panel.reviews}
    rows = {who: [Fraction(0)] * (len(reviewers) + 1) for who in reviewers}
    for name, together in readers.items():
        mean = _mean([given[who][name] for who in together])
        for who in together:
            rows[who][reviewers.index(who)] += 1
            rows[who][-1] += given[who][name] - mean
            for other in together:
                rows[who][reviewers.index(other)] -= Fraction(1, len(together))
    for circle in _circles(readers.values()):
        rows[min(circle)] = [Fraction(who in circle) for who in reviewers] + [Fraction(0)]
    bias = dict(zip(reviewers, _solved([*rows.values()]), strict=True))
    worth = {name: _mean([given[who][name] - bias[who] for who in together]) for name, together in readers.items()}
    steps = {"reviewers": {who: _pair(value, DECIMALS) for who, value in bias.items()}}
    return Order(_grouped(worth, worth.__getitem__), _beside_raw(panel, "corrected", worth), steps)


def _circles(panels: Iterable[Sequence[str]]) -> list[set[str]]:
    """The reviewers in circles: whoever shares a nomination with another is in hers."""
    circles: list[set[str]] = []
    for together in panels:
        joined = [circle for circle in circles if circle.intersection(together)]
        circles = [circle for circle in circles if circle not in joined]
        circles.append(set(together).union(*joined))
    return circles


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """The solution of linear equations with one, by elimination; each row ends with its right side."""
    for column in range(len(rows)):
        pivot = next(number for number in range(column, len(rows)) if rows[number][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for number, row in enumerate(rows):
            if number != column and row[column]:
                factor = row[column]
                rows[number] = [value - factor * mine for value, mine in zip(row, rows[column], strict=True)]
    return [row[-1] for row in rows]


# Methods that compare (methods.md, section 3): options, and ballots that are groups of some of them.


Count = Callable[[Sequence[str], Sequence[Groups], Mapping[str, Any]], Order]


def _compared(count: Count) -> Callable[[Panel, Mapping[str, Any]], Order]:
    """A count of ballots as a method of reviews: of each reviewer's order, with `no-award` behind the worthy."""

    def method_of_reviews(panel: Panel, method: Mapping[str, Any]) -> Order:
        if count in BOUNDED:
            _few(panel.reviews)
        worthy = _worthy(panel, method) if "worthy" in method else None
        ballots = []
        for her in panel.by_reviewer.values():
            ballot = _grouped(her, her.__getitem__)
            if worthy is not None:
                place = sum(her[group[0]] >= worthy for group in ballot)
                ballot[place:place] = [[NO_AWARD]]
            ballots.append(ballot)
        options = sorted([*panel.reviews, *([NO_AWARD] if ballots and worthy is not None else [])])
        return count(options, ballots, method)

    return method_of_reviews


def _places(ballot: Groups) -> dict[str, int]:
    return {name: place for place, group in enumerate(ballot) for name in group}


def _borda(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    points = dict.fromkeys(options, Fraction(0))
    comparisons = dict.fromkeys(options, 0)
    for ballot in ballots:
        behind = many = _many(ballot)
        for group in ballot:
            behind -= len(group)
            for name in group:
                points[name] += behind + Fraction(len(group) - 1, 2)
                comparisons[name] += many - 1
    average = {name: points[name] / comparisons[name] if comparisons[name] else Fraction(1, 2) for name in options}
    found = {
        name: {"points": _pair(points[name]), "comparisons": comparisons[name], "average": _pair(average[name])}
        for name in options
    }
    return Order(_grouped(options, average.__getitem__), found)


def _preferred(options: Sequence[str], ballots: Sequence[Groups]) -> list[list[int]]:
    """On how many ballots the option of the row stands before that of the column."""
    number = {name: place for place, name in enumerate(options)}
    preferred = [[0] * len(options) for _ in options]
    for ballot in ballots:
        places = _places(ballot)
        for one, other in permutations(places, 2):
            preferred[number[one]][number[other]] += places[one] < places[other]
    return preferred


def _schulze(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    preferred, numbers = _preferred(options, ballots), range(len(options))
    paths = [[preferred[a][b] if preferred[a][b] > preferred[b][a] else 0 for b in numbers] for a in numbers]
    for via, a, b in product(numbers, repeat=3):
        if a != b:
            paths[a][b] = max(paths[a][b], min(paths[a][via], paths[via][b]))
    beaten = {name: sum(paths[b][a] > paths[a][b] for b in numbers) for a, name in enumerate(options)}
    return _fewest_beaten(beaten, {"options": list(options), "preferred": preferred, "paths": paths})


def _fewest_beaten(beaten: Mapping[str, int], steps: dict[str, Any]) -> Order:
    found = {name: {"beaten_by": many} for name, many in beaten.items()}
    return Order(_grouped(beaten, lambda name: -beaten[name]), found, steps)


def _ranked_pairs(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    preferred, numbers = _preferred(options, ballots), range(len(options))
    strengths: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for a, b in permutations(numbers, 2):
        if preferred[a][b] > preferred[b][a]:
            strengths.setdefault((-preferred[a][b], preferred[b][a]), []).append((a, b))
    locked: list[tuple[int, int]] = []
    for strength in sorted(strengths):
        reached = _reached(numbers, locked + strengths[strength])
        locked += [(a, b) for a, b in strengths[strength] if a not in reached[b]]
    reached = _reached(numbers, locked)
    beaten = {name: sum(a in reached[b] for b in numbers) for a, name in enumerate(options)}
    told = [[options[a], options[b]] for a, b in locked]
    return _fewest_beaten(beaten, {"options": list(options), "preferred": preferred, "locked": told})


def _reached(numbers: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[set[int]]:
    """Where the pairs lead, from each number."""
    following: dict[int, list[int]] = {number: [] for number in numbers}
    for a, b in pairs:
        following[a].append(b)
    reached = []
    for number in numbers:
        seen: set[int] = set()
        rest = list(following[number])
        while rest:
            if (here := rest.pop()) not in seen:
                seen.add(here)
                rest += following[here]
        reached.append(seen)
    return reached


def _instant_runoff(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    left, out, rounds = list(options), Groups(), list[dict[str, Any]]()
    supports: list[dict[str, Fraction]] = []
    while len(left) > 1:
        votes, compared, exhausted = _round(left, ballots)
        supports.append(
            {name: votes[name] / compared[name] if compared[name] else Fraction(1, len(left)) for name in left}
        )
        out.append(_least(left, supports))
        told = {"votes": {name: _pair(votes[name]) for name in left}, "compared": compared, "exhausted": exhausted}
        majority = [name for name in left if 2 * votes[name] > len(ballots) - exhausted]
        rounds.append(told | {"out": out[-1]} | ({"majority": majority[0]} if majority else {}))
        left = [name for name in left if name not in out[-1]]
    stayed = {name: number + 1 for number, group in enumerate([*out, left]) for name in group}
    order, against = _last_word(([left] if left else []) + out[::-1], ballots)
    steps = {"rounds": rounds} | ({} if against is None else {"against_no_award": against})
    return Order(order, {name: {"stayed": stayed[name]} for name in options}, steps)


def _round(left: Sequence[str], ballots: Sequence[Groups]) -> tuple[dict[str, Fraction], dict[str, int], int]:
    """Votes of the options left, on how many ballots each is compared, and how many ballots are exhausted."""
    votes, compared, exhausted = dict.fromkeys(left, Fraction(0)), dict.fromkeys(left, 0), 0
    for ballot in ballots:
        groups = _still(ballot, votes)
        if len(groups) < 2:
            exhausted += 1
            continue
        for name in groups[0]:
            votes[name] += Fraction(1, len(groups[0]))
        for name in chain.from_iterable(groups):
            compared[name] += 1
    return votes, compared, exhausted


def _still(ballot: Groups, left: Container[str]) -> Groups:
    """What a ballot says of the options left."""
    groups = ([name for name in group if name in left] for group in ballot)
    return [group for group in groups if group]


def _back(name: str, rounds: Sequence[Mapping[str, Fraction]]) -> tuple[Fraction, ...]:
    """What an option had in the last round, in the one before, and so on back to the first."""
    return tuple(had[name] for had in reversed(rounds))


def _least(names: Iterable[str], rounds: Sequence[Mapping[str, Fraction]]) -> list[str]:
    """Who has the least, and of several who had the least in the round before, and so on."""
    return _grouped(names, lambda name: _back(name, rounds))[-1]


def _last_word(order: Groups, ballots: Sequence[Groups]) -> tuple[Groups, dict[str, list[int]] | None]:
    """The order after `no-award` had the last word, and for each of the first on how many ballots it stands before and
    behind; None where it is no option, or among the first.
    """
    if NO_AWARD not in chain.from_iterable(order[1:]):
        return order, None
    against = {name: [0, 0] for name in order[0]}
    for places in map(_places, ballots):
        for name in order[0]:
            if name in places and NO_AWARD in places:
                against[name][0] += places[name] < places[NO_AWARD]
                against[name][1] += places[name] > places[NO_AWARD]
    fail = [name for name in order[0] if against[name][1] > against[name][0]]
    if not fail:
        return order, against
    if len(fail) < len(order[0]):
        return [[name for name in order[0] if name not in fail], fail, *order[1:]], against
    rest = [[name for name in group if name != NO_AWARD] for group in order]
    return [[NO_AWARD], *(group for group in rest if group)], against


# Votes (methods.md, section 4): ballots that hold every option.


def _whole_ballot(vote: Sequence[Sequence[str]], options: Sequence[str]) -> Groups:
    """The vote with the options it does not name tied last."""
    named = [name for group in vote for name in group]
    if not named or not all(vote) or len(set(named)) < len(named) or not set(named) <= set(options):
        raise Refused("invalid_ballot")
    rest = sorted(set(options) - set(named))
    return [sorted(group) for group in vote] + ([rest] if rest else [])


def _approval_of_votes(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    approvals = Counter(name for ballot in ballots for name in ballot[0])
    return Order(_grouped(options, approvals.__getitem__), {name: {"approvals": approvals[name]} for name in options})


def _majority(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    votes = Counter(ballot[0][0] for ballot in ballots if len(ballot[0]) == 1)
    steps: dict[str, Any] = {"votes": votes.total(), "blank": len(ballots) - votes.total()}
    reached = [name for name in options if 2 * votes[name] > votes.total()]
    steps |= {"reached": reached[0]} if reached else {}
    return Order(_grouped(options, votes.__getitem__), {name: {"votes": votes[name]} for name in options}, steps)


def _stv(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    """Seats by the single transferable vote, one round after the other."""
    seats = method.get("seats", 0)
    if not (_is_integer(seats) and 1 <= seats <= 20):
        raise Refused("invalid_rules")
    parts = Parts(options, ballots)
    votes = len(ballots) - int(parts.exhausted)
    quota = votes // (seats + 1) + 1
    waiting, elected, tied, out = list(options), Groups(), Groups(), Groups()
    held: list[dict[str, Fraction]] = []
    rounds: list[dict[str, Any]] = []
    found: dict[str, dict[str, Any]] = {}
    while waiting:
        held.append(parts.votes())
        told = {
            "votes": {name: _pair(had, 9) for name, had in held[-1].items()},
            "exhausted": _pair(parts.exhausted, 9),
        }
        chosen = _chosen(waiting, seats - _many(elected), quota, held)
        rounds.append(told | chosen)
        for word, names in chosen.items():
            found |= {name: {word: len(rounds)} for name in names}
        elected += _grouped(chosen.get("elected", ()), lambda name: _back(name, held))
        tied += [chosen["tied"]] if "tied" in chosen else []
        out += [chosen["out"]] if "out" in chosen else []
        waiting = [name for name in waiting if name not in found]
        if waiting and _many(elected) < seats:
            parts.pass_on(chosen.get("elected", ()), lambda had: (had - quota) / had)
        parts.pass_on(chosen.get("out", ()), lambda had: Fraction(1))
    steps = {"seats": seats, "votes": votes, "quota": quota, "elected": elected, "rounds": rounds}
    return Order([*elected, *tied, *reversed(out)], found, steps)


def _chosen(
    waiting: Sequence[str], seats_left: int, quota: int, held: Sequence[Mapping[str, Fraction]]
) -> dict[str, list[str]]:
    """Who is elected in a round, ties over the last seats, or goes out."""
    reached = [name for name in waiting if held[-1][name] >= quota] if seats_left else []
    if reached or len(waiting) <= seats_left:
        return {"elected": reached or list(waiting)}
    last = _least(waiting, held)
    if len(waiting) - len(last) < seats_left:
        return {"elected": [name for name in waiting if name not in last], "tied": last}
    return {"out": last}


class Parts:
    """Where the votes of a count by `stv` lie: of each option left, the part that it holds of each ballot."""

    def __init__(self, options: Sequence[str], ballots: Sequence[Groups]) -> None:
        self.ballots = ballots
        self.held: dict[str, dict[int, Fraction]] = {name: {} for name in options}
        self.exhausted = Fraction(0)
        for number in range(len(ballots)):
            self._give(number, Fraction(1))

    def votes(self) -> dict[str, Fraction]:
        return {name: sum(parts.values(), Fraction(0)) for name, parts in self.held.items()}

    def pass_on(self, names: Sequence[str], share: Callable[[Fraction], Fraction]) -> None:
        """Take these out, all at once, and give what each holds, at that share of its value, to those left."""
        gone = [self.held.pop(name) for name in names]
        for parts in gone:
            had = sum(parts.values(), Fraction(0))
            for number, value in parts.items():
                self._give(number, value * share(had))

    def _give(self, number: int, value: Fraction) -> None:
        """Give a part of a ballot to those who stand first on it, if the options left form two groups there."""
        groups = _still(self.ballots[number], self.held)
        if len(groups) < 2:
            self.exhausted += value
            return
        for name in groups[0]:
            self.held[name][number] = self.held[name].get(number, Fraction(0)) + value / len(groups[0])


# Every method by name and version, and the parameters it takes: those that rank reviews, and those that count votes.

RANKINGS = {
    ("weighted-rubric-mean", 1): (_weighted_rubric_mean, ()),
    ("median-of-totals", 1): (_median_of_totals, ()),
    ("trimmed-mean", 1): (_trimmed_mean, ("trim",)),
    ("majority-judgment", 1): (_majority_judgment, ()),
    ("approval", 1): (_approval_of_reviews, ("worthy",)),
    ("standardised-scores", 1): (_standardised_scores, ()),
    ("additive-bias", 1): (_additive_bias, ()),
    ("borda", 1): (_compared(_borda), ()),
    ("schulze", 1): (_compared(_schulze), ("worthy",)),
    ("ranked-pairs", 1): (_compared(_ranked_pairs), ("worthy",)),
    ("instant-runoff", 1): (_compared(_instant_runoff), ("worthy",)),
}
COUNTS = {
    ("borda", 1): (_borda, ()),
    ("schulze", 1): (_schulze, ()),
    ("ranked-pairs", 1): (_ranked_pairs, ()),
    ("instant-runoff", 1): (_instant_runoff, ()),
    ("approval", 1): (_approval_of_votes, ()),
    ("majority", 1): (_majority, ()),
    ("stv", 1): (_stv, ("seats",)),
}
BOUNDED = (_schulze, _ranked_pairs, _instant_runoff, _stv)

# === 3. History: the order of steps, roles and duties, and every decision counted again ==============================


class History:
    """What is known of an edition after the lines so far; grows with its streams, not with its events."""

    def __init__(self, edition: str) -> None:
        self.edition = edition

    def take(self, event: Event) -> Iterator[Finding]:
        """Take the edition's next line that is shown, and tell what is wrong with it."""
        raise NotImplementedError

    def erased(self, participant: str, cls: str) -> bool:
        """Whether the key of a participant and class is lawfully gone, by the lines so far."""
        raise NotImplementedError


# === 4. The bundle, and what comes of it =============================================================================


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle; returns the exit code."""
    raise NotImplementedError
