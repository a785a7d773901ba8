"""What a running server tells of itself: metrics, a line of the log for each call, and spans."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from solver.api.server import Limits, Server
from solver.api.watch import Watch
from solver.app import Application
from solver.clock import ManualClock
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc
from solver.scenario.load import load
from solver.settings.watching import WatchingSettings
from solver.watching.traces import Traces
from tests.made_world import made_world, order_of
from tests.running import HOST, SECONDS, Stubs, plain_channel, plan_request, refusal
from tests.watching.test_shipped import METRIC, expressions, stem

PLAN = "/xunyuan.sourcing.v1.SourcingService/PlanFulfillment"
GET = "/xunyuan.sourcing.v1.SourcingService/GetPlan"
WATCH = "/xunyuan.stock.v1.FeedService/WatchAvailability"
CHECK = "/grpc.health.v1.Health/Check"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Watched(Stubs):
    """The made world behind a server that is watched."""

    def __init__(self, where: Path, clock: ManualClock, settings: WatchingSettings, traces: Traces | None) -> None:
        self.application = Application.open(where, clock)
        load(self.application, made_world())
        self.watch = Watch(settings, traces)
        self.server = Server(self.application, f"{HOST}:0", Limits(), watch=self.watch)
        self.server.start()
        super().__init__(plain_channel(self.server.port))

    def metrics(self) -> dict[str, float]:
        """Every sample of ours that Prometheus would fetch, by its text."""
        with urllib.request.urlopen(f"http://{HOST}:{self.watch.metrics_port}/metrics", timeout=SECONDS) as answer:
            lines = answer.read().decode().splitlines()
        samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in samples if name.startswith("xunyuan_")}

    def close(self) -> None:
        """Stop at once. Twice does nothing more."""
        self.channel.close()
        self.server.stop(0)
        self.application.close()


@pytest.fixture
def watched(tmp_path: Path, clock: ManualClock) -> Iterator[Callable[..., Watched]]:
    running: list[Watched] = []

    def start(traces: Traces | None = None, **settings: Any) -> Watched:
        running.append(Watched(tmp_path / "data", clock, WatchingSettings(**settings), traces))
        return running[-1]

    yield start
    for one in running:
        one.close()


def lines_of(server: Watched, log: Path) -> list[dict[str, Any]]:
    """The log's lines, once the server has ended."""
    server.channel.close()
    server.server.stop(0)
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_calls_are_counted_by_method_and_status_and_plans_by_engine(watched: Callable[..., Watched]) -> None:
    server = watched(metrics_port=0)
    assert refusal(lambda: server.plan(plan_request(order_of(("NOTHING", 1))))).code == "INVALID_ARGUMENT"
    plan = server.plan(plan_request(order_of(("TEA", 1))))
    assert refusal(lambda: server.state("plan-none")).code == "NOT_FOUND"
    assert server.state(plan.plan_id) == "HELD"
    stub: Any = health_pb2_grpc.HealthStub(server.channel)
    stub.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
    found = server.metrics()
    assert {name: number for name, number in found.items() if name.startswith("xunyuan_calls_total")} == {
        f'xunyuan_calls_total{{method="{CHECK}",status="OK"}}': 1,
        f'xunyuan_calls_total{{method="{GET}",status="NOT_FOUND"}}': 1,
        f'xunyuan_calls_total{{method="{GET}",status="OK"}}': 1,
        f'xunyuan_calls_total{{method="{PLAN}",status="INVALID_ARGUMENT"}}': 1,
        f'xunyuan_calls_total{{method="{PLAN}",status="OK"}}': 1,
    }
    assert found[f'xunyuan_call_seconds_count{{method="{PLAN}"}}'] == 2
    assert found['xunyuan_plans_total{engine="exact",fallback=""}'] == 1
    assert found['xunyuan_plan_gap_ratio_bucket{engine="exact",le="0.0"}'] == 1
    for phase, times in (("decode", 2), ("snapshot", 1), ("solve", 1), ("check", 1), ("hold", 1), ("encode", 1)):
        assert found[f'xunyuan_phase_seconds_count{{method="{PLAN}",phase="{phase}"}}'] == times
    assert found['xunyuan_lane_begun_at_once_total{lane="order"}'] == 2
    assert found['xunyuan_journal_lag_entries{follower="decisions"}'] == 1
    assert found["xunyuan_log_lines_dropped_total"] == 0


def test_a_running_server_tells_every_family_that_dashboard_and_alerts_ask_for(
    watched: Callable[..., Watched],
) -> None:
    server = watched(metrics_port=0)
    url = f"http://{HOST}:{server.watch.metrics_port}/metrics"
    with urllib.request.urlopen(url, timeout=SECONDS) as answer:
        lines = answer.read().decode().splitlines()
    families = {line.split(" ")[2].removesuffix("_total") for line in lines if line.startswith("# TYPE ")}
    asked = {name for expression in expressions() for name in METRIC.findall(expression)}
    assert {stem(name) for name in asked} - families == set()


