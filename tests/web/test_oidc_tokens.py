"""Nothing but a flawless ID token signs anybody in: bent one by one, over real HTTP.

The identity that is claimed belongs to somebody, so each of these would let an intruder in if it were believed.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc import jwe
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey

from awards.web.id_tokens import LEEWAY
from tests.web.bent_provider import CLIENT_ID, CLIENT_SECRET, Bent, Claims, Sign, encoded
from tests.web.bent_site import ada, bent, bent_for_all, by_none, enter, folder, house, house_for_all, refused
from tests.web.oidc_site import Site
from tests.web.visitor import Forms

FIXTURES = (ada, bent, bent_for_all, folder, house, house_for_all)


with pytest.warns(SecurityWarning):
    SMALL = RSAKey.generate_key(1024, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})
HOUR = 3600
LATE = 180


def changed(**claims: Any) -> Sign:
    return lambda bent, usual: bent.signed({**usual, **claims})


def without(name: str) -> Sign:
    return lambda bent, usual: bent.signed({key: value for key, value in usual.items() if key != name})


def moved(name: str, seconds: int) -> Sign:
    return lambda bent, usual: bent.signed({**usual, name: int(time.time()) + seconds})


def by_none_with_signature(bent: Bent, claims: Claims) -> str:
    return by_none(bent, claims) + bent.signed(claims).rsplit(".", 1)[1]


def by_public_key(bent: Bent, claims: Claims) -> str:
    return bent.mac(claims, bent.key.as_pem(private=False))


def by_modulus(bent: Bent, claims: Claims) -> str:
    return bent.mac(claims, str(bent.key.as_dict(private=False)["n"]).encode())


def by_client_secret(bent: Bent, claims: Claims) -> str:
    return bent.mac(claims, CLIENT_SECRET.encode())


def by_empty_secret(bent: Bent, claims: Claims) -> str:
    return bent.mac(claims, b"")


def by_another_key(bent: Bent, claims: Claims) -> str:
    return bent.signed(claims, OTHER)


def by_unknown_key(bent: Bent, claims: Claims) -> str:
    return bent.signed(claims, OTHER, kid="two")


def by_own_key_in_it(bent: Bent, claims: Claims) -> str:
    return bent.signed(claims, OTHER, jwk=OTHER.as_dict(private=False))


def by_right_key_in_it(bent: Bent, claims: Claims) -> str:
    return bent.signed(claims, jwk=bent.key.as_dict(private=False))


def by_key_at_address(bent: Bent, claims: Claims) -> str:
    bent.answers["/jku"] = lambda _: (200, b"{}", {})
    return bent.signed(claims, OTHER, jku=f"{bent.issuer}/jku")


def by_right_key_with_address(bent: Bent, claims: Claims) -> str:
    return bent.signed(claims, jku=f"{bent.issuer}/jwks")


def by_weak_key(bent: Bent, claims: Claims) -> str:
    bent.keys = {"keys": [SMALL.as_dict(private=False)]}
    return bent.signed(claims, SMALL)


def by_key_for_encryption(bent: Bent, claims: Claims) -> str:
    bent.keys = {"keys": [bent.key.as_dict(private=False, use="enc")]}
    return bent.signed(claims)


def by_published_secret(bent: Bent, claims: Claims) -> str:
    bent.keys = {"keys": [OctKey.import_key("a" * 32, {"kid": "one"}).as_dict(private=True)]}
    return bent.mac(claims, b"a" * 32)


def by_no_key(bent: Bent, claims: Claims) -> str:
    bent.keys = {"keys": []}
    return bent.signed(claims)


def with_critical_header(bent: Bent, claims: Claims) -> str:
    head = encoded({"alg": "RS256", "kid": "one", "crit": ["b64"], "b64": False})
    return f"{head}.{encoded(claims)}.{bent.signed(claims).rsplit('.', 1)[1]}"


def tampered(bent: Bent, claims: Claims) -> str:
    head, _, signature = bent.signed(claims | {"sub": "grace"}).split(".")
    return f"{head}.{encoded(claims)}.{signature}"


def encrypted(bent: Bent, claims: Claims) -> str:
    return jwe.encrypt_compact({"alg": "RSA-OAEP", "enc": "A128GCM"}, bent.signed(claims), OTHER)


def for_several(**more: Any) -> Sign:
    return changed(aud=[CLIENT_ID, "somebody-else"], **more)


def constant(text: Any) -> Sign:
    return lambda _bent, _claims: text


BAD_TOKENS: dict[str, Sign] = {
    "alg none": by_none,
    "alg none with a signature": by_none_with_signature,
    "HS256 from the public key": by_public_key,
    "HS256 from the modulus": by_modulus,
    "HS256 from the client secret": by_client_secret,
    "HS256 from nothing": by_empty_secret,
    "HS256 from a published secret": by_published_secret,
    "signed by another key of that name": by_another_key,
    "signed by a key not published": by_unknown_key,
    "brings its own key": by_own_key_in_it,
    "brings the right key": by_right_key_in_it,
    "names where its key is": by_key_at_address,
    "names where the right key is": by_right_key_with_address,
    "signed by a weak key": by_weak_key,
    "signed by a key for encryption": by_key_for_encryption,
    "no keys published": by_no_key,
    "an unknown critical header": with_critical_header,
    "claims changed afterwards": tampered,
    "encrypted": encrypted,
    "of another issuer": changed(iss="https://login.example.org"),
    "of nearly this issuer": lambda bent, usual: bent.signed({**usual, "iss": bent.issuer + "/"}),
    "of several issuers": lambda bent, usual: bent.signed({**usual, "iss": [bent.issuer]}),
    "of no issuer": without("iss"),
    "for another client": changed(aud="somebody-else"),
    "for other clients": changed(aud=["somebody-else"]),
    "for another client, by this one": changed(aud="somebody-else", azp=CLIENT_ID),
    "for nobody": without("aud"),
    "for several, by nobody": for_several(),
    "for several, by another": for_several(azp="somebody-else"),
    "by another client": changed(azp="somebody-else"),
    "expired": moved("exp", -LATE),
    "without expiry": without("exp"),
    "expires never": changed(exp=float("nan")),
    "expires in words": changed(exp="tomorrow"),
    "not valid yet": moved("nbf", LATE),
    "issued in the future": moved("iat", LATE),
    "issued at no time": without("iat"),
    "without nonce": without("nonce"),
    "of another question": changed(nonce="another"),
    "of an empty question": changed(nonce=""),
    "of several questions": lambda bent, usual: bent.signed({**usual, "nonce": [usual["nonce"], "another"]}),
    "about nobody": without("sub"),
    "about an empty name": changed(sub=""),
    "about a number": changed(sub=1),
    "about a list": changed(sub=["ada"]),
    "about too long a name": changed(sub="a" * 256),
    "about a name with a line break": changed(sub="ada\n"),
    "of another access token": changed(at_hash=encoded(b"0" * 16)),
    "not there": constant(None),
    "empty": constant(""),
    "a number": constant(1),
    "no token at all": constant("ada"),
    "three dots": constant("..."),
    "not JSON": constant(f"{encoded(b'x')}.{encoded(b'y')}.{encoded(b'z')}"),
    "deep": constant(f"{encoded(b'[' * 90_000)}.e30.eA"),
    "a list": lambda bent, _: f"{encoded({'alg': 'RS256', 'kid': 'one'})}.{encoded(b'[]')}.eA",
    "header of a number": constant(f"{encoded(b'1')}.e30.eA"),
    "algorithm of a list": constant(f"{encoded({'alg': ['RS256']})}.e30.eA"),
    "kid of a list": constant(f"{encoded({'alg': 'RS256', 'kid': ['one']})}.e30.eA"),
}


def test_a_flawless_token_signs_in(house: Site, bent: Bent, ada: str) -> None:
    visitor = enter(house)
    assert (visitor.page.url, house.signed_in(visitor)) == (f"{house.url}/account", ada)


@pytest.mark.parametrize(
    "sign",
    [
        for_several(azp=CLIENT_ID),
        changed(aud=[CLIENT_ID]),
        without("at_hash"),
        moved("exp", -LEEWAY // 2),
        moved("nbf", LEEWAY // 2),
        lambda bent, claims: bent.signed(claims, alg="PS256"),
        lambda bent, claims: bent.signed(claims, x5t="unheeded", other="too"),
    ],
)
def test_what_the_standard_allows_signs_in(house: Site, bent: Bent, ada: str, sign: Sign) -> None:
    bent.sign = sign
    assert house.signed_in(enter(house)) == ada


def test_keys_that_cannot_be_used_do_not_hide_those_that_can(house: Site, bent: Bent, ada: str) -> None:
    strange = [{"kty": "EC", "crv": "P-0", "x": "a", "y": "b"}, {"kty": "AKP", "kid": "one"}, {"kty": []}, None, 1]
    bent.keys = {"keys": [*strange, SMALL.as_dict(private=False), *bent.keys["keys"]]}
    assert house.signed_in(enter(house)) == ada


def test_keys_may_change_from_one_sign_in_to_the_next(house: Site, bent: Bent, ada: str) -> None:
    assert house.signed_in(enter(house)) == ada
    bent.keys = {"keys": [CURVE.as_dict(private=False)]}
    bent.sign = lambda bent, claims: bent.signed(claims, CURVE, alg="ES256", kid="curve")
    assert house.signed_in(enter(house)) == ada


@pytest.mark.parametrize("sign", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
def test_a_token_with_one_flaw_signs_nobody_in(house: Site, bent: Bent, ada: str, sign: Sign) -> None:
    bent.sign = sign
    refused(house, enter(house), 502, "wrong")


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_weak_key_is_not_only_warned_of(house: Site, bent: Bent, ada: str) -> None:
    bent.sign = by_weak_key
    refused(house, enter(house), 502, "wrong")


def test_nobody_is_attached_by_a_token_with_a_flaw_and_the_code_stays_good(house: Site, bent: Bent) -> None:
    subject = house.person()
    code = house.code(subject)
    bent.sign = by_none
    visitor = house.visitor()
    visitor.send("/sign-in/oidc", code=code)
    visitor.go(Forms(visitor.page.text).links[-1])
    refused(house, visitor, 502, "wrong")
    assert house.identities() == []
    bent.straighten()
    visitor.send("/sign-in/oidc", code=code)
    visitor.go(Forms(visitor.page.text).links[-1])
    assert house.signed_in(visitor) == subject
