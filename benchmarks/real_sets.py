"""Real orders, one after the other on the stock that is left: the optimum against greedy and nearest source first."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.desk import Desk
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.importers.result import write_import
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario
from solver.sourcing.check import check
from solver.sourcing.plan import Engine, Plan, ReasonCode, Term
from solver.sourcing.solve import decide, solve


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


def scenarios(shared: Path) -> Iterator[tuple[str, Scenario]]:
    """Both real sets, and the Chinese one with its raw quantities; each written and read back as a caller would."""
    for name, result in (
        ("Olist", import_olist(shared, OlistOptions())),
        ("Chinese orders, quantities / 400", import_cn(shared, CnOptions())),
        ("Chinese orders, raw quantities", import_cn(shared, CnOptions(quantity_divisor=1, orders=50))),
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
