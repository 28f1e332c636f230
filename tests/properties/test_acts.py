"""Random acts by random roles: nothing is recorded that no permission allowed, and nothing shown that nobody may see.

1. Every event was allowed: whoever is behind it acted in a role that the event is for and that was held at that
   moment; scores come from the reviewer, while reviewing is open, and never from somebody recused or with a part in the
   case; nobody lifts her own recusal; what is proposed by one person is approved by another (`Record.breaches`).
2. No response, of any read, header or body, shows a value that the reader must not see at that moment: nobody's scores
   and comments before one's own are in or the stage is closed; nothing of a nomination to whoever is recused from it or
   has a part in it; to nominators and link holders their own nomination and nothing of its judging; to anybody what is
   public; and what else the edition's rules of sight, which are drawn, keep back (`Record.hidden`).
3. Nothing is answered with an error of the server, and a refusal records nothing.

The second reading of the log in `oracle` decides, not the code under test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.api.conftest import running
from tests.api.play import Play
from tests.properties.committee import ACTS, PHASES, Committee
from tests.soak import SOAK, rounds
from tests.verifier.histories import history_of, lines_of, opened_in, told_of


@pytest.fixture(scope="module", params=["sqlite", "postgres"] if SOAK else ["sqlite"])
def play(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with running(request, tmp_path_factory) as play:
        yield play


POLICY = {"conflict_policy": {"en": "Who is kin, kind or colleague stays away."}}
PANEL = ("reviewer", "chair", "deputy")
SINCE = ["own_in", "closed", "decided", "announced", "never"]


def sights() -> st.SearchStrategy[dict[str, dict[str, str]]]:
    """Any rules of sight that may be made."""
    later = st.sampled_from(["always", *SINCE[1:]])
    panel = {role: st.sampled_from(SINCE) for role in PANEL}
    judged = st.fixed_dictionaries({}, optional=panel | {"secretariat": later, "approver": later})
    panel = {role: st.sampled_from(["always", *SINCE]) for role in PANEL}
    known = st.fixed_dictionaries({}, optional=panel | {"approver": later})
    aspects = dict.fromkeys(("scores", "comments", "standing"), judged)
    aspects |= dict.fromkeys(("nominator", "nominee"), known)
    return st.fixed_dictionaries({}, optional=aspects)


class Acts(RuleBasedStateMachine):
    """An edition in which anybody tries anything."""

    play: Play
    committee: Committee

    @initialize(phase=st.sampled_from(PHASES), sight=sights(), policy=st.sampled_from([{}, POLICY]))
    def begin(self, phase: str, sight: dict[str, dict[str, str]], policy: dict[str, Any]) -> None:
        """An edition that took its course up to a phase, under any rules of sight."""
        self.committee = Committee.begin(self.play, sight=sight, **policy)
        self.committee.catch_up()
        self.committee.advance(phase)

    @rule(data=st.data())
    def tries(self, data: st.DataObject) -> None:
        """Somebody tries something, allowed or not."""
        who = data.draw(st.sampled_from(sorted(self.committee.people)), "who")
        name = data.draw(st.sampled_from(ACTS), "what")
        before = self.committee.position
        answer = self.committee.act(who, name, lambda things: data.draw(st.sampled_from(list(things))))
        assert answer.status < 500, answer.text
        if answer.status >= 400:
            assert self.committee.position == before

    @rule(data=st.data(), role=st.sampled_from(["nominee", "endorser"]))
    def links(self, data: st.DataObject, role: str) -> None:
        """A link goes out."""
        if nominations := self.committee.known()["nomination"]:
            self.committee.link(data.draw(st.sampled_from(nominations), "which"), role)

    @rule(data=st.data())
    def reads(self, data: st.DataObject) -> None:
        """Somebody looks at everything."""
        who = data.draw(st.sampled_from(sorted(self.committee.people)), "who")
        self._look(who)

    @invariant()
    def all_was_allowed(self) -> None:
        assert self.committee.record.breaches == []

    def teardown(self) -> None:
        """In the end, everybody looks; and a second program finds nothing wrong in what happened."""
        for who in self.committee.people:
            self._look(who)
        lines = lines_of(self.play.service)
        opened, edition = opened_in(self.play.service, lines), self.committee.edition["id"]
        assert told_of(history_of(lines, edition, opened), edition) == []

    def _look(self, who: str) -> None:
        found = self.committee.leaks(who)
        assert not found, "\n".join(found)


def test_random_acts_by_random_roles(play: Play) -> None:
    machine = type("ActsOf", (Acts,), {"play": play})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=rounds(10, 300),
            stateful_step_count=40,
            deadline=None,
            # What fails is told as it happened: to find the shortest way there takes minutes.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
