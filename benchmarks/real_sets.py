"""Real orders, one after the other on the stock that is left: the optimum against greedy and nearest source first.

`python -m benchmarks.real_sets` prints the table; every plan is checked before its cost counts.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from benchmarks.desk import Desk
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.importers.result import write_import
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario
from solver.sourcing.check import check
from solver.sourcing.exact.warm import warm
from solver.sourcing.plan import Engine, Plan, ReasonCode, Term
from solver.sourcing.solve import decide, solve

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
OLIST_ORDERS, CN_ORDERS, RAW_ORDERS = 1_000, 500, 10
COLUMNS = (
    "set",
    "orders",
    "proven optimal",
    "handed over",
    "greedy costs",
    "nearest first costs",
    "compared on",
    "units filled",
    "`solve`, ms an order, median / p99",
)


@dataclass(slots=True, kw_only=True)
class Comparison:
    """Sums over one set. Every method answers each order on the same stock, which the proven plan then takes."""

    name: str
    orders: int = 0
    proven: int = 0
    handed_over: Counter[str] = field(default_factory=Counter)  # to the program, by reason
    gap_minor: int = 0
    unfilled_units: int = 0
    ordered_units: int = 0
    never_worse: bool = True
    milliseconds: list[float] = field(default_factory=list)
    total_minor: dict[Engine, int] = field(default_factory=lambda: dict.fromkeys(Engine, 0))
    alike_minor: dict[Engine, int] = field(default_factory=lambda: dict.fromkeys(Engine, 0))
    alike_orders: int = 0
    reasons: dict[ReasonCode, int] = field(default_factory=dict)


def scenarios(data: Path, percent: int = 100) -> Iterator[tuple[str, Scenario]]:
    """Both real sets, and the Chinese one with its raw quantities; each written and read back as a caller would."""
    olist, cn, raw = (max(2, orders * percent // 100) for orders in (OLIST_ORDERS, CN_ORDERS, RAW_ORDERS))
    for name, result in (
        ("Olist", import_olist(data, OlistOptions(orders=olist))),
        ("Chinese, quantities / 400", import_cn(data, CnOptions(orders=cn))),
        ("Chinese, raw quantities", import_cn(data, CnOptions(quantity_divisor=1, orders=raw))),
    ):
        with tempfile.TemporaryDirectory() as folder:
            write_import(result, Path(folder))
            yield name, read_scenario(Path(folder))


def compare(name: str, scenario: Scenario) -> Comparison:
    """Plan every order by every method; every plan is checked before its cost counts."""
    comparison = Comparison(name=name)
    desk = Desk(scenario)
    for problem in desk.problems():
        begun = time.perf_counter()
        best = solve(problem)
        comparison.milliseconds.append((time.perf_counter() - begun) * 1000)
        plans = {Engine.EXACT: best}
        for engine in (Engine.GREEDY, Engine.NEAREST):
            plans[engine] = decide(problem, engine=engine, time_limit_seconds=60)
        for plan in plans.values():
            check(problem, plan)
        _count(comparison, plans)
        desk.take(best)
    return comparison


def _count(comparison: Comparison, plans: dict[Engine, Plan]) -> None:
    best = plans[Engine.EXACT]
    comparison.orders += 1
    comparison.proven += best.is_proven
    if best.fallback_reason:
        comparison.handed_over[str(best.fallback_reason)] += 1
    comparison.gap_minor += best.gap_minor
    comparison.unfilled_units += best.unfilled_units
    comparison.ordered_units += sum(line.ordered_units for line in best.lines)
    comparison.never_worse &= all(best.total_minor <= plan.total_minor for plan in plans.values())
    for line in best.lines:
        for reason in line.reasons:
            comparison.reasons[reason.code] = comparison.reasons.get(reason.code, 0) + 1
    for engine, plan in plans.items():
        comparison.total_minor[engine] += plan.total_minor
    if len({plan.unfilled_units for plan in plans.values()}) == 1:
        comparison.alike_orders += 1
        for engine, plan in plans.items():
            comparison.alike_minor[engine] += plan.total_minor - plan.cost_minor[Term.UNFILLED]


def table(comparisons: list[Comparison]) -> Iterator[str]:
    """A row for each set, then a note on each."""
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|---" + "|---:" * (len(COLUMNS) - 1) + "|"
    yield from (_row(one) for one in comparisons)
    yield ""
    yield from (_note(one) for one in comparisons)


def _row(comparison: Comparison) -> str:
    cuts = quantiles(comparison.milliseconds, n=100, method="inclusive")
    cells = (
        comparison.name,
        f"{comparison.orders:,}",
        f"{comparison.proven:,}",
        f"{comparison.handed_over.total():,}",
        _dearer(comparison, Engine.GREEDY),
        _dearer(comparison, Engine.NEAREST),
        f"{comparison.alike_orders:,} orders",
        f"{100 * (1 - comparison.unfilled_units / comparison.ordered_units):.1f} %",
        f"{cuts[49]:.1f} / {cuts[98]:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _dearer(comparison: Comparison, engine: Engine) -> str:
    """By how much the engine's plans cost more, on the orders that are compared."""
    ours, theirs = (comparison.alike_minor[one] for one in (Engine.EXACT, engine))
    return f"+{100 * (theirs - ours) / ours:.2f} %" if ours else ""


def _note(comparison: Comparison) -> str:
    worse = "on no order" if comparison.never_worse else "ON SOME ORDERS"
    handed_over = ", ".join(f"{name} {count}" for name, count in comparison.handed_over.most_common()) or "nothing"
    reasons = ", ".join(f"{code} {count}" for code, count in sorted(comparison.reasons.items())) or "none"
    return (
        f"- {comparison.name}: dearer than greedy or nearest first {worse}; "
        f"sum of gaps {comparison.gap_minor:,} minor units; handed over for {handed_over}; "
        f"reasons of unfilled lines: {reasons}."
    )


def main() -> int:
    """Print the table; fail where a plan is dearer than greedy's or nearest first's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds the real data sets")
    parser.add_argument("--percent", type=int, default=100, help="of the orders, for a short look")
    options = parser.parse_args()
    warm()
    comparisons = [compare(name, scenario) for name, scenario in scenarios(options.data, options.percent)]
    for line in table(comparisons):
        sys.stdout.write(f"{line}\n")
    return int(not all(one.never_worse for one in comparisons))


if __name__ == "__main__":
    sys.exit(main())
