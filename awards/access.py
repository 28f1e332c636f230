"""Who may do what: roles and a table of permissions, consulted by the application and by nobody else.

A permission is granted when any of its predicates holds; what the table does not grant is refused. A caller acts in one
role at a time, the one the bearer token was issued for, and that role must still be held by an event: per edition by
`edition.role_entered` or a seat on a panel, per award by `subject.role_granted`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.refusals import NotAllowed
from awards.domain.review import Review
from awards.domain.subject import EVERY_AWARD, Subject

SELF = "self"
"""In which somebody keeps her own account: signed in, or with a one-time code."""

EDITION_ROLES = ("secretariat", "nominator", "approver", "privacy_officer", "auditor")
PANEL_ROLES = ("reviewer", "chair", "deputy")
AWARD_ROLES = ("secretariat", "approver", "privacy_officer", "auditor")
LINK_ROLES = ("nominee", "endorser")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the operator at the command line, a subject with a token, a link holder, somebody signed in to her
    account, or with a one-time code for one, or anybody.
    """

    kind: str
    role: str | None = None
    subject: str | None = None
    award: str | None = None
    edition: str | None = None
    nomination: str | None = None
    participant: str | None = None

    @property
    def name(self) -> str:
        """What tells this caller from others, for keys of repeated requests."""
        return f"{self.kind}:{self.subject or self.participant}:{self.role}"


ANYBODY = Caller("anybody")
OPERATOR = Caller("operator", "operator")


@dataclass(frozen=True, slots=True)
class Place:
    """What a permission is asked about: the caller, and what stands where the caller wants to act."""

    caller: Caller
    participant: str | None = None
    subject: Subject | None = None
    award: str | None = None
    edition: Edition | None = None
    nomination: Nomination | None = None
    review: Review | None = None
    stage: str | None = None
    """Where the caller acts: a seat on another stage's panel does not count there."""

    def holds(self, role: str) -> bool:
        """Whether the caller acts in this role here, and still holds it."""
        caller = self.caller
        if caller.kind != "subject" or caller.role != role or not self.active or not self._in_scope():
            return False
        if caller.edition is None:
            return self.subject is not None and self.subject.holds(role, self.award or EVERY_AWARD)
        return (
            self.edition is not None
            and self.participant is not None
            and role in self.edition.roles_of(self.participant, self.stage)
        )

    @property
    def active(self) -> bool:
        """Whether the caller's account, if there is one, has not been ended."""
        return self.subject is None or self.subject.active

    def _in_scope(self) -> bool:
        caller = self.caller
        if caller.edition is not None:
            return self.edition is not None and self.edition.key == caller.edition
        return caller.award in (None, EVERY_AWARD, self.award)


Predicate = Callable[[Place], bool]


def operator(place: Place) -> bool:
    """The operator at the command line."""
    return place.caller.kind == "operator"


def role(name: str, who: str) -> Predicate:
    """Whoever acts in the role, for the edition or for the award, and still holds it; `who` says it in words."""

    def holds(place: Place) -> bool:
        return place.holds(name)

    return named(holds, name, who)


def named(predicate: Predicate, name: str, who: str) -> Predicate:
    """The predicate with a name and its words: they are what `docs/permissions.md` and the API's document say."""
    predicate.__name__, predicate.__doc__ = name, who
    return predicate


def importer(place: Place) -> bool:
    """The operator, in an edition recorded from sources."""
    return operator(place) and place.edition is not None and place.edition.rules is None


secretariat = role("secretariat", "The secretariat.")
nominator = role("nominator", "A nominator.")
approver = role("approver", "The approver.")
auditor = role("auditor", "The auditor.")


def every_auditor(place: Place) -> bool:
    """The auditor of every award."""
    return auditor(place) and place.caller.edition is None and place.caller.award == EVERY_AWARD


privacy_officer = role("privacy_officer", "The privacy officer.")


def every_privacy_officer(place: Place) -> bool:
    """The privacy officer of every award."""
    return privacy_officer(place) and place.caller.edition is None and place.caller.award == EVERY_AWARD


chair = role("chair", "The chair.")
deputy = role("deputy", "The deputy.")
reviewer = role("reviewer", "A member of the panel.")


def on_panel(place: Place) -> bool:
    """A member, the chair or the deputy of a panel."""
    return chair(place) or deputy(place) or reviewer(place)


def own_nomination(place: Place) -> bool:
    """The nominator of this nomination."""
    return place.nomination is not None and nominator(place) and place.nomination.nominator == place.participant


