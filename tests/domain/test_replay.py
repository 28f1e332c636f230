"""Whatever is recorded can be applied, gives the same state again, and never reaches into another copy."""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.duties import SEAT_ROLES
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.refusals import Refusal
from awards.domain.review import Review
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.subject import Subject
from awards.domain.values import instant
from tests.domain.cases import PANEL, RULES
from tests.domain.story import AWARD, EDITION, HOMES, MAPPER, STREAMS, act, day, sealed, who
from tests.domain.test_balloting import QUESTION
from tests.soak import rounds

STREAM_CLASSES: tuple[type[Stream], ...] = (Award, Edition, Nomination, Review, Decision, Subject)
pytestmark = pytest.mark.soak
OFTEN = settings(max_examples=rounds(40, 2_000))
Recorded = tuple[type[StreamEvent], dict[str, Any]]

people = st.sampled_from([who(number) for number in range(1, 6)])
persons = st.frozensets(people, max_size=2)
erasable = st.sampled_from(["case", "public", "account"])
words = st.sampled_from(["panel", "final", "main", "chair", "nominator", "secretariat", "auditor", "x"])
moments = st.integers(1, 28).map(day)
acts = st.builds(act, people, st.sampled_from(["secretariat", "chair", "approver"]), moments)
references = st.builds(sealed, words, people)
members = st.lists(st.fixed_dictionaries({"participant": people, "name": references}), max_size=2)
nominees = st.fixed_dictionaries(
    {"kind": st.sampled_from(["person", "team"]), "participant": people, "attributes": st.just({})},
    optional={"members": members},
)
winners = st.fixed_dictionaries(
    {"kind": st.just("person"), "participant": people, "nomination": people, "attributes": st.just({})}
)
appeal_outcomes = st.sampled_from(["upheld", "dismissed"])
scores = st.fixed_dictionaries({"impact": st.integers(0, 6)}, optional={"reach": st.integers(1, 5)})

# What a field holds, by its name where the type says too little, else by its type.
BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("opens", "closes"), moments.map(instant)),
    **dict.fromkeys(("embargo", "due"), st.none() | moments.map(instant)),
    "seat": st.sampled_from(sorted(SEAT_ROLES)),
    "rules": st.just(RULES),
    "nominee": nominees,
    "scores": scores,
    **dict.fromkeys(("participant", "reviewer", "nominator", "endorser"), people),
    "classes": st.lists(erasable, unique=True),
    "kept": st.none() | st.just({"public": "archive"}),
    "outcome": st.sampled_from(["awarded", "withheld", "upheld", "dismissed"]),
}
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: words | people,
    str | None: st.none() | words,
    list[str]: st.lists(people, max_size=3),
    list[dict[str, Any]]: st.lists(winners, max_size=2),
    dict[str, Any]: winners,
    dict[str, Any] | None: st.none() | references,
    Any: words,
}
COMMON = {member.name for member in fields(StreamEvent)} | {"originator_topic"}


def events_of(stream: type[Stream]) -> list[type[StreamEvent]]:
    return [found for found in vars(stream).values() if isinstance(found, type) and "TOPIC" in vars(found)]


@st.composite
def recorded(draw: st.DrawFn, event_class: type[StreamEvent]) -> Recorded:
    """An event with any values that its fields may hold."""
    hints = get_type_hints(event_class)
    own = [member.name for member in fields(event_class) if member.name not in COMMON]
    strategies = {name: BY_NAME.get(name, BY_TYPE.get(hints[name], st.just({}))) for name in own}
    return event_class, {name: draw(strategy) for name, strategy in strategies.items()}


@st.composite
def histories(draw: st.DrawFn, stream: type[Stream]) -> list[Recorded]:
    """A first event and then any events of the stream, first ones too, in any order."""
    classes = events_of(stream)
    first = draw(st.sampled_from([found for found in classes if issubclass(found, FirstEvent)]))
    rest = draw(st.lists(st.sampled_from(classes).flatmap(recorded), max_size=8))
    return [draw(recorded(first)), *rest]


def live(stream: type[Stream], history: list[Recorded]) -> Any:
    """The aggregate that recorded this, rules or not."""
    (first, values), *rest = history
    kind = vars(stream)["TOPIC"]
    home = HOMES.get(kind, {"edition": EDITION})
    aggregate = stream._begin(first, act(), UUID(STREAMS[kind]), **home, **values)  # type: ignore[arg-type]
    return record(aggregate, rest)


def record(aggregate: Any, history: list[Recorded]) -> Any:
    for event_class, values in history:
        aggregate._record(event_class, act(), **values)
    return aggregate


def replay(events: list[Any]) -> Any:
    """The aggregate as the log's bytes give it back."""
    aggregate: Any = None
    for event in events:
        again: Any = MAPPER.to_domain_event(MAPPER.to_stored_event(event))
        aggregate = again.mutate(aggregate)
    return aggregate


@pytest.mark.parametrize("stream", STREAM_CLASSES)
@OFTEN
@given(data=st.data())
def test_any_history_replays_to_the_state_it_left(stream: type[Stream], data: st.DataObject) -> None:
    aggregate = live(stream, data.draw(histories(stream)))
    assert replay(aggregate.collect_events()) == aggregate


@pytest.mark.parametrize("stream", STREAM_CLASSES)
@OFTEN
@given(data=st.data())
def test_a_fork_goes_its_own_way(stream: type[Stream], data: st.DataObject) -> None:
    aggregate = live(stream, data.draw(histories(stream)))
    before = copy.deepcopy(aggregate)
    twin = aggregate.fork()
    assert twin == aggregate
    record(twin, data.draw(histories(stream)))
    twin.collect_events()
    assert aggregate == before


