"""Nothing but a flawless answer signs anybody in: tokens, answers and addresses bent one by one, over real HTTP.

The identity that is claimed belongs to somebody, so each of these would let an intruder in if it were believed.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwe
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey

from awards.web import provider as client
from awards.web.oidc import SESSION
from awards.web.oidc_texts import TEXTS
from awards.web.question import COOKIE
from tests.web.bent_provider import CLIENT_ID, CLIENT_SECRET, Answer, Bent, Claims, Sign, encoded, serving
from tests.web.oidc_site import PROVIDER_NAME, Site, free_port, site, text_of
from tests.web.visitor import Forms, Visitor

with pytest.warns(SecurityWarning):
    SMALL = RSAKey.generate_key(1024, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})
HOUR = 3600
LATE = 3 * client.LEEWAY


@pytest.fixture(scope="module")
def bent_for_all() -> Iterator[Bent]:
    with serving() as bent:
        yield bent


@pytest.fixture
def bent(bent_for_all: Bent) -> Bent:
    bent_for_all.straighten()
    return bent_for_all


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def house_for_all(bent_for_all: Bent, folder: Path) -> Iterator[Site]:
    known = {"ISSUER": bent_for_all.issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET}
    urls = (f"sqlite:///{folder / 'awards.db'}", f"sqlite:///{folder / 'keys.db'}")
    with site(folder, urls, free_port(), known) as house:
        yield house


@pytest.fixture
def house(house_for_all: Site) -> Site:
    house_for_all.service.ledger.write(("DELETE FROM identities", []), ("DELETE FROM sessions", []))
    return house_for_all


@pytest.fixture
def ada(house: Site, bent: Bent) -> str:
    """Somebody to whom the identity `ada` belongs."""
    subject = house.person()
    house.app.accounts.accept_identity(house.code(subject), house.now, bent.issuer, "ada", "ada")
    house.service.ledger.write(("DELETE FROM sessions", []))
    return subject


def says(key: str, language: str = "en") -> str:
    return TEXTS[language][key].format(name=PROVIDER_NAME)


def changed(**claims: Any) -> Sign:
    return lambda bent, usual: bent.signed({**usual, **claims})


def without(name: str) -> Sign:
    return lambda bent, usual: bent.signed({key: value for key, value in usual.items() if key != name})


def moved(name: str, seconds: int) -> Sign:
    return lambda bent, usual: bent.signed({**usual, name: int(time.time()) + seconds})


def by_none(_bent: Bent, claims: Claims) -> str:
    return f"{encoded({'alg': 'none', 'kid': 'one'})}.{encoded(claims)}."


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


def enter(house: Site) -> Visitor:
    visitor = house.visitor()
    visitor.go("/sign-in/oidc")
    return visitor


def refused(house: Site, visitor: Visitor, status: int, told: str) -> None:
    assert (visitor.page.status_code, visitor.page.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert says(told) in visitor.page.text
    assert visitor.page.headers["Cache-Control"] == "no-store"
    assert (visitor.cookie(SESSION), house.sessions()) == (None, 0)


def test_a_flawless_token_signs_in(house: Site, bent: Bent, ada: str) -> None:
    visitor = enter(house)
    assert (visitor.page.url, house.signed_in(visitor)) == (f"{house.url}/", ada)


@pytest.mark.parametrize(
    "sign",
    [
        for_several(azp=CLIENT_ID),
        changed(aud=[CLIENT_ID]),
        without("at_hash"),
        moved("exp", -client.LEEWAY // 2),
        moved("nbf", client.LEEWAY // 2),
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


# What else the provider says.


def said(status: int = 200, body: bytes = b"{}", **headers: str) -> Callable[[Answer], Answer]:
    return lambda _: (status, body, headers)


def packed(usual: Answer) -> Answer:
    return 200, gzip.compress(usual[1]), {"Content-Encoding": "gzip"}


def slowly(usual: Answer) -> Answer:
    time.sleep(1)
    return usual


DISCOVERY, TOKEN, JWKS = "/.well-known/openid-configuration", "/token", "/jwks"
ANSWERS: dict[str, tuple[str, Callable[[Answer], Answer], int, str]] = {
    "configuration not there": (DISCOVERY, said(404), 503, "down"),
    "configuration broken": (DISCOVERY, said(500), 503, "down"),
    "configuration slow": (DISCOVERY, slowly, 503, "down"),
    "configuration empty": (DISCOVERY, said(body=b""), 502, "wrong"),
    "configuration a list": (DISCOVERY, said(body=b"[]"), 502, "wrong"),
    "configuration without an issuer": (DISCOVERY, said(), 502, "wrong"),
    "configuration deep": (DISCOVERY, said(body=b"[" * 200_000), 502, "wrong"),
    "configuration endless": (DISCOVERY, said(body=b" " * 300_000), 503, "down"),
    "configuration elsewhere": (DISCOVERY, said(302, Location="/elsewhere"), 502, "wrong"),
    "configuration packed": (
        DISCOVERY,
        lambda usual: (200, gzip.compress(usual[1]), {"Content-Encoding": "gzip"}),
        502,
        "wrong",
    ),
    "tokens broken": (TOKEN, said(503), 503, "down"),
    "tokens slow": (TOKEN, slowly, 503, "down"),
    "tokens a page": (TOKEN, said(body=b"<html>"), 502, "wrong"),
    "tokens a list": (TOKEN, said(body=b"[]"), 502, "wrong"),
    "tokens elsewhere": (TOKEN, said(307, Location="/elsewhere"), 502, "wrong"),
    "tokens deep": (TOKEN, said(body=b"[" * 200_000), 502, "wrong"),
    "tokens endless": (TOKEN, said(body=b" " * 300_000), 503, "down"),
    "tokens of none": (TOKEN, said(), 502, "wrong"),
    "tokens with an odd lifetime": (TOKEN, said(body=b'{"access_token": "a", "expires_in": []}'), 502, "wrong"),
    "tokens with odd errors": (TOKEN, said(400, b'{"error": {"a": 1}, "error_description": []}'), 502, "wrong"),
    "the code is not taken": (TOKEN, said(400, b'{"error": "invalid_grant"}'), 400, "stale"),
    "the client is not taken": (TOKEN, said(401, b'{"error": "invalid_client"}'), 502, "wrong"),
    "keys broken": (JWKS, said(500), 503, "down"),
    "keys not there": (JWKS, said(), 502, "wrong"),
    "keys of a word": (JWKS, said(body=b'{"keys": "one"}'), 502, "wrong"),
    "keys a page": (JWKS, said(body=b"<html>"), 502, "wrong"),
}


@pytest.mark.parametrize(("path", "answer", "status", "told"), ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_that_cannot_be_used_is_told_by_a_page(
    house: Site,
    bent: Bent,
    ada: str,
    path: str,
    answer: Callable[[Answer], Answer],
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "READ_SECONDS", 0.3)
    bent.answers[path] = answer
    visitor = enter(house)
    refused(house, visitor, status, told)
    assert ("Retry-After" in visitor.page.headers) == (status == 503)


def test_a_provider_that_dribbles_is_given_up(
    house: Site, bent: Bent, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "WHOLE_SECONDS", 0.0)
    refused(house, enter(house), 503, "down")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://login.example.org"),
        ("authorization_endpoint", "http://login.example.org/authorize"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "https://user:pw@login.example.org/"),
        ("authorization_endpoint", "https://login.example.org/\r\nSet-Cookie: a=b"),
        ("authorization_endpoint", None),
        ("token_endpoint", "http://169.254.169.254/latest"),
        ("token_endpoint", "file:///etc/passwd"),
        ("token_endpoint", ["https://login.example.org"]),
        ("jwks_uri", "http://[::1"),
        ("jwks_uri", 1),
        ("token_endpoint_auth_methods_supported", ["private_key_jwt"]),
    ],
)
def test_an_address_that_is_not_safe_is_not_asked(house: Site, bent: Bent, ada: str, name: str, value: Any) -> None:
    bent.metadata[name] = value
    refused(house, enter(house), 502, "wrong")


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        ("access_denied", 403, "declined"),
        ("login_required", 403, "declined"),
        ("<script>alert(1)</script>", 403, "declined"),
        ("server_error", 503, "down"),
        ("temporarily_unavailable", 503, "down"),
    ],
)
def test_what_the_provider_says_against_it_is_told_in_our_words(
    house: Site, bent: Bent, ada: str, error: str, status: int, told: str
) -> None:
    bent.error = error
    visitor = enter(house)
    refused(house, visitor, status, told)
    assert "<script" not in visitor.page.text
    assert "boo" not in visitor.page.text


@pytest.mark.parametrize("iss", [None, "https://login.example.org", ""])
def test_an_answer_of_another_provider_is_not_taken(house: Site, bent: Bent, ada: str, iss: str | None) -> None:
    """The mix-up attack (RFC 9207)."""
    bent.iss = iss
    refused(house, enter(house), 502, "wrong")


# Questions are answered once, by who asked.


def ask(house: Site, bent: Bent) -> tuple[Visitor, str]:
    """Somebody who has been to the provider; the address that leads back."""
    visitor = house.visitor()
    visitor.go("/sign-in/oidc", follow=False)
    visitor.go(visitor.page.headers["Location"], follow=False)
    return visitor, visitor.page.headers["Location"]


def test_an_answer_counts_once(house: Site, bent: Bent, ada: str) -> None:
    visitor, back = ask(house, bent)
    kept = visitor.cookie(COOKIE)
    visitor.go(back)
    assert house.signed_in(visitor) == ada
    thief = house.visitor()
    thief.set_cookie(COOKIE, str(kept))
    bent.codes["again"] = bent.asked[-1]
    for address in (back, back.replace("code=", "code=again&was=")):
        thief.go(address)
        assert (thief.page.status_code, house.signed_in(thief), house.sessions()) == (400, None, 1)
        assert says("stale") in thief.page.text
        thief.set_cookie(COOKIE, str(kept))
    assert list(bent.codes) == ["again"]


def test_of_many_who_bring_an_answer_at_once_one_is_taken(house: Site, bent: Bent, ada: str) -> None:
    visitor, back = ask(house, bent)
    racers = [house.visitor() for _ in range(6)]
    for racer in racers:
        racer.set_cookie(COOKIE, str(visitor.cookie(COOKIE)))
    start = threading.Barrier(len(racers))

    def race(racer: Visitor) -> None:
        start.wait()
        racer.go(back)

    threads = [threading.Thread(target=race, args=[racer]) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(racer.page.status_code for racer in racers) == [200] + [400] * 5
    assert house.sessions() == 1


def test_an_answer_does_nothing_in_another_browser(house: Site, bent: Bent, ada: str) -> None:
    """Signing somebody in as somebody else (login CSRF; RFC 9700, 4.7)."""
    _, back = ask(house, bent)
    victim = house.visitor()
    victim.go(back)
    refused(house, victim, 400, "stale")
    victim, _ = ask(house, bent)
    victim.go(back)
    refused(house, victim, 400, "stale")


@pytest.mark.parametrize(
    "bend",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.replace("state=", "other="),
        lambda back: back + "&state=x",
        lambda back: back + "&code=x",
        lambda back: back.replace("code=", "other="),
        lambda back: back.replace("state=", "state=%ff%00%C3%A9"),
        lambda back: back.split("?")[0],
        lambda back: back.replace("code=", "code=%00"),
        lambda back: back.replace("code=", "code=x"),
    ],
)
def test_an_answer_that_is_not_to_the_question_is_refused(
    house: Site, bent: Bent, ada: str, bend: Callable[[str], str]
) -> None:
    visitor, back = ask(house, bent)
    visitor.go(bend(back))
    refused(house, visitor, 400, "stale")
    assert visitor.cookie(COOKIE) is None


@pytest.mark.parametrize("cookie", ["", "x", "é", "a" * 44, "A" * 5000])
def test_a_question_we_never_asked_is_refused(house: Site, bent: Bent, ada: str, cookie: str) -> None:
    visitor, back = ask(house, bent)
    visitor.set_cookie(COOKIE, cookie.encode().decode("latin-1"))
    visitor.go(back)
    refused(house, visitor, 400, "stale")


def test_a_question_cannot_be_changed_or_read(house: Site, bent: Bent, ada: str) -> None:
    code = house.code(house.person())
    visitor = house.visitor()
    visitor.send("/sign-in/oidc", code=code)
    kept = str(visitor.cookie(COOKIE))
    back = Forms(visitor.page.text).links[-1]
    asked = dict(parse_qsl(urlsplit(back).query))
    assert not [value for value in (code, asked["state"], asked["nonce"]) if value in kept]
    assert not [value for value in asked.values() if value == code]
    middle = len(kept) // 2
    visitor.set_cookie(COOKIE, kept[:middle] + ("A" if kept[middle] != "A" else "B") + kept[middle + 1 :])
    visitor.go(back)
    refused(house, visitor, 400, "stale")


def test_a_question_waits_ten_minutes(house: Site, bent: Bent, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from awards.web import oidc

    monkeypatch.setattr(oidc, "SECONDS", -1)
    visitor, back = ask(house, bent)
    monkeypatch.undo()
    visitor.go(back)
    refused(house, visitor, 400, "stale")


def test_the_cookies_are_kept_from_scripts_and_other_sites(house: Site, bent: Bent, ada: str) -> None:
    visitor = house.visitor()
    started = visitor.go("/sign-in/oidc", follow=False).headers["Set-Cookie"]
    visitor.go(visitor.page.headers["Location"], follow=False)
    ended = visitor.go(visitor.page.headers["Location"], follow=False).headers["Set-Cookie"]
    assert started.startswith("__Host-")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in started
        assert ended.count(attribute) == 2
    assert "Domain" not in started + ended
    assert "Max-Age=600" in started
    assert "Max-Age=0" in ended


# Whose identity it is.


def test_an_identity_belongs_to_one_person(house: Site, bent: Bent, ada: str) -> None:
    other = house.person("Grace")
    code = house.code(other)
    visitor = house.visitor()
    visitor.send("/sign-in/oidc", code=code)
    visitor.go(Forms(visitor.page.text).links[-1])
    refused(house, visitor, 403, "taken")
    assert house.identities() == [("ada", ada)]
    bent.sub = "grace"
    visitor.send("/sign-in/oidc", code=code)
    visitor.go(Forms(visitor.page.text).links[-1])
    assert house.signed_in(visitor) == other


def test_a_code_attaches_one_identity(house: Site, bent: Bent) -> None:
    subject = house.person()
    code = house.code(subject)
    for sub, status in (("ada", 200), ("grace", 403)):
        bent.sub = sub
        visitor = house.visitor()
        visitor.send("/sign-in/oidc", code=code)
        visitor.go(Forms(visitor.page.text).links[-1])
        assert visitor.page.status_code == status
    assert house.identities() == [("ada", subject)]


def test_another_case_is_another_identity(house: Site, bent: Bent, ada: str) -> None:
    bent.sub = "Ada"
    refused(house, enter(house), 403, "unknown")


def test_nothing_of_the_provider_is_kept(house: Site, bent: Bent, ada: str, folder: Path) -> None:
    visitor, back = ask(house, bent)
    visitor.go(back)
    assert house.signed_in(visitor) == ada
    asked = bent.asked[-1]
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    secrets = [*bent.issued, code, asked["state"], asked["nonce"], CLIENT_SECRET, str(visitor.cookie(SESSION))]
    for name in ("awards.db", "keys.db"):
        kept = text_of(folder / name)
        assert not [secret for secret in secrets if secret.encode() in kept]


def test_nothing_secret_is_logged(house: Site, bent: Bent, ada: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "awards")
    visitor, back = ask(house, bent)
    visitor.go(back)
    bent.sign = by_none
    enter(house)
    logged = caplog.text + repr([record.__dict__ for record in caplog.records])
    assert "the OpenID provider failed: the ID token does not hold" in logged
    secrets = [*bent.issued, back.split("code=")[1][:16], CLIENT_SECRET, str(visitor.cookie(SESSION))]
    assert not [secret for secret in secrets if secret in logged]


def test_the_provider_may_be_down(folder: Path, tmp_path: Path) -> None:
    known = {"ISSUER": f"http://127.0.0.1:{free_port()}", "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET}
    urls = (f"sqlite:///{tmp_path / 'awards.db'}", f"sqlite:///{tmp_path / 'keys.db'}")
    with site(tmp_path, urls, free_port(), known, AWARDS_LIMITS="1") as house:
        visitor = house.visitor()
        visitor.go("/sign-in/oidc?lang=fr")
        assert (visitor.page.status_code, visitor.page.headers["Retry-After"]) == (503, "30")
        assert says("down", "fr") in visitor.page.text
        statuses = [visitor.go("/sign-in/oidc").status_code for _ in range(45)]
        assert set(statuses) == {503, 429}
        assert says("often") in visitor.page.text
        assert int(visitor.page.headers["Retry-After"]) > 0


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    urls = (f"sqlite:///{tmp_path / 'awards.db'}", f"sqlite:///{tmp_path / 'keys.db'}")
    with site(tmp_path, urls, free_port(), {}, AWARDS_OIDC_NAME="") as house:
        visitor = house.visitor()
        for path in ("/sign-in/oidc", "/sign-in/oidc/callback"):
            assert visitor.go(path).status_code == 404


def test_the_pages_say_the_same_in_every_language() -> None:
    english, french = TEXTS["en"], TEXTS["fr"]
    assert english.keys() == french.keys()
    for key, text in english.items():
        assert text.count("{name}") == french[key].count("{name}")