def own_review(place: Place) -> bool:
    """The reviewer whose review this is."""
    return place.review is not None and on_panel(place) and place.review.reviewer == place.participant


def link(name: str, who: str) -> Predicate:
    """Whoever holds a link of this kind to this nomination; `who` says it in words."""

    def holds(place: Place) -> bool:
        caller = place.caller
        return (
            caller.kind == "link"
            and caller.role == name
            and place.active
            and place.nomination is not None
            and caller.nomination == place.nomination.key
        )

    return named(holds, f"{name}_link", who)


nominee_link = link("nominee", "The nominee, by link.")
endorser_link = link("endorser", "An endorser, by link.")


def holder(place: Place) -> bool:
    """Whoever still holds the role the token is for."""
    return nominee_link(place) or endorser_link(place) or place.holds(str(place.caller.role))


def oneself(place: Place) -> bool:
    """Whoever is signed in to her own account."""
    return place.caller.kind == "account" and place.active


def code_holder(place: Place) -> bool:
    """Whoever has a one-time code, which is all there is to prove."""
    return place.caller.kind == "code" and place.active


@dataclass(frozen=True, slots=True)
class Permission:
    """What is permitted, in a line, and to whom."""

    what: str
    to: tuple[Predicate, ...]

    @property
    def who(self) -> list[str]:
        """To whom, in the words of the predicates."""
        said = [(predicate.__doc__ or "").strip().removesuffix(".") for predicate in self.to]
        return [words[:1].lower() + words[1:] for words in said]


