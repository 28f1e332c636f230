"""Policies as C2SP `tlog-policy` writes them, and cosignatures: what is read, who is enough, and what is refused."""

from __future__ import annotations

import base64
from hashlib import sha256
from itertools import combinations

import pytest

from awards.anchoring.cosignatures import Cosigner
from awards.anchoring.policy import BadPolicy, Policy
from awards.ledger.notes import BadNote, Head, Signer, Verifier, open_note


def vkey(name: str, number: int = 1) -> str:
    """A witness key under a name; what it is made of does not matter here."""
    return str(Cosigner(name, bytes([number]) * 32))


# The page's own example, with keys and one address.
EXAMPLE = f"""
# a comment
log {Signer.make("log.example").verifier}
\t
witness X1 {vkey("x1", 1)} https://x1.example.org/w/
witness X2 {vkey("x2", 2)}
  witness\tX3  {vkey("x3", 3)}
group X-witnesses 2 X1 X2 X3

witness Y1 {vkey("y1", 4)}
witness Y2 {vkey("y2", 5)}
witness Y3 {vkey("y3", 6)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_example_asks_for_two_of_the_one_and_one_of_the_other() -> None:
    policy = Policy.read(EXAMPLE.encode())
    assert [(one.name, one.key.name, one.url) for one in policy.witnesses.values()][:2] == [
        ("X1", "x1", "https://x1.example.org/w"),
        ("X2", "x2", None),
    ]
    assert [log.name for log in policy.logs] == ["log.example"]
    names = list(policy.witnesses)
    for by in (set(some) for size in range(7) for some in combinations(names, size)):
        enough = len(by & {"X1", "X2", "X3"}) >= 2 and bool(by & {"Y1", "Y2", "Y3"})
        assert policy.met(by) == enough


def test_one_witness_may_be_enough_or_none() -> None:
    one = f"witness Ω {vkey('x')}\nquorum Ω\n"
    assert [Policy.read(one.encode()).met(by) for by in ([], ["Ω"])] == [False, True]
    assert Policy.read(b"quorum none\n").met([])


W = f"witness w {vkey('w')}\n"
BAD = {
    "": "there is no quorum line",
    "quorum w\n": "line 1: no line before defines w",
    f"{W}quorum w\nquorum w\n": "line 3: there is a second quorum line",
    f"{W}{W}quorum w\n": "line 2: this witness is named twice",
    f"{W}witness v {vkey('v')}\nquorum w\n": "line 2: this witness is named twice",
    f"{W}witness w {vkey('v', 2)}\nquorum w\n": "line 2: the name w is taken",
    f"witness none {vkey('w')}\nquorum none\n": "line 1: the name none is taken",
    f"{W}group w any w\nquorum w\n": "line 2: the name w is taken",
    f"{W}group g any none\nquorum g\n": "line 2: no line before defines none",
    f"{W}group g any g\nquorum g\n": "line 2: no line before defines g",
    f"{W}group g 2 w\nquorum g\n": "line 2: a group asks for more members than it has",
    f"{W}group g 0 w\nquorum g\n": "line 2: a group has all, any, or a number of its members",
    f"{W}group g +1 w\nquorum g\n": "line 2: a group has all, any, or a number of its members",
    f"{W}group g all w w\nquorum g\n": "line 2: w is a member twice",
    f"{W}group g any w\ngroup h any w\nquorum g\n": "line 3: w is a member twice",
    f"{W}group g any\nquorum w\n": "line 2: it has too few items or too many",
    f"{W}quorum\n": "line 2: it has too few items or too many",
    f"witness w {vkey('w')} https://w.example more\nquorum w\n": "line 1: it has too few items or too many",
    f"witness w {vkey('w')} w.example\nquorum w\n": "line 1: the address of a witness looks like",
    f"witness w {vkey('w')} file:///etc/passwd\nquorum w\n": "line 1: the address of a witness looks like",
    f"witness w {vkey('w')} https://me@w.example\nquorum w\n": "line 1: the address of a witness looks like",
    f"witness w {vkey('w')} https://w.example/?a=\nquorum w\n": "line 1: the address of a witness looks like",
    "witness w w+00000000+AAAA\nquorum w\n": "line 1: this is no witness key of Ed25519",
    f"witness w {Verifier('w', bytes([1]) * 32)}\nquorum w\n": "line 1: this is no witness key of Ed25519",
    f"witness w {vkey('w').replace('w+', 'v+')}\nquorum w\n": "line 1: the id of the witness key is not that of",
    f"log {vkey('w')}\nquorum none\n": "line 1: this is no verifier key of Ed25519",
    "logs a\nquorum none\n": "line 1: a line begins with log, witness, group or quorum",
    "quorum none\r\n": "a policy is a short text without control characters",
    "#" * 100_001: "a policy is a short text without control characters",
}


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_policy_is_refused_by_its_line(text: str) -> None:
    with pytest.raises(BadPolicy) as refused:
        Policy.read(text.encode())
    assert str(refused.value).startswith(BAD[text])


def test_as_many_may_be_named_as_the_page_asks_for() -> None:
    witnesses = "".join(f"witness w{n} {vkey(f'w{n}', n)}\n" for n in range(32))
    groups = "".join(f"group g{n} any w{n}\n" for n in range(31))
    policy = Policy.read(
        f"{witnesses}{groups}group all 31 {' '.join(f'g{n}' for n in range(31))}\nquorum all\n".encode()
    )
    assert policy.met(f"w{n}" for n in range(31))
    assert not policy.met(f"w{n}" for n in range(1, 32))


def test_a_cosignature_is_over_what_the_page_says() -> None:
    """By hand, with another signer: a time, and a signature over two lines and the text."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes_raw()
    name, text = "witness.example.com/w1", Head("example.com/behind-the-sofa", 20852163, b"r" * 32).text()
    signature = key.sign(b"cosignature/v1\ntime 1679315147\n" + text.encode())
    key_id = sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    body = base64.b64encode(key_id + (1679315147).to_bytes(8, "big") + signature).decode()
    cosigner = Cosigner.read(f"{name}+{key_id.hex()}+{base64.b64encode(bytes([4]) + public).decode()}")
    assert open_note(f"{text}\n— {name} {body}\n", [cosigner]) == (text, [cosigner])
    for wrong in (f"{text}more\n\n— {name} {body}\n", f"{text}\n— {name} {body[:-8]}\n"):
        with pytest.raises(BadNote):
            open_note(wrong, [cosigner])
