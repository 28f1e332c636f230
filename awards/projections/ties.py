"""What has settled a tie for the first place, as far as people have: read from the ballots and the decision.

A rung that waits for an act gets its result here and the count goes on, until the tie is broken, the ladder is at its
end, or the next result is not there yet. Where nobody may vote on the tie, the rung is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from awards.domain import judging
from awards.domain.balloting import electors
from awards.projections import ballots, decisions, nominations, reviews
from awards.projections.rows import Rows

Rank = Callable[[Mapping[str, Any]], judging.Ranking]
"""Ranks with what is settled, by rung."""


@dataclass(frozen=True)
class Ties:
    """Where a tie is, and who could settle it: the panel (participant -> seat), and all ids of a person by one."""

    edition: str
    stage: str
    category: str
    seats: Mapping[str, str]
    person: Callable[[str], Collection[str]]

    def climbed(self, rows: Rows, rank: Rank, seed: str | None = None) -> tuple[judging.Ranking, dict[str, Any]]:
        """The ranking with every result that there is, and these results by rung.

        The lot is drawn with `seed`, else with that of the decision.
        """
        settled: dict[str, Any] = {}
        while True:
            ranking = rank(settled)
            tie = ranking.open_tie
            result = self._result(rows, tie["rung"], tie["nominations"], seed) if tie else None
            if tie is None or result is None or tie["rung"] in settled:
                return ranking, settled
            settled[tie["rung"]] = result

    def _result(self, rows: Rows, rung: str, tied: Sequence[str], seed: str | None) -> Any:
        if rung == judging.LOT:
            return seed or decisions.seed_of(rows, self.edition, self.category, self.stage)
        result = ballots.result_on(rows, self.edition, self.stage, rung, tied, partial(self._hold, rows, tied))
        if result is not None:
            return {"nominations": [*tied], "order": result["order"]}
        return None if self._electors(rows, rung, tied) else judging.PASSED_OVER

    def _hold(self, rows: Rows, tied: Sequence[str], voters: Sequence[str]) -> bool:
        """Whether these votes still stand: each of another person, and nobody of them recused from the tied since."""
        persons = {frozenset(self.person(voter)) for voter in voters}
        return len(persons) == len(voters) and all(self._may_judge(rows, tied, voter) for voter in voters)

    def _electors(self, rows: Rows, rung: str, tied: Sequence[str]) -> list[str]:
        return electors(rung, self.seats, partial(self._may_judge, rows, tied))

    def _may_judge(self, rows: Rows, tied: Sequence[str], one: str) -> bool:
        return closed_to(rows, self.edition, self.person(one)).isdisjoint(tied)


def closed_to(rows: Rows, edition: str, person: Iterable[str]) -> set[str]:
    """The nominations in which a person has a part or from which she is recused, under whatever id."""
    closed = set()
    for one in sorted(person):
        closed |= {view["id"] for view in nominations.naming(rows, edition, one) if one in nominations.parts(view)}
        closed |= {view["nomination"] for view in reviews.own(rows, edition, one) if view["status"] == "recused"}
    return closed
