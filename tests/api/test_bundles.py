"""Bundles over real HTTP: for whom, as what, how often, and from a file that is gone when it is sent."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest

from awards.access import OPERATOR
from awards.application.desk import Arrival
from awards.settings import Settings
from tests.api.client import Answer
from tests.api.conftest import serving
from tests.api.play import Facts, Play, now


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A service on SQLite that publishes its log, with the limits there are."""
    folder = tmp_path_factory.mktemp("bundles")
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{folder / 'awards.db'}", "AWARDS_PORT": "0", "AWARDS_LIMITS": "1"}
    with serving(Settings.from_environment(environ)) as play:
        yield play


@pytest.fixture(scope="module")
def edition(play: Play) -> Facts:
    """An edition with a nomination."""
    edition = play.open()
    play.submit(edition, play.secretariat, "Irina Šimić")
    return edition


def staff(play: Play, role: str, award: str) -> str:
    people, arrival = play.service.application.people, Arrival(OPERATOR, now())
    return people.issue_token(arrival, people.register(arrival, role, role, award), role, award)


def asked(play: Play, edition: Facts, token: str | None, profile: str = "auditor", **headers: str) -> Answer:
    return play.api.get(f"editions/{edition['id']}/bundle?profile={profile}", token, **headers)


def files(answer: Answer) -> dict[str, bytes]:
    """What is in the bundle that was sent, having checked how."""
    assert answer.status == 200, answer.data[:500]
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.data)
    name = re.fullmatch(r'attachment; filename="([0-9a-f-]{36}-\d+-(?:auditor|public))\.zip"', said(answer))
    assert name
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {one.removeprefix(f"{name[1]}/"): archive.read(one) for one in archive.namelist()}


def said(answer: Answer) -> str:
    return answer.headers["content-disposition"]


def test_auditors_of_the_edition_its_award_and_all_get_it_opened(play: Play, edition: Facts) -> None:
    answers = [
        asked(play, edition, token)
        for token in (
            play.enter(edition, "auditor", "Ada").token,
            staff(play, "auditor", edition["award"]),
            staff(play, "auditor", "*"),
        )
    ]
    for answer in answers:
        assert b"Irina" in files(answer)["data/report.html"]


def test_the_secretariat_gets_what_may_be_published_and_others_nothing(play: Play, edition: Facts) -> None:
    found = files(asked(play, edition, play.secretariat, "public"))
    assert b"Irina" not in b"".join(found.values())
    assert asked(play, edition, play.secretariat).problem == (403, "forbidden")
    chair, nominator = play.appoint(edition, "chair").token, play.enter(edition).token
    for token, status in ((chair, 403), (nominator, 403), (play.approver, 403), (None, 401)):
        for profile in ("auditor", "public"):
            assert asked(play, edition, token, profile).problem[0] == status
    elsewhere = play.enter(play.edition(), "auditor", "Eve").token
    assert [asked(play, edition, elsewhere, profile).problem[0] for profile in ("auditor", "public")] == [403, 403]


def test_it_has_to_be_said_for_whom_and_of_what(play: Play, edition: Facts) -> None:
    token = staff(play, "auditor", "*")
    assert play.api.get(f"editions/{edition['id']}/bundle", token).problem == (422, "invalid_query")
    assert asked(play, edition, token, "everything").problem == (422, "invalid_query")
    assert asked(play, {"id": "6f1d9a52-2b0e-4c39-9c55-6a1f0c7a1e77"}, token).problem == (404, "not_found")


def test_the_same_log_is_not_sent_twice(play: Play, edition: Facts) -> None:
    token = play.enter(edition, "auditor", "Ines").token
    first, second = asked(play, edition, token), asked(play, edition, token)
    assert (first.data, first.etag) == (second.data, second.etag)
    unchanged = asked(play, edition, token, If_None_Match=first.etag)
    assert (unchanged.status, unchanged.data, unchanged.etag) == (304, b"", first.etag)
    play.award()
    later = asked(play, edition, token, If_None_Match=first.etag)
    assert (later.status, later.etag != first.etag) == (200, True)
    head = play.api.send("HEAD", f"editions/{edition['id']}/bundle?profile=auditor", token=token)
    assert (head.status, head.data, head.etag) == (200, b"", later.etag)


def test_who_asks_too_often_has_to_wait(play: Play, edition: Facts) -> None:
    token, other = (play.enter(edition, "auditor", name).token for name in ("Ulla", "Vera"))
    answers = [asked(play, edition, token, "public") for _ in range(7)]
    assert [answer.status for answer in answers] == [200] * 6 + [429]
    assert int(answers[-1].headers["retry-after"]) > 10
    assert asked(play, edition, other, "public").status == 200


def test_the_document_says_who_gets_what(play: Play) -> None:
    told = play.api.get("/api/openapi.json").json["paths"]["/api/v1/editions/{edition}/bundle"]["get"]
    assert [one["permission"] for one in told["x-permissions"]] == ["bundle.export", "bundle.publish"]
    assert list(told["responses"]["200"]["content"]) == ["application/zip"]
    assert "429" in told["responses"]
    assert [one["name"] for one in told["parameters"] if one["in"] == "query"] == ["profile"]
