"""Section 1 of the verifier against published vectors, and against the service, written from the same pages."""

from __future__ import annotations

import base64
import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from awards import verifier
from awards.ledger import notes, tiles, tree
from awards.ledger.canonical import canonical
from awards.ledger.receipts import Receipt
from awards.verifier import Checkpoint, Key, Policy, Tree, disclosed, folded, included, parse, tile_name
from tests.ledger.test_notes import CHECKPOINT, NOTE, SKEY, VKEY
from tests.ledger.test_tree import ENTRIES, ROOTS

LEAVES = [tree.leaf_hash(str(number).encode()) for number in range(65_537)]
SIZES = [*range(131), 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537]

# The tree.


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert (folded(b"".join(map(verifier.leaf_hash, ENTRIES[:size]))) or verifier.EMPTY_ROOT).hex() == ROOTS[size]


def test_root_and_tiles_of_every_size_are_those_of_the_service() -> None:
    frontier, ours, made = tree.Frontier(), Tree(lambda *told: made.append(told)), list[tuple[int, int, bytes]]()
    last = b""
    for size, leaf in enumerate([b"", *LEAVES]):
        if size:
            frontier.append(leaf)
            last += leaf
        if size in SIZES:
            assert ours.root(last) == frontier.root()
        if len(last) == tiles.WIDTH * tiles.HASH:
            ours.add(last)
            last = b""
    ours.add(last)
    ours.finish()
    assert ours.root() == frontier.root()
    rows = [b"".join(LEAVES), b"".join(tree.root(LEAVES[at : at + 256]) for at in range(0, 65_536, 256))]
    for level, number, hashes in made:
        width = tiles.width_at(level, number, len(LEAVES))
        assert len(hashes) == width * tiles.HASH
        if level < 2:
            assert hashes == rows[level][number * 8192 :][: len(hashes)]
    assert (2, 0, tree.root(LEAVES[:65_536])) in made
    assert len(made) == 257 + 1 + 1


@given(st.integers(0, 2**40), st.integers(0, 63), st.integers(1, 256))
def test_a_tile_has_the_address_it_has_in_the_service(number: int, level: int, width: int) -> None:
    partial = f".p/{width}" if width < 256 else ""
    assert tile_name(level, number, width) == f"tile/{level}/{tiles.path_of(number)}{partial}"


def test_every_proof_of_the_service_holds_and_no_other() -> None:
    for size in (*range(1, 131), 255, 256, 257):
        nodes = dict[tuple[int, int], bytes]()

        def node(level: int, number: int, nodes: dict[tuple[int, int], bytes] = nodes) -> bytes:
            if (level, number) not in nodes:
                nodes[level, number] = tree.root(LEAVES[number << level : (number + 1) << level])
            return nodes[level, number]

        root = tree.root(LEAVES[:size])
        for index in range(size) if size < 20 else (0, 1, size // 2, size - 2, size - 1):
            path = tree.inclusion(index, size, node)
            assert included(index, size, LEAVES[index], path, root)
            assert not included(index, size, LEAVES[index + 1], path, root)
            assert not included(index + 1, size, LEAVES[index], path, root)
            assert not included(index, size, LEAVES[index], [*path, root], root)
            assert not path or not included(index, size, LEAVES[index], path[:-1], root)
    assert not included(0, 0, LEAVES[0], [], LEAVES[0])


# Notes.

WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def witness_key(name: str = "witness.example/w1", seed: Ed25519PrivateKey = WITNESS) -> str:
    public = b"\x04" + seed.public_key().public_bytes_raw()
    key_id = sha256(f"{name}\n".encode() + public).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(public).decode()}"


def cosignature(
    text: str, name: str = "witness.example/w1", seed: Ed25519PrivateKey = WITNESS, when: int = 1_679_315_147
) -> str:
    """The line of a witness under a checkpoint, from the words of C2SP tlog-cosignature."""
    signature = seed.sign(f"cosignature/v1\ntime {when}\n{text}".encode())
    key_id = bytes.fromhex(witness_key(name, seed).split("+")[1])
    return f"— {name} {base64.b64encode(key_id + when.to_bytes(8, 'big') + signature).decode()}\n"


