"""The fuzzer: whatever the OpenAPI document allows, and much that it does not, is answered as the document says.

Cases come from the document. They are aimed at resources that exist as often as at made-up ones, by the secretariat, by
somebody on the panel, by the approver, and by nobody; each operation has scenes of its own to spoil.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from awards.api import GROUPS
from awards.api.document import document
from tests.api.conftest import running
from tests.api.play import Facts, Play
from tests.soak import SOAK, rounds

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REFUSED = [400, 401, 403, 404, 405, 406, 412, 413, 415, 422, 428]
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {"negative_data_rejection": {"expected-statuses": REFUSED}},
        # Both bring cases of their own, which could not be aimed.
        "phases": {"examples": {"enabled": False}, "coverage": {"enabled": False}},
    }
)
schema = schemathesis.openapi.from_dict(document(GROUPS), config=CONFIG)


@dataclass(frozen=True)
class Scene:
    """Resources that exist, by the names of path parameters; tokens of those who may act on them."""

    known: dict[str, str]
    tokens: dict[str, str]


class Scenes:
    """Scenes for each operation, made when they are first wanted, and anew after some use."""

    USES = 12

    def __init__(self, play: Play) -> None:
        self.play = play
        self._made: dict[tuple[str, str], tuple[Scene, int]] = {}

    def of(self, operation: str, phase: str) -> Scene:
        """The scene of an operation in a phase."""
        scene, uses = self._made.get((operation, phase), (None, self.USES))
        if scene is None or uses >= self.USES:
            scene, uses = getattr(self, f"_{phase}")(), 0
        self._made[operation, phase] = scene, uses + 1
        return scene

    def _open(self) -> Scene:
        edition = self.play.open()
        case = self.play.submit(edition, self.play.secretariat)
        return self._scene(edition, self.play.appoint(edition, "chair").token, nomination=case["id"])

    def _reviewing(self) -> Scene:
        play, edition = self.play, self.play.open()
        chair = play.appoint(edition, "chair")
        case = play.eligible(edition, play.secretariat)
        play.act(edition, "close-call", {})
        play.act(edition, "reviewing", {"stage": "panel", "state": "open"})
        review = play.assign(edition, case, chair)
        return self._scene(edition, chair.token, nomination=case["id"], review=review["id"])

    def _proposed(self) -> Scene:
        scene, play = self._reviewing(), self.play
        chair, edition = scene.tokens["panel"], {"id": scene.known["edition"]}
        play.score({"id": scene.known["review"]}, chair, 7, 7)
        play.act(edition, "reviewing", {"stage": "panel", "state": "closed"})
        decision = play.did(play.api.post(f"editions/{edition['id']}/decisions", {}, chair), 201)
        scene.known["decision"] = decision["id"]
        return scene

    def _past(self) -> Scene:
        decision = self.play.recorded()
        edition = self.play.did(self.play.api.get(f"editions/{decision['edition']}", self.play.secretariat))
        return self._scene(edition, None, decision=decision["id"])

    def _scene(self, edition: Facts, chair: str | None, **known: str) -> Scene:
        tokens = {"secretariat": self.play.secretariat, "approver": self.play.approver}
        if chair:
            tokens["panel"] = chair
        return Scene({"award": edition["award_slug"], "edition": edition["id"], **known}, tokens)


@pytest.fixture(scope="module", params=["sqlite", "postgres"] if SOAK else ["sqlite"])
def scenes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    """Scenes of a service of its own, which nothing else relies on."""
    with running(request, tmp_path_factory) as play:
        yield Scenes(play)


def test_the_document_that_is_fuzzed_is_the_one_served(scenes: Scenes) -> None:
    assert scenes.play.api.get("/api/openapi.json").json == document(GROUPS)


@pytest.mark.soak
@schema.given(
    phase=st.sampled_from(["open", "reviewing", "proposed", "past"]),
    who=st.sampled_from(["secretariat", "secretariat", "panel", "approver", "nobody"]),
    real=st.sampled_from([True, True, True, False]),
)
@schema.parametrize()
@settings(
    max_examples=rounds(8, 100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
def test_every_answer_is_one_the_document_describes(
    case: schemathesis.Case, scenes: Scenes, phase: str, who: str, real: bool
) -> None:
    scene = scenes.of(case.operation.label, phase)
    checks: list[Any] = [*CHECKS]
    if real:
        aim(case, scene)
    else:
        checks.append(negative_data_rejection)
    headers = {"Authorization": f"Bearer {scene.tokens[who]}"} if who in scene.tokens else {}
    base = f"http://{scenes.play.api.host}:{scenes.play.api.port}"
    response = case.call(base_url=base, headers=headers)
    case.validate_response(response, checks=checks)


def aim(case: schemathesis.Case, scene: Scene) -> None:
    """Make a case be about what exists, and a replace one that has read it."""
    case.path_parameters = {name: scene.known.get(name, given) for name, given in (case.path_parameters or {}).items()}
    if case.method == "PUT":
        case.headers["If-Match"] = "*"
