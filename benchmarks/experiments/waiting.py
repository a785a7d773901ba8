"""What waiting is worth: the same orders decided in waves of 1, 10, 100 and 1,000, each on what the waves before left.

Tight instances of `benchmarks.wave_worlds`, without capacities: stock is 1.1 times what is ordered, a unit that nobody
ships costs 150 yuan. The bound is that of one wave of all orders: no way of deciding them costs less.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.svg import lines
from benchmarks.wave_judge import faults, used_by
from benchmarks.wave_worlds import Severity, WaveWorld, wave_world
from solver.orders.model import Order
from solver.sourcing.snapshot.shelves import UnitsBySource
from solver.waves.case import PRICES_PER_MINOR
from solver.waves.engine.search import search
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.limits import Watch, WaveLimits
from solver.waves.plan import ResourceKind

WAVES, QUICK_WAVES = (1, 10, 100, 1_000), (1, 6, 24)
ORDERS, SOURCES, SKUS = 1_000, 100, 2_000
QUICK_ORDERS, QUICK_SOURCES, QUICK_SKUS = 24, 6, 12
SEVERITY = Severity(stock_ratio=1.1, source_slack=None, carrier_slack=None)
PER_HOUR = 100
_LIMITS = WaveLimits(passes=150, moves=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """What all orders came to: minor units, the price of unfilled units included, and the bound of the last wave."""

    total: int
    packages: int
    bound: float


def run(extent: Extent) -> Found:
    """Every size of waves on every seed, paired."""
    sizes = QUICK_WAVES if extent.is_quick else WAVES
    worlds = extent.over(_of_seed, [(seed, extent.is_quick) for seed in range(1, extent.pick(1, 5, 20) + 1)])
    of_size = {size: [of[number] for of in worlds] for number, size in enumerate(sizes)}
    bounds = [of[-1].bound for of in worlds]
    rows = [
        _row(size, of_size[size], of_size[sizes[0]], bounds, QUICK_ORDERS if extent.is_quick else ORDERS)
        for size in sizes
    ]
    above = {
        size: fmean(one.total / bound - 1 for one, bound in zip(of_size[size], bounds, strict=True)) for size in sizes
    }
    plots = {
        "waiting.svg": lines(
            "Orders that wait for one another",
            f"mean wait, minutes, at {PER_HOUR} orders an hour",
            "% above the bound of all orders together",
            {"waves": [(30 * (size - 1) / PER_HOUR, 100 * above[size]) for size in sizes]},
        )
    }
    headings = (
        "orders a wave", "mean wait, minutes", "yuan an order", "saved", "± (95 %)", "above the bound",
        "packages an order",
    )  # fmt: skip
    figures = {f"{size}: total": float(sum(one.total for one in of_size[size])) for size in sizes}
    return Found(text=f"{len(worlds)} seeds.\n\n{table(headings, rows)}", plots=plots, figures=figures)


def _of_seed(of: tuple[int, bool]) -> list[Waited]:
    """One world in waves of every size."""
    seed, quick = of
    made = wave_world(
        seed,
        orders=QUICK_ORDERS if quick else ORDERS,
        sources=QUICK_SOURCES if quick else SOURCES,
        skus=QUICK_SKUS if quick else SKUS,
        severity=SEVERITY,
    )
    return [in_waves(made, size) for size in (QUICK_WAVES if quick else WAVES)]


def in_waves(made: WaveWorld, size: int) -> Waited:
    """Decide the orders in waves of `size`; every wave is counted anew by the judge."""
    left = {sku: dict(of) for sku, of in made.world.available.items()}
    total, packages, bound = 0, 0, 0.0
    for begin in range(0, len(made.orders), size):
        cost, shipped, bound = _wave(made, left, made.orders[begin : begin + size])
        total += cost
        packages += shipped
    return Waited(total=total, packages=packages, bound=bound)


def _wave(made: WaveWorld, left: dict[str, dict[str, int]], orders: Sequence[Order]) -> tuple[int, int, float]:
    """Decide one wave and count `left` down."""
    wanted = {line.sku for order in orders for line in order.lines}
    available: UnitsBySource = {sku: left[sku] for sku in sorted(wanted)}
    laid = lay_out_orders(replace(made.world, available=available).snapshot(), orders)
    assert not laid.outside, laid.outside
    found = search(laid.case, _LIMITS, Watch())
    assert faults(laid.case, found) == []
    for number, units in enumerate(used_by(laid.case, found).tolist()):
        resource = laid.resource(number)
        if units and resource.kind is ResourceKind.STOCK:
            left[resource.sku][resource.source_id] -= units
    return found.total, len(found.share_entry), found.bound / PRICES_PER_MINOR


def _row(
    size: int, of: Sequence[Waited], first: Sequence[Waited], bounds: Sequence[float], orders: int
) -> tuple[str, ...]:
    saved = [1 - one.total / alone.total for one, alone in zip(of, first, strict=True)]
    above = fmean(one.total / bound - 1 for one, bound in zip(of, bounds, strict=True))
    return (
        f"{size:,}",
        f"{30 * (size - 1) / PER_HOUR:.0f}",
        f"{fmean(one.total for one in of) / orders / 100:.2f}",
        f"{fmean(saved):.2%}",
        f"{margin(saved):.2%}",
        f"{above:.2%}",
        f"{fmean(one.packages for one in of) / orders:.3f}",
    )
