"""Clients in threads, on servers that fail in earnest. Nobody gives up: what is not answered is repeated."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from tests.faults.simulation.calls import Answer, Call
from tests.faults.simulation.client import Client, Shared
from tests.faults.simulation.model import Known
from tests.faults.simulation.shop import AHEAD, CEILINGS

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.02


class Load:
    """`ask` sends a call; None: it was not answered. What was acknowledged is in `known`."""

    def __init__(self, seed: int, clients: int, ask: Callable[[Call], Answer | None]) -> None:
        self.known = Known(ceilings=CEILINGS, ahead=AHEAD)
        self.unanswered = 0
        self._ask = ask
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._abandoned = threading.Event()
        self._given = 0
        self._troubles: list[BaseException] = []
        shared = Shared()
        self._clients = [
            Client(name=f"c{number}", draw=random.Random(f"{seed}/{number}"), shared=shared, versatile=True)
            for number in range(clients)
        ]
        self._threads = [threading.Thread(target=self._work, args=(client,)) for client in self._clients]

    def begin(self, *first: Call) -> None:
        """Have these calls answered, then let the clients come."""
        for call in first:
            self._have_answered(call)
        for thread in self._threads:
            thread.start()

    def wait_for(self, done: int) -> None:
        """Until so many calls are done, besides those that were before. Raises what went wrong."""
        goal, ends_at = len(self.known.done) + done, time.monotonic() + PATIENCE_SECONDS
        while len(self.known.done) < goal:
            self._refuse_trouble()
            assert time.monotonic() < ends_at, f"{len(self.known.done)} of {goal} calls are done"
            time.sleep(PAUSE_SECONDS)

    def end(self) -> None:
        """Let everybody finish what was begun. Raises what went wrong."""
        self._ending.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        self._refuse_trouble()
        waiting = [client.waits_for for client in self._clients if not client.is_idle()]
        assert not waiting, f"these never got through: {waiting}"

    def abandon(self) -> None:
        """The test is over, whatever became of it: who still waits for an answer gives up."""
        self._ending.set()
        self._abandoned.set()

    def _refuse_trouble(self) -> None:
        if self._troubles:
            raise self._troubles[0]

    def _work(self, client: Client) -> None:
        try:
            while not (self._ending.is_set() and client.is_idle()):
                call = client.speaks(begins_anew=not self._ending.is_set())
                if call is not None:
                    client.hears(self._have_answered(call))
        except BaseException as error:
            self._troubles.append(error)

    def _have_answered(self, call: Call) -> Answer:
        with self._lock:
            self.known.send(call)
        while (answer := self._ask(call)) is None:
            self.unanswered += 1
            assert not self._abandoned.is_set(), f"nobody answers {call} any more"
            time.sleep(PAUSE_SECONDS)
        with self._lock:
            self._given += 1
            answer = replace(answer, given=self._given)
            self.known.hear(answer)
            self.known.prove_safe()
        return answer
