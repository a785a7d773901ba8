"""Promises are made one after another by one thread, and one that takes long lets the others go on."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from solver.fulfilment.promising.from_snapshot import FromSnapshot
from solver.fulfilment.promising.model import Promise, PromiseCommand
from solver.fulfilment.promising.promised import FromAllLanes
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2 as pb
from solver.orders.model import Order
from solver.scenario.load import load
from solver.wire.codec import to_proto
from tests.made_world import order_of
from tests.promised_world import promised_world
from tests.running import SECONDS, Running

THREAD = "order calls together"


@pytest.fixture
def town(empty: Running) -> Running:
    load(empty.application, promised_world())
    empty.application.planner.make_ready()
    return empty


def asked(order: Order) -> pb.PromiseRequest:
    return to_proto(PromiseCommand(order=order), pb.PromiseRequest)


def test_those_that_come_together_are_made_by_one_thread_and_each_is_what_it_is_alone(
    town: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [asked(order_of(("TEA", 1 + number % 3))) for number in range(9)]
    alone = [town.sourcing.Promise(request, timeout=SECONDS).promise.options for request in requests]
    promise, threads = FromSnapshot.promise, list[str]()

    def told(ready: FromSnapshot, *others: Any) -> Promise:
        threads.append(threading.current_thread().name)
        return promise(ready, *others)

    monkeypatch.setattr(FromSnapshot, "promise", told)
    calls = [town.sourcing.Promise.future(request, timeout=SECONDS) for request in requests]
    assert [call.result().promise.options for call in calls] == alone
    assert threads == [THREAD] * len(requests)


def test_one_that_is_made_from_all_lanes_keeps_nobody_waiting(town: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, rare = order_of(("TEA", 1)), replace(order_of(("TEA", 2)), order_id="rare")
    right = town.sourcing.Promise(asked(rare), timeout=SECONDS).promise.options
    promise, make = FromSnapshot.promise, FromAllLanes.make
    begun, go_on, threads = threading.Event(), threading.Event(), list[str]()

    def declined(ready: FromSnapshot, question: Any, command: PromiseCommand) -> Promise | None:
        return None if question.order.order_id == "rare" else promise(ready, question, command)

    def slowly(lanes: FromAllLanes) -> Promise:
        threads.append(threading.current_thread().name)
        begun.set()
        assert go_on.wait(SECONDS)
        return make(lanes)

    monkeypatch.setattr(FromSnapshot, "promise", declined)
    monkeypatch.setattr(FromAllLanes, "make", slowly)
    slow = town.sourcing.Promise.future(asked(rare), timeout=SECONDS)
    try:
        assert begun.wait(SECONDS)
        assert town.sourcing.Promise(asked(plain), timeout=SECONDS).promise.options
        assert not slow.done()
    finally:
        go_on.set()
    assert slow.result().promise.options == right
    assert len(threads) == 1
    assert threads[0] != THREAD
