"""Award: a standing honour and its defaults."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from awards.domain.refusals import AwardDiscontinued
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act, derived_id

Texts = dict[str, str]


class Award(Stream):
    """A standing honour; one a slug, because its id is derived from it."""

    TOPIC = "award"

    class Event(StreamEvent):
        pass

    # The events, as they stand on disk.

    class Established(Event, FirstEvent):
        TOPIC = "award.established"
        slug: str
        name: Texts
        awarding_body: Texts
        purpose: Texts | None = None
        since: str | None = None

    class Revised(Event):
        TOPIC = "award.revised"
        name: Texts
        awarding_body: Texts
        purpose: Texts | None = None

    class Discontinued(Event):
        TOPIC = "award.discontinued"
        effective: str | None = None

    @staticmethod
    def id_of(slug: str) -> UUID:
        """The award's id, derived from its slug."""
        return derived_id("award", slug)

    # Deciding.

    @classmethod
    def establish(
        cls,
        act: Act,
        slug: str,
        name: Texts,
        awarding_body: Texts,
        purpose: Texts | None = None,
        since: str | None = None,
    ) -> Self:
        """Begin a standing honour. `since`: EDTF level 0."""
        stream = cls.id_of(slug)
        return cls._begin(
            cls.Established,
            act,
            stream,
            award=str(stream),
            slug=slug,
            name=name,
            awarding_body=awarding_body,
            purpose=purpose,
            since=since,
        )

    def revise(self, act: Act, name: Texts, awarding_body: Texts, purpose: Texts | None = None) -> None:
        """Replace the award's texts; editions keep the rules they were planned with."""
        self.require_standing()
        self._record(self.Revised, act, name=name, awarding_body=awarding_body, purpose=purpose)

    def discontinue(self, act: Act, effective: str | None = None) -> None:
        """End the award: no further edition can be planned."""
        self.require_standing()
        self._record(self.Discontinued, act, effective=effective)

    def require_standing(self) -> None:
        """Refuse what needs an award that is still given."""
        if self.discontinued:
            raise AwardDiscontinued

    # Applying.

    def _on_established(self, event: Established) -> None:
        self.award = event.award
        self.slug = event.slug
        self.name = event.name
        self.discontinued = False

    def _on_revised(self, event: Revised) -> None:
        self.name = event.name

    def _on_discontinued(self, _event: Discontinued) -> None:
        self.discontinued = True
