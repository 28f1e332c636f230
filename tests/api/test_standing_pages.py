"""The standing in pages: the same places, whatever the size of a page, as far as each reader sees them."""

from __future__ import annotations

from typing import Any

from tests.api.client import Client
from tests.api.play import Play
from tests.api.test_course import reviewed


def pages(api: Client, path: str, token: str, limit: int) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while True:
        page = api.get(f"{path}&limit={limit}{cursor}", token)
        assert page.status == 200, page
        found.append(page.json["ranking"])
        assert ("next" in page.json) == ("link" in page.headers)
        if "next" not in page.json:
            return found
        cursor = f"&cursor={page.json['next']}"


def test_pages_make_up_the_whole(play: Play, api: Client) -> None:
    edition, chair, _ = reviewed(play, [(5, 5), (9, 3), (9, 3), (1, 1)])
    path = f"editions/{edition['id']}/standing?stage=panel"
    whole = api.get(path, chair.token)
    assert "next" not in whole.json
    for limit, count in ((1, 4), (3, 2), (4, 1), (200, 1)):
        found = pages(api, path, chair.token, limit)
        assert len(found) == count
        assert [entry for page in found for entry in page["entries"]] == whole.json["ranking"]["entries"]
        assert {page["decided_by"] for page in found} == {whole.json["ranking"]["decided_by"]}


def test_a_cursor_of_another_list_is_none_of_this(play: Play, api: Client) -> None:
    edition, chair, _ = reviewed(play, [(5, 5), (9, 3)])
    there = f"editions/{edition['id']}"
    cursor = api.get(f"{there}/nominations?limit=1", chair.token).json["next"]
    refused = api.get(f"{there}/standing?stage=panel&cursor={cursor}", chair.token)
    assert refused.problem == (422, "bad_cursor")
