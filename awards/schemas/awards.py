"""Awards, in and out."""

from __future__ import annotations

from awards.schemas.fields import EdtfDate, Flag, Id, Shape, Slug, Texts
from awards.schemas.words import BODY, NAME, Number


class AwardTexts(Shape):
    """What can be replaced of an award; editions keep the rules they were planned with."""

    name = Texts(NAME, required=True)
    awarding_body = Texts(NAME, required=True)
    purpose = Texts(BODY, multiline=True)


class AwardIn(AwardTexts):
    """A standing honour to be established; its slug stays for ever."""

    slug = Slug(required=True)
    since = EdtfDate()


class DiscontinueIn(Shape):
    """Since when the award is no longer given."""

    effective = EdtfDate()


class AwardOut(Shape):
    """A standing honour."""

    id = Id(required=True)
    slug = Slug(required=True)
    name = Texts(NAME, required=True)
    awarding_body = Texts(NAME, required=True)
    purpose = Texts(BODY, multiline=True)
    since = EdtfDate()
    discontinued = Flag(required=True)
    version = Number(required=True)
