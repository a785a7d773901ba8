"""`python -m benchmarks.stock_value_calls`: what callers feel of values of stock that are reckoned beside their calls.

A service with some sources of the bundled network and `a_week`'s stock cut to a part, under a policy that minds
values. Orders are planned and confirmed one after the other, for so many seconds; stock that moves makes values due, so
that reckonings come and go between the calls. What the service tells of each reckoning says which calls fell into it.
In every other block of calls values are switched off. Every answer is checked, and the books are audited in the end.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.latencies import Latencies
from solver.cli.process import served
from solver.client import Client, FulfilmentPlan, Order, Policy, StockValuing
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.model import OpeningStock, Scenario

A_WEEK = Path(__file__).resolve().parents[1] / "scenarios" / "a_week"
STOCK_PERCENT, SEEN_ORDERS, BLOCK = 30, 100, 25
SECONDS, SOURCES = 120.0, 40
VALUING = StockValuing(refresh_minutes=1, moved_permille=1, ahead_days=5)  # due after some calls already
OFF, BETWEEN, DURING = "values switched off", "on, nothing being reckoned", "while values are reckoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """When a call began and ended, and whether values counted."""

    begun: datetime
    ended: datetime
    is_valued: bool

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended - self.begun).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The calls, and from when to when values were reckoned; `trusted_permille` of the latest ones.

    No reckonings: the first one did not end in the time that there was.
    """

    calls: tuple[Call, ...]
    reckonings: tuple[tuple[datetime, datetime], ...]
    trusted_permille: int

    def by_state(self) -> dict[str, Latencies]:
        """How long calls took, by what the service did meanwhile; calls of which it cannot be told are left out."""
        seconds: dict[str, list[float]] = {OFF: [], BETWEEN: [], DURING: []}
        for call in self.calls:
            overlaps = any(call.begun < ended and begun < call.ended for begun, ended in self.reckonings)
            within = any(begun <= call.begun and call.ended <= ended for begun, ended in self.reckonings)
            if within:
                seconds[DURING].append(call.seconds)
            elif not overlaps:
                seconds[BETWEEN if call.is_valued else OFF].append(call.seconds)
        return {state: Latencies(of) for state, of in seconds.items()}


@dataclass(slots=True)
class _Reckonings:
    """What the service tells of its reckonings, asked now and then."""

    spans: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    trusted_permille: int = 0

    def ask(self, client: Client) -> None:
        for one in client.stock_values.policies():
            if one.reckoned_at is not None:
                ended = one.reckoned_at + timedelta(microseconds=one.reckoning_micros)
                self.spans[one.version] = one.reckoned_at, ended
                self.trusted_permille = one.trusted_permille


def measure(
    seconds: float,
    *,
    sources: int = SOURCES,
    stock_percent: int = STOCK_PERCENT,
    seen_orders: int = SEEN_ORDERS,
    stopwatch: Callable[[], float] = time.monotonic,
) -> Measured:
    """Plan orders, once values were reckoned for the first time by those seen before, until the seconds are over."""
    ends_at = stopwatch() + seconds
    scenario = _scenario(sources, stock_percent)
    policy = replace(scenario.policy, settings={**scenario.policy.settings, "stock_value_permille": 1_000})
    seen, told = _Reckonings(), []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, Client(address) as client:
        client.load(replace(scenario, orders=()))
        client.stock_values.set(replace(VALUING, is_on=False))
        for order in _lately(scenario.orders[:seen_orders]):
            _planned(client, order, policy)
        client.stock_values.set(VALUING)
        client.plan(scenario.orders[0], policy=policy, validate_only=True)  # so that the policy is known
        while not seen.spans and stopwatch() < ends_at:
            time.sleep(0.5)
            seen.ask(client)
        for number, order in enumerate(_again(scenario.orders[seen_orders:])):
            if stopwatch() >= ends_at:
                break
            is_valued = number // BLOCK % 2 == 0
            if number % BLOCK == 0:
                client.stock_values.set(replace(VALUING, is_on=is_valued))
            begun = datetime.now(UTC)
            standing = client.plan(replace(order, placed_at=begun, promised_at=None), policy=policy)
            told.append(Call(begun=begun, ended=datetime.now(UTC), is_valued=is_valued))
            _check(order, standing)
            client.confirm(standing.plan_id)
            seen.ask(client)
        time.sleep(1.0)
        seen.ask(client)
        assert client.audit_books() == (), "the books balance"
    spans = tuple(span for _, span in sorted(seen.spans.items()))
    return Measured(calls=tuple(told), reckonings=spans, trusted_permille=seen.trusted_permille)


