"""The rules of an edition: what arrives is completed with the defaults, so that `edition.planned` holds complete rules.

The bounds of single values are here; whether the rules agree with each other is `awards.domain.rules.check_rules`.
"""

from __future__ import annotations

from awards.domain.rules import ASPECTS, SIGHT, SIGHT_ROLES, SINCE, TIES
from awards.schemas.fields import Choice, Flag, ListOf, Matching, Part, Shape, Slug, StrictInteger, Texts
from awards.schemas.words import BODY, MEMBERS, NAME

CATEGORIES = 50
STAGES = 10
CRITERIA = 50
HEAVIEST = 1_000
SCORE = 1_000
RUNNERS_UP = 20
LONGEST = 1_200

METHOD = {"name": "weighted-rubric-mean", "version": 1}
LADDER = ["lead-criterion", "joint-winners"]
CROSS_CHECKS = 12
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


TRIM = """Of `trimmed-mean`: which share of a nomination's reviews is left out at each end, from 0 to below 1/2."""
WORTHY = """Of `approval`, `instant-runoff`, `ranked-pairs` and `schulze`: the total at or above which a reviewer holds
a nomination worthy. `approval` needs it; with it the others have "no award" as an option.""".replace("\n", " ")
LOT = """Where the ladder ends with `lot`: the SHA-256, in lower-case hexadecimal, of the seed, which is 64 lower-case
hexadecimal digits, drawn by the service as the edition is planned and told with the decision.""".replace("\n", " ")
CROSS = "Further methods that are counted beside the binding one; each once, and not the binding one."
RUNGS = """What breaks ties, in this order; the last is `joint-winners` or `lot`. `run-off-vote`, `casting-vote` and
`lot` settle the first place only.""".replace("\n", " ")


def _fraction(description: str) -> ListOf:
    """A fraction in lowest terms, [numerator, denominator], the denominator positive."""
    return ListOf(StrictInteger(-(SCORE**2), SCORE**2), 2, shortest=2, metadata={"description": description})


class Commitment(Matching):
    """A SHA-256 in lower-case hexadecimal."""

    pattern = "[0-9a-f]{64}"
    longest = 64
    default_error_messages = {"malformed": "This must be 64 lower-case hexadecimal digits."}


class Method(Shape):
    """How a ranking is made of the scores; see docs/judging.md for the methods and what each takes."""

    name = Slug(required=True)
    version = StrictInteger(1, 1_000, required=True)
    trim = _fraction(TRIM)
    worthy = _fraction(WORTHY)


class Stage(Shape):
    """One round of reviewing."""

    id = Slug(required=True)
    name = Texts(NAME, required=True)
    rubric = ListOf(Part(Criterion()), CRITERIA, shortest=1, required=True)
    scale = Part(Scale(), required=True)
    method = Part(Method(), load_default=METHOD)
    cross_checks = ListOf(Part(Method()), CROSS_CHECKS, shortest=1, metadata={"description": CROSS})
    ties = ListOf(
        Choice(*TIES), len(TIES), shortest=1, distinct=True, load_default=LADDER, metadata={"description": RUNGS}
    )
    lot = Commitment(metadata={"description": LOT})
    quorum = StrictInteger(1, MEMBERS, load_default=1)
    minimum_reviews = StrictInteger(1, MEMBERS, load_default=1)


WHO_SEES = """Who sees this since when: `always`; `own_in`, when the reader's own reviews of the nomination (for the
standing: all own reviews of the stage) are in; `closed`, when reviewing of the stage is closed; `decided`, when the
decision of the category has its second person; `announced`, when it is public; `never`. Each is reached at the latest
with the next. A role that is left out has: {defaults}."""
ABOUT = {
    "nominator": "Who nominated and endorsed: names, ids and how many. A nominator's own name is not at stake.",
    "nominee": "Who is put forward: name, rank, country, unit, mission and members, for double-blind juries. The"
    " statement is shown to whoever judges it: where the nominee is hidden, it should not tell.",
    "scores": "The scores of other reviewers. On the panel never before `own_in`, which a chair or deputy has only for"
    " what she reviews herself; else from `closed`.",
    "comments": "What other reviewers wrote: comments, conflicts of interest and reasons in words. On the panel never"
    " before `own_in`.",
    "reviewers": "Who sits on the panel, and who wrote a review.",
    "standing": "The ranking with its totals, shortlists, and what a decision says before it is public. On the panel"
    " never before `own_in`, and until `closed` only what one has scored.",
}


def _since(aspect: str) -> Shape:
    """The shape of an aspect: since when each role sees it."""
    fields = {role: Choice(*SINCE) for role in SIGHT_ROLES}
    return type(f"Sight{aspect.title()}", (Shape,), {"__doc__": ABOUT[aspect], **fields})()  # type: ignore[no-any-return]


def _aspect(aspect: str) -> Part:
    defaults = ", ".join(f"{role} `{since}`" for role, since in SIGHT[aspect].items())
    said = WHO_SEES.replace("\n", " ").format(defaults=defaults)
    return Part(_since(aspect), metadata={"description": f"{ABOUT[aspect]} {said}"})


class Sight(Shape):
    """Who sees what since when, by aspect and role; the auditor always sees everything."""

    nominator, nominee, scores, comments, reviewers, standing = map(_aspect, ASPECTS)


KEPT = """For how many months of the calendar values are kept once the edition is over; then their erasure is proposed,
never made. A class that is left out is kept until somebody asks.""".replace("\n", " ")


class Retention(Shape):
    """For how many months values are kept once the edition is over."""

    case = StrictInteger(1, LONGEST, metadata={"description": "What was said in deliberation."})
    public = StrictInteger(1, LONGEST, metadata={"description": "What was published of winners."})
    account = StrictInteger(1, LONGEST, metadata={"description": "Accounts, where every edition of theirs says so."})


class Rules(Shape):
    """What an edition is run by; fixed when it is planned."""

    categories = ListOf(Part(Category()), CATEGORIES, shortest=1, load_default=[CATEGORY])
    stages = ListOf(Part(Stage()), STAGES, shortest=1, required=True)
    nominators = Choice("invited", "anyone", load_default="invited")
    self_nomination = Flag(load_default=False)
    consent = Choice("required", "informed", "not_told", load_default="required")
    publish = Choice("nothing", "result", "scores", load_default="result")
    runners_up = StrictInteger(0, RUNNERS_UP, load_default=0)
    conflict_policy = Texts(BODY, multiline=True)
    retention = Part(Retention(), metadata={"description": KEPT})
    sight = Part(Sight())
