"""Servers over one store. Each has a clock of its own, and may end at any statement and be started anew."""

import os
import random
import shutil
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from solver.app import Application
from solver.clock import ManualClock
from solver.stock.accounts import good
from solver.stock.expected.backorders import all_waiting
from solver.storage.database import Database, Reader, Transaction
from solver.storage.postgres import PostgresDatabase
from solver.storage.url import DATABASE_FILE, sqlite_path
from tests.faults.simulation.calls import Answer, Call
from tests.faults.simulation.interrupted import Crash, InterruptedTransaction
from tests.faults.simulation.verbs import carry_out
from tests.made_world import MONDAY_AT_8


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashPlan:
    """Where the next group of calls ends: after so many statements, or once it is committed."""

    statements: int | None

    @classmethod
    def drawn(cls, draw: random.Random) -> "CrashPlan":
        """Anywhere within a few calls, or just after the commit."""
        return cls(statements=None if draw.random() < 0.3 else draw.randrange(60))


class SimulatedServer:
    """One process: an application, and what a crash leaves of it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.crashes = 0
        self.clock = ManualClock(MONDAY_AT_8)
        self._start()

    def answers(self, calls: Sequence[Call], crash: CrashPlan | None = None) -> list[Answer | None]:
        """Carry calls out together, in this order, as one group. A crash leaves all of them without an answer."""
        self._plan, self._has_crashed = crash, False
        got: list[Answer | None] = [None] * len(calls)
        threads = [threading.Thread(target=self._answer, args=(got, *item)) for item in enumerate(calls)]
        database = self.application.database
        with database.write():  # while this goes on, the callers line up
            for thread in threads:
                before = len(database._groups._waiting)
                thread.start()
                while len(database._groups._waiting) <= before and thread.is_alive():  # or is answered without a write
                    thread.join(0.0005)
        for thread in threads:
            thread.join()
        self._plan = None
        if not self._has_crashed:
            return got
        self._start_anew()
        return [None] * len(calls)

    def audit(self) -> list[str]:
        """What is wrong with the books."""
        application = self.application
        with application.database.read() as reader:
            found = [str(one) for one in (*application.journal.audit(reader), *application.stock.audit(reader))]
            return found + _waits_in_vain(application, reader)

    def close(self) -> None:
        """End it well."""
        self.application.close()

    def _answer(self, got: list[Answer | None], number: int, call: Call) -> None:
        try:
            got[number] = carry_out(self.application, call)
        except Crash:
            return

    def _start(self) -> None:
        self.application = Application.open(self._url, self.clock)
        groups = self.application.database._groups
        self._begin, self._plan = groups._begin, None
        groups._begin = self._crashing

    @contextmanager
    def _crashing(self) -> Iterator[Transaction]:
        plan = self._plan
        with self._begin() as tx:
            if plan is None or plan.statements is None:
                yield tx
            else:
                yield InterruptedTransaction(tx, plan.statements, self._crash)
        if plan is not None:
            self._crash()

    def _crash(self) -> None:
        """What is in the store at this moment is all that is left."""
        if not self._has_crashed:
            self._has_crashed = True
            self._left = _what_is_left(self.application.database, self._url, self.crashes)
        raise Crash

    def _start_anew(self) -> None:
        self.crashes += 1
        self.application.close()  # of a file that is not used any more, or a connection that is cut already
        self._url = self._left
        self._start()


def _what_is_left(database: Database, url: str, number: int) -> str:
    if isinstance(database, PostgresDatabase):
        assert database._writer is not None
        with socket.socket(fileno=os.dup(database._writer.fileno())) as writer:
            writer.shutdown(socket.SHUT_RDWR)  # without a word of farewell
        return url
    path = sqlite_path(url)
    assert path is not None
    after = path.parent.parent / f"after-{number}"
    after.mkdir()
    for suffix in ("", "-wal"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            shutil.copyfile(file, after / (DATABASE_FILE + suffix))
    return f"sqlite:{after / DATABASE_FILE}"


def first_folder(tmp_path: Path) -> str:
    """Where a server on SQLite begins."""
    return f"sqlite:{tmp_path / 'begun' / DATABASE_FILE}"


def _waits_in_vain(application: Application, reader: Reader) -> list[str]:
    """Confirmed backorders beside free units. What is promised beyond what is there is no channel's own here."""
    waiting = all_waiting(application.journal, reader)
    # What a hold has that is due counts: the next write gives it away.
    free = application.journal.free_of(reader, [good(*place) for place in waiting])
    return [
        f"{units} of {place} are owed, and {free[good(*place)]} free"
        for place, units in waiting.items()
        if free[good(*place)]
    ]
