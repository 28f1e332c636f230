"""An erasure that is killed on its way is finished by whoever opens the service next."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from awards.app import Service
from awards.ledger.database import is_sqlite
from tests.application.house import House, open_service
from tests.application.killed import STEPS
from tests.application.marked import Marks, files_of, found_in
from tests.soak import rounds

ROOT = Path(__file__).parents[2]


@pytest.mark.soak
def test_whatever_the_moment_nothing_is_left_in_the_end(
    house: House, service: Service, tmp_path: Path, database_url: str, keys_url: str, key_file: Path
) -> None:
    officer = house.by(house.staff("privacy_officer", "Petra"))
    sources = [{"key": "press", "title": "Press release"}]
    edition = house.app.editions.record(house.by(house.secretary), house.award, "1999", sources)
    steps = STEPS if is_sqlite(database_url) or rounds(1, 2) > 1 else ("the keys", "the read models")
    marks = {step: Marks() for step in steps}
    for own in marks.values():
        told = {name: own[name] for name in ("name", "mission", "country")}
        by = house.by(house.secretary)
        house.app.decisions.record_honour(
            by, edition, {"kind": "person", **told}, ["press"], "main", {"en": own["words"]}
        )
    honours = house.events("decision.honour_recorded")
    urls, size = [database_url, keys_url], len(house.topics())
    for step, honour in zip(steps, honours, strict=True):
        service.projector.catch_up()
        who = honour.winner["participant"]
        subject = house.app.erasures.request(officer, who, "asked")
        place = [database_url, keys_url, str(key_file), subject, str(house.approver.subject), step]
        killed = subprocess.run([sys.executable, "-m", "tests.application.killed", *place], cwd=ROOT, check=False)
        assert killed.returncode == -signal.SIGKILL
        assert {row["id"] for row in service.ledger.rows("SELECT id FROM erasing")} == {subject, who}
        assert not house.app.erasures.erasure(officer, subject)["finished"]
        open_service(database_url, keys_url, key_file).close()
        assert service.ledger.rows("SELECT id FROM erasing") == []
        assert house.app.erasures.erasure(officer, subject)["finished"]
        assert found_in(files_of(urls, tmp_path), marks[step]) == []
        assert service.ledger.rows("SELECT * FROM participants WHERE subject = ?", [subject]) == []
    assert service.ledger.check()[0] == size + 3 * len(steps)
    assert {one["name"] for one in house.app.reading.winners(house.at).items} == {"erased"}
