"""Callers of a soak, each on a thread and a channel of its own, until they are told to end."""

import random
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import grpc

from solver.gen.xunyuan.ledger.v1 import ledger_pb2
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc, stock_pb2
from tests.faults import http2
from tests.made_world import order_of
from tests.running import SECONDS, Stubs, plain_channel, plan_request

SITES, SKUS = ("W-EAST", "S-EAST", "W-WEST"), ("TEA", "CUP", "POT")
HOLD_SECONDS = 20  # what stands is kept in memory: it must not be the soak that grows
HURRIED = 0.25  # of the calls are given up, by a deadline or by a word
EXPECTED = {
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}


@dataclass
class Tally:
    """How calls ended, by method and code; and what should not have been."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    _gate: threading.Lock = field(default_factory=threading.Lock)

    def count(self, method: str, code: grpc.StatusCode) -> None:
        """One more call that ended so."""
        with self._gate:
            self.ends[method, code.name] += 1
            if code is not grpc.StatusCode.OK and code not in EXPECTED:
                self.troubles.append(f"{method} ended with {code.name}")

    def of(self, *codes: str) -> int:
        """How many calls ended with one of these."""
        return sum(count for (_, code), count in self.ends.items() if code in codes)


class Actor(threading.Thread, ABC):
    """Acts again and again."""

    def __init__(self, name: str, port: int, seed: int, tally: Tally, over: threading.Event) -> None:
        super().__init__(name=name)
        self.draw = random.Random(f"{seed}/{name}")
        self._port = port
        self._tally = tally
        self._over = over
        self._number = 0

    def run(self) -> None:
        """See Thread."""
        with plain_channel(self._port) as channel:
            stubs = Stubs(channel)
            while not self._over.is_set():
                try:
                    self.act(stubs)
                except Exception as error:  # whatever it is, the soak must tell it
                    self._tally.troubles.append(f"{self.name}: {error!r}")
                    return

    @abstractmethod
    def act(self, stubs: Stubs) -> None:
        """What is done again and again."""

    def fresh(self) -> str:
        """A name that was never used."""
        self._number += 1
        return f"{self.name}/{self._number}"

    def ask(self, method: Any, request: object, *, patiently: bool = False) -> object | None:
        """The answer; None where there is none. Some calls are given up."""
        name = type(request).__name__.removesuffix("Request")
        hurried = not patiently and self.draw.random() < HURRIED
        by_deadline = hurried and self.draw.random() < 0.5
        call = method.future(request, timeout=self.draw.uniform(0.0005, 0.02) if by_deadline else SECONDS)
        if hurried and not by_deadline:
            time.sleep(self.draw.uniform(0, 0.01))
            call.cancel()
        try:
            answer: object = call.result()
        except (grpc.RpcError, grpc.FutureCancelledError):
            self._tally.count(name, call.code())
            return None
        self._tally.count(name, grpc.StatusCode.OK)
        return answer


class Planner(Actor):
    """Plans orders, and confirms, releases or forgets them."""

    def act(self, stubs: Stubs) -> None:
        """One order."""
        wanted = [(sku, self.draw.randint(1, 3)) for sku in self.draw.sample(SKUS, 2)]
        request = plan_request(order_of(*wanted, order_id=self.fresh()), request_id=self.fresh())
        request.hold_for.FromSeconds(HOLD_SECONDS)
        if self.ask(stubs.sourcing.PlanFulfillment, request) is None:
            return
        plan = stubs.plan(request)  # the same request again: the same plan
        ends: list[Callable[..., object]] = [stubs.confirm, stubs.release, lambda *_: None]
        self.draw.choice(ends)(plan.plan_id, self.fresh())
        stubs.state(plan.plan_id)


class Holder(Actor):
    """Holds stock and gives it back."""

    def act(self, stubs: Stubs) -> None:
        """One hold."""
        name = self.fresh()
        claims = [stock_pb2.Claim(site_id=self.draw.choice(SITES), sku=self.draw.choice(SKUS), units=1)]
        request = stock_pb2.HoldStockRequest(request_id=name, hold_id=name, claims=claims)
        request.hold_for.FromSeconds(HOLD_SECONDS)
        self.ask(stubs.stock.HoldStock, request)
        self.ask(stubs.stock.ReleaseHold, stock_pb2.ReleaseHoldRequest(request_id=f"{name} back", hold_id=name))


class Stocker(Actor):
    """Brings new stock."""

    def act(self, stubs: Stubs) -> None:
        """One delivery."""
        movements = [stock_pb2.Movement(site_id=site, sku=sku, units=20) for site in SITES for sku in SKUS]
        request = stock_pb2.ReceiveStockRequest(request_id=self.fresh(), reference=self.fresh(), movements=movements)
        self.ask(stubs.stock.ReceiveStock, request, patiently=True)
        time.sleep(0.2)


class Reader(Actor):
    """Reads stock and books."""

    def act(self, stubs: Stubs) -> None:
        """A few questions."""
        self.ask(stubs.stock.ListStockLevels, stock_pb2.ListStockLevelsRequest(skus=SKUS))
        self.ask(stubs.ledger.GetTrialBalance, ledger_pb2.GetTrialBalanceRequest())
        time.sleep(0.05)


class Watcher(Actor):
    """Watches what shops show for a while, and hangs up."""

    def act(self, stubs: Stubs) -> None:
        """One watch."""
        feed = feed_pb2_grpc.FeedServiceStub(stubs.channel)
        stream = feed.WatchAvailability(feed_pb2.WatchAvailabilityRequest(), timeout=self.draw.uniform(0.05, 1.0))
        try:
            for _ in range(self.draw.randint(1, 20)):
                next(stream, None)
        except grpc.RpcError:
            pass
        stream.cancel()
        self._tally.count("WatchAvailability", stream.code())


class Stranger(Actor):
    """Speaks garbage."""

    def act(self, stubs: Stubs) -> None:
        """One connection."""
        said = [http2.PREFACE, http2.frame(http2.SETTINGS), *(http2.any_frame(self.draw) for _ in range(5))]
        http2.connection(self._port, *said[self.draw.randrange(2) :]).close()
        time.sleep(0.1)


CAST: tuple[tuple[type[Actor], int], ...] = (
    (Planner, 3), (Holder, 2), (Stocker, 1), (Reader, 1), (Watcher, 1), (Stranger, 1),
)  # fmt: skip


def cast(port: int, seed: int, tally: Tally, over: threading.Event) -> list[Actor]:
    """Everybody."""
    return [
        kind(f"{kind.__name__} {number}", port, seed, tally, over) for kind, count in CAST for number in range(count)
    ]
