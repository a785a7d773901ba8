"""What is counted, as Prometheus reads it. A process tells of itself alone: each has a port of its own."""

import platform
from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from solver.watching.histogram import Counted
from solver.watching.lanes import LaneState
from solver.watching.meters import Metered, Meters
from solver.watching.sights import Sights

REFUSED_STATUS = "RESOURCE_EXHAUSTED"


class Families(Collector):
    """Every family of metrics, read at the moment that they are asked for."""

    def __init__(self, meters: Meters, sights: Sights, dropped_lines: Callable[[], int] = lambda: 0) -> None:
        self._meters = meters
        self._dropped_lines = dropped_lines
        self._sights = sights

    def collect(self) -> Iterator[Metric]:
        """See Collector."""
        metered, lanes = self._meters.metered(), list(self._sights.lanes())
        yield from _of_calls(metered, lanes)
        yield from _of_plans(metered)
        yield from _of_lanes(lanes)
        yield from self._of_process()

    def describe(self) -> Iterable[Metric]:
        """Nothing ahead of time: collecting asks the database."""
        return []

    def _of_process(self) -> Iterator[Metric]:
        entries = GaugeMetricFamily(
            "xunyuan_journal_lag_entries", "entries of the journal that a follower has not met yet", labels=["follower"]
        )
        seconds = GaugeMetricFamily(
            "xunyuan_journal_lag_seconds", "age of the oldest entry that a follower has not met", labels=["follower"]
        )
        for lag in self._sights.lags():
            entries.add_metric([lag.follower], lag.entries)
            seconds.add_metric([lag.follower], lag.seconds)
        yield from (entries, seconds)
        dropped = CounterMetricFamily("xunyuan_log_lines_dropped", "lines of the request log that found no room")
        dropped.add_metric([], self._dropped_lines())
        yield dropped
        build = GaugeMetricFamily("xunyuan_build_info", "what runs; always 1", labels=["release", "python", "store"])
        build.add_metric([self._sights.release, platform.python_version(), self._sights.store], 1)
        yield build


def _of_calls(metered: Metered, lanes: Iterable[LaneState]) -> Iterator[Metric]:
    calls = CounterMetricFamily("xunyuan_calls", "calls that ended", labels=["method", "status"])
    ended = dict(metered.calls)
    for lane in lanes:
        for (method, _), number in lane.turned_away.items():
            ended[method, REFUSED_STATUS] = ended.get((method, REFUSED_STATUS), 0) + number
    for (method, status), number in sorted(ended.items()):
        calls.add_metric([method, status], number)
    yield calls
    seconds = HistogramMetricFamily("xunyuan_call_seconds", "from a call's message to its answer", labels=["method"])
    _add(seconds, (((method,), counted) for method, counted in metered.seconds.items()))
    yield seconds
    phases = HistogramMetricFamily("xunyuan_phase_seconds", "phases of calls", labels=["method", "phase"])
    _add(phases, metered.phases.items())
    yield phases


def _of_plans(metered: Metered) -> Iterator[Metric]:
    plans = CounterMetricFamily(
        "xunyuan_plans", "plans made, by engine and by why the exact one handed over", labels=["engine", "fallback"]
    )
    for (engine, fallback), number in sorted(metered.plans.items()):
        plans.add_metric([engine, fallback], number)
    gap = HistogramMetricFamily("xunyuan_plan_gap_ratio", "gap of plans, as a share of the cost", labels=["engine"])
    _add(gap, (((engine,), counted) for engine, counted in metered.gaps.items()))
    unfilled = CounterMetricFamily("xunyuan_plans_unfilled", "plans that leave units unfilled")
    unfilled.add_metric([], metered.unfilled_plans)
    conflicts = CounterMetricFamily("xunyuan_plan_conflicts", "plans made anew since others took their stock first")
    conflicts.add_metric([], metered.conflicts)
    yield from (plans, gap, unfilled, conflicts)


def _of_lanes(lanes: Iterable[LaneState]) -> Iterator[Metric]:
    running = GaugeMetricFamily("xunyuan_lane_running", "calls that are worked on", labels=["lane"])
    waiting = GaugeMetricFamily("xunyuan_lane_waiting", "calls that wait for a worker", labels=["lane"])
    at_once = CounterMetricFamily("xunyuan_lane_begun_at_once", "calls that did not wait", labels=["lane"])
    waits = HistogramMetricFamily("xunyuan_lane_wait_seconds", "how long calls that waited did so", labels=["lane"])
    away = CounterMetricFamily(
        "xunyuan_turned_away", "calls that were refused before any work", labels=["lane", "method", "cause"]
    )
    for lane in lanes:
        running.add_metric([lane.name], lane.running)
        waiting.add_metric([lane.name], lane.waiting)
        at_once.add_metric([lane.name], lane.begun_at_once)
        _add(waits, [((lane.name,), lane.waits)])
        for (method, cause), number in sorted(lane.turned_away.items()):
            away.add_metric([lane.name, method, cause], number)
    yield from (running, waiting, at_once, waits, away)


def _add(family: HistogramMetricFamily, rows: Iterable[tuple[tuple[str, ...], Counted]]) -> None:
    for labels, counted in sorted(rows, key=lambda row: row[0]):
        family.add_metric(list(labels), buckets=counted.cumulative(), sum_value=counted.total)
