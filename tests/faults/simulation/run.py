"""One run, drawn from one seed: it must be safe whatever goes wrong, and afterwards everybody gets through."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from solver.scenario.load import load
from solver.stock.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.storage.once import answered_before, request_for
from tests.faults.simulation.calls import Answer, Call
from tests.faults.simulation.client import PLACES, Client
from tests.faults.simulation.model import Known
from tests.faults.simulation.network import Network
from tests.faults.simulation.servers import CrashPlan, SimulatedServer
from tests.made_world import made_world

CLIENTS = 6
CALM_TICKS = 80  # within which everybody gets through
OPENING_UNITS = 8
CEILING = ("web", "TEA", 6)


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
        holds: list[str] = []
        self._clients = [
            Client(name=f"c{number}", draw=random.Random(f"{self.seed}/{number}"), others=holds)
            for number in range(CLIENTS)
        ]
        self.known = Known(ceilings={CEILING[:2]: CEILING[2]})
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
            group = [calls.pop() for _ in range(min(len(calls), self._draw.randint(1, 5)))]
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
                    self.known.done[answer.call.request_id] = answer.call
            now = application.stock.now(reader)
            levels = application.stock.levels(reader)
        holds = [application.holding.get(call.hold_id) for call in self.known.done.values() if call.verb == "hold"]
        self.known.prove_exact(
            {(one.site_id, one.sku): (one.on_hand, one.held, one.committed) for one in levels},
            {hold.hold_id: (hold.state.name, hold.expires_at) for hold in holds},
            now,
        )

    def _open_shop(self) -> None:
        """Tea is divided between two channels, cups are not."""
        application, name = self.servers[0].application, "opening"
        load(application, made_world(stock=()))
        feeds = (Feed(site_id="W-EAST", sku="TEA", share_permille=700),)
        channels, quotas = application.channels, [
            Quota(channel_id="app", sku="TEA", exclusive_permille=300),
            Quota(channel_id=CEILING[0], sku=CEILING[1], ceiling_units=CEILING[2]),
        ]  # fmt: skip
        channels.set_warehouses(request_for("w", name), [LogicalWarehouse(logical_id="online", feeds=feeds)])
        channels.set_channels(
            request_for("c", name),
            [Channel(channel_id="app", tier=1), Channel(channel_id="web", tier=2, logical_ids=("online",))],
        )
        channels.set_quotas(request_for("q", name), quotas)
        rows = tuple((*place, OPENING_UNITS) for place in PLACES)
        call = Call(request_id=name, verb="receive", rows=rows)
        self.known.send(call)
        for answer in self.servers[0].answers([call]):
            assert answer is not None
            self.known.hear(answer)
