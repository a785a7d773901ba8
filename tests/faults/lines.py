"""Callers of a server over a line that fails, and what must be true afterwards."""

import time
from collections.abc import Callable
from pathlib import Path

from solver.app import Application
from solver.clock import SystemClock
from tests.faults.lasting import seeds
from tests.faults.load import Load
from tests.faults.process import ServerProcess
from tests.faults.remote import ask
from tests.faults.simulation.calls import Answer, Call
from tests.faults.simulation.shop import open_shop, opening, prove_books
from tests.running import Stubs, plain_channel

CLIENTS = 4
CALLS = 20  # between two faults
UNITS = 60
CALL_SECONDS = 2.0
FAULT_SECONDS = 3.0  # longer than a caller waits


def opened_shop(folder: Path) -> Path:
    """The folder, with the data of a shop that opens."""
    application = Application.open(folder, SystemClock())
    open_shop(application)
    application.close()
    return folder


def prove_under(port: int, seed: int, strike: Callable[[], object], heal: Callable[[], object]) -> Load:
    """Callers at work while faults strike; everybody gets through."""
    with plain_channel(port) as channel:
        stubs = Stubs(channel)

        def asked(call: Call) -> Answer | None:
            return ask(stubs, call, CALL_SECONDS)

        load = Load(seed, CLIENTS, asked)
        try:
            load.begin(opening(UNITS, everywhere=True))
            for _ in seeds(seed, at_least=1):
                load.wait_for(CALLS)
                strike()
                time.sleep(FAULT_SECONDS)
                heal()
            load.wait_for(CALLS)
            load.end()
        finally:
            load.abandon()
    return load


def prove_told(folder: Path, server: ServerProcess, load: Load) -> None:
    """What callers were told is what the books say."""
    assert server.discrepancies() == []
    assert server.end() == (0, "stopped\n")
    application = Application.open(folder, SystemClock())
    try:
        prove_books(application, load.known)
    finally:
        application.close()
