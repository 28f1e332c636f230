"""Asks witnesses to cosign the last checkpoint (C2SP `tlog-witness`, add-checkpoint) and keeps what they sign.

All are asked at once, and each cosignature is kept as it comes, so that who is slow or away delays nobody. Only what a
known key signed over our own text, now, is believed; everything else is a reason to be logged.
"""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue

from awards.anchoring.asking import SECONDS, Answer, Unanswered, post
from awards.anchoring.cosignatures import find_cosignature
from awards.anchoring.policy import Policy, Witness
from awards.ledger.notes import BadNote, open_note
from awards.ledger.publisher import Publisher, Signed
from awards.ledger.tree import consistency

TOLD_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")

REFUSALS = {
    400: "it finds the request malformed",
    403: "it does not trust the key of this log",
    404: "it does not know this log",
    422: "it finds the proof wrong",
    429: "it is asked too often",
}
"""What the statuses of add-checkpoint say."""


class NotCosigned(Exception):
    """A witness did not cosign; says why."""


@dataclass
class Round:
    """What came of one: the size of the checkpoint, who has cosigned it, who has not and why, and if it is enough."""

    size: int
    cosigned: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    enough: bool = False


class Witnessing:
    """Gets the checkpoints of one log cosigned."""

    def __init__(
        self, publisher: Publisher, policy: Policy, clock: Callable[[], float] = time.time, seconds: float = SECONDS
    ) -> None:
        self._publisher = publisher
        self._policy = policy
        self._clock = clock
        self._seconds = seconds
        self._seen: dict[str, int] = {}
        """The size that each witness cosigned last, as far as is known here."""

    def round(self) -> Round:
        """Publish, and ask every witness that has not cosigned yet; raises nothing because of a witness."""
        signed = self._publisher.publish()
        done = Round(signed.head.size, self._already(signed))
        if self._publisher.store.kept.stamp(done.size) is None:  # what is stamped stays as it is
            self._ask_all(signed, done)
        done.enough = self._policy.met(done.cosigned)
        if done.cosigned and done.enough:
            with self._publisher.store.locked():
                self._publisher.store.kept.note_cosigned(done.size)
        return done

    def _ask_all(self, signed: Signed, done: Round) -> None:
        asked = [one for one in self._policy.witnesses.values() if one.url and one.name not in done.cosigned]
        if signed.head.size and asked:
            results: SimpleQueue[tuple[str, str | None]] = SimpleQueue()
            for witness in asked:  # nobody waits for these threads when the program ends
                threading.Thread(target=self._try, args=(witness, signed, results), daemon=True).start()
            for name, why in (results.get() for _ in asked):
                if why is None:
                    done.cosigned.append(name)
                else:
                    done.failed[name] = why

    def _already(self, signed: Signed) -> list[str]:
        """Whose cosignatures of it are kept."""
        kept = self._publisher.store.kept.cosignatures(signed.note)
        keys = {witness.key: witness.name for witness in self._policy.witnesses.values()}
        try:
            found = open_note(signed.head.text().encode() + b"\n" + kept, list(keys))[1] if kept else []
        except BadNote:
            return []
        return [name for key, name in keys.items() if key in found]

    def _try(self, witness: Witness, signed: Signed, results: SimpleQueue[tuple[str, str | None]]) -> None:
        """Put into a queue the name of the witness and why it has not cosigned, None if it has."""
        try:
            self._cosign(witness, signed)
        except NotCosigned as why:
            results.put((witness.name, str(why)))
        except Exception as error:
            results.put((witness.name, f"trouble on our side: {type(error).__name__}"))
        else:
            results.put((witness.name, None))

    def _cosign(self, witness: Witness, signed: Signed) -> None:
        try:
            answer = self._ask(witness, signed)
            line = find_cosignature(witness.key, signed.head.text(), answer, self._clock())
        except (Unanswered, BadNote) as problem:
            raise NotCosigned(str(problem)) from None
        store = self._publisher.store
        with store.locked():
            store.kept.keep(signed.note + line.encode() + b"\n")
        self._seen[witness.name] = signed.head.size

    def _ask(self, witness: Witness, signed: Signed) -> bytes:
        """What the witness answers to the checkpoint, proved from the size it last cosigned, which it may tell once."""
        size = signed.head.size
        old = min(size, self._seen.get(witness.name, self._publisher.store.kept.cosigned() or 0))
        answer = self._add_checkpoint(witness, signed, old)
        if answer.status == 409:
            told = _size_in(answer)
            if told > size:
                raise NotCosigned(f"it has seen {told} events where {size} are signed here: was the store restored?")
            if told == old:
                raise NotCosigned(f"it has cosigned another root over {told} events: the log has forked")
            answer = self._add_checkpoint(witness, signed, told)
        if answer.status == 200:
            return answer.body
        if answer.status == 409:
            raise NotCosigned("it tells another size each time, or has cosigned another root")
        raise NotCosigned(REFUSALS.get(answer.status, f"it answers with status {answer.status}"))

    def _add_checkpoint(self, witness: Witness, signed: Signed, old: int) -> Answer:
        path = consistency(old, signed.head.size, self._publisher.nodes(signed.head.size))
        proof = "".join(base64.b64encode(one).decode() + "\n" for one in path)
        body = f"old {old}\n{proof}\n".encode() + signed.note
        return post(f"{witness.url}/add-checkpoint", body, "text/plain; charset=utf-8", seconds=self._seconds)


def _size_in(answer: Answer) -> int:
    told = TOLD_SIZE.fullmatch(answer.body)
    if told is None or answer.content_type != "text/x.tlog.size":
        raise NotCosigned("it is in conflict and does not tell its size")
    return int(told[1])
