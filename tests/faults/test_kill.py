"""The server is killed in the middle of a load, several times: nothing acknowledged is lost, nothing is held twice."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from solver.app import Application
from solver.clock import SystemClock
from solver.fulfilment.model import PlanRecord, PlanState
from solver.fulfilment.records import find
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2
from solver.journal.model import EntryState
from solver.scenario.model import OpeningStock
from tests.begun import begin
from tests.faults.process import ServerProcess
from tests.made_world import made_world, order_of
from tests.running import SECONDS, fresh_id, plan_request

KILLS = 3
THREADS = 4
STOCK = tuple(
    OpeningStock(source_id=source_id, sku=sku, units=400)
    for source_id in ("W-EAST", "S-EAST", "W-WEST")
    for sku in ("TEA", "CUP", "POT")
)
LATER = {"HELD": {"HELD", "CONFIRMED", "RELEASED"}, "CONFIRMED": {"CONFIRMED"}, "RELEASED": {"RELEASED"}}


@dataclass
class Caller:
    """One thread's calls: what was acknowledged, and which requests got no answer."""

    draw: random.Random
    acknowledged: dict[str, str] = field(default_factory=dict)  # plan id -> state
    plans_unanswered: list[sourcing_pb2.PlanFulfillmentRequest] = field(default_factory=list)
    resolutions_unanswered: list[tuple[str, str, str]] = field(default_factory=list)  # method, plan id, request id

    def work(self, server: ServerProcess) -> None:
        """Plan and resolve until the server is gone."""
        while self._plan(server) and self._resolve(server):
            pass

    def _plan(self, server: ServerProcess) -> bool:
        wanted = [(sku, self.draw.randint(1, 3)) for sku in self.draw.sample(["TEA", "CUP", "GIFT"], 2)]
        request = plan_request(order_of(*wanted, order_id=f"order {fresh_id()}"))
        try:
            self.acknowledged[server.plan(request).plan_id] = "HELD"
        except grpc.RpcError as error:
            if isinstance(error, grpc.Call) and error.code() is grpc.StatusCode.ABORTED:
                return True  # the others took the last units: an answer, and nothing is held
            _must_be_gone(error)
            self.plans_unanswered.append(request)
            return False
        return True

    def _resolve(self, server: ServerProcess) -> bool:
        standing = [plan_id for plan_id, state in self.acknowledged.items() if state == "HELD"]
        if self.draw.random() < 0.3 or not standing:
            return True
        plan_id, method = self.draw.choice(standing), self.draw.choice(["confirm", "release"])
        request_id = fresh_id()
        try:
            getattr(server, method)(plan_id, request_id)
        except grpc.RpcError as error:
            _must_be_gone(error)
            self.resolutions_unanswered.append((method, plan_id, request_id))
            return False
        self.acknowledged[plan_id] = "CONFIRMED" if method == "confirm" else "RELEASED"
        return True

    def make_up(self, server: ServerProcess) -> None:
        """Check what was acknowledged, then send again what was not answered: each ends in one plan or state."""
        for plan_id, state in self.acknowledged.items():
            assert server.state(plan_id) in LATER[state]
        for request in self.plans_unanswered:
            first, again = server.plan(request), server.plan(request)
            assert first == again
            self.acknowledged[first.plan_id] = "HELD"
        for method, plan_id, request_id in self.resolutions_unanswered:
            getattr(server, method)(plan_id, request_id)
            self.acknowledged[plan_id] = "CONFIRMED" if method == "confirm" else "RELEASED"
            assert server.state(plan_id) == self.acknowledged[plan_id]
        self.plans_unanswered.clear()
        self.resolutions_unanswered.clear()


def _must_be_gone(error: grpc.RpcError) -> None:
    assert isinstance(error, grpc.Call)
    assert error.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}, error.details()


def test_kills_under_load_lose_nothing_and_hold_nothing_twice(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "data"
    begin(folder, made_world(stock=STOCK))
    draw = random.Random(seed)
    callers = [Caller(draw=random.Random(f"{seed}/{number}")) for number in range(THREADS)]
    unanswered = 0
    for _ in range(KILLS):
        server = ServerProcess(folder)
        try:
            for caller in callers:
                caller.make_up(server)
            _kill_amid(server, callers, after_plans=draw.randint(1, 60))
        finally:
            server.clean_up()
        unanswered += sum(len(one.plans_unanswered) + len(one.resolutions_unanswered) for one in callers)
    assert unanswered > 0, "a kill must have cut calls short"

    server = ServerProcess(folder)
    try:
        for caller in callers:
            caller.make_up(server)
            assert {plan_id: server.state(plan_id) for plan_id in caller.acknowledged} == caller.acknowledged
        assert server.discrepancies() == []
        assert server.end() == (0, "stopped\n")
    finally:
        server.clean_up()
    _prove_the_books(folder, {plan_id for caller in callers for plan_id in caller.acknowledged})


def _kill_amid(server: ServerProcess, callers: list[Caller], *, after_plans: int) -> None:
    goal, ends_at = _plans_of(callers) + after_plans, time.monotonic() + SECONDS
    threads = [threading.Thread(target=caller.work, args=(server,)) for caller in callers]
    for thread in threads:
        thread.start()
    while _plans_of(callers) < goal:
        assert time.monotonic() < ends_at, "so few plans are acknowledged"
        time.sleep(0.001)
    server.process.kill()
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive()
    server.kill()


def _plans_of(callers: list[Caller]) -> int:
    return sum(len(caller.acknowledged) for caller in callers)


def _prove_the_books(folder: Path, known_plans: set[str]) -> None:
    """Held and committed stock is what the plans say, plan by plan; every plan is one that a caller knows."""
    application = Application.open(folder, SystemClock())
    try:
        with application.database.read() as reader:
            plan_ids = {plan_id for (plan_id,) in reader.query("SELECT plan_id FROM plan")}
            assert plan_ids == known_plans
            records = [record for plan_id in plan_ids if (record := find(reader, plan_id)) is not None]
            states = {plan_id: application.stock.hold_state(reader, plan_id) for plan_id in plan_ids}
            levels = application.stock.levels(reader)
            assert application.journal.audit(reader) == ()
    finally:
        application.close()
    assert len({record.plan.order_id for record in records}) == len(records)
    held, committed = _packed(records, states, EntryState.HELD), _packed(records, states, EntryState.CONFIRMED)
    assert {(one.site_id, one.sku): one.held for one in levels if one.held} == dict(held)
    assert {(one.site_id, one.sku): one.committed for one in levels if one.committed} == dict(committed)
    assert {one.on_hand for one in levels} == {400}
    assert {PlanState.of_hold(state) for state in states.values()} <= {
        PlanState.HELD, PlanState.CONFIRMED, PlanState.RELEASED,
    }  # fmt: skip


def _packed(records: list[PlanRecord], states: dict[str, EntryState], state: EntryState) -> Counter[tuple[str, str]]:
    units: Counter[tuple[str, str]] = Counter()
    for record in records:
        if states[record.plan_id] is state:
            for package in record.plan.packages:
                for one in package.contents:
                    units[package.source_id, one.sku] += one.units
    return units
