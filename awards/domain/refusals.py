"""Named refusals: what a person may not do, with a stable code and one sentence in plain words.

Codes are part of the API's contract. A refusal that matters to the history (ineligible, declined, withheld, recused)
is not here: that is an event. The families say what kind of mistake it is; only `awards.problems` turns them into
HTTP statuses.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """A command that may not be carried out; nothing of it is recorded."""

    code: ClassVar[str] = "refused"
    message: ClassVar[str] = "This cannot be done."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.message)


class OutOfOrder(Refusal):
    """The step does not fit the present state."""

    code = "out_of_order"


class NotAllowed(Refusal):
    """This person may not take the step."""

    code = "forbidden"
    message = "Your role does not allow this; the API page says whose does."


class NotFound(Refusal):
    """There is no such thing, or not for this reader."""

    code = "not_found"
    message = "There is no such resource."


class Invalid(Refusal):
    """The request contradicts itself, the rules or a limit."""

    code = "invalid"


# --- award and edition


class AwardExists(OutOfOrder):
    code = "award_exists"
    message = "An award with this slug exists."


class AwardDiscontinued(OutOfOrder):
    code = "award_discontinued"
    message = "The award is discontinued."


class EditionExists(OutOfOrder):
    code = "edition_exists"
    message = "This award has an edition with this label."


class EditionCancelled(OutOfOrder):
    code = "edition_cancelled"
    message = "The edition is cancelled."


class EditionFromSources(OutOfOrder):
    code = "edition_from_sources"
    message = "The edition was recorded from sources; it has no call, reviews or panel."


class EditionNotFromSources(OutOfOrder):
    code = "edition_not_from_sources"
    message = "Only an edition recorded from sources takes winners from sources."


class UnknownSource(Invalid):
    code = "unknown_source"
    message = "The edition was recorded from other sources; a fact cites one of them."


class InvalidRules(Invalid):
    code = "invalid_rules"
    message = "The rules contradict themselves."


class UnknownStage(Invalid):
    code = "unknown_stage"
    message = "The edition's rules name no such stage."


class UnknownCategory(Invalid):
    code = "unknown_category"
    message = "The edition's rules name no such category."


class CallAlreadyOpened(OutOfOrder):
    code = "call_already_opened"
    message = "The call was opened before."


class CallNotOpened(OutOfOrder):
    code = "call_not_opened"
    message = "The call has not been opened."


class CallNotYetOpen(OutOfOrder):
    code = "call_not_yet_open"
    message = "The call opens later."


class CallClosed(OutOfOrder):
    code = "call_closed"
    message = "The call is closed."


class CallStillOpen(OutOfOrder):
    code = "call_still_open"
    message = "The call is still open."


class DeadlineNotLater(Invalid):
    code = "deadline_not_later"
    message = "The deadline must be later than the opening, the present deadline and now."


class AlreadyHoldsRole(OutOfOrder):
    code = "already_holds_role"
    message = "The participant holds this role already."


class UnknownRole(Invalid):
    code = "unknown_role"
    message = "There is no such role here."


class RoleNotHeld(OutOfOrder):
    code = "role_not_held"
    message = "The participant does not hold this role."


class RolesIncompatible(OutOfOrder):
    code = "roles_incompatible"
    message = "One person cannot have these parts in one edition; what was ever held or done counts."


class SelfAppointment(NotAllowed):
    code = "self_appointment"
    message = "Nobody gives a role or a seat to herself; another person does."


class AlreadyLinked(OutOfOrder):
    code = "already_linked"
    message = "The two ids are known to be one person."


class NothingChanges(Invalid):
    code = "nothing_changes"
    message = "The stage's rules say so already."


class AlreadyOnPanel(OutOfOrder):
    code = "already_on_panel"
    message = "The participant is on this stage's panel already."


class NotOnPanel(OutOfOrder):
    code = "not_on_panel"
    message = "The participant is not on this stage's panel."


class SeatTaken(OutOfOrder):
    code = "seat_taken"
    message = "The seat is taken by another member of the panel."


class PanelTooSmall(OutOfOrder):
    code = "panel_too_small"
    message = "The panel is smaller than the stage's quorum."


class ReviewingNotOpen(OutOfOrder):
    code = "reviewing_not_open"
    message = "Reviewing is not open at this stage."


class ReviewingAlreadyOpen(OutOfOrder):
    code = "reviewing_already_open"
    message = "Reviewing is open at this stage already."


class ReviewingNotClosed(OutOfOrder):
    code = "reviewing_not_closed"
    message = "Reviewing must be closed first."


class ReviewingClosed(OutOfOrder):
    code = "reviewing_closed"
    message = "Reviewing is closed at this stage."


# --- nomination


class NominationWithdrawn(OutOfOrder):
    code = "nomination_withdrawn"
    message = "The nomination is withdrawn."


class NominationDeclined(OutOfOrder):
    code = "nomination_declined"
    message = "The nominee has declined."


class AlreadyRuled(OutOfOrder):
    code = "already_ruled"
    message = "The nomination has been ruled upon."


class NotRuled(OutOfOrder):
    code = "not_ruled_eligible"
    message = "The nomination has not been ruled eligible."


class ConsentMissing(OutOfOrder):
    code = "consent_missing"
    message = "The nominee has not accepted yet, and the rules require it."


class AlreadyAnswered(OutOfOrder):
    code = "already_answered"
    message = "The nominee has answered."


class NotAsked(OutOfOrder):
    code = "nominee_not_asked"
    message = "By the edition's rules the nominee is not told."


class AlreadyEndorsed(OutOfOrder):
    code = "already_endorsed"
    message = "This endorser's statement stands already."


class NotEndorsed(OutOfOrder):
    code = "not_endorsed"
    message = "This endorser has made no statement."


class SelfNomination(OutOfOrder):
    code = "self_nomination"
    message = "The rules allow nobody to nominate or endorse themselves."


class NomineeKindNotAllowed(Invalid):
    code = "nominee_kind_mismatch"
    message = "Only a team has members."


class NotShortlisted(OutOfOrder):
    code = "not_shortlisted"
    message = "The nomination is not on this stage's list."


# --- review


class AlreadyAssigned(OutOfOrder):
    code = "already_assigned"
    message = "The nomination is assigned to this reviewer."


class NotEnoughReviewers(OutOfOrder):
    code = "not_enough_reviewers"
    message = "The panel is too small, or too much is closed to it, for so many reviews of each nomination."


class PlanOutdated(OutOfOrder):
    code = "plan_outdated"
    message = "Assignments have changed since this plan was made; make it again."


class ReviewerHasInterest(OutOfOrder):
    code = "reviewer_has_interest"
    message = "A nominator, endorser or nominee cannot review the nomination."


class ReviewEnded(OutOfOrder):
    code = "review_ended"
    message = "The assignment has ended: it was declined or recused."


class NotYetSubmitted(OutOfOrder):
    code = "not_yet_submitted"
    message = "There is no submitted review to revise."


class AlreadySubmitted(OutOfOrder):
    code = "already_submitted"
    message = "The review is submitted; revise it instead."


class ClosedToYou(NotAllowed):
    code = "closed_to_you"
    message = "You are recused from this nomination or have a part in it; the deputy or the secretariat acts instead."


class AlreadyRecused(OutOfOrder):
    code = "already_recused"
    message = "The reviewer is recused from this nomination."


class NotRecused(OutOfOrder):
    code = "not_recused"
    message = "The reviewer is not recused from this nomination."


class OwnRecusal(NotAllowed):
    code = "own_recusal"
    message = "Nobody lifts a recusal of their own; a chair's is lifted by the deputy or the secretariat."


class NoConflictPolicy(OutOfOrder):
    code = "no_conflict_policy"
    message = "The edition's rules hold no conflict policy to declare against."


class AlreadyDeclared(OutOfOrder):
    code = "already_declared"
    message = "The reviewer has declared no conflict of interest under this policy."


class DeclarationMissing(OutOfOrder):
    code = "declaration_missing"
    message = "A declaration of no conflict of interest under the present policy comes first."


class FileNotOpened(OutOfOrder):
    code = "file_not_opened"
    message = "The reviewer has not opened the file yet."


class ScoresIncomplete(Invalid):
    code = "scores_incomplete"
    message = "Every criterion of the rubric needs exactly one score."


class ScoreOutOfScale(Invalid):
    code = "score_out_of_scale"
    message = "A score lies outside the stage's scale."


# --- decision


class AlreadyProposed(OutOfOrder):
    code = "already_proposed"
    message = "A decision is proposed and waits for its approval."


class ProposalOutdated(OutOfOrder):
    code = "proposal_outdated"
    message = (
        "Since it was proposed a conflict came to light that changes the count or bars who proposed: send it back."
    )


class AlreadyDecided(OutOfOrder):
    code = "already_decided"
    message = "The category is decided."


class NotProposed(OutOfOrder):
    code = "not_proposed"
    message = "No decision is proposed: there was none yet, or the last one was returned."


class NothingToDecide(OutOfOrder):
    code = "nothing_to_decide"
    message = "No nomination has a result; withholding the award can be proposed."


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = "Withholding an award, or naming others than the ranking does, needs a reason code."


class NotApproved(OutOfOrder):
    code = "not_approved"
    message = "The decision is not approved."


class SecondPersonNeeded(NotAllowed):
    code = "second_person_needed"
    message = "Another person than the one who proposed must do this."


class AlreadyAnnounced(OutOfOrder):
    code = "already_announced"
    message = "The decision is announced."


class NotAnnounced(OutOfOrder):
    code = "not_announced"
    message = "The decision is not announced."


class EmbargoNotOver(OutOfOrder):
    code = "embargo_not_over"
    message = "The embargo has not ended."


class EmbargoNotLater(Invalid):
    code = "embargo_not_later"
    message = "The embargo must end in the future."


class CitationMissing(Invalid):
    code = "citation_missing"
    message = "Each winner of the decision needs exactly one citation."


class AlreadyConferred(OutOfOrder):
    code = "already_conferred"
    message = "The award was conferred upon this winner."


class NoSuchWinner(Invalid):
    code = "no_such_winner"
    message = "The decision names no such winner."


class WinnerMissing(Invalid):
    code = "winner_missing"
    message = "There are several winners; say which one this is about."


class AlreadyRevoked(OutOfOrder):
    code = "already_revoked"
    message = "The award was revoked."


class RevocationAlreadyProposed(OutOfOrder):
    code = "revocation_already_proposed"
    message = "A revocation is proposed and waits for its second person."


class RevocationNotProposed(OutOfOrder):
    code = "revocation_not_proposed"
    message = "No revocation is proposed."


# --- subject


class SubjectDeactivated(OutOfOrder):
    code = "subject_deactivated"
    message = "The subject is deactivated."


class PersonErased(OutOfOrder):
    code = "person_erased"
    message = "This person's data has been erased; she neither acts nor is named again."


class ErasureAlreadyRequested(OutOfOrder):
    code = "erasure_already_requested"
    message = "The erasure is requested already and waits for a second person."


class ErasureNotRequested(OutOfOrder):
    code = "erasure_not_requested"
    message = "Nobody has requested this erasure, or it is settled."


class ErasureIncomplete(OutOfOrder):
    code = "erasure_incomplete"
    message = "Since it was requested, another id turned out to be the same person; request the erasure again."


class NotErasable(Invalid):
    code = "not_erasable"
    message = "What is erased is at least one of case, public and account."


class NotKeepable(Invalid):
    code = "not_keepable"
    message = "Only what is public may be kept, and then it is not among what is erased."


class OwnAccount(NotAllowed):
    code = "own_account"
    message = "Nobody does this to her own account; another person must."


class BeyondReach(NotAllowed):
    code = "beyond_your_reach"
    message = "This person also acts where your role does not reach."


class CodeNotValid(Invalid):
    code = "code_not_valid"
    message = "The one-time code is mistyped, used, taken back or expired; ask for another."


class CodeWithoutRole(Invalid):
    code = "code_without_role"
    message = "This one-time code stands for no one role; it opens an account."


class ShownBefore(OutOfOrder):
    code = "shown_before"
    message = "This was carried out before, and what it made is shown once; revoke it and ask anew."


class LifeTooLong(Invalid):
    code = "life_too_long"
    message = "A token lives for 366 days at most."


class LoginTaken(OutOfOrder):
    code = "login_taken"
    message = "Another account has this login."


class LoginNotUsable(Invalid):
    code = "login_not_usable"
    message = "A login has 3 to 200 visible characters."


class PasswordTooShort(Invalid):
    code = "password_too_short"
    message = "A password needs at least 12 characters."


class PasswordTooLong(Invalid):
    code = "password_too_long"
    message = "A password can have at most 128 characters."


class PasswordIsLogin(Invalid):
    code = "password_is_login"
    message = "The password must be another than the login."


class IdentityTaken(OutOfOrder):
    code = "identity_taken"
    message = "This identity belongs to another account."


# --- asking as of


class NotYet(Invalid):
    code = "not_yet"
    message = "That has not happened yet; ask as of a moment or a position that is past."


class AskByMoment(NotAllowed):
    code = "ask_by_moment"
    message = "Positions are for who sees everything they count; ask as of a moment."


# --- what the store says


class Stale(Refusal):
    """The resource changed since the caller read it."""

    code = "stale"
    message = "The resource has changed since you read it; read it again."


class Busy(Refusal):
    """Streams kept moving while the command was tried again."""

    code = "too_busy"
    message = "Too many changes at the same time; try again."


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used with another request body."


class TooLong(Invalid):
    code = "event_too_long"
    message = "The event would be longer than the log allows (65,535 bytes)."