def test_an_unknown_method_and_a_turned_away_call_are_counted_too(watched: Callable[..., Watched]) -> None:
    server = watched(metrics_port=0)
    stub: Any = server.channel.unary_unary("/no.Service/Nothing")
    assert refusal(lambda: stub(b"", timeout=SECONDS)).code == "UNIMPLEMENTED"
    get: Any = server.sourcing.GetPlan
    assert refusal(lambda: get(sourcing_pb2.GetPlanRequest(plan_id="p"), timeout=SECONDS)).code == "NOT_FOUND"
    found = server.metrics()
    assert found['xunyuan_calls_total{method="unknown",status="UNIMPLEMENTED"}'] == 1


def test_a_stream_is_counted_when_it_ends(watched: Callable[..., Watched]) -> None:
    server = watched(metrics_port=0)
    stub: Any = feed_pb2_grpc.FeedServiceStub(server.channel)
    stream = stub.WatchAvailability(feed_pb2.WatchAvailabilityRequest(), timeout=SECONDS)
    assert next(stream).begins_snapshot
    name = f'xunyuan_calls_total{{method="{WATCH}",status="CANCELLED"}}'
    assert name not in server.metrics()
    stream.cancel()
    ends_at = time.monotonic() + SECONDS
    while name not in server.metrics():
        assert time.monotonic() < ends_at, "its end was never counted"
    assert server.metrics()[name] == 1


def test_each_call_has_one_line_with_the_key_facts_of_its_plan(watched: Callable[..., Watched], tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    server = watched(request_log=str(log))
    request = plan_request(order_of(("TEA", 1)))
    plan = server.sourcing.PlanFulfillment(
        request, timeout=SECONDS, metadata=(("traceparent", f"00-{TRACE}-{PARENT}-01"),)
    ).plan
    refusal(lambda: server.state("plan-none"))
    planned, asked = lines_of(server, log)
    assert {*planned} == {
        *("at", "method", "caller", "status", "seconds", "waited_seconds"),
        *("trace_id", "request_id", "phase_seconds", "plan"),
    }
    assert (planned["method"], planned["caller"], planned["status"]) == (PLAN, "local", "OK")
    assert (planned["trace_id"], planned["request_id"]) == (TRACE, request.request_id)
    assert [*planned["phase_seconds"]] == ["decode", "snapshot", "solve", "check", "hold", "encode"]
    assert planned["plan"] == {
        "order_id": request.order.order_id,
        "plan_id": plan.plan_id,
        "engine": "exact",
        "currency": plan.currency,
        "cost_minor": plan.total_minor,
        "gap_minor": 0,
        "fallback_reason": "",
        "sources": len(plan.packages),
        "unfilled_units": 0,
    }
    assert {*asked} == {"at", "method", "caller", "status", "seconds", "waited_seconds", "reason"}
    assert (asked["method"], asked["status"], asked["reason"]) == (GET, "NOT_FOUND", "NOT_FOUND")


def test_no_line_says_where_an_order_goes(watched: Callable[..., Watched], tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    server = watched(request_log=str(log))
    request = plan_request(order_of(("TEA", 1)))
    server.plan(request)
    lines_of(server, log)
    text = log.read_text()
    assert request.order.order_id in text
    assert request.order.destination.region_id not in text


def test_health_checks_have_no_line(watched: Callable[..., Watched], tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    server = watched(request_log=str(log))
    stub: Any = health_pb2_grpc.HealthStub(server.channel)
    stub.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
    assert lines_of(server, log) == []


def test_a_call_is_a_span_of_its_callers_trace_with_its_phases_within(watched: Callable[..., Watched]) -> None:
    exporter = InMemorySpanExporter()
    server = watched(Traces(exporter, share=0.0))
    request = plan_request(order_of(("TEA", 1)))
    server.sourcing.PlanFulfillment(request, timeout=SECONDS, metadata=(("traceparent", f"00-{TRACE}-{PARENT}-01"),))
    server.close()
    spans: Any = exporter.get_finished_spans()
    [call] = [one for one in spans if one.name == PLAN.removeprefix("/")]
    assert (f"{call.context.trace_id:032x}", f"{call.parent.span_id:016x}") == (TRACE, PARENT)
    within = [one for one in spans if one.parent is not None and one.parent.span_id == call.context.span_id]
    names = [one.name for one in within if one.name != "wait"]
    assert names == ["decode", "snapshot", "solve", "check", "hold", "encode"]
    assert all(call.start_time <= one.start_time <= one.end_time <= call.end_time for one in within)
    assert call.attributes["rpc.method"] == "PlanFulfillment"
    assert call.attributes["xunyuan.order_id"] == request.order.order_id


def test_of_calls_that_no_caller_traces_the_share_is_traced(watched: Callable[..., Watched]) -> None:
    exporter = InMemorySpanExporter()
    server = watched(Traces(exporter, share=0.0))
    server.plan(plan_request(order_of(("TEA", 1))))
    server.close()
    assert exporter.get_finished_spans() == ()


def test_without_settings_nothing_stands_around_calls(watched: Callable[..., Watched]) -> None:
    server = watched()
    server.plan(plan_request(order_of(("TEA", 1))))
    assert (server.watch.interceptors, server.watch.metrics_port) == ([], None)
    assert server.watch.watching.meters.metered().calls == {}
