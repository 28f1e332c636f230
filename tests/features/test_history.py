"""Steps of `features/history`."""

import json

from pytest_bdd import scenarios, then

from tests.features.world import World

scenarios("../../features/history")


@then("the history tells the auditor no name, no score and no comment")
def _(world: World) -> None:
    items = world.see("the auditor", "history", edition=world.edition, limit=200)
    assert items[-1]["type"] == "edition.role_entered"
    told = json.dumps(items)
    assert [fact for fact in ("Ama", "Ravi", "steady", "scores", "comment", '"sd"') if fact in told] == []
