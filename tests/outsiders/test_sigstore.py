"""sigstore's Python package, which verifies Rekor's log, reads our checkpoint and our receipts and refuses bent ones.

Its parts for a log are internal: where a later version moves them, these tests say so by failing to import.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import verify_checkpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import VerificationError
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails

from awards.ledger.notes import Head, Verifier
from awards.ledger.receipts import Receipt
from awards.ledger.tree import inclusion
from tests.outsiders.conftest import House

SIZES = (1, 2, 7, 255, 256, 257)


def checked(receipt: Receipt, line: bytes, head: Head, key: Verifier) -> None:
    """Let sigstore check a receipt of a line: the inclusion, and the checkpoint it leads to; raises its error."""
    public = Ed25519PublicKey.from_public_bytes(key.public).public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    model = PublicKey(raw_bytes=base64.b64encode(public), key_details=PublicKeyDetails.PKIX_ED25519)
    proof = SimpleNamespace(
        log_index=receipt.index,
        tree_size=head.size,
        hashes=list(receipt.path),
        root_hash=head.root,
        checkpoint=SimpleNamespace(envelope=receipt.note.decode()),
    )
    log_id = SimpleNamespace(key_id=key.id)
    entry: Any = SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=line, log_id=log_id))
    ring: Any = Keyring([model])
    verify_merkle_inclusion(entry)
    verify_checkpoint(ring, entry)


def refuses(receipt: Receipt, line: bytes, head: Head, key: Verifier) -> bool:
    try:
        checked(receipt, line, head, key)
    except (VerificationError, ValueError):  # the latter of base64 or UTF-8 that is none
        return True
    return False


def bent(receipt: Receipt, line: bytes, head: Head, chance: random.Random) -> Iterator[tuple[Receipt, bytes, Head]]:
    """The same, each time with one thing made wrong."""
    path = list(receipt.path)
    for place, one in enumerate(path):
        at = chance.randrange(32)
        changed = one[:at] + bytes([one[at] ^ 1 << chance.randrange(8)]) + one[at + 1 :]
        yield replace(receipt, path=[*path[:place], changed, *path[place + 1 :]]), line, head
    yield replace(receipt, path=[*path, b"x" * 32]), line, head
    if path:
        yield replace(receipt, path=path[:-1]), line, head
        yield replace(receipt, index=receipt.index ^ 1), line, head
    yield receipt, line + b" ", head
    yield receipt, line.replace(b"2", b"3", 1), head
    yield receipt, line, replace(head, root=bytes(32))
    at = chance.randrange(head.text().index("\n") + 1, len(head.text()) - 2)
    old = receipt.note.decode()
    swap = "8" if old[at] != "8" else "9"
    yield replace(receipt, note=(old[:at] + swap + old[at + 1 :]).encode()), line, head
    start = old.rindex(" ") + 8  # past the id of the key
    at = chance.randrange(start, len(old) - 4)
    swap = "A" if old[at] != "A" else "B"
    yield replace(receipt, note=(old[:at] + swap + old[at + 1 :]).encode()), line, head


def test_sigstore_accepts_checkpoints_and_receipts_and_refuses_hundreds_of_bent_ones(house: House) -> None:
    chance, accepted, refused = random.Random(1871), 0, 0
    publisher = house.service.publisher
    assert publisher
    for size in SIZES:
        head = house.grow(size)
        key = Verifier.read(publisher.vkeys()[0])
        signed = publisher.last()
        assert signed
        lines = list(house.service.ledger.lines(0, size))
        nodes = publisher.nodes(size)
        for index, line in enumerate(lines):
            receipt = Receipt.read(Receipt(index, inclusion(index, size, nodes), signed.note, line).text())
            checked(receipt, line, head, key)
            accepted += 1
            if index % 8 == 0 or index == size - 1:
                for wrong, told, about in bent(receipt, line, head, chance):
                    assert refuses(wrong, told, about, key), (size, index, wrong)
                    refused += 1
    assert accepted == sum(SIZES)
    assert refused > 1000


def test_sigstore_reads_a_cosigned_checkpoint_too(house: House) -> None:
    """A line of somebody else below that of the log disturbs nobody."""
    from tests.anchoring.witness import Witness

    publisher = house.service.publisher
    assert publisher
    signed = publisher.publish()
    witness = Witness("w.example", house.folder / "none", [])
    note = signed.note + witness.cosignature(signed.head.text()).encode()
    [line] = house.service.ledger.lines(0, 1)
    receipt = Receipt(0, inclusion(0, signed.head.size, publisher.nodes(signed.head.size)), note, line)
    key = Verifier.read(publisher.vkeys()[0])
    checked(receipt, line, signed.head, key)
    with pytest.raises(VerificationError):
        checked(receipt, line, signed.head, replace(key, public=bytes(32)))
