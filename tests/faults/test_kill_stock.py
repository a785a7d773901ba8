"""`server.py` killed while clients hold, confirm and ship: on both stores nothing that was acknowledged is lost."""

from pathlib import Path

from solver.app import Application
from solver.clock import SystemClock
from solver.storage.url import sqlite_path
from tests.faults.lasting import seeds
from tests.faults.load import Load
from tests.faults.process import ServerProcess
from tests.faults.remote import ask
from tests.faults.simulation.calls import Answer, Call
from tests.faults.simulation.shop import open_shop, opening, prove_books

CLIENTS = 4
CALLS_BEFORE_A_KILL = 25
MANY_UNITS = 60


class Restarted:
    """The server of the moment, of those that come and go."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._url = folder, url
        self.server = ServerProcess(folder, url=url)

    def ask(self, call: Call) -> Answer | None:
        try:
            return ask(self.server, call)
        except ValueError:  # its channel was closed this very moment
            return None

    def start_anew(self) -> None:
        self.server.kill()
        self.server = ServerProcess(self._folder, url=self._url)


def test_kills_under_load_lose_nothing_and_sell_nothing_twice(store_url: str, tmp_path: Path, seed: int) -> None:
    path = sqlite_path(store_url)
    url = store_url if path is None else f"sqlite:{path.with_suffix('') / path.name}"
    application = Application.open(url, SystemClock())
    open_shop(application)
    application.close()
    restarted = Restarted(tmp_path / "log", url)
    load = Load(seed, CLIENTS, restarted.ask)
    try:
        load.begin(opening(MANY_UNITS, everywhere=True))
        for _ in seeds(seed, at_least=1):
            load.wait_for(CALLS_BEFORE_A_KILL)
            restarted.start_anew()
        load.wait_for(CALLS_BEFORE_A_KILL)
        load.end()
        assert restarted.server.discrepancies() == []
    finally:
        load.abandon()
        restarted.server.clean_up()
    assert load.unanswered > 0, "a kill must have cut calls short"
    application = Application.open(url, SystemClock())
    try:
        prove_books(application, load.known)
    finally:
        application.close()
