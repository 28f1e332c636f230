"""Random acts by random roles: nothing is recorded that no permission allowed, and nothing shown that nobody may see.

1. Every event was allowed: whoever is behind it acted in a role that the event is for and that was held at that
   moment; scores come from the reviewer, while reviewing is open, and never from somebody recused or with a part in the
   case; nobody lifts her own recusal; what is proposed by one person is approved by another (`Record.breaches`).
2. No response, of any read, header or body, shows a value that the reader must not see at that moment: nobody's scores
   and comments before one's own are in or the stage is closed; nothing of a nomination to whoever is recused from it or
   has a part in it; to nominators and link holders their own nomination and nothing of its judging; to anybody what is
   public (`Record.hidden`).
3. Nothing is answered with an error of the server, and a refusal records nothing.

The second reading of the log in `oracle` decides, not the code under test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.api.conftest import running
from tests.api.play import Play
from tests.properties.committee import ACTS, PHASES, Committee
from tests.soak import SOAK, rounds


@pytest.fixture(scope="module", params=["sqlite", "postgres"] if SOAK else ["sqlite"])
def play(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with running(request, tmp_path_factory) as play:
        yield play


class Acts(RuleBasedStateMachine):
    """An edition in which anybody tries anything."""

    play: Play
    committee: Committee

    @initialize(phase=st.sampled_from(PHASES))
    def begin(self, phase: str) -> None:
        """An edition that took its course up to a phase."""
        self.committee = Committee.begin(self.play)
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
        assert self.committee.leaks(who) == []

    @invariant()
    def all_was_allowed(self) -> None:
        assert self.committee.record.breaches == []

    def teardown(self) -> None:
        """In the end, everybody looks."""
        for who in self.committee.people:
            assert self.committee.leaks(who) == []


def test_random_acts_by_random_roles(play: Play) -> None:
    machine = type("ActsOf", (Acts,), {"play": play})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=rounds(10, 300),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
