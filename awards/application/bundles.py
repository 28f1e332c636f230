"""Bundles: an edition's history to take away, for an auditor with what can be opened, or for anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from awards.access import OPERATOR
from awards.application.desk import Arrival, Desk
from awards.application.log import NoCheckpointStore
from awards.application.proving import in_turn
from awards.application.standpoint import Standpoint
from awards.bundle.contents import Built, build
from awards.bundle.lines import Asked, Source
from awards.bundle.scope import AUDITOR
from awards.domain import refusals as no
from awards.domain.award import Award
from awards.domain.edition import Edition
from awards.ledger.publisher import Publisher
from awards.projections import standing
from awards.projections.rows import Rows

View = dict[str, Any]


class BundleCommands(Standpoint):
    """Writing bundles. Nothing is recorded by it."""

    def __init__(self, desk: Desk, publisher: Publisher | None) -> None:
        super().__init__(desk)
        self._publisher = publisher

    def named(self, name: str) -> str:
        """The id of an edition by its id, or as `<slug of the award>/<label>`; raises `NotFound`."""
        slug, slash, label = name.partition("/")
        key = str(Edition.id_of(str(Award.id_of(slug)), label)) if slash else name
        return self._stream(Edition, key).key

    def export(
        self,
        arrival: Arrival,
        edition: str,
        profile: str,
        out: BinaryIO,
        progress: Callable[[int], object] = lambda leaves: None,
    ) -> Built:
        """Write the bundle of an edition to an empty file that can be sought in.

        The profile `public` opens nothing and tells what the edition's rules publish; what is under an embargo at the
        time of arrival is not in it. `progress` is told of leaves as they are done.
        """
        found = self._asked(arrival, edition, profile)
        if self._publisher is None:
            raise NoCheckpointStore
        source = Source(self.desk.ledger, self.desk.keys, self._publisher)
        award = str(found.of_award)
        asked = Asked(edition, award, profile, arrival.at, lambda size: self._rankings(found, size))
        with in_turn():
            return build(out, source, asked, progress)

    def _asked(self, arrival: Arrival, edition: str, profile: str) -> Edition:
        """The edition, if the caller may take it away; what is opened is for who sees the whole of it."""
        if profile == AUDITOR:
            place = self._in_edition("bundle.export", arrival.caller, edition)
            with self.desk.projector.reading() as rows:
                if arrival.caller != OPERATOR and not self._reader(rows, place, arrival.at).whole:
                    raise no.NotAllowed
        else:
            place = self._in_edition("bundle.publish", arrival.caller, edition)
        assert place.edition is not None  # noqa: S101 - it was asked for
        return place.edition

    def _rankings(self, edition: Edition, size: int) -> Sequence[View]:
        """The rankings of all stages and categories in a log of that size."""
        if edition.rules is None:
            return []
        with self.desk.projector.reading() as rows:
            if rows.last_of(edition.key) <= size:
                return list(_standings(rows, edition))
        with self.desk.projector.pasts.reading(edition.key, str(edition.of_award), size) as then:
            return [] if then is None else list(_standings(then, edition))


def _standings(rows: Rows, edition: Edition) -> Sequence[View]:
    found = []
    for stage in edition.rules["stages"]:
        for category in edition.rules["categories"]:
            try:
                view = standing.find(rows, edition.key, stage["id"], category["id"])
            except no.Refusal:  # a number too large to be written, or more options than the method compares
                continue
            if view["ranking"]["entries"] or view["ranking"]["unranked"]:
                found.append(view)
    return found
