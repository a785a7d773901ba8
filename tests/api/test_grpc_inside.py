"""A gRPC that is built otherwise than is known is told of, and serves all the same."""

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from solver.api import grpc_inside
from solver.api.grpc_inside import cygrpc, differences, server
from solver.clock import SystemClock
from solver.doctor.finding import Level
from solver.doctor.machine import grpc_build
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc
from solver.scenario.load import load
from solver.scenario.model import OpeningStock
from tests.made_world import made_world, order_of
from tests.running import SECONDS, Running, plan_request

NAMES = (
    "_Context",
    "_RECEIVE_MESSAGE_TOKEN",
    "_CLOSED",
    "_abort",
    "_is_rpc_state_active",
    "_receive_message",
    "_stream_response_in_pool",
    "_unary_response_in_pool",
)


def like_server(**changed: object) -> SimpleNamespace:
    return SimpleNamespace(**{**{name: getattr(server, name) for name in NAMES}, **changed})


def test_the_installed_grpc_is_as_it_is_known() -> None:
    assert grpc_inside.UNKNOWN == ()
    assert differences(like_server(), cygrpc) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_missing_is_told(name: str) -> None:
    there = like_server()
    delattr(there, name)
    assert differences(there, cygrpc) == (name,)


def test_what_is_called_otherwise_and_modules_that_are_missing_are_told() -> None:
    assert differences(like_server(_abort=lambda state, call, status: None), cygrpc) == ("_abort",)
    of_core = ("ReceiveMessageOperation", "StatusCode")
    assert differences(like_server(), None) == of_core
    assert sorted(differences(None, None)) == sorted((*NAMES, *of_core))


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Running]:
    """A server on a gRPC that has names other than those known."""
    monkeypatch.setattr(grpc_inside, "UNKNOWN", ("_abort",))
    caplog.set_level(logging.WARNING, "solver.api.grpc_inside")
    made = Running(tmp_path, SystemClock())
    load(made.application, made_world(stock=(OpeningStock(source_id="W-EAST", sku="TEA", units=9),)))
    yield made
    made.close()


def test_a_server_without_these_names_says_so_and_answers_calls_and_streams(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    [said] = [one.getMessage() for one in caplog.get_records("setup") if one.name == "solver.api.grpc_inside"]
    assert "calls are answered without lanes" in said
    assert said.endswith("install grpcio>=1.81.1,<1.86")
    held, released = (running.plan(plan_request(order_of(("TEA", 2), order_id=name))) for name in ("a", "b"))
    running.confirm(held.plan_id)
    running.release(released.plan_id)
    assert running.levels("TEA") == {("W-EAST", "TEA"): (7, 0, 2)}
    assert [lane.running + lane.begun_at_once for lane in running.server.lanes()] == [0] * len(running.server.lanes())
    watch = feed_pb2_grpc.FeedServiceStub(running.channel).WatchAvailability(
        feed_pb2.WatchAvailabilityRequest(), timeout=SECONDS
    )
    assert next(iter(watch)).begins_snapshot
    watch.cancel()


def test_the_doctor_tells_of_it_and_how_to_mend_it() -> None:
    [finding] = grpc_build(["_abort"])
    assert (finding.level, finding.remedy) == (Level.WARNING, "install grpcio>=1.81.1,<1.86")
    assert [one.level for one in grpc_build()] == [Level.OK]
