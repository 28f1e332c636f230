"""The tally: from reviews to a ranking, and from ballots to an outcome, in exact arithmetic.

Pure functions on integers and `fractions.Fraction`: the same rules and reviews give the same ranking in any order, on
any machine and in another program. `docs/judging.md` is the specification; where this code differs, the page counts.
A ranking never decides: a decision names it, and people may depart from it only with a reason.

  shapes       what goes in and what comes out          rubric       weights and scale, checked; totals of reviews
  scores       mean, median, trimmed mean, approval     preferences  ballots and what counts them
  grades       majority judgment                        pairwise, ranked_pairs, runoff  what compares options
  transferable several seats at once (STV)
  corrected    what allows for strict reviewers         reviewers    ballots read off reviews
  ladder, lot  what breaks ties                         ranking      one count, from method to ranks
  methods      which methods there are                  inputs       the digest of what was counted
"""

from awards.domain.judging.inputs import (
    COUNTED,
    LEFT_OUT,
    NOT_COUNTED,
    TOO_FEW_REVIEWS,
    inputs_bytes,
    inputs_digest,
    standing,
)
from awards.domain.judging.ladder import ACTS, LOT, OPEN, PASSED_OVER, RUNGS, check_ladder
from awards.domain.judging.lot import WrongSeed, check_seed, commitment_to
from awards.domain.judging.methods import METHODS, Method, completed_method, method
from awards.domain.judging.preferences import InvalidBallot, Outcome, TooManyOptions
from awards.domain.judging.ranking import check_stage, completed_stage, cross_checked, rank
from awards.domain.judging.shapes import (
    NO_AWARD,
    CountedReview,
    Entry,
    NumberTooLarge,
    Ranking,
    Tally,
    UnknownMethod,
    Unranked,
    as_pair,
)

__all__ = [
    "ACTS",
    "COUNTED",
    "LEFT_OUT",
    "LOT",
    "METHODS",
    "NOT_COUNTED",
    "NO_AWARD",
    "OPEN",
    "PASSED_OVER",
    "RUNGS",
    "TOO_FEW_REVIEWS",
    "CountedReview",
    "Entry",
    "InvalidBallot",
    "Method",
    "NumberTooLarge",
    "Outcome",
    "Ranking",
    "Tally",
    "TooManyOptions",
    "UnknownMethod",
    "Unranked",
    "WrongSeed",
    "as_pair",
    "check_ladder",
    "check_seed",
    "check_stage",
    "commitment_to",
    "completed_method",
    "completed_stage",
    "cross_checked",
    "inputs_bytes",
    "inputs_digest",
    "method",
    "rank",
    "standing",
]
