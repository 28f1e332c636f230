"""An authority for time stamps, for the tests: openssl behind a real HTTP server, with a certificate of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.anchoring.witness import Reply, answering

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Test authority
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamps]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = it
[it]
{common}
certs = {folder}/ca.pem
[alone]
{common}
"""

COMMON = """
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""

REPLY = "application/timestamp-reply"


class Authority:
    """Its folder, its certificate `ca.pem`, and what it does with a request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.mischief: Callable[[bytes], Reply] | None = None
        self.asked = 0
        (folder / "config").write_text(CONFIGURATION.format(folder=folder, common=COMMON.format(folder=folder)))
        (folder / "serial").write_text("01\n")
        new = ["req", "-new", "-config", "config", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
        self._openssl(*new, "-x509", "-extensions", "ca", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem")
        self._openssl(*new, "-keyout", "tsa.key", "-out", "tsa.csr")
        signing = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "2"]
        self._openssl(*signing, "-days", "2", "-extfile", "config", "-extensions", "stamps", "-out", "tsa.pem")

    def reply(self, request: bytes, section: str = "it") -> bytes:
        """The reply in DER to a request in DER, with the whole chain of certificates or that of the signer alone."""
        (self.folder / "request.tsq").write_bytes(request)
        asked = ["ts", "-reply", "-config", "config", "-section", section, "-queryfile", "request.tsq"]
        self._openssl(*asked, "-out", "reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()

    def answer(self, request: bytes) -> Reply:
        """The answer to a POST."""
        self.asked += 1
        return self.mischief(request) if self.mischief else (200, REPLY, self.reply(request))

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=60)


@contextmanager
def stamping(folder: Path) -> Iterator[Authority]:
    """An authority that is there while the block runs."""
    authority = Authority(folder)
    with answering("/stamp", authority.answer) as address:
        authority.url = f"{address}/stamp"
        yield authority
