"""The rules of an edition: what arrives is completed with the defaults, so that `edition.planned` holds complete rules.

The bounds of single values are here; whether the rules agree with each other is `awards.domain.rules.check_rules`.
"""

from __future__ import annotations

from awards.schemas.fields import Choice, Flag, ListOf, Part, Shape, Slug, StrictInteger, Texts
from awards.schemas.words import BODY, MEMBERS, NAME

CATEGORIES = 50
STAGES = 10
CRITERIA = 50
HEAVIEST = 1_000
SCORE = 1_000
RUNNERS_UP = 20

METHOD = {"name": "weighted-rubric-mean", "version": 1}
TIES = ["lead-criterion", "joint-winners"]
CATEGORY = {"id": "main", "name": {"en": "Main", "fr": "Principal"}}


class Category(Shape):
    """What is awarded within an edition."""

    id = Slug(required=True)
    name = Texts(NAME, required=True)


class Criterion(Shape):
    """One thing that is judged; the lead criterion breaks ties."""

    id = Slug(required=True)
    name = Texts(NAME, required=True)
    weight = StrictInteger(1, HEAVIEST, required=True)
    lead = Flag()


class Scale(Shape):
    """The lowest and the highest score."""

    lowest = StrictInteger(-SCORE, SCORE, required=True)
    highest = StrictInteger(-SCORE, SCORE, required=True)


class Method(Shape):
    """How a ranking is made of the scores; see docs/judging.md."""

    name = Slug(required=True)
    version = StrictInteger(1, 1_000, required=True)


class Stage(Shape):
    """One round of reviewing."""

    id = Slug(required=True)
    name = Texts(NAME, required=True)
    rubric = ListOf(Part(Criterion()), CRITERIA, shortest=1, required=True)
    scale = Part(Scale(), required=True)
    method = Part(Method(), load_default=METHOD)
    ties = ListOf(Choice(*TIES), len(TIES), shortest=1, distinct=True, load_default=TIES)
    quorum = StrictInteger(1, MEMBERS, load_default=1)
    minimum_reviews = StrictInteger(1, MEMBERS, load_default=1)
    blind = Flag(load_default=True)


class Rules(Shape):
    """What an edition is run by; fixed when it is planned."""

    categories = ListOf(Part(Category()), CATEGORIES, shortest=1, load_default=[CATEGORY])
    stages = ListOf(Part(Stage()), STAGES, shortest=1, required=True)
    nominators = Choice("invited", "anyone", load_default="invited")
    self_nomination = Flag(load_default=False)
    consent = Choice("required", "informed", "not_told", load_default="required")
    nominator_hidden = Flag(load_default=False)
    publish = Choice("nothing", "result", "scores", load_default="result")
    runners_up = StrictInteger(0, RUNNERS_UP, load_default=0)
    conflict_policy = Texts(BODY, multiline=True)