PERMISSIONS: dict[str, Permission] = {
    # awards and people
    "award.establish": Permission("Establish an award.", (operator, secretariat)),
    "award.revise": Permission("Change an award's texts.", (operator, secretariat)),
    "award.discontinue": Permission("End an award.", (operator, secretariat)),
    "subject.register": Permission("Register a person with an award-wide role.", (operator, secretariat)),
    "subject.grant": Permission("Grant and revoke award-wide roles of others.", (operator, secretariat)),
    "subject.deactivate": Permission("End another person's account.", (operator, secretariat)),
    "subject.list": Permission("List who holds which award-wide role.", (operator, secretariat)),
    "person.invite": Permission("Invite somebody by a one-time code, or take it back.", (operator, secretariat)),
    "token.issue": Permission("Issue a bearer token or a link.", (operator,)),
    "token.list": Permission("List one's own tokens.", (oneself, holder)),
    "token.revoke": Permission("Revoke a token of one's own.", (oneself, holder)),
    "mail.own": Permission("Choose which mail one gets oneself, and in which language.", (oneself, holder)),
    "file.own": Permission("Get the file of what is held on oneself.", (oneself, holder)),
    "file.of": Permission(
        "Get the file of what is held on somebody, at her request.", (operator, every_privacy_officer)
    ),
    "token.own": Permission("Issue a token for a role one holds.", (oneself,)),
    "code.redeem": Permission("Redeem a one-time code for an account or a token.", (code_holder,)),
    "edition.enter": Permission("Let somebody act in an edition.", (operator, secretariat)),
    "honour.record": Permission("Record past editions and winners from sources.", (operator, secretariat)),
    # erasing
    "erasure.read": Permission(
        "Read what is held about a person, and would go.", (operator, privacy_officer, approver)
    ),
    "erasure.request": Permission("Request a person's erasure.", (operator, privacy_officer)),
    "erasure.approve": Permission(
        "Approve an erasure as the second person, or turn it down.", (approver, privacy_officer)
    ),
    # editions
    "edition.plan": Permission("Plan an edition.", (secretariat,)),
    "edition.call": Permission("Open, extend and close the call.", (secretariat,)),
    "edition.appoint": Permission("Appoint, discharge and replace panel members.", (secretariat,)),
    "edition.link": Permission("Record that two ids are one person.", (secretariat,)),
    "edition.rules": Permission("Change a stage's quorum or least number of reviews, for a reason.", (secretariat,)),
    "edition.reviewing": Permission("Open, close and reopen reviewing.", (secretariat, chair, deputy)),
    "edition.shortlist": Permission("Agree the shortlist.", (chair, deputy)),
    "edition.cancel": Permission("Cancel an edition.", (secretariat,)),
    # nominations
    "nomination.submit": Permission("Submit a nomination.", (nominator, secretariat)),
    "nomination.amend": Permission("Amend or withdraw a nomination.", (own_nomination, secretariat)),
    "nomination.endorse": Permission("Endorse, or take it back.", (endorser_link, secretariat)),
    "nomination.answer": Permission("Accept or decline to stand.", (nominee_link, secretariat)),
    "nomination.rule": Permission("Rule on eligibility.", (secretariat,)),
    "nomination.import": Permission(
        "Import nominations, with answers and rulings, on behalf of those who gave them.", (operator,)
    ),
    "nomination.appeal": Permission("Appeal a ruling.", (own_nomination, nominee_link, secretariat)),
    # reviews
    "review.assign": Permission("Assign a nomination to a reviewer.", (secretariat, chair, deputy)),
    "review.recuse": Permission("Recuse a reviewer from a nomination.", (secretariat, chair, deputy)),
    "review.reinstate": Permission("Lift a recusal, but never one's own.", (secretariat, chair, deputy)),
    "conflict.declare": Permission("Declare a conflict of interest with any nomination.", (on_panel,)),
    "affiliation.enter": Permission("State to which organisations somebody belongs.", (secretariat,)),
    "affiliation.own": Permission(
        "State to which organisations one belongs oneself.", (on_panel, nominator, nominee_link)
    ),
    "review.own": Permission("Score, decline or declare a conflict on one's own assignment.", (own_review,)),
    "review.import": Permission("Import reviews on behalf of reviewers, and seat those who are new.", (operator,)),
    # decisions
    "decision.propose": Permission("Propose a decision.", (chair, deputy)),
    "decision.approve": Permission("Approve a decision, or a revocation, as the second person.", (approver,)),
    "decision.dissent": Permission("Dissent from a decision that is proposed or made.", (on_panel,)),
    "decision.appeal": Permission("Appeal a decision.", (secretariat, on_panel)),
    "appeal.decide": Permission("Uphold or dismiss an appeal, but never one's own.", (approver,)),
    "decision.announce": Permission("Announce a decision.", (secretariat,)),
    "decision.confer": Permission("Record a conferral or a correction.", (importer, secretariat)),
    "decision.propose_revocation": Permission("Propose to revoke an award.", (secretariat, chair, deputy)),
    # ballots
    "ballot.run": Permission("Put a question to the panel, and close the ballot.", (chair, deputy)),
    "ballot.vote": Permission("Vote, on one's own account.", (on_panel,)),
    # reading
    "edition.read": Permission("Read an edition.", (secretariat, on_panel, approver, auditor, nominator)),
    "nomination.read": Permission(
        "Read a nomination.",
        (secretariat, on_panel, approver, auditor, own_nomination, nominee_link, endorser_link),
    ),
    "nomination.list": Permission(
        "List an edition's nominations.", (secretariat, on_panel, approver, auditor, nominator)
    ),
    "review.read": Permission(
        "Read reviews (one's own first; see the reading rules).", (secretariat, on_panel, approver, auditor)
    ),
    "standing.read": Permission("Read the standing of a stage.", (secretariat, on_panel, approver, auditor)),
    "decision.read": Permission("Read a decision.", (secretariat, on_panel, approver, auditor)),
    "ballot.read": Permission(
        "Read a ballot (votes as the ballot is; see the reading rules).", (secretariat, on_panel, approver, auditor)
    ),
    "award.out_of_rank": Permission(
        "Read which decisions departed from the ranking.", (secretariat, approver, auditor)
    ),
    "conflicts.read": Permission(
        "Read which conflicts of interest there are, and what they touch.",
        (secretariat, chair, deputy, approver, auditor),
    ),
    "history.read": Permission("Read the history of an edition.", (secretariat, on_panel, approver, auditor)),
    "receipt.read": Permission("Get the receipt of what one did, or of what one sees the whole of.", (holder,)),
    "bundle.export": Permission(
        "Take an edition's history away, with the values that can be opened.", (operator, auditor)
    ),
    "bundle.publish": Permission(
        "Take an edition's history away as its rules publish it, without any value.", (operator, secretariat, auditor)
    ),
    "log.read": Permission("Read every line of the log, and get every receipt.", (every_auditor,)),
}


def allows(permission: str, place: Place) -> bool:
    """Whether the table grants the permission here."""
    return any(holds(place) for holds in PERMISSIONS[permission].to)


def require(permission: str, place: Place) -> None:
    """Refuse what the table does not grant."""
    if not allows(permission, place):
        raise NotAllowed
