"""What the file of somebody tells of the events that are about her: a list of what may be told, and nothing else is.

Whoever adds an event decides here what of it belongs to whom; until then its file says only that it happened, to who
did it. Nothing here names another person, a nomination, a score that others gave, or what others wrote about her in
deliberation: a field is listed only if it says nothing about anybody else. A sealed value in a listed field is told
only if it is about nobody but her (`own_file`), and what is sealed for publication only once it is public.
"""

from __future__ import annotations

from typing import NamedTuple


class Naming(NamedTuple):
    """A place in an event where somebody is named: as what, in which member (`[]`: one of a list; empty: the event
    itself), under which name her id stands there, what of that member is hers; `public`: once the decision is.
    """

    part: str
    where: str
    id: str
    fields: tuple[str, ...] = ()
    public: bool = False


_NOMINEE = (
    Naming("nominee", "nominee", "participant", ("kind", "attributes")),
    Naming("nominee", "nominee.members[]", "participant", ("name",)),
)
_WINNER = ("kind", "attributes", "citation")

NAMED: dict[str, tuple[Naming, ...]] = {
    "edition.role_entered": (Naming("participant", "", "participant", ("role", "name")),),
    "edition.role_left": (Naming("participant", "", "participant", ("role", "code")),),
    "edition.panel_member_appointed": (Naming("participant", "", "participant", ("stage", "seat", "name")),),
    "edition.panel_member_discharged": (Naming("participant", "", "participant", ("stage", "code")),),
    "edition.participants_linked": (Naming("participant", "participants[]", "", ()),),
    "edition.participant_erased": (Naming("participant", "", "participant", ("classes", "basis", "kept")),),
    "nomination.submitted": (*_NOMINEE, Naming("nominator", "", "nominator", ("category", "nominator_name"))),
    "nomination.amended": _NOMINEE,
    "nomination.endorsed": (Naming("endorser", "", "endorser", ("name",)),),
    "nomination.endorsement_withdrawn": (Naming("endorser", "", "endorser"),),
    "nomination.file_opened": (Naming("reviewer", "", "reviewer"),),
    "decision.ballot_opened": (Naming("voter", "voters[]", "", ()),),
    "decision.vote_cast": (Naming("voter", "", "voter", ("abstained",)),),
    "decision.ballot_closed": (Naming("voter", "left_out[]", "voter", ("code",)),),
    "decision.announced": (
        Naming("winner", "winners[]", "participant", _WINNER, public=True),
        Naming("runner-up", "runners_up[]", "participant", _WINNER, public=True),
    ),
    "decision.honour_recorded": (Naming("winner", "winner", "participant", _WINNER, public=True),),
    "decision.conferred": (
        Naming("winner", "winners[]", "", (), public=True),
        Naming("presenter", "presented_by[]", "participant", ("name",), public=True),
    ),
    "decision.corrected": (
        Naming("winner", "", "winner", ("field", "standing", "rival", "reading", "sources"), public=True),
    ),
    "decision.revoked": (Naming("winner", "", "winner", (), public=True),),
}

OF_REVIEWER: dict[str, tuple[str, ...]] = {
    "review.assigned": ("stage",),
    "review.reviewer_declined": ("code",),
    "review.no_conflict_declared": ("policy",),
    "review.conflict_declared": ("code", "text", "policy"),
    "review.recused": ("how", "code", "text"),
    "review.reinstated": ("code", "text"),
    "review.voided": ("code",),
    "review.submitted": ("scores",),
    "review.revised": ("scores",),
}
"""Of the reviews that are her own: her own scores, never her comment, which is about somebody else."""

OF_NOMINEE = (
    *("nomination.accepted", "nomination.declined", "nomination.withdrawn"),
    *("nomination.ruled_eligible", "nomination.ruled_ineligible"),
)
"""Of the nominations of her: what their status tells whoever holds her link, too."""

DONE: dict[str, tuple[str, ...]] = {
    "nomination.declined": ("text",),
    "nomination.ruling_appealed": ("code", "text"),
    "decision.dissent_recorded": ("text",),
    "decision.appealed": ("code", "text"),
    "subject.deactivated": ("code",),
}
"""Of what she did herself, beside that she did it."""

OF_SUBJECT: dict[str, tuple[str, ...]] = {
    "subject.known": ("kind", "name"),
    "subject.role_granted": ("role", "scope"),
    "subject.role_revoked": ("role", "scope"),
    "subject.deactivated": ("code",),
    "subject.erasure_requested": ("classes", "basis", "kept"),
    "subject.erasure_refused": ("code",),
    "subject.erased": ("classes", "basis"),
}
"""Of her own stream."""
