"""The OpenID provider, asked and not trusted: discovery, the exchange of a code, and who the ID token says it is.

OpenID Connect Core 1.0 (3.1) and Discovery 1.0 (4.3), PKCE (RFC 7636), the issuer in the answer (RFC 9207), the
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
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from awards.web.id_tokens import Expected, ProviderWrong, named_by, usable_keys

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.05, 5.0, 10.0
AT_ONCE = 8
"""Sign-ins that a process takes to the provider at a time: one that hangs must not keep every thread waiting."""
LONGEST_ANSWER = 256 * 1024
BASIC = "client_secret_basic"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ProviderDown(Exception):
    """The provider cannot be reached, takes too long, or says that it cannot answer now."""


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
                keys = usable_keys(self._json(client, self._endpoint(metadata, "jwks_uri")))
        expected = Expected(self.issuer, self._client_id, challenge.nonce)
        return Identity(self.issuer, named_by(tokens, keys, expected, now))

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
