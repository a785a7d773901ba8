"""One run, drawn from one seed: it must be safe whatever goes wrong, and afterwards everybody gets through."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from solver.storage.once import answered_before
from tests.faults.simulation.calls import Answer, Call
from tests.faults.simulation.client import Client, Shared
from tests.faults.simulation.model import Known
from tests.faults.simulation.network import Network
from tests.faults.simulation.servers import CrashPlan, SimulatedServer
from tests.faults.simulation.shop import AHEAD, CEILINGS, open_shop, opening, prove_books
from tests.faults.simulation.verbs import carry_out

CLIENTS = 6
CALM_TICKS = 80  # within which everybody gets through


@dataclass
class Simulation:
    """`servers` share one store."""

    seed: int
    servers: Sequence[SimulatedServer]
    crashes: int = 0
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)
        self._tick = self._given = 0
        self._requests: Network[Call] = Network(random.Random(f"{self.seed}/requests"))
        self._answers: Network[Answer] = Network(random.Random(f"{self.seed}/answers"))
        shared = Shared()
        self._clients = [
            Client(name=f"c{number}", draw=random.Random(f"{self.seed}/{number}"), shared=shared, versatile=True)
            for number in range(CLIENTS)
        ]
        self.known = Known(ceilings=CEILINGS, ahead=AHEAD)
        self._open_shop()

    def run(self, ticks: int) -> None:
        """So many ticks with faults, then a calm in which everybody gets through, and the books to the unit."""
        for _ in range(ticks):
            self._pass(faulty=True)
            self.known.prove_safe()
            if self._tick % 20 == 0:
                self._audit()
        self._requests.is_faulty = self._answers.is_faulty = False
        for _ in range(CALM_TICKS):
            self._pass(faulty=False)
        waiting = [client.waits_for for client in self._clients if not client.is_idle()]
        assert not waiting, f"seed {self.seed}: these never got through: {waiting}"
        self._prove_the_books()

    @property
    def lost_answers(self) -> int:
        """How many acknowledgements were lost on their way."""
        return self._answers.lost

    @property
    def copies(self) -> int:
        """How many requests arrived twice because the network doubled them."""
        return self._requests.doubled

    def _pass(self, *, faulty: bool) -> None:
        self._tick += 1
        for client in self._clients:
            call = client.speaks(begins_anew=faulty)
            if call is not None:
                self.known.send(call)
                self._requests.send(self._tick, call)
        self._turn_clocks(faulty=faulty)
        self._serve(self._requests.arrive(self._tick), faulty=faulty)
        for answer in self._answers.arrive(self._tick):
            self.known.hear(answer)
            for client in self._clients:
                client.hears(answer)

    def _serve(self, calls: list[Call], *, faulty: bool) -> None:
        while calls:
            group = self._group(calls)
            plan = CrashPlan.drawn(self._draw) if faulty and self._draw.random() < 0.06 else None
            server = self._draw.choice(self.servers)
            before = server.crashes
            for answer in server.answers(group, plan):
                if answer is not None:
                    self._given += 1
                    self._answers.send(self._tick, replace(answer, given=self._given))
            if server.crashes > before:
                self.crashes += 1
                self._audit()

    def _group(self, calls: list[Call]) -> list[Call]:
        """Some calls that are carried out together, one plan among them at most: two may race beyond the group."""
        group = [calls.pop() for _ in range(min(len(calls), self._draw.randint(1, 5)))]
        for plan in [call for call in group if call.verb == "plan"][1:]:
            group.remove(plan)
            calls.append(plan)
        return group

    def _turn_clocks(self, *, faulty: bool) -> None:
        for server in self.servers:
            server.clock.advance(timedelta(seconds=self._draw.randint(5, 40)))
            if faulty and self._draw.random() < 0.03:
                server.clock.advance(timedelta(minutes=self._draw.randint(-30, 30)))

    def _audit(self) -> None:
        found = self.servers[0].audit()
        assert found == [], f"seed {self.seed}, tick {self._tick}: {found}"

    def _prove_the_books(self) -> None:
        """A refused request of which a copy came later may have been done after all: the store tells."""
        self._audit()
        application = self.servers[0].application
        with application.database.read() as reader:
            for answer in self.known.refused.values():
                if answered_before(reader, answer.call.request) is not None:
                    late = carry_out(application, answer.call)
                    assert late is not None
                    self.known.done[answer.call.request_id] = answer.call
                    self.known.told[answer.call.request_id] = late
        prove_books(application, self.known)

    def _open_shop(self) -> None:
        open_shop(self.servers[0].application)
        stocked = opening(everywhere=True)
        self.known.send(stocked)
        for answer in self.servers[0].answers([stocked]):
            assert answer is not None
            self.known.hear(answer)
