"""The OpenID provider, asked and not trusted: discovery, the exchange of a code, and an ID token checked to the letter.

OpenID Connect Core 1.0 (3.1.3.7) and Discovery 1.0 (4.3), PKCE (RFC 7636), the issuer in the answer (RFC 9207), the
advice of RFC 9700. Nothing of the provider is kept, neither its keys, which may change at any time, nor its tokens:
with a handful of sign-ins a day, asking again costs less than remembering. Only who it was comes back.

This module needs the extra `oidc`; it is imported only where a provider is configured.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 Ed25519".split()
"""Asymmetric ones alone: with a symmetric one whoever knows the public key could sign, with `none` anybody."""
FOREIGN_KEYS = frozenset({"jku", "jwk", "x5u", "x5c"})
"""Headers by which a token brings a key of its own along (RFC 7515, 4.1)."""
SMALLEST_RSA = 2048
LEEWAY = 60
"""Seconds by which the provider's clock may differ."""
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.05, 5.0, 10.0
AT_ONCE = 8
"""Sign-ins that a process takes to the provider at a time: one that hangs must not keep every thread waiting."""
LONGEST_ANSWER = 256 * 1024
LONGEST_SUB = 255
BASIC = "client_secret_basic"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


UNREADABLE = (JoseError, ValueError, TypeError, KeyError, RecursionError)
"""What reading hostile JSON, keys and tokens may raise."""


class ProviderDown(Exception):
    """The provider cannot be reached, takes too long, or says that it cannot answer now."""


class ProviderWrong(Exception):
    """The provider answered what must not be believed; the text says what, in words of ours alone."""


class CodeRefused(Exception):
    """The provider does not take the code: it is used, too old, or not of this sign-in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at a provider; nothing else there identifies (Core, 5.7)."""

    issuer: str
    sub: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What ties an answer to its question: three random values of 256 bits, or nearly."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """One provider, by its issuer, and this service as its client."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, redirect_uri: str) -> None:
        self.issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._turn = BoundedSemaphore(AT_ONCE)

    def question(self, challenge: Challenge) -> str:
        """The address at the provider to which a browser takes the question who this is."""
        with self._taking_a_turn():
            metadata = self._discover()
        with self._client(metadata) as client:
            url, _ = client.create_authorization_url(
                self._endpoint(metadata, "authorization_endpoint"),
                state=challenge.state,
                nonce=challenge.nonce,
                code_verifier=challenge.verifier,
            )
        return str(url)

    def identity(self, code: str, iss: str | None, challenge: Challenge, now: datetime) -> Identity:
        """Who it is, for the code that came back with this `iss`; nobody, unless every check holds."""
        with self._taking_a_turn():
            metadata = self._discover()
            expects_iss = metadata.get("authorization_response_iss_parameter_supported") is True
            if iss != self.issuer and (expects_iss or iss is not None):
                raise ProviderWrong("the answer names another issuer")
            tokens = self._exchange(metadata, code, challenge.verifier)
            with self._client(metadata) as client:
                keys = _keys(self._json(client, self._endpoint(metadata, "jwks_uri")))
        claims = self._claims(tokens, keys, challenge.nonce, now)
        return Identity(self.issuer, _sub(claims))

    @contextmanager
    def _taking_a_turn(self) -> Iterator[None]:
        if not self._turn.acquire(blocking=False):
            raise ProviderDown("too many wait for it")
        try:
            yield
        finally:
            self._turn.release()

    def _discover(self) -> Mapping[str, Any]:
        with self._client({}) as client:
            metadata = self._json(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if metadata.get("issuer") != self.issuer:
            raise ProviderWrong("its configuration is that of another issuer")
        return metadata

    def _client(self, metadata: Mapping[str, Any]) -> OAuth2Session:
        methods = metadata.get("token_endpoint_auth_methods_supported")
        basic = not isinstance(methods, list) or BASIC in methods
        client = OAuth2Session(
            self._client_id,
            self._client_secret,
            scope="openid",
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method=BASIC if basic else "client_secret_post",
            trust_env=False,
        )
        client.mount("https://", _Bounded())
        client.mount("http://", _Bounded())
        return client

    def _endpoint(self, metadata: Mapping[str, Any], name: str) -> str:
        url = metadata.get(name)
        if not isinstance(url, str) or not is_safe(url, loopback=is_loopback(self.issuer)):
            raise ProviderWrong(f"its configuration has no usable {name}")
        return url

    def _json(self, client: OAuth2Session, url: str) -> Mapping[str, Any]:
        try:
            answer = client.get(url, withhold_token=True, allow_redirects=False, headers={"Accept": "application/json"})
            answer.raise_for_status()
            content = answer.json()
        except (ValueError, RecursionError) as error:  # also what requests makes of a body that is no JSON
            raise ProviderWrong("it does not answer with JSON") from error
        except RequestException as error:
            raise ProviderDown("it does not answer, or with an error") from error
        if not isinstance(content, dict):
            raise ProviderWrong("it does not answer with a JSON object")
        return content

    def _exchange(self, metadata: Mapping[str, Any], code: str, verifier: str) -> Mapping[str, Any]:
        url = self._endpoint(metadata, "token_endpoint")
        try:
            with self._client(metadata) as client:
                tokens = client.fetch_token(
                    url, grant_type="authorization_code", code=code, code_verifier=verifier, allow_redirects=False
                )
        except AuthlibBaseError as error:
            if error.error == "invalid_grant":
                raise CodeRefused from error
            raise ProviderWrong("it refuses this service as its client") from error
        except (ValueError, RecursionError, TypeError, AttributeError) as error:
            raise ProviderWrong("it does not answer with JSON") from error
        except RequestException as error:
            raise ProviderDown("it does not answer, or with an error") from error
        return dict(tokens)

    def _claims(self, tokens: Mapping[str, Any], keys: KeySet, nonce: str, now: datetime) -> Mapping[str, Any]:
        """What the ID token says, once its signature and every claim of section 3.1.3.7 are checked."""
        text, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(text, str) or not isinstance(access_token, str):
            raise ProviderWrong("it sends no ID token")
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            token = jwt.decode(text, keys, registry=registry)
            if token.header.keys() & FOREIGN_KEYS:
                raise ProviderWrong("the ID token brings its own key")
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "sub": {"essential": True},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self._client_id, "access_token": access_token},
            )
            claims.validate(int(now.timestamp()), LEEWAY)
        except UNREADABLE as error:
            # Of a hostile token anything may be wrong; what it was stays out of the message, as it may quote the token.
            raise ProviderWrong(f"the ID token does not hold: {type(error).__name__} {_claim(error)}") from None
        return dict(claims)


