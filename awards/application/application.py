"""The application: every command and every read, by noun."""

from __future__ import annotations

from awards.application.accounts import AccountCommands
from awards.application.appeals import AppealCommands
from awards.application.assignments import AssignmentCommands
from awards.application.awards import AwardCommands
from awards.application.ballots import BallotCommands
from awards.application.bundles import BundleCommands
from awards.application.comparing import Comparing
from awards.application.conflicts import ConflictCommands
from awards.application.decisions import DecisionCommands
from awards.application.desk import Desk
from awards.application.editions import EditionCommands
from awards.application.erasures import ErasureCommands
from awards.application.identities import IdentityCommands
from awards.application.imports import ImportCommands
from awards.application.invitations import InvitationCommands
from awards.application.log import LogCommands
from awards.application.mail import MailCommands
from awards.application.nominations import NominationCommands
from awards.application.own_file import OwnFileCommands
from awards.application.people import PeopleCommands
from awards.application.retention import RetentionCommands
from awards.application.reviews import ReviewCommands
from awards.ledger.publisher import Publisher


class Application:
    """What the API, the pages and the command line call."""

    def __init__(self, desk: Desk, publisher: Publisher | None = None) -> None:
        self.desk = desk
        self.awards = AwardCommands(desk)
        self.editions = EditionCommands(desk)
        self.nominations = NominationCommands(desk)
        self.reviews = ReviewCommands(desk)
        self.conflicts = ConflictCommands(desk)
        self.assignments = AssignmentCommands(desk)
        self.decisions = DecisionCommands(desk)
        self.ballots = BallotCommands(desk)
        self.imports = ImportCommands(desk)
        self.appeals = AppealCommands(desk)
        self.people = PeopleCommands(desk)
        self.erasures = ErasureCommands(desk)
        self.invitations = InvitationCommands(desk)
        self.accounts = AccountCommands(desk)
        self.identities = IdentityCommands(desk, self.accounts)
        self.mail = MailCommands(desk)
        self.reading = Comparing(desk)
        self.log = LogCommands(desk, publisher)
        self.bundles = BundleCommands(desk, publisher)

        self.retention = RetentionCommands(desk)
        self.files = OwnFileCommands(desk, publisher)
        desk.may_read = self.reading.may_read
