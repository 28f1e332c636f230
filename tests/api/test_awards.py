"""Awards over HTTP: made once, read by anybody, replaced only by who has read them."""

from __future__ import annotations

import pytest

from tests.api.client import Client
from tests.api.play import Play

TEXTS = {"name": {"en": "Renamed"}, "awarding_body": {"en": "The Office"}}


def test_is_made_where_the_answer_says(play: Play, api: Client) -> None:
    made = api.post(
        "awards",
        {"slug": "valour", "name": {"en": "Valour"}, "awarding_body": {"en": "The Office"}, "since": "2016"},
        play.secretariat,
    )
    assert made.status == 201
    read = api.get(made.headers["location"])
    assert (read.json, read.etag) == (made.json, made.etag)
    assert read.json == {
        "id": made.json["id"],
        "slug": "valour",
        "name": {"en": "Valour"},
        "awarding_body": {"en": "The Office"},
        "since": "2016",
        "discontinued": False,
        "version": 1,
    }


def test_is_read_by_slug_and_by_id_from_any_origin(play: Play, api: Client) -> None:
    award = play.award()
    by_slug, by_id = api.get(f"awards/{award['slug']}"), api.get(f"awards/{award['id']}")
    assert by_slug.json == by_id.json == award
    assert by_slug.headers["access-control-allow-origin"] == "*"
    assert api.get("awards/never-heard-of").problem == (404, "not_found")


def test_a_slug_is_given_once(play: Play, api: Client) -> None:
    award = play.award()
    again = {name: award[name] for name in ("slug", "name", "awarding_body")}
    assert api.post("awards", again, play.secretariat).problem == (409, "award_exists")


def test_is_replaced_by_who_has_read_it(play: Play, api: Client) -> None:
    path = f"awards/{play.award(purpose={'en': 'Why it is given.'})['slug']}"
    read = api.get(path)
    replaced = api.put(path, TEXTS, play.secretariat, If_Match=read.etag)
    assert replaced.status == 200
    assert replaced.json["name"] == {"en": "Renamed"}
    assert "purpose" not in replaced.json  # a replace leaves nothing of what was there
    assert api.get(path).etag == replaced.etag != read.etag


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({}, (428, "precondition_required")),
        ({"If_Match": '"of-another-version"'}, (412, "stale")),
        ({"If_Match": "nonsense"}, (412, "stale")),
    ],
)
def test_is_not_replaced_blindly(play: Play, api: Client, headers: dict[str, str], problem: tuple[int, str]) -> None:
    path = f"awards/{play.award()['slug']}"
    before, size = api.get(path), play.events()
    assert api.put(path, TEXTS, play.secretariat, **headers).problem == problem
    assert api.get(path).json == before.json
    assert play.events() == size


def test_the_second_of_two_who_read_the_same_is_stale(play: Play, api: Client) -> None:
    path = f"awards/{play.award()['slug']}"
    etag = api.get(path).etag
    assert api.put(path, TEXTS, play.secretariat, If_Match=etag).status == 200
    assert api.put(path, TEXTS, play.secretariat, If_Match=etag).problem == (412, "stale")


def test_an_unchanged_award_is_not_sent_again(play: Play, api: Client) -> None:
    path = f"awards/{play.award()['slug']}"
    read = api.get(path)
    again = api.get(path, If_None_Match=f'"other", W/{read.etag}')
    assert (again.status, again.data, again.etag) == (304, b"", read.etag)


def test_a_discontinued_award_takes_no_edition(play: Play, api: Client) -> None:
    path = f"awards/{play.award()['slug']}"
    ended = play.did(api.post(f"{path}/discontinue", {"effective": "2025"}, play.secretariat))
    assert ended["discontinued"] is True
    etag = api.get(path).etag
    assert api.put(path, TEXTS, play.secretariat, If_Match=etag).problem == (409, "award_discontinued")


def test_pages_hold_every_award_once(play: Play, api: Client) -> None:
    made = {play.award()["slug"] for _ in range(5)}
    listed: list[str] = []
    path = "awards?limit=2"
    while path:
        page = api.get(path)
        assert page.status == 200
        assert len(page.json["items"]) <= 2
        listed += [award["slug"] for award in page.json["items"]]
        link = page.headers.get("link")
        assert ("next" in page.json) == (link is not None)
        path = link.partition(">")[0].lstrip("<") if link else ""
    assert listed == sorted(set(listed))
    assert made <= set(listed)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("cursor=bm90LW91cnM", (422, "bad_cursor")),
        ("cursor=%00", (422, "invalid_query")),
        ("limit=0", (422, "invalid_query")),
        ("limit=201", (422, "invalid_query")),
        ("limit=2&limit=3", (422, "invalid_query")),
        ("sort=name", (422, "invalid_query")),
    ],
)
def test_a_bad_page_is_refused(api: Client, query: str, problem: tuple[int, str]) -> None:
    assert api.get(f"awards?{query}").problem == problem


def test_a_cursor_is_good_for_its_own_list(play: Play, api: Client) -> None:
    play.award(), play.award()
    cursor = api.get("awards?limit=1").json["next"]
    assert api.get(f"winners?cursor={cursor}").problem == (422, "bad_cursor")


def test_needs_the_secretariat(play: Play, api: Client) -> None:
    award = play.award()
    body = {**TEXTS, "slug": "of-my-own"}
    assert api.post("awards", body).problem == (401, "unauthenticated")
    assert api.post("awards", body).headers["www-authenticate"].startswith("Bearer")
    assert api.post("awards", body, "awd_" + "0" * 49).problem == (401, "unauthenticated")
    assert api.post("awards", body, play.approver).problem == (403, "forbidden")
    path = f"awards/{award['slug']}"
    assert api.put(path, TEXTS, play.approver, If_Match=api.get(path).etag).problem == (403, "forbidden")
