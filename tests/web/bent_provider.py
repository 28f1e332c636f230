"""An OpenID provider that can be bent: it does all a provider must over real HTTP, but for what a test changes.

It is strict with its client: the code is good once, for the redirect address and the verifier it was asked with.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

CLIENT_ID, CLIENT_SECRET = "awards", "secret of the bent & only client"
Claims = dict[str, Any]
Sign = Callable[["Bent", Claims], str]
Answer = tuple[int, bytes, dict[str, str]]


def encoded(content: bytes | dict[str, Any]) -> str:
    """A part of a JWS: base64url without padding (RFC 7515, 2)."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Bent:
    """What the provider says; a test changes it, and `straighten` puts it back."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.issuer = ""
        self.straighten()

    def straighten(self) -> None:
        """Behave."""
        self.sub = "ada"
        self.iss: str | None = self.issuer
        self.error: str | None = None
        self.metadata: dict[str, Any] = {}
        self.keys: Any = {"keys": [self.key.as_dict(private=False)]}
        self.sign: Sign = lambda bent, claims: bent.signed(claims)
        self.answers: dict[str, Callable[[Answer], Answer]] = {}
        self.asked: list[dict[str, str]] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.issued: list[str] = []

    def signed(self, claims: Claims, key: Any = None, **header: Any) -> str:
        """An ID token; by the provider's own key unless another is named."""
        algorithm = header.get("alg", "RS256")
        header = {"alg": algorithm, "kid": "one", **header}
        registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        return jwt.encode(header, claims, key or self.key, registry=registry)

    def mac(self, claims: Claims, secret: bytes) -> str:
        """An ID token by HS256, as no public key may be used for."""
        head = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': 'one'})}.{encoded(claims)}"
        return f"{head}.{encoded(hmac.digest(secret, head.encode(), 'sha256'))}"

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], authorization: str) -> Answer:
        """What is said at an address."""
        usual = getattr(self, "_at_" + path.strip("/").replace("/", "_").replace("-", "_").replace(".", ""), None)
        answer: Answer = usual(query, form, authorization) if usual else (404, b"", {})
        return self.answers.get(path, lambda same: same)(answer)

    def _at_well_known_openid_configuration(self, *_: Any) -> Answer:
        return _json(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "authorization_response_iss_parameter_supported": True,
                **self.metadata,
            }
        )

    def _at_authorize(self, query: dict[str, str], *_: Any) -> Answer:
        self.asked.append(query)
        code = secrets.token_urlsafe(12)
        self.codes[code] = query
        said = {"error": self.error, "error_description": "<b>boo</b>"} if self.error else {"code": code}
        back = {**said, "state": query["state"], **({"iss": self.iss} if self.iss else {})}
        return 303, b"", {"Location": f"{query['redirect_uri']}?{urlencode(back)}"}

    def _at_token(self, _query: dict[str, str], form: dict[str, str], authorization: str) -> Answer:
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        challenge = encoded(hashlib.sha256(verifier.encode()).digest())
        client = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":", 1)
        if client != [CLIENT_ID, CLIENT_SECRET]:
            return _json({"error": "invalid_client"}, 401)
        expected = asked and (asked["redirect_uri"], asked["code_challenge"], asked["code_challenge_method"])
        if asked is None or expected != (form.get("redirect_uri"), challenge, "S256"):
            return _json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        access = secrets.token_urlsafe(24)
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": self.sub,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "email": "ada@example.org",
            "email_verified": True,
            "at_hash": encoded(hashlib.sha256(access.encode()).digest()[:16]),
        }
        token = self.sign(self, claims)
        self.issued += [access, token]
        return _json({"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": token})

    def _at_jwks(self, *_: Any) -> Answer:
        return _json(self.keys)


def _json(content: Any, status: int = 200) -> Answer:
    return status, json.dumps(content).encode(), {"Content-Type": "application/json"}


@contextmanager
def serving() -> Iterator[Bent]:
    """A provider on a free port of this machine."""
    bent = Bent()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            self.reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(dict(parse_qsl(body.decode())))

        def reply(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            authorization = self.headers.get("Authorization", "")
            status, body, headers = bent.answer(parts.path, dict(parse_qsl(parts.query)), form, authorization)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # of a client that hung up
    thread = threading.Thread(target=server.serve_forever, name="provider")
    thread.start()
    try:
        bent.issuer = f"http://127.0.0.1:{server.server_port}"
        bent.straighten()
        yield bent
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
