"""Rules and events that several tests begin with."""

from __future__ import annotations

from typing import Any

from awards.domain.edition import Edition
from awards.domain.rules import completed
from awards.domain.values import instant
from tests.domain.story import AWARD, CHAIR, OTHER, REVIEWER, day, happened

PANEL: dict[str, Any] = {
    "id": "panel",
    "name": {"en": "Panel"},
    "rubric": [
        {"id": "impact", "name": {"en": "Impact"}, "weight": 2, "lead": True},
        {"id": "reach", "name": {"en": "Reach"}, "weight": 1},
    ],
    "scale": {"lowest": 1, "highest": 5},
    "method": {"name": "weighted-rubric-mean", "version": 1},
    "ties": ["lead-criterion", "joint-winners"],
    "quorum": 2,
    "minimum_reviews": 1,
}
RULES: dict[str, Any] = completed(
    {
        "categories": [{"id": "main", "name": {"en": "Main"}}],
        "stages": [PANEL, PANEL | {"id": "final", "quorum": 1}],
        "nominators": "invited",
        "self_nomination": False,
        "consent": "required",
        "publish": "result",
        "runners_up": 1,
    }
)

OPENS, CLOSES, LATER = day(10), day(20), day(25)
ZONE = "America/New_York"

PLANNED = happened(Edition.Planned, of_award=AWARD, label="2026", rules=RULES)
RECORDED = happened(
    Edition.Recorded, of_award=AWARD, label="2026", sources=[{"key": "un-2019", "title": "Press release"}]
)
CANCELLED = happened(Edition.Cancelled, code="no_funds")
CALL_OPENED = happened(Edition.CallOpened, opens=instant(OPENS), closes=instant(CLOSES), zone=ZONE)
CALL_CLOSED = happened(Edition.CallClosed)
MEMBER = happened(Edition.PanelMemberAppointed, stage="panel", participant=REVIEWER, seat="member")
SECOND = happened(Edition.PanelMemberAppointed, stage="panel", participant=OTHER, seat="member")
CHAIRED = happened(Edition.PanelMemberAppointed, stage="panel", participant=CHAIR, seat="chair")
REVIEWING = happened(Edition.ReviewingOpened, stage="panel")
REVIEWED = happened(Edition.ReviewingClosed, stage="panel")
