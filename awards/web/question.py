"""A question to an OpenID provider, kept by the browser that asked it, until the answer comes back.

It lies in a cookie that only this service can read or make (AES-256-GCM under a secret that every process shares), that
other sites and scripts cannot reach (`__Host-`, HttpOnly), and that comes along when the provider sends the browser
back (SameSite=Lax, as that is a navigation from another site). So who never asked here cannot be handed an answer.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Response

COOKIE = "__Host-awards-oidc"
LONGEST = 2048
NONCE = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What must come back (`state`, `nonce`), what proves who asked (`verifier`), our one-time code, and until when.

    `expires`: seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    code: str
    expires: int

    @classmethod
    def new(cls, code: str, now: datetime, seconds: int) -> Self:
        """A question nobody has asked before; each value has 256 random bits (RFC 7636, 4.1; RFC 9700, 2.1)."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, code, int(now.timestamp()) + seconds)


class Questions:
    """Puts questions into cookies and takes them out again."""

    def __init__(self, secret: bytes) -> None:
        """`secret`: 32 bytes."""
        self._cipher = AESGCM(secret)

    def keep(self, response: Response, question: Question, seconds: int) -> None:
        """Let the browser keep a question."""
        nonce = secrets.token_bytes(NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, json.dumps(asdict(question)).encode(), COOKIE.encode())
        value = base64.urlsafe_b64encode(sealed).decode()
        response.set_cookie(COOKIE, value, max_age=seconds, secure=True, httponly=True, samesite="Lax")

    def open(self, cookie: str, now: datetime) -> Question | None:
        """The question in a cookie; None when it is not ours, or too old."""
        if not cookie or len(cookie) > LONGEST:
            return None
        try:
            sealed = base64.urlsafe_b64decode(cookie.encode("ascii"))
            content = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], COOKIE.encode())
        except (ValueError, InvalidTag):
            return None
        question = Question(**json.loads(content))
        return question if now.timestamp() < question.expires else None

    @staticmethod
    def drop(response: Response) -> None:
        """Let the browser forget its question."""
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")
