"""A witness for the tests: a real HTTP server that does what C2SP `tlog-witness` says, written from that page alone.

It shares no code with the service: its own notes, its own consistency proofs, its own storage. `mischief` makes it lie.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Reply = tuple[int, str, bytes]
TEXT = "text/plain; charset=utf-8"


class Refused(Exception):
    """With the status and the body of the answer."""

    def __init__(self, status: int, body: bytes = b"", content_type: str = TEXT) -> None:
        super().__init__(status)
        self.reply: Reply = (status, content_type, body)


class Witness:
    """One witness: its key, the logs it trusts, and the last checkpoint of each, in a file."""

    def __init__(self, name: str, store: Path, log_vkeys: list[str]) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.generate()
        self._store = store
        self._lock = threading.Lock()
        self.logs: dict[str, list[tuple[bytes, bytes]]] = {}
        for vkey in log_vkeys:
            origin, key_id, encoded = vkey.split("+", 2)
            trusted = self.logs.setdefault(origin, [])
            trusted.append((bytes.fromhex(key_id), base64.b64decode(encoded)[1:]))
        self.asked: list[tuple[int, int]] = []
        """The old size and the status of every request."""
        self.mischief: Callable[[Witness, str], Reply] | None = None
        self.url = ""

    @property
    def vkey(self) -> str:
        """The key as a policy names it."""
        key = _b64(b"\x04" + self._public())
        return f"{self.name}+{self._id().hex()}+{key}"

    def cosignature(self, text: str, at: int | None = None, name: str | None = None) -> str:
        """The line by which it cosigns a text, at a time."""
        now = int(time.time()) if at is None else at
        signature = self._key.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
        return f"— {name or self.name} {_b64(self._id(name) + now.to_bytes(8, 'big') + signature)}\n"

    def latest(self, origin: str) -> tuple[int, bytes]:
        """The last checkpoint it cosigned of a log: size and root; size 0 if there is none."""
        known = json.loads(self._store.read_text()) if self._store.exists() else {}
        size, root = known.get(origin, (0, sha256().hexdigest()))
        return size, bytes.fromhex(root)

    def add_checkpoint(self, body: bytes) -> Reply:
        """The answer to one request."""
        old = -1
        try:
            old, proof, note = _request(body)
            text, origin, size, root = self._checkpoint(note)
            if self.mischief:
                reply = self.mischief(self, text)
            else:
                reply = self._judge(text, origin, (old, proof), (size, root))
        except Refused as refused:
            reply = refused.reply
        self.asked.append((old, reply[0]))
        return reply

    def _judge(self, text: str, origin: str, given: tuple[int, list[bytes]], new: tuple[int, bytes]) -> Reply:
        (old, proof), (size, root) = given, new
        if old > size:
            raise Refused(400)
        with self._lock:
            known, known_root = self.latest(origin)
            if old != known:
                raise Refused(409, b"%d\n" % known, "text/x.tlog.size")
            if old == size and known_root != root:
                raise Refused(409, b"%d\n" % known, "text/x.tlog.size")
            if not consistent(known, known_root, size, root, proof):
                raise Refused(422)
            everything = json.loads(self._store.read_text()) if self._store.exists() else {}
            self._store.write_text(json.dumps({**everything, origin: (size, root.hex())}))
        return 200, TEXT, self.cosignature(text).encode()

    def _checkpoint(self, note: str) -> tuple[str, str, int, bytes]:
        text, gap, lines = note.rpartition("\n\n")
        origin, *rest = text.split("\n")
        if not gap or not lines.endswith("\n") or len(rest) < 2:
            raise Refused(400)
        if origin not in self.logs:
            raise Refused(404)
        if not any(self._signed(text + "\n", origin, line) for line in lines[:-1].split("\n")):
            raise Refused(403)
        return text + "\n", origin, int(rest[0]), base64.b64decode(rest[1], validate=True)

    def _signed(self, text: str, origin: str, line: str) -> bool:
        dash, name, encoded = line.split(" ")
        data = base64.b64decode(encoded, validate=True)
        for key_id, public in self.logs[origin]:
            if (dash, name, key_id) == ("—", origin, data[:4]):
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(data[4:], text.encode())
                except InvalidSignature:
                    raise Refused(403) from None
                return True
        return False

    def _public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def _id(self, name: str | None = None) -> bytes:
        return sha256((name or self.name).encode() + b"\n\x04" + self._public()).digest()[:4]


def _request(body: bytes) -> tuple[int, list[bytes], str]:
    head, gap, note = body.decode().partition("\n\n")
    first, *proof = head.split("\n")
    word, _, size = first.partition(" ")
    if not gap or word != "old" or str(int(size)) != size or len(proof) > 63:
        raise Refused(400)
    return int(size), [base64.b64decode(line, validate=True) for line in proof], note


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 6962 section 2.1.2, by recursion from the whole tree down, as the definition goes."""
    if old == 0:
        return proof == []
    if old == new:
        return proof == [] and old_root == new_root
    left = list(proof)

    def roots(m: int, n: int, whole: bool) -> tuple[bytes, bytes]:
        """The roots over the first m and all n leaves of a subtree; the proof is used from its end."""
        if m == n:
            one = old_root if whole else left.pop()
            return one, one
        k = 1 << ((n - 1).bit_length() - 1)
        other = left.pop()
        if m <= k:
            before, after = roots(m, k, whole)
            return before, _node(after, other)
        before, after = roots(m - k, n - k, False)
        return _node(other, before), _node(other, after)

    try:
        found = roots(old, new, True)
    except IndexError:
        return False
    return found == (old_root, new_root) and not left


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@contextmanager
def answering(path: str, answer: Callable[[bytes], Reply]) -> Iterator[str]:
    """Serve POSTs to a path while the block runs; gives the address without the path."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, content_type, data = answer(body) if self.path == path else (404, TEXT, b"")
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            if 300 <= status < 400:
                self.send_header("Location", data.decode())
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a client that was told to give up is gone

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def watching(name: str, store: Path, log_vkeys: list[str]) -> Iterator[Witness]:
    """A witness that is there while the block runs."""
    witness = Witness(name, store, log_vkeys)
    with answering("/w/add-checkpoint", witness.add_checkpoint) as address:
        witness.url = f"{address}/w/"
        yield witness