def test_the_published_key_checks_the_published_note() -> None:
    key, text = Key.read(VKEY), NOTE.partition("\n\n")[0] + "\n"
    signature = base64.b64decode(NOTE.split()[-1])
    assert (key.name, key.id, key.signed(text.encode(), signature[4:])) == ("PeterNeumann", signature[:4], None)
    with pytest.raises(ValueError, match="PeterNeumann is wrong"):
        key.signed(text.encode() + b"!", signature[4:])


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32), st.binary(max_size=20))
def test_a_checkpoint_reads_as_in_the_service(size: int, root: bytes, noise: bytes) -> None:
    signer = notes.Signer.read(SKEY)
    note = notes.sign(notes.Head("log.example", size, root).text(), [signer]).encode()
    read = Checkpoint.read(note)
    assert (read.origin, read.size, read.root) == ("log.example", size, root)
    assert read.signed_by([Key.read(VKEY)]) == {Key.read(VKEY): None}
    at = size % len(note)
    bent = note[:at] + noise + note[at + len(noise) :]
    try:
        theirs = notes.Head.read(notes.open_note(bent, [signer.verifier])[0])
    except notes.BadNote:
        theirs = None
    try:
        read = Checkpoint.read(bent)
        ours = (read.origin, read.size, read.root) if read.signed_by([Key.read(VKEY)]) else None
    except ValueError:
        ours = None
    assert ours == (theirs and (theirs.origin, theirs.size, theirs.root))


def test_a_cosignature_tells_its_time_and_is_over_the_checkpoint() -> None:
    signer = notes.Signer.read(SKEY)
    note = notes.sign(CHECKPOINT, [signer])
    key = Key.read(witness_key())
    assert Checkpoint.read(note.encode()).signed_by([key]) == {}
    assert Checkpoint.read((note + cosignature(CHECKPOINT)).encode()).signed_by([key]) == {key: 1_679_315_147}
    other = CHECKPOINT.replace("20852163", "20852164")
    with pytest.raises(ValueError, match="w1 is wrong"):
        Checkpoint.read((note + cosignature(other)).encode()).signed_by([key])


def test_a_receipt_reads_as_in_the_service() -> None:
    signer = notes.Signer.read(SKEY)
    note = notes.sign(notes.Head("log.example", 2, tree.root(LEAVES[:2])).text(), [signer])
    text = Receipt(1, [LEAVES[0]], note.encode(), b"1").text()
    read = verifier.Receipt.read(text.encode())
    assert (read.index, read.path, read.extra, read.checkpoint.size) == (1, [LEAVES[0]], b"1", 2)
    assert read.shows(LEAVES[1])
    assert not read.shows(LEAVES[0])
    for bent in (
        text.replace("@v1", "@v2"),
        text.replace("index 1", "index 01"),
        text[:-5],
        text.replace("extra ", ""),
    ):
        with pytest.raises(ValueError, match=r".+"):
            verifier.Receipt.read(bent.encode())


# Policies.

