"""The names on disk: every event, and every one of its fields that stands in clear. Both are promises.

A field that is not listed here is sealed, or is one that every event has. `*` stands for a language or a criterion.
"""

_STAGE = "rules.stages[]."
_SIGHT = " ".join(
    f"rules.sight.{aspect}.{role}"
    for aspect in ("nominator", "nominee", "scores", "comments", "reviewers", "standing")
    for role in ("nominator", "reviewer", "chair", "deputy", "secretariat", "approver", "auditor")
)
_PARAMETERS = "method.parameters."

CLEAR = {
    "award.established.v1": "slug since name.* awarding_body.* purpose.*",
    "award.revised.v1": "name.* awarding_body.* purpose.*",
    "award.discontinued.v1": "effective",
    "edition.planned.v1": "of_award label rules.categories[].id rules.categories[].name.* rules.nominators"
    " rules.retention.case rules.retention.public rules.retention.account"
    " rules.self_nomination rules.consent rules.publish rules.runners_up rules.conflict_policy.*"
    f" {_STAGE}id {_STAGE}name.* {_STAGE}rubric[].id {_STAGE}rubric[].name.* {_STAGE}rubric[].weight"
    f" {_STAGE}rubric[].lead {_STAGE}scale.lowest {_STAGE}scale.highest {_STAGE}method.name {_STAGE}method.version"
    f" {_STAGE}method.trim[] {_STAGE}cross_checks[].name {_STAGE}cross_checks[].version"
    f" {_STAGE}cross_checks[].worthy[] {_STAGE}lot"
    f" {_STAGE}ties[] {_STAGE}quorum {_STAGE}minimum_reviews {_SIGHT}",
    "edition.recorded.v1": "of_award label sources[].key sources[].title",
    "edition.call_opened.v1": "opens closes zone",
    "edition.call_extended.v1": "closes zone",
    "edition.call_closed.v1": "code",
    "edition.role_entered.v1": "participant role",
    "edition.role_left.v1": "participant role code",
    "edition.participants_linked.v1": "participants[] code",
    "edition.participant_erased.v1": "participant classes[] basis kept.public",
    "edition.rules_changed.v1": "stage code quorum minimum_reviews",
    "edition.panel_member_appointed.v1": "stage participant seat",
    "edition.panel_member_discharged.v1": "stage participant code",
    "edition.reviewing_opened.v1": "stage due",
    "edition.reviewing_closed.v1": "stage",
    "edition.reviewing_reopened.v1": "stage code due",
    "edition.shortlisted.v1": "stage category nominations[]",
    "edition.cancelled.v1": "code",
    "nomination.submitted.v1": "category nominator nominee.kind nominee.participant",
    "nomination.amended.v1": "nominee.kind nominee.participant nominee.members[].participant",
    "nomination.endorsed.v1": "endorser",
    "nomination.endorsement_withdrawn.v1": "endorser",
    "nomination.accepted.v1": "",
    "nomination.declined.v1": "",
    "nomination.file_opened.v1": "reviewer",
    "nomination.ruled_eligible.v1": "rule code",
    "nomination.ruled_ineligible.v1": "rule code",
    "nomination.ruling_appealed.v1": "code",
    "nomination.appeal_decided.v1": "outcome code",
    "nomination.withdrawn.v1": "",
    "review.assigned.v1": "stage nomination reviewer",
    "review.reviewer_declined.v1": "code",
    "review.no_conflict_declared.v1": "policy stage nomination reviewer",
    "review.conflict_declared.v1": "code policy stage nomination reviewer",
    "review.recused.v1": "how code stage nomination reviewer",
    "review.reinstated.v1": "code",
    "review.voided.v1": "code",
    "review.submitted.v1": "scores.*",
    "review.revised.v1": "scores.*",
    "decision.proposed.v1": "category stage outcome basis.size basis.root inputs.count inputs.sha256 decided_by code"
    f" winners[] runners_up[] method.name method.version {_PARAMETERS}rubric[].id {_PARAMETERS}rubric[].weight"
    f" {_PARAMETERS}rubric[].lead {_PARAMETERS}scale.lowest {_PARAMETERS}scale.highest {_PARAMETERS}ties[]"
    f" {_PARAMETERS}minimum_reviews {_PARAMETERS}lot {_PARAMETERS}trim[] seed"
    f" {_PARAMETERS}cross_checks[].name {_PARAMETERS}cross_checks[].version {_PARAMETERS}cross_checks[].worthy[]"
    " computed.winners[] computed.runners_up[] override.code cross_checks[].name cross_checks[].version"
    " cross_checks[].winners[] cross_checks[].code cross_check.code",
    "decision.ballot_opened.v1": "ballot category stage purpose method.name method.version method.seats options[]"
    " voters[] quorum secret",
    "decision.vote_cast.v1": "ballot voter ranking[][] abstained",
    "decision.ballot_closed.v1": "ballot counted abstained left_out[].voter left_out[].code code result.method"
    " result.version result.ballots result.order[][] result.found.yes.votes result.found.no.votes result.steps.votes"
    " result.steps.blank result.steps.reached",
    "decision.dissent_recorded.v1": "",
    "decision.appealed.v1": "code",
    "decision.appeal_decided.v1": "outcome code",
    "decision.reopened.v1": "code",
    "decision.returned.v1": "code",
    "decision.approved.v1": "",
    "decision.withheld.v1": "code",
    "decision.announced.v1": "embargo winners[].kind winners[].nomination winners[].participant"
    " runners_up[].kind runners_up[].nomination runners_up[].participant",
    "decision.conferred.v1": "winners[] occasion.* date place date_certainty place_certainty"
    " presented_by[].participant",
    # What stands and its rival are sealed where they tell of a person: see the lines themselves.
    "decision.corrected.v1": "field standing rival sources[] winner",
    "decision.revocation_proposed.v1": "winner code",
    "decision.revoked.v1": "winner",
    "decision.honour_recorded.v1": "category winner.kind winner.participant sources[]",
    "subject.known.v1": "kind",
    "subject.role_granted.v1": "role scope",
    "subject.role_revoked.v1": "role scope",
    "subject.deactivated.v1": "code",
    "subject.erasure_requested.v1": "classes[] basis kept.public",
    "subject.erasure_refused.v1": "code",
    "subject.erased.v1": "classes[] basis",
}
