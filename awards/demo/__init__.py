"""The worked example: `awards demo` plays it and serves it, `awards demo --check` plays it, verifies it and stops.

It records the real roll of an award (`roll.json`) and plays one complete edition with invented people (`exercise.json`)
over HTTP against the real server, in a fresh folder.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from awards.app import Service
from awards.demo import checks
from awards.demo.client import Unexpected
from awards.demo.exercise import Exercise
from awards.demo.guide import leave_open, told
from awards.demo.people import People, data_of, now
from awards.demo.proving import keep_head, prove
from awards.loading import load_roll
from awards.server import Stop, serving
from awards.settings import InvalidSetting, Settings

HERE = "127.0.0.1"


class PortTaken(Exception):
    """Somebody else listens on the port."""


def play(check: bool) -> int:
    """Play the example; gives the exit code. `check`: on a free port, and stop when everything is verified."""
    folder = Path(tempfile.mkdtemp(prefix="awards-demo-"))
    of_use = False
    try:
        settings = _settings(folder, check)
        with _serving(settings) as (service, site):
            of_use = not check
            told = _played(service, site, folder, check)
            stop = Stop()
            print(told, flush=True)
            if not check:
                stop.wait()
        return 0
    except (InvalidSetting, PortTaken, Unexpected) as problem:
        print(f"demo: failed: {problem}", file=sys.stderr)
        return 1
    finally:
        if not of_use:
            shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, check: bool) -> Settings:
    """Address and threads as the environment says; the databases always in the fresh folder."""
    settings = Settings.for_databases(f"sqlite:///{folder / 'awards.db'}")
    return replace(settings, host=HERE, port=0, base_url=None) if check else settings


@contextmanager
def _serving(settings: Settings) -> Iterator[tuple[Service, str]]:
    """The real server; gives the open service and its address."""
    service = Service.open(settings)
    try:
        with _listening(service) as (host, port):
            yield service, f"http://{HERE if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104 - compared
    finally:
        service.close()


@contextmanager
def _listening(service: Service) -> Iterator[tuple[str, int]]:
    with ExitStack() as stack:
        try:
            address = stack.enter_context(serving(service))
        except OSError:
            wanted = f"{service.settings.host}:{service.settings.port}"
            raise PortTaken(f"{wanted} is taken or cannot be used; choose another by AWARDS_PORT=8001") from None
        yield address


def _played(service: Service, site: str, folder: Path, check: bool) -> str:
    """Record, play, verify; gives what to print last."""
    say: Callable[[str], None] = lambda text: print(f"  {text}", flush=True)  # noqa: E731
    print(
        "The worked example; everything but the roll of 2016 to 2024 is an exercise with invented people.", flush=True
    )
    loaded = load_roll(service.application, now(), data_of("roll.json"))
    say(f"recorded {loaded.editions} editions, {loaded.winners} winners, {loaded.corrections} disagreements of sources")
    people = People(service.application, site)
    kept = keep_head(people.public, folder)
    exercise = Exercise(people, say)
    exercise.play()
    upcoming = leave_open(people, exercise)
    editions = loaded.editions + 2
    from_roll = checks.check_roll(people.public)
    checks.check_exercise(exercise)
    events = checks.check_log(service, people, editions)
    say("read back, recounted, replayed and rebuilt: all as it should be")
    prove(people.auditor, exercise.edition, kept)
    say("taken away as a bundle, and its decision counted again by a program that uses nothing of this one")
    summary = f"demo: ok, {editions} editions, {from_roll} winners from the roll, {events} events"
    return summary if check else f"{summary}\n\n{told(people, exercise, upcoming, folder, kept)}"
