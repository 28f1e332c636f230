"""Sealed values: RFC 9901's published digests, and nothing opens except with the keys of those it is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awards.ledger.canonical import NotCanonical
from awards.ledger.database import migrate
from awards.ledger.keys import KeyStore, UnknownKey
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside
from awards.ledger.sealed import (
    ERASED,
    AboutErased,
    NotAsSealed,
    decode,
    digest_of,
    from_table,
    open_all,
    open_row,
    seal,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

Rows = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyStore]:
    folder: Path = tmp_path_factory.mktemp("keys")
    store = KeyStore(f"sqlite:///{folder / 'keys.db'}", folder / "key")
    yield store
    store.close()


def fetching(*rows: Mapping[str, Any]) -> Any:
    """Fetches from these rows, counting the queries."""
    held = {row["digest"]: row for row in rows}

    def fetch(digests: Sequence[str]) -> Iterable[Mapping[str, Any]]:
        fetch.queries += 1  # type: ignore[attr-defined]
        return [held[digest] for digest in digests if digest in held]

    fetch.queries = 0  # type: ignore[attr-defined]
    return fetch


# --- RFC 9901


@pytest.mark.parametrize(
    ("disclosure", "content", "digest"),
    [
        pytest.param(  # section 4.2.3
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
            ("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"),
            "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
            id="family_name",
        ),
        pytest.param(  # section 5.1
            "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd",
            ("2GLC42sKQveCfGfryNRN9w", "given_name", "John"),
            "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4",
            id="given_name",
        ),
        pytest.param(  # section 5.1
            "WyI2SWo3dE0tYTVpVlBHYm9TNXRtdlZBIiwgImVtYWlsIiwgImpvaG5kb2VAZXhhbXBsZS5jb20iXQ",
            ("6Ij7tM-a5iVPGboS5tmvVA", "email", "johndoe@example.com"),
            "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE",
            id="email",
        ),
    ],
)
def test_the_published_examples(disclosure: str, content: tuple[str, str, str], digest: str) -> None:
    assert decode(disclosure) == content
    assert digest_of(disclosure) == digest


# --- sealing and opening

strings = st.text(st.characters(max_codepoint=127), max_size=20) | st.sampled_from(
    ["Möbius", "李", "عائشة", "🕊️", '"\\/\b\n', "=1+1"]
)
integers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    strings | integers | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["en", "fr", "zh"]), inner),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=values, people=st.integers(1, 3))
def test_what_is_sealed_opens_again(keys: KeyStore, value: object, people: int) -> None:
    of = [keys.mint() for _ in range(people)]
    reference, row = seal("name", value, of, "case", keys)
    assert reference == {"sd": row["digest"], "of": sorted(of), "class": "case"}
    assert open_row(row, keys) == value
    assert open_all(fetching(row), [reference], keys) == {row["digest"]: value}


def test_the_row_holds_no_clear_text_and_the_same_value_never_looks_alike(keys: KeyStore) -> None:
    of = [keys.mint()]
    first, second = (seal("name", "Suman Gawani", of, "public", keys) for _ in range(2))
    assert b"Suman" not in first[1]["ciphertext"]
    assert first[0]["sd"] != second[0]["sd"]
    assert {first[1]["nonce"], first[1]["ciphertext"]}.isdisjoint({second[1]["nonce"], second[1]["ciphertext"]})


def test_the_order_in_which_people_are_named_does_not_matter(keys: KeyStore) -> None:
    one, two = keys.mint(), keys.mint()
    first, _ = seal("text", "shared", [one, two], "case", keys)
    second, _ = seal("text", "shared", [two, one, two], "case", keys)
    assert first["of"] == second["of"] == sorted([one, two])


def test_many_are_opened_in_few_queries(keys: KeyStore) -> None:
    of = [keys.mint() for _ in range(7)]
    sealed = [seal("name", f"value {at}", [of[at % 7], of[at % 3]], "case", keys) for at in range(1201)]
    fetch = fetching(*(row for _, row in sealed))
    opened = open_all(fetch, (reference for reference, _ in sealed), keys)
    assert list(opened.values()) == [f"value {at}" for at in range(1201)]
    assert fetch.queries == 3


def test_nothing_is_asked_for_nothing(keys: KeyStore) -> None:
    fetch = fetching()
    assert open_all(fetch, [], keys) == {}
    assert fetch.queries == 0


@pytest.mark.parametrize("value", [None, 1.5, {"a": None}, 2**53, "e\u0301", "\ud800"])
def test_what_has_no_place_in_the_log_is_not_sealed_either(keys: KeyStore, value: object) -> None:
    with pytest.raises(NotCanonical):
        seal("name", value, [keys.mint()], "case", keys)


@pytest.mark.parametrize(("of", "cls"), [(["nobody"], "case"), ([], "case"), (None, "private")])
def test_a_value_needs_known_people_and_a_known_class(keys: KeyStore, of: list[str] | None, cls: str) -> None:
    with pytest.raises((UnknownKey, ValueError), match=r"no key for|at least one"):
        seal("name", "value", [keys.mint()] if of is None else of, cls, keys)


# --- erasing


def test_a_value_about_several_is_closed_by_the_erasure_of_any(keys: KeyStore) -> None:
    nominee, member, other = keys.mint(), keys.mint(), keys.mint()
    shared = seal("text", "about both", [nominee, member], "case", keys)
    public = seal("name", "the winner", [nominee], "public", keys)
    theirs = seal("text", "about another", [other], "case", keys)
    keys.erase(nominee, ["case"], NOW)
    opened = open_all(fetching(shared[1], public[1], theirs[1]), [each[0] for each in (shared, public, theirs)], keys)
    assert list(opened.values()) == [ERASED, "the winner", "about another"]
    assert open_row(shared[1], keys) is ERASED
    with pytest.raises(AboutErased, match="'text'"):
        seal("text", "more", [nominee, member], "case", keys)


def test_a_row_that_is_gone_is_erased(keys: KeyStore) -> None:
    reference, _ = seal("name", "gone", [keys.mint()], "case", keys)
    assert open_all(fetching(), [reference], keys) == {reference["sd"]: ERASED}


# --- what was not sealed so


def refused(row: Mapping[str, Any], reference: Mapping[str, Any], keys: KeyStore) -> bool:
    """Whether the row is refused when it is opened for the reference."""
    try:
        opened = open_all(lambda _: [row], [reference], keys)
    except NotAsSealed:
        return True
    assert opened == {reference["sd"]: "mine"}
    return False


def test_a_row_that_was_changed_or_moved_is_refused(keys: KeyStore) -> None:
    me, you = keys.mint(), keys.mint()
    reference, row = seal("name", "mine", [me], "case", keys)
    _, same = seal("name", "also mine", [me], "case", keys)
    assert not refused(row, reference, keys)
    flipped = bytes([row["ciphertext"][0] ^ 1]) + row["ciphertext"][1:]
    for change in (
        {"ciphertext": flipped},
        {"ciphertext": row["ciphertext"][:-1]},
        {"nonce": same["nonce"]},
        {"ciphertext": same["ciphertext"], "nonce": same["nonce"]},
        {"subjects": f'["{you}"]'},
        {"subjects": f'["{me}","{you}"]'},
        {"class": "public"},
    ):
        assert refused({**row, **change}, reference, keys), change


def test_a_reference_to_other_people_or_another_class_is_refused(keys: KeyStore) -> None:
    me, you = keys.mint(), keys.mint()
    reference, row = seal("name", "mine", [me], "case", keys)
    assert refused(row, {**reference, "of": [you]}, keys)
    assert refused(row, {**reference, "class": "public"}, keys)


def test_a_row_under_another_key_is_refused(keys: KeyStore) -> None:
    me, you = keys.mint(), keys.mint()
    _, row = seal("name", "mine", [me], "case", keys)
    with pytest.raises(NotAsSealed, match=row["digest"]):
        open_row({**row, "subjects": f'["{you}"]'}, keys)
    with pytest.raises(NotAsSealed):
        open_row({**row, "class": "account"}, keys)


def test_a_value_that_is_not_what_the_digest_says_is_refused_even_under_the_right_key(keys: KeyStore) -> None:
    me = keys.mint()
    reference, row = seal("name", "mine", [me], "case", keys)
    cipher = keys.cipher((me,), "case")
    assert cipher is not None
    forged = cipher.encrypt(row["nonce"], b'["salt","name","forged"]', row["digest"].encode())
    assert refused({**row, "ciphertext": forged}, reference, keys)


# --- in the database


def test_values_pass_through_the_table_beside_the_log(database_url: str, keys: KeyStore) -> None:
    migrate(database_url)
    ledger = Ledger.open(database_url)
    sealed = [seal("name", f"value {at}", [keys.mint()], "case", keys) for at in range(3)]
    ledger.append([], Alongside(rows=[("sealed", [row for _, row in sealed])]))
    opened = open_all(from_table(ledger.rows), [reference for reference, _ in sealed], keys)
    assert opened == {reference["sd"]: f"value {at}" for at, (reference, _) in enumerate(sealed)}
    ledger.close()
