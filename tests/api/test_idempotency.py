"""A POST under an Idempotency-Key is carried out once, however often and however concurrently it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.client import Answer, Client
from tests.api.play import STATEMENT, Facts, Play

OWN: Facts = {"nominee": {"name": "Suman Gawani", "country": "IN"}, "statement": STATEMENT}
NOMINATION = {**OWN, "on_behalf_of": "Chidi"}


def test_the_same_request_again_is_answered_as_the_first(play: Play, api: Client) -> None:
    path = f"editions/{play.open()['id']}/nominations"
    first = api.post(path, NOMINATION, play.secretariat, Idempotency_Key="once")
    size = play.events()
    again = api.post(path, NOMINATION, play.secretariat, Idempotency_Key="once")
    assert (again.status, again.json, again.headers["location"]) == (201, first.json, first.headers["location"])
    assert play.events() == size


def test_another_body_under_the_same_key_is_refused(play: Play, api: Client) -> None:
    path = f"editions/{play.open()['id']}/nominations"
    assert api.post(path, NOMINATION, play.secretariat, Idempotency_Key="once").status == 201
    size = play.events()
    other = {**NOMINATION, "statement": "Another statement."}
    answer = api.post(path, other, play.secretariat, Idempotency_Key="once")
    assert answer.problem == (422, "idempotency_key_reused")
    assert play.events() == size


def test_a_key_belongs_to_who_sends_it_and_where(play: Play, api: Client) -> None:
    here, there = play.open(), play.open()
    nominator = play.enter(here)
    answers = [
        api.post(f"editions/{here['id']}/nominations", NOMINATION, play.secretariat, Idempotency_Key="k"),
        api.post(f"editions/{there['id']}/nominations", NOMINATION, play.secretariat, Idempotency_Key="k"),
        api.post(f"editions/{here['id']}/nominations", OWN, nominator.token, Idempotency_Key="k"),
    ]
    assert [answer.status for answer in answers] == [201] * 3
    assert len({answer.json["id"] for answer in answers}) == 3


def test_the_answer_of_a_repetition_is_what_stands_now(play: Play, api: Client) -> None:
    edition = play.edition()
    body = {"role": "nominator", "name": "Chidi"}
    first = api.post(f"editions/{edition['id']}/enter", body, play.secretariat, Idempotency_Key="enter")
    play.enter(edition, "auditor", "Dora")
    again = api.post(f"editions/{edition['id']}/enter", body, play.secretariat, Idempotency_Key="enter")
    assert again.json["participant"] == first.json["participant"]
    assert again.json["version"] == first.json["version"] + 1


def test_twenty_at_once_are_one_event(play: Play, api: Client) -> None:
    edition = play.open()
    path, size = f"editions/{edition['id']}/nominations", play.events()

    def send(_: int) -> Answer:
        answer = api.post(path, NOMINATION, play.secretariat, Idempotency_Key="together")
        api.close()
        return answer

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert play.events() == size + 1
    assert len(api.get(path, play.secretariat).json["items"]) == 1


def test_a_refused_request_leaves_its_key_free(play: Play, api: Client) -> None:
    edition = play.edition()
    path, key = f"editions/{edition['id']}/nominations", {"Idempotency_Key": "patience"}
    assert api.post(path, NOMINATION, play.secretariat, **key).problem == (409, "call_not_opened")
    play.act(edition, "open-call", {"opens": "2026-01-01T00:00:00Z", "closes": "2126-01-01T00:00:00Z", "zone": "UTC"})
    assert api.post(path, NOMINATION, play.secretariat, **key).status == 201


@pytest.mark.parametrize("key", ["", " ", "with space", "é", "x" * 256])
def test_a_key_that_is_none_is_refused(play: Play, api: Client, key: str) -> None:
    path, size = f"editions/{play.open()['id']}/nominations", play.events()
    answer = api.post(path, NOMINATION, play.secretariat, Idempotency_Key=key)
    assert answer.problem == (400, "invalid_header")
    assert play.events() == size