SEEDS = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(5)]
X1, X2, X3, Y1, Y2 = (witness_key(f"w{number}", seed) for number, seed in enumerate(SEEDS))
EXAMPLE = f"""
# the example of tlog-policy
 log {VKEY} https://log.example/
witness X1 {X1}
witness X2\t{X2} https://x2.example/
witness X3 {X3}
group X-witnesses 2 X1 X2 X3

witness Y1 {Y1}
witness Y2 {Y2}
group Y-witnesses any Y1 Y2

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


@pytest.mark.parametrize(
    ("cosigned", "met"),
    [
        ([], False),
        ([X1, X2], False),
        ([X1, Y1], False),
        ([Y1, Y2], False),
        ([X3, X1, Y2], True),
        ([X1, X2, X3, Y1], True),
    ],
)
def test_a_policy_is_met_by_a_quorum(cosigned: list[str], met: bool) -> None:
    policy = Policy.read(EXAMPLE.encode())
    assert policy.logs == [Key.read(VKEY)]
    assert policy.is_met(map(Key.read, cosigned)) is met


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"witness A {X1}\n",
        "quorum A\n",
        f"witness A {X1}\nquorum A\nquorum A\n",
        f"quorum A\nwitness A {X1}\n",
        f"witness A {X1}\nwitness A {X2}\nquorum A\n",
        f"witness A {X1}\nwitness B {X1}\nquorum A\n",
        f"witness none {X1}\nquorum none\n",
        f"witness A {VKEY}\nquorum A\n",
        f"log {X1}\nquorum none\n",
        f"log {VKEY}\nlog {VKEY}\nquorum none\n",
        f"witness A {X1}\ngroup G 2 A\nquorum G\n",
        f"witness A {X1}\ngroup G 0 A\nquorum G\n",
        f"witness A {X1}\ngroup G 01 A\nquorum G\n",
        f"witness A {X1}\ngroup G some A\nquorum G\n",
        f"witness A {X1}\ngroup G 1\nquorum G\n",
        f"witness A {X1}\ngroup G 1 A A\nquorum G\n",
        f"witness A {X1}\ngroup G any none\nquorum G\n",
        f"witness A {X1}\ngroup G any G\nquorum G\n",
        f"witness A {X1}\ngroup G any A\ngroup H any A\nquorum H\n",
        f"witness A {X1[:-4]}AAA=\nquorum A\n",
        f"witness A {X1}\r\nquorum A\r\n",
        f"witness A {X1}\nother A\nquorum A\n",
    ],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Policy.read(text.encode())


# JSON.

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
KEY = st.text(st.characters(max_codepoint=127), max_size=5)
VALUES = st.recursive(
    TEXT | st.integers(-(2**53), 2**53) | st.booleans() | st.none() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY | TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_the_log_may_hold_is_read_and_nothing_else(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        may_stand = canonical(value).decode() == text
    except ValueError:
        may_stand = False
    try:
        assert parse([text, "{}", text]) == [value, {}, value]
        read = True
    except ValueError:
        read = False
    assert read is may_stand


@pytest.mark.parametrize(
    "texts",
    [
        [""],
        ["{}", ""],
        ["{},{}"],
        ["{", "}"],
        ['{"a":"', '"}'],
        ['{"a":1,"a":1}'],
        ['{"b":1,"a":1}'],
        ['{"a": 1}'],
        ["{}\n"],
        ['{"a":"\\u00e9"}'],
        ['{"a":"\\u0041"}'],
        ['{"a":"\\/"}'],
        ['{"a":"\\ud800"}'],
        ['{"a":-0}'],
        ['{"a":01}'],
        ['{"a":1.0}'],
        ['{"a":1e3}'],
        ['{"a":NaN}'],
        ['{"a":null}'],
        ['{"a":9007199254740992}'],
        [f'{{"a":{"9" * 5_000}}}'],
        ["[" * 60_000 + "]" * 60_000],
        ['{"a":' * 10_000 + "1" + "}" * 10_000],
        ['{"a":"e\u0301"}'],
        ['{"é":1}'],
        ["\ufeff{}"],
    ],
)
def test_what_is_not_canonical_is_refused(texts: list[str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(texts)


# RFC 9901, section 4.2.1 and 4.2.3: spacing does not matter for a disclosure, only for its digest.
FAMILY_NAME = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
SPACED = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd"


def test_a_published_disclosure_has_the_published_digest() -> None:
    assert disclosed(FAMILY_NAME) == ("X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0", "Möbius")
    digest, value = disclosed(SPACED)
    assert value == "Möbius"
    assert digest != "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "disclosure",
    [
        "",
        FAMILY_NAME + "=",
        FAMILY_NAME + "\n",
        "A",
        encoded("[]"),
        encoded('["salt","name"]'),
        encoded('["salt",1,2]'),
        encoded('{"salt":1,"name":2,"value":3}'),
        encoded('["salt","name",{"a":1,"a":2}]'),
        encoded('["salt","name",NaN]'),
        encoded('["salt","name",' + "[" * 90_000 + "]" * 90_000 + "]"),
        encoded('["salt","name",' + "9" * 9_000 + "]"),
    ],
)
def test_what_is_no_disclosure_is_refused(disclosure: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        disclosed(disclosure)
