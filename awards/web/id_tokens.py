"""ID tokens, checked to the letter: signature, then every claim (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725).

This module needs the extra `oidc`, as does the one that asks the provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, KeySet, RSAKey
from joserfc.jws import JWSRegistry

ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512".split()
"""Asymmetric ones alone: with a symmetric one whoever knows the public key could sign, with `none` anybody."""
FOREIGN_KEYS = frozenset({"jku", "jwk", "x5u", "x5c"})
"""Headers by which a token brings a key of its own along (RFC 7515, 4.1)."""
SMALLEST_RSA = 2048
LEEWAY = 60
"""Seconds by which the provider's clock may differ."""
LONGEST_SUB = 255
UNREADABLE = (JoseError, ValueError, TypeError, KeyError, RecursionError)
"""What reading hostile JSON, keys and tokens may raise."""


class ProviderWrong(Exception):
    """The provider answered what must not be believed; the text says what, in words of ours alone."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say: who issued it, for which client, and as the answer to which question."""

    issuer: str
    client_id: str
    nonce: str


def usable_keys(content: Mapping[str, Any]) -> KeySet:
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


def named_by(tokens: Mapping[str, Any], keys: KeySet, expected: Expected, now: datetime) -> str:
    """The `sub` of the ID token, once its signature and every claim hold; else `ProviderWrong`."""
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
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "sub": {"essential": True},
                "nonce": {"essential": True, "value": expected.nonce},
            },
            {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": access_token},
        )
        claims.validate(int(now.timestamp()), LEEWAY)
    except UNREADABLE as error:
        # Of a hostile token anything may be wrong; what it was stays out of the message, as it may quote the token.
        raise ProviderWrong(f"the ID token does not hold: {type(error).__name__} {_claim(error)}") from None
    return _sub(claims)


def _claim(error: Exception) -> str:
    """Which claim it was, if it was one that a standard names."""
    claim = getattr(error, "claim", "")
    return claim if claim in CodeIDToken.REGISTERED_CLAIMS else ""


def _sub(claims: Mapping[str, Any]) -> str:
    sub = claims["sub"]
    if not (isinstance(sub, str) and sub.isascii() and sub.isprintable() and 0 < len(sub) <= LONGEST_SUB):
        raise ProviderWrong("the ID token names nobody")
    return sub
