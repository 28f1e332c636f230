"""The courier: feeds the outbox and hands over what is due, once or, in a thread of the server, for ever."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from awards.application.desk import Desk
from awards.background import in_background
from awards.mail.concerned import spread
from awards.mail.feed import Feed
from awards.mail.letters import Accounts, Letter, Letters, NotSent
from awards.mail.mime import Stationery, compose
from awards.mail.outbox import CONCERNED, GIVE_UP, Message, Outbox
from awards.mail.smtp import Connection, MailServer, Refused, Unreachable

CODE_LIFE = timedelta(days=14)
"""How long the code of an invitation can be used."""

EVERY_SECONDS, LONGEST_SECONDS = 5.0, 900.0
"""How often the thread looks, and at most how long it waits for a server that cannot be reached."""

STOP_SECONDS = 15.0
"""How long a letter under way may take to be finished when the server stops."""

NOTING_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Between the tries to note that a letter was accepted."""

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass
class Round:
    """What one round did."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0


class Courier:
    """One sender. Any number may work at the same outbox, in threads of their own."""

    def __init__(
        self,
        desk: Desk,
        accounts: Accounts,
        server: MailServer,
        stationery: Stationery,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self.outbox = Outbox(desk.ledger)
        self._desk = desk
        self._accounts = accounts
        self._feed = Feed(desk.ledger, self.outbox)
        self._letters = Letters(desk, accounts)
        self._server = server
        self._stationery = stationery
        self._clock = clock
        self._open: Connection | None = None

    def round(self, stop: Callable[[], bool] = lambda: False) -> Round:
        """Feed the outbox and send all that is due; raises `Unreachable`, with every row as it was."""
        self._feed.catch_up()
        done = Round()
        try:
            while (due := self.outbox.due(self._clock())) and not stop():
                for message in due:
                    if stop():
                        break
                    self._handle(message, done)
        finally:
            self._hang_up()
        return done

    def _handle(self, message: Message, done: Round) -> None:
        now = self._clock()
        try:
            if message.recipient != CONCERNED:
                self._send(message, now, done)
            elif now - message.due > GIVE_UP:
                self.outbox.fail(message, "too_old")
            else:
                self.outbox.spread(message, spread(self._desk, message, now), "spread")
        except Unreachable:
            raise
        except Exception as error:
            # Whatever is the matter with this message, the others go on. No traceback: it could hold an address.
            self._hang_up()
            log.error("the mail %s cannot be written: %s", message.cause, type(error).__name__)
            if taken := self.outbox.take(message, now):
                self.outbox.defer(taken, now, f"error {type(error).__name__}")
                done.deferred += 1

    def _send(self, message: Message, now: datetime, done: Round) -> None:
        letter = self._letters.write(message, now)
        if isinstance(letter, NotSent):
            if letter.until is None:
                self.outbox.drop(message, letter.why)
            else:
                self.outbox.postpone(message, letter.until, letter.why)
            return
        if now - message.due > GIVE_UP:
            self.outbox.fail(message, "too_old")
            done.failed += 1
            return
        connection = self._connected()
        now = self._clock()  # getting through may have taken its time
        taken = self.outbox.take(message, now)
        if taken is None:
            return
        try:
            connection.send(self._stationery.address, letter.to, lambda: self._written(message, letter, now))
        except Refused as refused:
            self._open = None
            if refused.for_good:
                self.outbox.fail(taken, refused.why)
                done.failed += 1
            else:
                self.outbox.defer(taken, now, refused.why)
                done.deferred += 1
        except Unreachable:
            self._open = None
            self.outbox.defer(taken, now, "unreachable")
            raise
        else:
            self._note_sent(taken)
            done.sent += 1

    def _note_sent(self, message: Message) -> None:
        """Note it, also when the database is away for a while: what is not noted goes out again."""
        for pause in NOTING_SECONDS:
            try:
                self.outbox.sent(message, self._clock())
            except Exception as error:
                log.warning("what was sent for %s is not noted yet: %s", message.cause, type(error).__name__)
                time.sleep(pause)
            else:
                return
        self.outbox.sent(message, self._clock())

    def _written(self, message: Message, letter: Letter, now: datetime) -> bytes:
        """The letter; the code of an invitation is made only now, so that no secret rests in the outbox."""
        if letter.about != "invitation":
            return compose(self._stationery, message, letter, now)
        expires = now + CODE_LIFE
        code = self._accounts.new_code(message.recipient, now, expires)
        return compose(self._stationery, message, letter, now, code, f"{expires:%Y-%m-%d %H:%M}")

    def _connected(self) -> Connection:
        if self._open is None:
            self._open = Connection(self._server)
        return self._open

    def _hang_up(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def working(self, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
        """Rounds in a thread of their own while the block runs; a letter under way at its end is finished."""
        return in_background("mail", partial(self._work, every_seconds), STOP_SECONDS, hurry=self._cut)

    def _cut(self) -> None:
        if connection := self._open:
            connection.cut()

    def _work(self, every_seconds: float, stop: threading.Event) -> None:
        pause = every_seconds
        while not stop.is_set():
            try:
                self.round(stop.is_set)
                pause = every_seconds
            except Unreachable as trouble:
                pause = min(max(pause, 15.0) * 2, LONGEST_SECONDS)
                log.warning("the mail server cannot be reached, next try in %d s: %s", pause, trouble)
            except Exception as error:
                pause = min(max(pause, 15.0) * 2, LONGEST_SECONDS)
                log.error("mail rests for %d s: %s", pause, type(error).__name__)
            with suppress(InterruptedError):
                stop.wait(pause)
