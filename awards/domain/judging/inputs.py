"""The inputs of a count: how every stream of the edition stands in it, and the digest that a decision names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

TOO_FEW_REVIEWS = "too_few_reviews"
COUNTED, NOT_COUNTED = "counted", "not_counted"
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "withdrawn": "The nomination was withdrawn.",
        "nominee_declined": "The nominee declined.",
        "ineligible": "The nomination was ruled ineligible.",
        "not_ruled": "The nomination was not ruled upon.",
        "not_shortlisted": "The stage before did not shortlist the nomination.",
        TOO_FEW_REVIEWS: "The nomination has fewer counted reviews than the stage asks for.",
        "recused": "The reviewer is recused from the nomination.",
        "reviewer_declined": "The reviewer declined the assignment.",
        "voided": "The assignment ended unfinished, with the reviewer's seat on the panel or by a link to another id.",
        "not_submitted": "The reviewer submitted no scores.",
        "nomination_left_out": "The nomination is left out for a reason of its own, too few reviews excepted.",
    }
)
"""Why a nomination or a review of the question is left out; where several apply, the first in this order."""


def standing(reasons: Collection[str]) -> str:
    """How a nomination or review of the question stands: counted, or the first reason in the order of `LEFT_OUT`."""
    if unknown := set(reasons) - LEFT_OUT.keys():
        raise ValueError(f"not a reason for leaving out: {', '.join(sorted(unknown))}")
    return next((code for code in LEFT_OUT if code in reasons), COUNTED)


def inputs_bytes(entries: Iterable[tuple[str, int, str]]) -> bytes:
    """The RFC 8785 list, sorted by stream, of [stream, version, standing] for every stream of the edition.

    The domain does not import the ledger, and need not: for lists of printable ASCII text and integers below 2**53, and
    only for these, `json.dumps` without spaces is RFC 8785. Anything else is a mistake of the caller.
    """
    listed = sorted(entries)
    if len({stream for stream, _, _ in listed}) < len(listed):
        raise ValueError("a stream is listed twice")
    for stream, version, code in listed:
        if not (stream + code).isascii() or not (stream + code).isprintable():
            raise ValueError("a stream and its standing are printable ASCII")
        if type(version) is not int or not 1 <= version < 2**53:
            raise ValueError("a version is an integer from 1 to below 2**53")
    return json.dumps(listed, separators=(",", ":")).encode("ascii")


def inputs_digest(entries: Iterable[tuple[str, int, str]]) -> tuple[int, str]:
    """How many streams the list names, and the SHA-256 of its bytes in hexadecimal."""
    listed = list(entries)
    return len(listed), hashlib.sha256(inputs_bytes(listed)).hexdigest()
