"""Witnesses and the authority for time stamps, as the settings name them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from awards.anchoring.background import Anchoring
from awards.anchoring.policy import BadPolicy, Policy
from awards.anchoring.stamps import Stamping
from awards.anchoring.witnesses import Witnessing
from awards.ledger.publisher import Publisher
from awards.settings import InvalidSetting, Settings


def open_witnessing(settings: Settings, publisher: Publisher) -> Witnessing | None:
    """Who asks the witnesses, if a policy names some; raises `InvalidSetting` if it is none."""
    if settings.witness_policy is None:
        return None
    try:
        return Witnessing(publisher, Policy.load(settings.witness_policy))
    except BadPolicy as problem:
        raise InvalidSetting("AWARDS_WITNESS_POLICY", f"names no policy: {problem}") from None


def open_stamping(settings: Settings, publisher: Publisher) -> Stamping | None:
    """Who asks for time stamps, if an authority is named."""
    return Stamping(publisher, settings.tsa) if settings.tsa else None


def anchoring(settings: Settings, publisher: Publisher | None) -> AbstractContextManager[None]:
    """Ask both in the background while the block runs, as far as they are named."""
    if publisher is None or not (settings.witness_policy or settings.tsa):
        return nullcontext()
    return Anchoring(open_witnessing(settings, publisher), open_stamping(settings, publisher)).working()