# --- by the rules

CONSENTS = st.sampled_from(["required", "informed", "not_told"])
FIRST: dict[type[Stream], Recorded] = {
    Award: (Award.Established, {"slug": "s", "name": {"en": "A"}, "awarding_body": {"en": "B"}}),
    Edition: (Edition.Planned, {"of_award": AWARD, "label": "2026", "rules": RULES}),
    Nomination: (
        Nomination.Submitted,
        {
            "category": "main",
            "nominee": {"kind": "person", "participant": who(1), "attributes": {}},
            "nominator": who(2),
            "statement": sealed("s"),
        },
    ),
    Review: (Review.Assigned, {"stage": "panel", "nomination": who(9), "reviewer": who(3)}),
    Decision: (
        Decision.Proposed,
        {
            **{"category": "main", "stage": "panel", "outcome": "awarded", "method": {}, "basis": {}, "inputs": {}},
            **{"decided_by": "none", "winners": [who(1)], "runners_up": []},
        },
    ),
    Subject: (Subject.Known, {"kind": "person", "name": sealed("n")}),
}


def _without_category(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "category"}


COMMANDS: dict[type[Stream], dict[str, tuple[st.SearchStrategy[Any], ...]]] = {
    Award: {
        "revise": (st.just({"en": "A"}), st.just({"en": "B"})),
        "discontinue": (),
    },
    Edition: {
        "open_call": (moments, moments, words),
        "extend_call": (moments, words),
        "close_call": (),
        "come_in": (words,),
        "link": (people, people, words),
        "change_rules": (st.sampled_from(["panel", "x"]), words, st.none() | st.integers(1, 3)),
        "enter": (people, st.sampled_from(["secretariat", "nominator", "approver", "auditor"])),
        "leave": (people, words),
        "appoint": (words, people, st.sampled_from(sorted(SEAT_ROLES))),
        "discharge": (words, people, words),
        "open_reviewing": (st.sampled_from(["panel", "final"]),),
        "close_reviewing": (words,),
        "reopen_reviewing": (words, words),
        "shortlist": (words, words, st.lists(people)),
        "cancel": (words,),
        "erase": (people, st.just(["case"]), words, st.just({"public": "archive"})),
    },
    Nomination: {
        "amend": (nominees, references),
        "endorse": (people, references, references),
        "withdraw_endorsement": (people,),
        "accept": (CONSENTS,),
        "decline": (CONSENTS,),
        "open_file": (people,),
        "rule_eligible": (words, words, CONSENTS),
        "rule_ineligible": (words, words),
        "withdraw": (),
        "appeal": (words,),
        "decide_appeal": (appeal_outcomes, words, CONSENTS),
    },
    Review: {
        "decline": (words,),
        "assign_anew": (persons,),
        "declare_no_conflict": (st.none() | words,),
        "declare_conflict": (words,),
        "recuse": (words,),
        "void": (words,),
        "reinstate": (persons, persons, words),
        "submit": (st.just(PANEL), scores),
        "revise": (st.just(PANEL), scores),
    },
    Decision: {
        "propose_anew": (st.just(FIRST[Decision][1] | {"code": "x"}).map(_without_category),),
        "send_back": (words,),
        "lapse": (words,),
        "approve": (),
        "record_dissent": (references,),
        "appeal": (words,),
        "decide_appeal": (appeal_outcomes, words),
        "open_ballot": (people.map(lambda ballot: QUESTION | {"ballot": ballot, "voters": [who(1)], "quorum": 1}),),
        "cast_vote": (people, people, st.just({"abstained": True})),
        "close_ballot": (people, st.just({}), st.just({})),
        "announce": (st.just([{"participant": who(1), "nomination": who(1)}]), st.just([]), st.none() | moments),
        "record_joint_honour": (winners, st.just([])),
        "confer": (st.just({"occasion": {}, "date": "2026"}), st.none() | st.lists(people)),
        "correct": (st.just({"field": "f", "standing": "a", "rival": "b", "sources": []}),),
        "propose_revocation": (people, words),
        "revoke": (people,),
    },
    Subject: {
        "grant": (words, words),
        "revoke": (words, words),
        "deactivate": (words,),
        "request_erasure": (st.lists(erasable, unique=True), words, st.just({"public": "archive"})),
        "refuse_erasure": (words,),
        "erase": (),
    },
}


def test_the_commands_tried_are_all_there_are() -> None:
    for stream, commands in COMMANDS.items():
        taking_an_act = {
            name
            for name, found in vars(stream).items()
            if not isinstance(found, classmethod) and "act" in getattr(found, "__annotations__", ()) and name[0] != "_"
        }
        assert taking_an_act == commands.keys()


@pytest.mark.parametrize("stream", STREAM_CLASSES)
@OFTEN
@given(data=st.data())
def test_a_command_records_or_refuses_and_a_refusal_changes_nothing(stream: type[Stream], data: st.DataObject) -> None:
    aggregate = live(stream, [FIRST[stream]])
    events = aggregate.collect_events()
    for _ in range(data.draw(st.integers(0, 12))):
        name = data.draw(st.sampled_from(sorted(COMMANDS[stream])))
        arguments = [data.draw(strategy) for strategy in COMMANDS[stream][name]]
        before = copy.deepcopy(aggregate)
        try:
            getattr(aggregate, name)(data.draw(acts), *arguments)
        except Refusal:
            assert aggregate == before
        else:
            new = aggregate.collect_events()
            assert new
            events += new
    assert replay(events) == aggregate
