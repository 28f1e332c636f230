"""Every address, by every method, as everybody there is, over real HTTP; compared with the table of permissions.

The walk finds the routes in the URL map, the operations in their declarations, bodies in the API's own document and the
permissions in `awards.access`; a new route is walked as soon as it is there. What the table refuses is 401, 403 or 404
and records nothing; what it allows is never refused for the lack of a role.
"""

from __future__ import annotations

from typing import Any

import pytest

from awards.api import GROUPS
from awards.api.op import Operation
from awards.api.permissions import OPEN
from awards.app import create_app
from awards.ledger.database import OTHER_TABLES
from awards.web.guards import PAGES
from tests.api.client import Client
from tests.api.everybody import Scene, Stages
from tests.api.play import Play, now

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
OPERATIONS = [operation for group in GROUPS for operation in group.declared]
REFUSED: set[Any] = {401, 403, 404}
REFUSED_BY_CODE: set[Any] = {"code_not_valid"}
LACKING = {(401, "unauthenticated"), (403, "forbidden")}


@pytest.fixture(scope="module")
def stages(play: Play) -> Stages:
    """Scenes to act in."""
    return Stages(play)


@pytest.fixture(scope="module")
def scene(play: Play) -> Scene:
    """The scene of the walk; what is refused leaves it as it is."""
    return Scene(play)


def rows_of(play: Play) -> dict[str, int]:
    """How many rows each table of the log and beside it has, but for what counts requests."""
    ledger = play.service.ledger
    tables = {"stored_events", "leaves", *OTHER_TABLES} - {"limits"}
    return {table: ledger.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in tables}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_what_the_table_refuses_is_refused_and_records_nothing(scene: Scene, operation: Operation) -> None:
    before = rows_of(scene.play)
    wrong = []
    for who, token in scene.tokens.items():
        if not scene.granted(operation, token):
            answer = scene.ask(operation, token)
            refused = REFUSED_BY_CODE if operation.by_code else REFUSED
            if answer.status < 400 or (answer.status not in refused and answer.json["code"] not in refused):
                wrong.append(f"{who}: {answer.status} {answer.text[:300]}")
    assert wrong == [], f"{operation.method} {operation.rule} ({', '.join(operation.permissions)}) let in: {wrong}"
    assert rows_of(scene.play) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_what_the_table_allows_is_not_refused_for_want_of_a_role(
    scene: Scene, stages: Stages, operation: Operation
) -> None:
    wrong = []
    for who in [who for who, token in scene.tokens.items() if scene.granted(operation, token)]:
        acted = stages.where(operation, who)
        answer = acted.ask(operation, acted.tokens[who])
        if answer.status >= 400 and answer.problem in LACKING:
            wrong.append(f"{who}: {answer.status} {answer.text[:300]}")
        assert answer.status < 500, answer.text
        told = answer.json if answer.status == 422 else {}
        needed = f"say in MORE what {operation.name} needs: {told}"
        assert told.get("code") not in ("invalid_body", "invalid_query"), needed
    assert wrong == [], f"{operation.method} {operation.rule} ({', '.join(operation.permissions)}) refused: {wrong}"


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if not (one.public or one.by_code)], ids=lambda operation: operation.name
)
def test_a_session_of_the_pages_opens_nothing_here(scene: Scene, operation: Operation) -> None:
    subject = scene.caller(scene.play.secretariat).subject
    session = scene.play.service.application.accounts.start_session(str(subject), now())
    before = rows_of(scene.play)
    answer = scene.ask(operation, None, Cookie=f"__Host-awards={session}")
    assert answer.problem == (401, "unauthenticated")
    assert rows_of(scene.play) == before


def test_nothing_is_undecided(play: Play) -> None:
    """Every rule of the URL map is a declared operation, a page that says what it asks for, or open to all by name."""
    declared = {(operation.path, operation.method) for operation in OPERATIONS}
    known = {*PAGES, *OPEN}
    for rule in create_app(play.service).url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert (rule.rule, method) in declared or rule.rule in known, (
                f"{method} {rule.rule} is nobody's: declare it with `Operations`, or say in awards/web/guards.py "
                f"which permission the page asks for (None: for anybody)"
            )
    rules = {rule.rule for rule in create_app(play.service).url_map.iter_rules()}
    assert known - rules == set()
    for operation in OPERATIONS:
        assert operation.public != bool(operation.permissions)


def test_a_method_that_is_not_declared_is_for_nobody(scene: Scene) -> None:
    before = rows_of(scene.play)
    declared: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        declared.setdefault(operation.path, set()).add(operation.method)
    for rule, methods in declared.items():
        for method in set(METHODS) - methods:
            for who in ("nobody", "malformed", "the secretariat of all awards", "the chair", "the nominee"):
                answer = scene.play.api.send(method, scene.address(rule), {}, scene.tokens[who])
                assert answer.problem == (405, "method_not_allowed"), f"{method} {rule} as {who}"
                assert set(answer.headers["allow"].split(", ")) - {"HEAD", "OPTIONS"} == methods
    assert rows_of(scene.play) == before


@pytest.mark.parametrize("address", [*PAGES, *OPEN])
def test_pages_take_no_token_and_let_nobody_in_who_is_not_signed_in(scene: Scene, api: Client, address: str) -> None:
    before = rows_of(scene.play)
    target = scene.address(address.replace("<path:filename>", "awards.css"))
    for method in METHODS:
        answers = {who: api.send(method, target, None, token) for who, token in scene.tokens.items()}
        statuses = {answer.status for answer in answers.values()}
        assert len(statuses) == 1, (
            f"{method} {target} heeds a bearer token: { {w: a.status for w, a in answers.items()} }"
        )
        [status] = statuses
        if PAGES.get(address):
            assert status in (303, 302, 401, 403, 404, 405), f"{method} {target}: {status}"
        elif method == "GET":
            assert status in (200, 405), f"{target}: {status}"
    assert rows_of(scene.play) == before