def _scenario(sources: int, stock_percent: int) -> Scenario:
    """With the sources that have most stock."""
    scenario = with_orders(read_scenario(A_WEEK))
    units = Counter[str]()
    for row in scenario.stock:
        units[row.source_id] += row.units
    kept = {source_id for source_id, _ in units.most_common(sources)}
    stock = (
        OpeningStock(source_id=row.source_id, sku=row.sku, units=row.units * stock_percent // 100)
        for row in scenario.stock
        if row.source_id in kept
    )
    return replace(
        scenario,
        generator=None,
        orders=tuple(sorted(scenario.orders, key=lambda order: order.placed_at)),
        sources=tuple(one for one in scenario.sources if one.source_id in kept),
        transfers=tuple(one for one in scenario.transfers if kept.issuperset(one.ends)),
        stock=tuple(row for row in stock if row.units),
    )


def _lately(orders: Sequence[Order]) -> Iterator[Order]:
    """The orders, as if the last of them had just been placed."""
    later = datetime.now(UTC) - orders[-1].placed_at
    for order in orders:
        yield replace(order, placed_at=order.placed_at + later, promised_at=None)


def _again(orders: Sequence[Order]) -> Iterator[Order]:
    """The orders in turn, without end, each time under another name."""
    for number in count():
        order = orders[number % len(orders)]
        yield replace(order, order_id=f"{order.order_id} {number // len(orders)}")


def _planned(client: Client, order: Order, policy: Policy) -> None:
    standing = client.plan(order, policy=policy)
    _check(order, standing)
    client.confirm(standing.plan_id)


def _check(order: Order, standing: FulfilmentPlan) -> None:
    """The plan is proven, its costs add up, and every unit is in a package or said, with a reason, to be missing."""
    plan = standing.plan
    assert plan.is_proven, f"{order.order_id} is not proven"
    assert sum(plan.cost_minor.values()) == plan.total_minor, f"{order.order_id}: the terms come to the total"
    wanted = {line.line_id: line.quantity for line in order.lines}
    assert {line.line_id for line in plan.lines} == set(wanted), f"{order.order_id}: every line is told"
    for line in plan.lines:
        assert 0 <= line.unfilled_units <= wanted[line.line_id]
        assert line.reasons or not line.unfilled_units, f"{order.order_id}: what is missing has a reason"


def main() -> int:
    """Print how long calls took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long, the service's start included")
    parser.add_argument("--sources", type=int, default=SOURCES, help="those with most stock; the network has 266")
    parser.add_argument("--stock", type=int, default=STOCK_PERCENT, help="per cent of the scenario's stock")
    parser.add_argument("--seen", type=int, default=SEEN_ORDERS, help="orders that are planned before")
    options = parser.parse_args()
    measured = measure(options.seconds, sources=options.sources, stock_percent=options.stock, seen_orders=options.seen)
    console = Console()
    if not measured.reckonings:
        console.print(
            f"values were not reckoned once in {options.seconds:.0f} s; give more --seconds or fewer --sources"
        )
        return 1
    by_state = measured.by_state()
    table = Table("PlanFulfillment", "calls", "p50 ms", "p99 ms", "slowest ms", "p99, by that with values off")
    for state, of in by_state.items():
        cells = (f"{of.p50_ms:.1f}", f"{of.p99_ms:.1f}", f"{of.most_ms:.1f}") if of.count else ("-", "-", "-")
        ratio = f"{of.p99_ms / by_state[OFF].p99_ms:.2f}" if of.count and by_state[OFF].count else "-"
        table.add_row(state, str(of.count), *cells, ratio)
    console.print(table)
    spans = [(ended - begun).total_seconds() for begun, ended in measured.reckonings]
    trusted = f"prices trusted by {measured.trusted_permille} ‰"
    console.print(f"{len(spans)} reckonings of {min(spans):.1f} to {max(spans):.1f} s; {trusted}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
