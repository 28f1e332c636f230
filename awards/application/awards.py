"""Commands on awards."""

from __future__ import annotations

from awards.application.desk import Commands, command
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.award import Award

Texts = dict[str, str]


class AwardCommands(Commands):
    """Establish, revise, discontinue."""

    @command("award.establish")
    def establish(
        self,
        work: Work,
        slug: str,
        name: Texts,
        awarding_body: Texts,
        purpose: Texts | None = None,
        since: str | None = None,
    ) -> str:
        """Begin a standing honour under a slug that no other award has."""
        if work.find(Award, Award.id_of(slug)):
            raise no.AwardExists
        act = work.act(award=str(Award.id_of(slug)))
        return work.begin(Award.establish(act, slug, name, awarding_body, purpose, since)).key

    @command("award.revise")
    def revise(
        self,
        work: Work,
        award: str,
        version: int,
        name: Texts,
        awarding_body: Texts,
        purpose: Texts | None = None,
    ) -> str:
        """Replace an award's texts, as read at `version`."""
        found = work.award(award, version)
        found.revise(work.act(award=award), name, awarding_body, purpose)
        return award

    @command("award.discontinue")
    def discontinue(self, work: Work, award: str, effective: str | None = None) -> str:
        """End an award. `effective`: EDTF level 0."""
        found = work.award(award)
        found.discontinue(work.act(award=award), effective)
        return award
