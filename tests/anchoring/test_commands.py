"""Witnesses and time stamps as whoever runs the service has them: commands, settings, and beside `awards serve`."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from awards.access import OPERATOR
from awards.anchoring.background import Anchoring
from awards.anchoring.cosignatures import Cosigner
from awards.anchoring.opening import anchoring
from awards.anchoring.stamps import Stamping
from awards.anchoring.witnesses import Witnessing
from awards.app import Service
from awards.application.desk import Arrival
from awards.ledger.ledger import Ledger
from awards.ledger.notes import open_note
from awards.ledger.publisher import Publisher
from awards.settings import InvalidSetting, Settings
from tests.anchoring.authority import stamping
from tests.anchoring.test_witnesses import policy_of, told
from tests.anchoring.witness import Witness, watching
from tests.api.play import now
from tests.ledger.parcel import sent
from tests.test_checkpoint import DER, KEYED, Shell, documented, shell

__all__ = ["shell"]

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture
def witness(shell: Shell) -> Iterator[Witness]:
    """A witness of the log of the shell, named by its policy, beside one that is away."""
    with watching("w.example", shell.folder / "w.json", shell.awards("log-key", "show").splitlines()) as witness:
        away = Cosigner("away.example", b"k" * 32)
        lines = [f"witness here {witness.vkey} {witness.url}", f"witness away {away} http://127.0.0.1:9", "quorum here"]
        (shell.folder / "policy").write_text("\n".join([*lines, ""]))
        yield witness


@needs_openssl
def test_awards_witness_asks_and_tells_who_cosigned(
    shell: Shell, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no witnesses are named: see AWARDS_WITNESS_POLICY" in shell.awards("witness", code=1)
    monkeypatch.setenv("AWARDS_WITNESS_POLICY", str(shell.folder / "policy"))
    assert shell.awards("witness").splitlines() == ["here has cosigned the checkpoint over 2 events"]
    note = shell.awards("checkpoint")
    assert open_note(note, [Cosigner.read(witness.vkey)])[1] == [Cosigner.read(witness.vkey)]
    # By hand, as docs/verify.md says, and refused if it is of another text.
    (shell.folder / "checkpoint").write_text(note)
    (shell.folder / "witness.vkey").write_text(witness.vkey + "\n")
    steps = ['grep "^— $name', "seconds=", "(printf 'cosig", "tail -c 64 cosig", "cut -d+ -f3- witness.vkey"]
    script = "name=w.example; " + documented(*steps, DER + "cat", KEYED + "witness.der", "date -u")
    assert f"Signature Verified Successfully\n{time.gmtime().tm_year}" in shell.by_hand(
        f"export LC_ALL=C; {script} +%Y"
    )
    (shell.folder / "checkpoint").write_text(note.replace("\n2\n", "\n3\n"))
    assert "Verification Failure" in shell.by_hand(f"({script}) 2>&1 || true")
    # One that does not answer stops nothing, and is told.
    shell.awards("subject", "register", "Bo")
    witness.mischief = lambda w, text: (500, "", b"")
    told = shell.awards("witness", code=1)
    assert "here has not: it answers with status 500" in told
    assert "away has not: no answer: ConnectionRefusedError" in told
    assert "not as many as the policy asks for; nothing waits for them" in told
    assert len(shell.awards("checkpoint").splitlines()) == 5
    (shell.folder / "policy").write_text("quorum who\n")
    told = shell.awards("witness", code=1)
    assert "AWARDS_WITNESS_POLICY names no policy: line 1: no line before defines who" in told
    (shell.folder / "policy").unlink()
    assert "cannot be read: No such file" in shell.awards("witness", code=1)


@needs_openssl
def test_awards_stamp_has_the_checkpoint_stamped_and_it_is_verified_as_documented(
    shell: Shell, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no authority for time stamps is named: see AWARDS_TSA" in shell.awards("stamp", code=1)
    with stamping(tmp_path_factory.mktemp("tsa")) as authority:
        monkeypatch.setenv("AWARDS_TSA", authority.url)
        assert shell.awards("stamp") == "the checkpoint over 2 events is stamped\n"
        shutil.copy(authority.folder / "ca.pem", shell.folder / "awards-log" / "ca.pem")
    script = "cd awards-log; size=2; " + documented("openssl ts -verify")
    assert "Verification: OK" in shell.by_hand(f"({script}) 2>&1")
    assert "Time stamp: " in shell.by_hand("cd awards-log; size=2; " + documented("openssl ts -reply"))
    shell.awards("subject", "register", "Bo")
    assert "there is no time stamp: no answer: ConnectionRefusedError" in shell.awards("stamp", code=1)


def wait_for(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@needs_openssl
def test_a_thread_asks_both_while_the_service_runs_and_says_what_is_missing_once(
    publisher: Publisher,
    ledger: Ledger,
    witnesses: list[Witness],
    tmp_path_factory: pytest.TempPathFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    witnesses[1].mischief = lambda w, text: (503, "", b"")
    with stamping(tmp_path_factory.mktemp("tsa")) as authority, caplog.at_level(logging.WARNING):
        both = Anchoring(Witnessing(publisher, policy_of(witnesses)), Stamping(publisher, authority.url))
        with both.working(every_seconds=0.02):
            wait_for(lambda: publisher.store.kept.stamp(3) is not None)
            ledger.append([sent()])
            wait_for(lambda: len(told(publisher, witnesses)) == 2)
            wait_for(lambda: len(witnesses[1].asked) > 5)
            witnesses[1].mischief = None
            wait_for(lambda: len(told(publisher, witnesses)) == 3)
    assert caplog.messages == ["the witness w1 is missing: it answers with status 503"]


def test_a_thread_outlives_a_store_that_is_away(
    publisher: Publisher, ledger: Ledger, witnesses: list[Witness], caplog: pytest.LogCaptureFixture
) -> None:
    publisher.publish()
    away = publisher.store.folder.rename(publisher.store.folder.with_name("away"))
    publisher.store.folder.write_text("no folder")
    both = Anchoring(Witnessing(publisher, policy_of(witnesses)), None)
    with both.working(every_seconds=0.02):
        wait_for(lambda: bool(caplog.messages))
        publisher.store.folder.unlink()
        away.rename(publisher.store.folder)
        wait_for(lambda: publisher.store.kept.cosigned() == 3)
    assert caplog.messages == ["a round of witnesses and time stamps is missing: NotADirectoryError"]


def test_the_service_serves_while_its_witness_is_silent(tmp_path: Path) -> None:
    """The thread begins with the service and ends with it, whoever does not answer."""
    from awards import server

    with socket.create_server(("127.0.0.1", 0)) as silent:
        witness = Cosigner("silent.example", b"k" * 32)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        (tmp_path / "policy").write_text(f"witness w {witness} {url}\nquorum w\n")
        environ = {"AWARDS_DATABASE_URL": f"sqlite:///{tmp_path / 'awards.db'}", "AWARDS_PORT": "0"}
        settings = Settings.from_environment({**environ, "AWARDS_WITNESS_POLICY": str(tmp_path / "policy")})
        service = Service.open(settings)
        try:
            service.application.people.register(Arrival(OPERATOR, now()), "Ann", "auditor")
            asking = anchoring(settings, service.publisher)
            begun = time.monotonic()
            with server.serving(service) as (host, port), asking, socket.create_connection((host, port)) as client:
                asked, _ = silent.accept()
                with asked:
                    client.sendall(b"GET /log/checkpoint HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    assert client.recv(15) == b"HTTP/1.1 200 OK"
            assert time.monotonic() - begun < 8
        finally:
            service.close()


def test_a_policy_that_is_none_is_found_before_anything_is_served(publisher: Publisher, tmp_path: Path) -> None:
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{tmp_path / 'awards.db'}"}
    settings = Settings.from_environment({**environ, "AWARDS_WITNESS_POLICY": os.devnull})
    with pytest.raises(InvalidSetting, match="AWARDS_WITNESS_POLICY names no policy: there is no quorum line"):
        anchoring(settings, publisher)
    with anchoring(Settings.from_environment(environ), publisher), anchoring(settings, None):
        pass  # nobody is named, or nothing is published here
