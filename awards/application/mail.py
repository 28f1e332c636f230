"""Commands on one's own mail: which kinds one gets, and in which language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from awards.application.desk import Arrival, Commands, command
from awards.application.tokens import stand
from awards.application.work import Work
from awards.ledger.contacts import CHOICES, LANGUAGES, choose, contact_of

View = dict[str, Any]


class MailCommands(Commands):
    """What somebody is written, beside the invitations without which nobody comes in."""

    @command("mail.own")
    def _may_read(self, work: Work) -> str:
        stand(work)
        return ""

    def mail_choices(self, arrival: Arrival) -> View:
        """One's own choices: `language`, `wants`, and whether there is an `address`; never the address."""
        self._may_read(arrival)
        contact = contact_of(self.desk.ledger.rows, self.desk.keys, str(arrival.caller.subject))
        if contact is None:
            return {"language": LANGUAGES[0], "wants": list(CHOICES), "address": False}
        return {"language": contact.language, "wants": list(contact.wants), "address": contact.email is not None}

    @command("mail.own")
    def choose_mail(self, work: Work, wants: Sequence[str], language: str) -> str:
        """Get only these kinds from now on, in this language."""
        stand(work)
        subject = str(work.caller.subject)
        work.change(choose(subject, wants, language))
        return subject
