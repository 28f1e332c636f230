"""The refusals that several operations share, by code; what they mean is in `awards.domain.refusals`."""

RECORDED = ("event_too_long", "person_erased")
ACTING = ("edition_cancelled", "roles_incompatible", *RECORDED)
RUN = ("edition_from_sources", *ACTING)
CALL = ("call_not_opened", "call_not_yet_open", "call_closed")
STANDS = ("nomination_withdrawn", "nomination_declined")
ELIGIBLE = (*STANDS, "not_ruled_eligible")
WINNER = ("not_announced", "no_such_winner", "already_revoked")
