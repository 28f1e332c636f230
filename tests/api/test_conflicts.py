"""Conflicts over the wire: reading changes nothing, an act sent twice is one event, a closed file shows its cover."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.api.client import Answer, Client
from tests.api.play import STATEMENT, Facts, Person, Play

POLICY = {"en": "Whoever served with a nominee declares it."}


@dataclass
class Case:
    """An edition with a conflict policy, one nomination, and a panel of three."""

    play: Play
    edition: Facts
    nomination: Facts
    member: Person
    chair: Person
    deputy: Person

    @property
    def recusals(self) -> str:
        return f"editions/{self.edition['id']}/recusals"

    def about(self, **more: str) -> Facts:
        return {"stage": "panel", "nomination": self.nomination["id"], **more}


@pytest.fixture
def case(play: Play) -> Case:
    edition = play.open(conflict_policy=POLICY)
    nomination = play.eligible(edition, play.enter(edition).token)
    seats = [play.appoint(edition, seat) for seat in ("member", "chair", "deputy")]
    play.act(edition, "close-call", {"code": "full"})
    play.act(edition, "reviewing", {"stage": "panel", "state": "open"})
    return Case(play, edition, nomination, *seats)


def test_a_file_that_is_not_opened_shows_its_cover_and_reading_it_opens_nothing(case: Case, api: Client) -> None:
    play, token = case.play, case.member.token
    review = play.assign(case.edition, case.nomination, case.member)
    path, size = f"nominations/{case.nomination['id']}", play.events()
    assert "statement" not in api.get(path, token).json
    assert api.get(f"reviews/{review['id']}/open-file", token).problem == (405, "method_not_allowed")
    assert play.events() == size
    assert api.post(f"reviews/{review['id']}/open-file", {}, token).problem == (409, "declaration_missing")
    play.did(api.post(f"reviews/{review['id']}/declare-no-conflict", {}, token))
    assert play.did(api.post(f"reviews/{review['id']}/open-file", {}, token))["statement"] == STATEMENT
    assert api.get(path, token).json["statement"] == STATEMENT


def test_a_file_opened_twenty_times_at_once_is_one_event(case: Case, api: Client) -> None:
    review = case.play.assign(case.edition, case.nomination, case.member)
    case.play.did(api.post(f"reviews/{review['id']}/declare-no-conflict", {}, case.member.token))
    size = case.play.events()

    def open_file(_: int) -> Answer:
        answer = api.post(f"reviews/{review['id']}/open-file", {}, case.member.token)
        api.close()
        return answer

    with ThreadPoolExecutor(8) as pool:
        assert {answer.status for answer in pool.map(open_file, range(20))} == {200}
    assert case.play.events() == size + 1


def test_a_recusal_sent_twice_under_a_key_is_one_and_without_a_key_refused(case: Case, api: Client) -> None:
    body = case.about(code="family-tie", text="Her brother.")
    first = api.post(case.recusals, body, case.chair.token, Idempotency_Key="once")
    assert (first.status, first.json["status"], first.json["recusal"]) == (201, "recused", "declared")
    assert first.headers["location"] == f"/api/v1/reviews/{first.json['id']}"
    size = case.play.events()
    assert api.post(case.recusals, body, case.chair.token, Idempotency_Key="once").json == first.json
    assert api.post(case.recusals, body, case.chair.token).problem == (409, "already_recused")
    assert case.play.events() == size


def test_a_recusal_of_oneself_by_name_is_a_declaration_and_of_another_is_imposed(case: Case, api: Client) -> None:
    own = case.about(code="family-tie", reviewer=case.chair.participant)
    assert api.post(case.recusals, own, case.chair.token).json["recusal"] == "declared"
    other = case.about(code="family-tie", reviewer=case.member.participant)
    assert api.post(case.recusals, other, case.deputy.token).json["recusal"] == "imposed"


@pytest.mark.parametrize("left_out", ["stage", "nomination", "code"])
def test_a_recusal_says_where_of_what_and_why(case: Case, api: Client, left_out: str) -> None:
    body = case.about(code="family-tie")
    del body[left_out]
    assert api.post(case.recusals, body, case.chair.token).problem == (422, "invalid_body")
    more = case.about(code="family-tie", how="declared")
    assert api.post(case.recusals, more, case.chair.token).problem == (422, "invalid_body")


def test_the_report_is_told_to_who_runs_the_edition_and_changes_nothing(case: Case, api: Client) -> None:
    recused = case.play.did(api.post(case.recusals, case.about(code="family-tie"), case.member.token), 201)
    path, size = f"editions/{case.edition['id']}/conflicts", case.play.events()
    [found] = case.play.did(api.get(path, case.play.secretariat))["conflicts"]
    assert (found["review"], found["how"], found["touched"], found["scores"]) == (recused["id"], "declared", [], [])
    assert api.get(path, case.member.token).problem == (403, "forbidden")
    assert api.get(path).problem == (401, "unauthenticated")
    assert case.play.events() == size


def test_affiliations_are_answered_as_stated_and_are_no_events(case: Case, api: Client) -> None:
    path, size = f"editions/{case.edition['id']}/affiliations", case.play.events()
    stated = {"participant": case.member.participant, "organisations": ["Harbour Board", "Institute of Mines"]}
    assert case.play.did(api.post(path, stated, case.play.secretariat)) == stated
    own = case.play.did(api.post(path, {"organisations": []}, case.member.token))
    assert own == {"participant": case.member.participant, "organisations": []}
    assert api.post(path, stated, case.chair.token).problem == (403, "forbidden")
    assert case.play.events() == size
