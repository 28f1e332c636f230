"""Receipts: a proof that a leaf is in the log, as a text anybody can check without asking (C2SP `tlog-proof`)."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from awards.ledger.notes import BadNote, Head, Verifier, open_note
from awards.ledger.tree import verify_inclusion

MEDIA_TYPE = "text/plain; charset=utf-8"
FIRST = "c2sp.org/tlog-proof@v1"

_FORM = re.compile(
    rf"{re.escape(FIRST)}\n(?:extra (?P<extra>[A-Za-z0-9+/]+={{0,2}})\n)?"
    r"index (?P<index>0|[1-9][0-9]{0,18})\n(?P<path>(?:[A-Za-z0-9+/]{43}=\n)*)\n(?P<note>.*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Receipt:
    """The index of a leaf, the path to the root, the checkpoint, and what is told beside it, which proves nothing."""

    index: int
    path: Sequence[bytes]
    note: bytes
    extra: bytes = b""

    def text(self) -> str:
        """The receipt as it is given out."""
        extra = f"extra {base64.b64encode(self.extra).decode()}\n" if self.extra else ""
        path = "".join(base64.b64encode(one).decode() + "\n" for one in self.path)
        return f"{FIRST}\n{extra}index {self.index}\n{path}\n{self.note.decode()}"

    @classmethod
    def read(cls, text: str) -> Self:
        """From the text; raises `BadNote`."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise BadNote("this is no receipt")
        path = [base64.b64decode(line) for line in found["path"].split()]
        return cls(int(found["index"]), path, found["note"].encode(), base64.b64decode(found["extra"] or ""))

    def verify(self, leaf: bytes, verifiers: Sequence[Verifier]) -> Head:
        """The head that covers the leaf; raises `BadNote` or `BadProof`."""
        head = Head.read(open_note(self.note, verifiers)[0])
        verify_inclusion(self.index, head.size, leaf, self.path, head.root)
        return head
