"""Blind means blind: over a real server, what a reader is kept from is in no byte of no answer of no door."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.api.client import Answer
from tests.api.leaks import OUTSIDE, PANEL, PHASES, STAFF, Stage, told
from tests.api.play import Play
from tests.soak import SOAK

SINCE = ("always", "own_in", "closed", "decided", "announced", "never")
ROLES = (*OUTSIDE, *PANEL, *STAFF)
ASPECTS = ("nominator", "nominee", "scores", "comments", "reviewers", "standing")
AT_WORK = {
    *(("secretariat", aspect) for aspect in ("nominator", "nominee", "reviewers")),
    *((role, "reviewers") for role in ("chair", "deputy")),
}
JUDGED = ("scores", "comments", "standing")
REACHED = {"before": "always", "own_in": "own_in", "closed": "closed", "decided": "decided", "announced": "announced"}


def allowed(aspect: str, role: str, since: str) -> str:
    """Since when a role sees an aspect in an edition that asks for `since` wherever that is allowed."""
    if role == "auditor" or (role, aspect) in AT_WORK:
        return "always"
    if role == "nominator" and aspect != "nominator":
        return "always" if aspect == "nominee" else "never"
    if role in PANEL:
        return "own_in" if aspect in JUDGED and since == "always" else since
    return "closed" if since == "own_in" else since


def sight(since: dict[str, str]) -> dict[str, dict[str, str]]:
    return {aspect: {role: allowed(aspect, role, since[aspect]) for role in ROLES} for aspect in ASPECTS}


def is_reached(since: str, role: str, phase: str) -> bool:
    reached = "always" if phase == "own_in" and role not in PANEL else REACHED[phase]
    return since != "never" and SINCE.index(since) <= SINCE.index(reached)


CASES = {
    f"{since} and on": {aspect: SINCE[(turn + place) % len(SINCE)] for place, aspect in enumerate(ASPECTS)}
    for turn, since in enumerate(SINCE)
}
"""Every aspect since every moment, and no two aspects since the same."""


# The rules are not read by the database: one kind will do, but for a soak.
@pytest.mark.parametrize("play", ["sqlite", "postgres"] if SOAK else ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", CASES)
def test_what_is_planted_appears_exactly_when_the_rules_say(play: Play, case: str) -> None:
    rules = sight(CASES[case])
    stage = Stage(play, rules)
    wrong = []
    for phase in PHASES:
        stage.go(phase)
        for reader in ROLES:
            seen = stage.seen(reader).text
            for aspect, planted in stage.planted().items():
                own = planted[:1] if reader == "nominator" and aspect == "nominator" else planted
                shown = is_reached(rules[aspect][reader], reader, phase)
                found = [one for one in own if (one in seen) != shown]
                if not shown and reader != "nominator" and (phase, aspect) != ("announced", "standing"):
                    found += [one for one in stage.derived().get(aspect, []) if one in seen]
                if found:
                    wrong.append((phase, reader, aspect, shown, found))
    assert wrong == []


def test_links_and_the_public_learn_nothing_of_the_deliberation(play: Play) -> None:
    stage = Stage(play)
    for phase in PHASES:
        stage.go(phase)
        for reader in ("nominee", "endorser", None):
            seen = stage.seen(reader).text
            hidden = {aspect: planted for aspect, planted in stage.planted().items() if aspect != "nominee"}
            if reader == "endorser":
                hidden["nominator"] = hidden["nominator"][1:]
            assert [one for planted in hidden.values() for one in planted if one in seen] == [], (phase, reader)


# --- nothing that is not seen changes what is


def test_an_etag_stays_while_only_what_is_not_seen_changes(play: Play) -> None:
    hidden = {"nominator": dict.fromkeys(PANEL, "never")}
    stage = Stage(play, hidden)
    readers = ("reviewer", "chair", "deputy", "nominator", "nominee")
    before = {reader: stage.seen(reader, public=False).etags for reader in readers}
    stage.score("rudi", 936, 952, "Said otherwise.")
    link = play.link(stage.case, "endorser")
    stage._did(f"nominations/{stage.case['id']}/endorse", {"name": "Eve", "statement": "So was I."}, link)
    play.enter(stage.edition, "nominator", "Another nominator")
    assert {reader: stage.seen(reader, public=False).etags for reader in readers} == before


def test_a_reviewer_learns_of_others_progress_from_nothing(play: Play) -> None:
    stage = Stage(play)
    before = stage.seen("reviewer", public=False).etags
    stage.score("chair", 1, 2)
    play.assign(stage.edition, stage.other, stage.rudi)
    assert stage.seen("reviewer", public=False).etags == before


# --- recusal, and a part of one's own


def recuse(stage: Stage, who: str, case: dict[str, Any]) -> None:
    """Somebody declares a conflict, before or after scoring."""
    path = f"reviews/{stage.reviews[who]['id']}/declare-conflict"
    assert stage.api.post(path, {"code": "same-unit"}, stage.token(who)).status == 200


def same(one: Answer, other: Answer) -> bool:
    return (one.status, one.data, told(one.headers)) == (other.status, other.data, told(other.headers))


@pytest.fixture(params=["reviewer", "chair"])
def recused(play: Play, request: pytest.FixtureRequest) -> tuple[Stage, str]:
    """A stage with three ranked nominations, and who is recused from the best one."""
    stage = Stage(play)
    who: str = request.param
    for place, other in enumerate((stage.other, stage.third_case)):
        for name in ("reviewer", "chair", "rudi"):
            stage.reviews[f"{name} {place}"] = play.assign(stage.edition, other, stage.person(name))
            stage.score(name, 50 - place, 50, review=f"{name} {place}")
    recuse(stage, who, stage.case)
    return stage, who


def test_whoever_is_recused_finds_no_trace_of_the_nomination(recused: tuple[Stage, str]) -> None:
    stage, who = recused
    own = stage.reviews[who]
    traces = {
        *(stage.case["id"], *(stage.names[name] for name in ("nominee", "unit", "comment")), '"impact":937'),
        *(review["id"] for name, review in stage.reviews.items() if name in (*PANEL, "rudi") and name != who),
    }
    for phase in ("before", "closed"):
        stage.go(phase)
        answers = {
            path: answer for path, answer in stage.seen(who).answers.items() if own["id"] not in answer.data.decode()
        }
        text = "\n".join(f"{answer.data.decode()} {answer.headers}" for answer in answers.values())
        assert [trace for trace in traces if trace in text] == []
        edition = stage.api.get(f"editions/{stage.edition['id']}", stage.token(who)).json
        assert edition["nominations"] == 2
        assert "version" not in edition


def test_ranks_leave_no_gap_where_the_nomination_is(recused: tuple[Stage, str]) -> None:
    stage, who = recused
    path = f"editions/{stage.edition['id']}/standing?stage=panel"
    for phase in ("before", "closed"):
        stage.go(phase)
        seen = stage.api.get(path, stage.token(who)).json
        assert [(entry["rank"], entry["nomination"]) for entry in seen["ranking"]["entries"]] == [
            (1, stage.other["id"]),
            (2, stage.third_case["id"]),
        ]
        assert seen["ranking"]["unranked"] == []
        assert "size" not in seen


def test_a_page_of_one_is_full_whatever_lies_between(recused: tuple[Stage, str]) -> None:
    stage, who = recused
    for what in ("nominations", "reviews", "history"):
        path = f"/api/v1/editions/{stage.edition['id']}/{what}"
        whole = stage.api.get(f"{path}?limit=200", stage.token(who)).json["items"]
        pages = [stage.api.get(f"{path}?limit=1", stage.token(who))]
        while "link" in pages[-1].headers:
            pages.append(stage.api.get(pages[-1].headers["link"].split(">")[0][1:], stage.token(who)))
        assert [page.json["items"] for page in pages] == [[item] for item in whole]


def test_to_whoever_is_recused_the_nomination_is_as_if_it_were_not_there(recused: tuple[Stage, str]) -> None:
    stage, who = recused
    token, nobody = stage.token(who), str(uuid.uuid4())
    others = [review["id"] for name, review in stage.reviews.items() if name in (*PANEL, "rudi") and name != who]
    for known in (stage.case["id"], *others):
        for noun, acts in ACTS.items():
            for method, act, body in acts:
                asked = [f"/api/v1/{noun}/{one}{act}" for one in (known, nobody)]
                answers = [
                    stage.api.send(method, path, body, token, headers={"If-Match": "*"} if method == "PUT" else None)
                    for path in asked
                ]
                assert same(*answers), (noun, act, [answer.text for answer in answers])
        path = f"editions/{stage.edition['id']}/history?stream="
        assert same(*(stage.api.get(path + one, token) for one in (known, nobody)))


ACTS: dict[str, list[tuple[str, str, Any]]] = {
    "nominations": [
        ("GET", "", None),
        ("PUT", "", {"nominee": {"name": "X"}, "statement": "X"}),
        ("POST", "/withdraw", {}),
        ("POST", "/endorse", {"name": "X", "statement": "X"}),
        ("POST", "/rule", {"outcome": "eligible", "rule": "x", "code": "x"}),
        ("POST", "/answer", {"answer": "accepted"}),
    ],
    "reviews": [
        ("GET", "", None),
        ("PUT", "", {"scores": {"impact": 1, "reach": 1}}),
        ("POST", "/decline", {"code": "x"}),
        ("POST", "/declare-conflict", {"code": "x"}),
        ("POST", "/recuse", {"code": "x"}),
    ],
}


def test_a_chair_cannot_ask_by_assigning(recused: tuple[Stage, str]) -> None:
    stage, who = recused
    if who != "chair":
        return
    path, token = f"editions/{stage.edition['id']}/reviews", stage.token(who)
    body = {"stage": "panel", "reviewer": stage.people["deputy"].participant}
    assert same(
        *(stage.api.post(path, body | {"nomination": one}, token) for one in (stage.case["id"], str(uuid.uuid4())))
    )


def test_when_it_is_decided_whoever_is_recused_sees_the_final_ranking_and_nothing_more(play: Play) -> None:
    stage = Stage(play)
    recuse(stage, "reviewer", stage.case)
    for phase in ("closed", "decided"):
        stage.go(phase)
    token = stage.token("reviewer")
    ranking = stage.api.get(f"editions/{stage.edition['id']}/standing?stage=panel", token).json["ranking"]
    assert ranking["entries"] == [{"nomination": stage.case["id"], "rank": 1}]
    told_of = stage.api.get(f"decisions/{stage.decision}", token).json
    assert told_of.keys() == {"id", "edition", "category", "stage", "phase"}
    assert stage.api.get(f"nominations/{stage.case['id']}", token).status == 404
    whole = stage.seen("reviewer").text
    assert [one for one in (stage.names["unit"], stage.names["comment"], '"impact":937') if one in whole] == []


def test_under_an_embargo_nobody_kept_from_it_learns_who_won(play: Play) -> None:
    stage = Stage(play)
    participant = stage.api.get(f"nominations/{stage.case['id']}", stage.token("secretariat")).json["nominee"]
    recuse(stage, "reviewer", stage.case)
    for phase in ("closed", "decided"):
        stage.go(phase)
    stage.announce(timedelta(hours=1))
    assert participant["participant"] not in stage.seen("reviewer").text
    assert stage.names["nominee"] not in stage.seen("reviewer").text
    assert participant["participant"] in stage.seen("chair").text


# --- ids that can be worked out


def test_the_id_of_a_decision_does_not_tell_whether_it_is_there(play: Play) -> None:
    stage = Stage(play)
    strangers = [stage.token("nominator"), stage.token("nominee"), Stage(play).token("chair")]
    before = [_ask(stage, token) for token in strangers]
    for phase in ("own_in", "closed", "decided"):
        stage.go(phase)
    after = [_ask(stage, token) for token in strangers]
    assert all(same(one, other) for b, a in zip(before, after, strict=True) for one, other in zip(b, a, strict=True))


def _ask(stage: Stage, token: str) -> list[Answer]:
    path = f"decisions/{stage.decision}"
    acts = {"approve": {}, "announce": {"citations": {stage.case["id"]: {"en": "X"}}}, "revoke": {"winner": NOBODY}}
    return [stage.api.get(path, token), *(stage.api.post(f"{path}/{act}", body, token) for act, body in acts.items())]


NOBODY = str(uuid.UUID(int=0, version=4))


@pytest.mark.parametrize("play", ["sqlite", "postgres"] if SOAK else ["sqlite"], indirect=True)
def test_a_planted_vote_is_shown_when_the_own_is_in_and_a_secret_one_to_the_auditor_alone(play: Play) -> None:
    stage = Stage(play)
    first, second, third = sorted(case["id"] for case in (stage.case, stage.other, stage.third_case))
    # Against the order of ids, in which counts name options: nothing but a vote reads like this.
    asked: dict[str, Any] = {"options": [first, second, third], "quorum": 1}
    openly, secretly = stage.ask(**asked), stage.ask(**asked, secret=True)
    stage.vote("rudi", openly, [first], [third, second])
    stage.vote("rudi", secretly, [second], [third, first])
    in_clear, hidden = f'["{third}","{second}"]', f'["{third}","{first}"]'

    def showing(mark: str) -> set[str]:
        return {reader for reader in (*ROLES, "rudi", "nominee", "endorser") if mark in stage.seen(reader).text}

    assert (showing(in_clear), showing(hidden)) == ({*STAFF, "rudi"}, set())
    stage.vote("reviewer", openly)
    assert (showing(in_clear), showing(hidden)) == ({*STAFF, "rudi", "reviewer"}, set())
    for ballot in (openly, secretly):
        stage.play.did(stage.api.post(f"ballots/{ballot}/close", None, stage.token("chair")))
    assert (showing(in_clear), showing(hidden)) == ({*STAFF, *PANEL, "rudi"}, {"auditor"})
    for phase in PHASES[1:]:
        stage.go(phase)
    assert (showing(in_clear), showing(hidden)) == ({*STAFF, *PANEL, "rudi"}, {"auditor"})
    assert "ballot" not in stage.seen(None).text