class _Bounded(HTTPAdapter):
    """Every call ends: in time, and after so many bytes. Nothing is unpacked, so a short answer stays short."""

    def send(self, request: PreparedRequest, *_: Any, **options: Any) -> Response:
        request.headers["Accept-Encoding"] = "identity"
        options.update(timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True)
        until = time.monotonic() + WHOLE_SECONDS
        answer = super().send(request, **options)
        body = bytearray()
        try:
            while part := answer.raw.read1(16 * 1024, decode_content=False):
                body += part
                if len(body) > LONGEST_ANSWER or time.monotonic() > until:
                    raise RequestException("too much, or too slow")
        except (OSError, HTTPError) as error:
            raise RequestException("broken off") from error
        finally:
            answer.raw.close()
        answer.raw = io.BytesIO(body)
        return answer


def _keys(content: Mapping[str, Any]) -> KeySet:
    """The keys that may sign. The rest is passed over: not understood (RFC 7517, 5), weak, for encryption."""
    given = content.get("keys")
    keys = []
    for each in given if isinstance(given, list) else []:
        try:
            key = JWKRegistry.import_key(each)
            strong = not isinstance(key, RSAKey) or key.public_key.key_size >= SMALLEST_RSA
        except (*UNREADABLE, AttributeError, SecurityWarning):  # where warnings are errors, it is one of a weak key
            continue
        if strong and key.get("use", "sig") == "sig":
            keys.append(key)
    return KeySet(keys)


def _claim(error: Exception) -> str:
    """Which claim it was, if it was one that a standard names."""
    claim = getattr(error, "claim", "")
    return claim if claim in CodeIDToken.REGISTERED_CLAIMS else ""


def _sub(claims: Mapping[str, Any]) -> str:
    sub = claims["sub"]
    if not (isinstance(sub, str) and sub.isascii() and sub.isprintable() and 0 < len(sub) <= LONGEST_SUB):
        raise ProviderWrong("the ID token names nobody")
    return sub


def is_loopback(url: str) -> bool:
    """Whether an address is plain HTTP to this machine, where nobody can listen in."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def is_safe(url: str, *, loopback: bool) -> bool:
    """Whether what is sent there reaches whom it names: HTTPS, or with `loopback` this machine itself."""
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.username is None and not parts.fragment and parts.port != 0
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    return plain and named and (parts.scheme == "https" or (loopback and is_loopback(url)))
