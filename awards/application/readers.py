"""Who reads: where she stands, what she has to do with which nominations, how far the edition is; and what she sees.

`sees` interprets the rules, which are data (`awards.domain.rules.SIGHT`: aspect -> role -> since when). Whoever has a
seat on a panel sees by the seat, whatever the token is for and under whatever id of hers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from awards.access import Place, nominator
from awards.domain.duties import SEAT_ROLES
from awards.domain.rules import ASPECTS, SINCE, completed
from awards.projections.nominations import parts

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Of:
    """What an aspect is asked of: something in a category, of a nomination, at a stage; None: of all of them."""

    category: str | None = None
    nomination: str | None = None
    stage: str | None = None


@dataclass(frozen=True)
class Reader:
    """Who reads: where she stands, what she has to do with which nominations, and how far the edition is."""

    place: Place
    ids: frozenset[str] = frozenset()
    """All her ids in the edition."""

    reviews: Mapping[str, Sequence[View]] = field(default_factory=dict)
    """Her own assignments, by nomination."""

    barred: Mapping[str, str] = field(default_factory=dict)
    """The nominations she has a part in or is recused from -> their category."""

    decided: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    """The categories whose decision has its second person, and those whose decision is public."""

    then: Mapping[str, Sequence[View]] | None = None
    """Where she looks at a past, her own assignments there, by nomination; all the rest is as she stands now."""

    @property
    def rules(self) -> Mapping[str, Any]:
        """The edition's rules; an edition from sources has none but the defaults."""
        return (self.place.edition and self.place.edition.rules) or completed({"stages": [], "categories": []})

    @cached_property
    def seats(self) -> Sequence[tuple[str, str]]:
        """Her seats on panels: stage and role. A nominator's or a link's token shows no more than its own."""
        place = self.place
        if place.edition is None or place.caller.kind == "link" or nominator(place):
            return ()
        return [(stage, SEAT_ROLES[seat]) for (stage, who), seat in place.edition.panel.items() if who in self.ids]

    def roles(self, stage: str | None = None) -> list[str]:
        """In which roles she looks: by her seat at the stage; else by all her seats; without one, by her token."""
        at_stage = [role for at, role in self.seats if at == stage]
        return at_stage or [role for _, role in self.seats] or [str(self.place.caller.role)]

    def leads(self, stage: str | None = None) -> bool:
        """Whether she runs the panel instead of only reviewing."""
        return bool(self.seats) and "reviewer" not in self.roles(stage)

    @cached_property
    def whole(self) -> bool:
        """Whether nothing at all is kept from her, so that counts of everything, as versions are, tell her nothing."""
        sight = self.rules["sight"]
        return not (self.seats or self.barred) and all(
            sight[aspect].get(role) == "always" for aspect in ASPECTS for role in self.roles()
        )

    # How far things are.

    def own_in(self, of: Of) -> bool:
        """Whether her own reviews are in: of the nomination; else all of the stage, if she has any."""
        mine = [
            review["status"]
            for nomination, reviews in self.reviews.items()
            for review in reviews
            if of.nomination in (None, nomination) and of.stage in (None, review["stage"])
        ]
        if of.nomination is None:
            return of.stage is not None and bool(mine) and "assigned" not in mine
        return bool(mine) and all(status == "submitted" for status in mine)

    def scored(self, nomination: str, stage: str) -> bool:
        """Whether she has scored the nomination at the stage."""
        mine = (review for review in self.reviews.get(nomination, ()) if review["stage"] == stage)
        return any(review["status"] == "submitted" for review in mine)

    def closed(self, of: Of) -> bool:
        """Whether reviewing is closed: of the stage; else of every stage."""
        state = self.place.edition.reviewing if self.place.edition else {}
        stages = [of.stage] if of.stage else [stage["id"] for stage in self.rules["stages"]]
        return bool(stages) and all(state.get(stage) == "closed" for stage in stages)

    def told_course(self, of: Of) -> bool:
        """Whether she is told how others' reviewing went, step by step: a panel when it is over, and who sees whose."""
        return (not self.seats or self.closed(of)) and sees(self, "reviewers", of)

    @property
    def all_open(self) -> bool:
        """Whether she sits on a panel, and no stage is closed."""
        state = self.place.edition.reviewing if self.place.edition else {}
        return bool(self.seats) and "closed" not in state.values()

    def is_decided(self, of: Of) -> bool:
        return self._in_all(self.decided, of)

    def is_public(self, of: Of) -> bool:
        return self._in_all(self.public, of)

    def _in_all(self, reached: frozenset[str], of: Of) -> bool:
        known = [of.category] if of.category else [category["id"] for category in self.rules["categories"]]
        return bool(known) and reached.issuperset(known)


MILESTONES: Sequence[Callable[[Reader, Of], bool]] = (Reader.own_in, Reader.closed, Reader.is_decided, Reader.is_public)
"""What `SINCE` waits for, between always and never, in its order."""


def sees(reader: Reader, aspect: str, of: Of) -> bool:
    """Whether the reader sees an aspect of something now: in each of the roles she looks in."""
    told = reader.rules["sight"][aspect]
    return all(_reached(reader, told.get(role, "never"), of) for role in reader.roles(of.stage))


def _reached(reader: Reader, since: str, of: Of) -> bool:
    if since in ("always", "never"):
        return since == "always"
    return any(reached(reader, of) for reached in MILESTONES[SINCE.index(since) - 1 :])


def barred_by(ids: frozenset[str], own: Iterable[View], naming: Iterable[View]) -> set[str]:
    """The nominations somebody is recused from, by her own reviews, or has a part in, of those that name her."""
    recused = {review["nomination"] for review in own if review["status"] == "recused"}
    return recused | {view["id"] for view in naming if not ids.isdisjoint(parts(view))}
