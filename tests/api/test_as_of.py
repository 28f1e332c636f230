"""`?at=` and the difference between two moments, over HTTP."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta, timezone
from itertools import pairwise
from urllib.parse import quote

import pytest

from awards.api import GROUPS
from tests.api.client import Answer, Client
from tests.api.play import Facts, Person, Play, now, written

AS_OF = {operation.name for group in GROUPS for operation in group.declared if operation.as_of}


@dataclass
class Panel:
    """An edition with two nominations, scored by two reviewers, the second one late."""

    play: Play
    edition: Facts
    auditor: Person
    cases: list[Facts]
    review: Facts
    before: str
    """After everything but the late score."""

    def get(self, path: str, token: str | None = None) -> Answer:
        path = path.format(edition=f"editions/{self.edition['id']}")
        return self.play.api.get(path, token or self.auditor.token)


@pytest.fixture(scope="module")
def panel(play: Play) -> Panel:
    edition = play.open()
    nominator, members = play.enter(edition).token, [play.appoint(edition), play.appoint(edition)]
    cases = [play.eligible(edition, nominator, name) for name in ("Irina", "Olga")]
    play.act(edition, "close-call", {})
    play.act(edition, "reviewing", {"stage": "panel", "state": "open"})
    for case, impact in zip(cases, (4, 3), strict=True):
        play.score(play.assign(edition, case, members[0]), members[0].token, impact, impact)
    review = play.assign(edition, cases[1], members[1])
    auditor = play.enter(edition, "auditor", "Ada")
    before = written(now())
    time.sleep(0.001)
    play.score(review, members[1].token, 9, 9)
    return Panel(play, edition, auditor, cases, review, before)


def test_what_can_be_asked_as_of() -> None:
    assert {
        *("get_edition", "list_nominations", "get_nomination", "list_reviews", "get_review"),
        *("get_standing", "list_decisions", "get_decision"),
    } == AS_OF


def test_before_a_late_score_the_score_is_absent(panel: Panel) -> None:
    first, second = (case["id"] for case in panel.cases)
    for at, order in ((panel.before, [first, second]), (written(now()), [second, first])):
        standing = panel.get(f"{{edition}}/standing?stage=panel&at={at}").json
        assert [entry["nomination"] for entry in standing["ranking"]["entries"]] == order
        scores = panel.get(f"reviews/{panel.review['id']}?at={at}").json.get("scores")
        assert scores == ({"impact": 9, "reach": 9} if order[0] == second else None)


def test_a_past_keeps_its_etag_while_the_present_moves_on(panel: Panel) -> None:
    path = f"{{edition}}/standing?stage=panel&at={panel.before}"
    first = panel.get(path)
    assert first.headers["cache-control"] == "no-store"
    assert panel.get(path).etag == first.etag != panel.get("{edition}/standing?stage=panel").etag
    again = panel.play.api.get(
        path.format(edition=f"editions/{panel.edition['id']}"), panel.auditor.token, If_None_Match=first.etag
    )
    assert again.status == 304


def test_a_position_is_a_number_of_events(panel: Panel) -> None:
    size = panel.get("{edition}/standing?stage=panel").json["size"]
    for at in (size, size - 1):
        reviews = panel.get(f"{{edition}}/reviews?at={at}").json["items"]
        assert len([one for one in reviews if "scores" in one]) == (3 if at == size else 2)
    assert panel.get("{edition}?at=0").problem == (404, "not_found")


@pytest.mark.parametrize(
    "at", ["", "-1", "01", "1.0", "yesterday", "2026-05-01", "2026-13-01T00:00:00Z", "2026-05-01T12:00:00", "1e3", "²"]
)
def test_what_is_no_moment_is_told_so(panel: Panel, at: str) -> None:
    for path in ("{edition}", "{edition}/nominations", f"nominations/{panel.cases[0]['id']}"):
        answer = panel.get(f"{path}?at={quote(at)}")
        assert (answer.problem, list(answer.wrong)) == ((422, "invalid_query"), ["/at"])
    assert panel.get(f"{{edition}}/differences?from={quote(at)}").problem == (422, "invalid_query")


def test_what_has_not_happened_yet_is_refused(panel: Panel) -> None:
    for at in (written(now() + timedelta(minutes=1)), 10**15):
        assert panel.get(f"{{edition}}/decisions?at={at}").problem == (422, "not_yet")
    east = quote(now().astimezone(timezone(timedelta(hours=3))).isoformat())
    assert panel.get(f"{{edition}}/decisions?at={east}").status == 200


def test_members_ask_by_moment_and_others_not_at_all(panel: Panel, play: Play) -> None:
    member, nominator = play.appoint(panel.edition), play.enter(panel.edition)
    path, at = f"editions/{panel.edition['id']}", written(now())
    assert play.api.get(f"{path}?at={at}", member.token).status == 200
    assert play.api.get(f"{path}?at=5", member.token).problem == (403, "ask_by_moment")
    assert play.api.get(f"{path}?at={10**15}", member.token).problem == (403, "ask_by_moment")
    assert play.api.get(f"{path}?at={at}", nominator.token).problem == (403, "forbidden")
    assert play.api.get(f"{path}?at={at}").problem == (401, "unauthenticated")


def test_pages_go_on_in_the_same_past(panel: Panel, play: Play) -> None:
    start = f"editions/{panel.edition['id']}/reviews?limit=2&at={panel.before}"
    first = panel.get(start)
    cursor = first.json["next"]
    assert f"at={quote(panel.before)}" in first.headers["link"]
    follow = first.headers["link"][1:].partition(">")[0]
    for path in (follow, f"{start}&cursor={cursor}", f"{{edition}}/reviews?cursor={cursor}"):
        [late] = panel.get(path).json["items"]
        assert late["id"] == panel.review["id"]
        assert "scores" not in late
    for other in (f"at={written(now())}&", "at=7&"):
        assert panel.get(f"{{edition}}/reviews?{other}cursor={cursor}").problem == (422, "bad_cursor")
    present = panel.get("{edition}/reviews?limit=2").json["next"]
    assert "scores" in panel.get(f"{{edition}}/reviews?cursor={present}").json["items"][0]
    answer = panel.get(f"{{edition}}/reviews?at={panel.before}&cursor={present}")
    assert answer.problem == (422, "bad_cursor")


def test_nothing_is_written_as_of(panel: Panel, api: Client) -> None:
    case = panel.cases[0]["id"]
    token, before = panel.play.secretariat, panel.play.events()
    etag = api.get(f"nominations/{case}?at={panel.before}", token).etag
    body = {"nominee": {"name": "Another"}, "statement": "Amended."}
    for path, send in (
        (f"nominations/{case}", lambda path: api.put(path, body, token, If_Match=etag)),
        (f"editions/{panel.edition['id']}/reviewing", lambda path: api.post(path, {"state": "closed"}, token)),
    ):
        answer = send(f"{path}?at={panel.before}")
        assert (answer.problem, answer.wrong) == ((422, "invalid_query"), {"/at": "unknown"})
    assert panel.play.events() == before


def test_other_reads_know_no_past(panel: Panel) -> None:
    for path in ("{edition}/history", "editions", "winners"):
        assert panel.get(f"{path}?at={panel.before}").problem == (422, "invalid_query")


# --- the difference


def test_the_difference_tells_what_is_other(panel: Panel) -> None:
    first, second = (case["id"] for case in panel.cases)
    told = panel.get(f"{{edition}}/differences?from={panel.before}").json
    assert told["edition"] == panel.edition["id"]
    places = {change["nomination"]: change for change in told["changes"]}
    assert {change["what"] for change in told["changes"]} == {"standing"}
    for case, before, after in ((first, 1, 2), (second, 2, 1)):
        assert (places[case]["before"]["rank"], places[case]["after"]["rank"]) == (before, after)
        assert (places[case]["stage"], places[case]["category"]) == ("panel", "main")
    assert (places[second]["before"]["total"], places[second]["after"]["total"]) == ([3, 1], [6, 1])


def test_an_edition_differs_from_nothing_by_all_that_is_there(panel: Panel) -> None:
    beginning = "2001-01-01T00:00:00Z"
    told = panel.get(f"{{edition}}/differences?from={beginning}&to={panel.before}").json["changes"]
    assert not [change for change in told if "before" in change]
    assert [(change["what"], change["after"]) for change in told if change["what"] in ("edition", "nomination")] == [
        ("edition", {"phase": "reviewing"}),
        *[("nomination", {"status": "eligible"})] * 2,
    ]
    assert [change["after"]["rank"] for change in told if change["what"] == "standing"] in ([1, 2], [2, 1])
    assert panel.get(f"{{edition}}/differences?from={panel.before}&to={beginning}").problem == (404, "not_found")


def test_between_two_equal_moments_nothing_is_other(panel: Panel) -> None:
    at = written(now())
    assert panel.get(f"{{edition}}/differences?from={at}&to={at}").json["changes"] == []
    assert panel.get(f"{{edition}}/differences?from={at}").json["changes"] == []


def test_a_decision_and_a_shortlist_are_told_as_they_come(play: Play) -> None:
    edition = play.open()
    nominator, chair = play.enter(edition).token, play.appoint(edition, "chair")
    case = play.eligible(edition, nominator)
    play.act(edition, "close-call", {})
    play.act(edition, "reviewing", {"stage": "panel", "state": "open"})
    play.score(play.assign(edition, case, chair), chair.token, 5, 5)
    play.act(edition, "reviewing", {"stage": "panel", "state": "closed"}, chair.token)
    moments = [written(now())]
    path = f"editions/{edition['id']}"
    listed = {"stage": "panel", "category": "main", "nominations": [case["id"]]}
    play.act(edition, "shortlist", listed, chair.token)
    moments.append(written(now()))
    decision = play.did(play.api.post(f"{path}/decisions", {}, chair.token), 201)
    moments.append(written(now()))
    play.did(play.api.post(f"decisions/{decision['id']}/approve", {}, play.approver))
    moments.append(written(now()))
    winners = {"outcome": "awarded", "winners": [case["id"]], "runners_up": []}
    expected: list[list[Facts]] = [
        [{"what": "shortlist", "stage": "panel", "category": "main", "after": {"nominations": [case["id"]]}}],
        [{"what": "decision", "category": "main", "after": {"phase": "proposed", **winners}}],
        [
            {
                "what": "decision",
                "category": "main",
                "before": {"phase": "proposed", **winners},
                "after": {"phase": "approved", **winners},
            },
            {"what": "edition", "before": {"phase": "reviewed"}, "after": {"phase": "decided"}},
        ],
    ]
    for (earlier, later), changes in zip(pairwise(moments), expected, strict=True):
        for token in (play.secretariat, chair.token):
            told = play.did(play.api.get(f"{path}/differences?from={earlier}&to={later}", token))
            assert told["changes"] == changes


def test_a_difference_shows_nobody_more_than_the_two_pasts(panel: Panel, play: Play) -> None:
    member = play.appoint(panel.edition)
    told = play.api.get(f"editions/{panel.edition['id']}/differences?from={panel.before}", member.token).json
    assert "standing" not in {change["what"] for change in told["changes"]}
    path = f"editions/{panel.edition['id']}/differences"
    assert play.api.get(f"{path}?from=5", member.token).problem == (403, "ask_by_moment")
    assert play.api.get(f"{path}?from={panel.before}", play.enter(panel.edition).token).problem == (403, "forbidden")
    assert play.api.get(path, play.secretariat).problem == (422, "invalid_query")
