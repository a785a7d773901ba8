"""The same orders, decided by this product and by what a user would pick instead.

`python -m benchmarks.side_by_side` prints one table. Every method answers each order on the same stock, which the
product's plan then takes; the independent judge looks at every plan, and costs are its own count.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import isfinite
from pathlib import Path
from statistics import quantiles

import numpy as np

from benchmarks import worlds
from benchmarks.desk import Desk
from benchmarks.plain import RULES, Answer, Question, filled_lines, question_of
from benchmarks.plain_models import MODELS
from benchmarks.real_sets import SHARED, scenarios
from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.case import Finding, Ints, Shipment
from solver.sourcing.check import violations_of
from solver.sourcing.exact.warm import warm
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide

OURS = "Xunyuan"
SECONDS = 2.0
ORDERS, GENERATED = {"Olist": 200, "Chinese, quantities / 400": 60, "Chinese, raw quantities": 4}, 6
SIZES = ((100, 5, 30), (100, 5, 6), (1_000, 3, 30))  # sources, lines, per cent stocked
MODEL_ORDERS = 4  # of a large size are asked of the models, which take long


@dataclass(slots=True, kw_only=True)
class Sums:
    """What a method came to on a set. `alike`: orders on which it and the product fill as much.

    `claimed_minor` is by how much its plans cost more than what it says that nothing costs less than, `of_minor` what
    these plans cost.
    """

    orders: int = 0
    unfilled_units: int = 0
    broken: int = 0
    unproven: int = 0
    capped: int = 0
    alike: int = 0
    alike_minor: int = 0
    ours_minor: int = 0
    claimed_minor: float = 0.0
    of_minor: int = 0
    milliseconds: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A method's plan: None where it does not hold together; `bound_minor` is what the method claims."""

    plan: Plan | None
    faults: tuple[str, ...]
    bound_minor: float | None


def sets(data: Path, percent: int) -> Iterator[tuple[str, Iterator[Problem], Callable[[Plan], None]]]:
    """Real sets where they are there, then generated orders on untouched stock; and what takes a plan's units."""
    if data.is_dir():
        for name, scenario in scenarios(data, percent):
            desk = Desk(scenario)
            most = max(2, ORDERS[name] * percent // 100)
            yield name, desk.problems(scenario.orders[:most]), desk.take
    for sources, lines, stocked in SIZES:
        made = (
            worlds.problem(seed, sources=sources, lines=lines, stocked_percent=stocked)
            for seed in range(max(2, GENERATED * percent // 100))
        )
        yield f"{sources:,} sources x {lines} lines, {stocked} % stocked", made, lambda _: None


def compared(problems: Iterator[Problem], take: Callable[[Plan], None], seconds: float) -> dict[str, Sums]:
    """Every method on every order of which anything can ship."""
    sums = {name: Sums() for name in (OURS, *RULES, *MODELS)}
    for number, problem in enumerate(problems):
        question = question_of(problem)
        if not question.ways:
            continue
        begun = time.perf_counter()
        best = decide(problem, engine=Engine.EXACT, time_limit_seconds=seconds)
        taken = time.perf_counter() - begun
        ours = Judged(plan=best, faults=tuple(violations_of(problem, best)), bound_minor=best.bound_minor)
        _add(sums[OURS], ours, best, taken, is_capped=False)
        for name, method in _methods(question, seconds):
            if name in MODELS and len(question.ways) > 500 and number >= MODEL_ORDERS:
                continue
            begun = time.perf_counter()
            with _quiet():
                answer = method()
            taken = time.perf_counter() - begun
            _add(sums[name], judged(problem, question, answer), best, taken, is_capped=answer.capped)
        take(best)
    return sums


@contextmanager
def _quiet() -> Iterator[None]:
    """HiGHS writes to standard output from C, whatever it is told; that goes to standard error."""
    sys.stdout.flush()
    ours = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(ours, 1)
        os.close(ours)


def _methods(question: Question, seconds: float) -> Iterator[tuple[str, Callable[[], Answer]]]:
    for name, rule in RULES.items():
        yield name, partial(rule, question)
    for name, model in MODELS.items():
        yield name, partial(model, question, seconds)


def judged(problem: Problem, question: Question, answer: Answer) -> Judged:
    """The answer as a plan, and what the judge finds."""
    made = brief(problem)
    skus = list(made.facts.skus)
    lanes = {lane.lane_id: number for number, lane in enumerate(made.facts.lanes)}
    filled = filled_lines(question, answer.shipped.values())
    finding = Finding(
        shipments=tuple(
            Shipment(lane=lanes[question.ways[number].lane.lane_id], units=_units(skus, units))
            for number, units in answer.shipped.items()
        ),
        unfilled=np.array([line.quantity - count for line, count in zip(question.lines, filled, strict=True)]),
        cost=(0,) * made.case.levels,
        bound=(0,) * made.case.levels,
    )
    try:
        plan = assemble(made, finding, engine=Engine.GREEDY, stop=Stop.HEURISTIC)
    except (ValueError, AssertionError) as error:
        return Judged(plan=None, faults=(f"it does not hold together: {error}",), bound_minor=answer.bound_minor)
    return Judged(plan=plan, faults=tuple(violations_of(problem, plan)), bound_minor=answer.bound_minor)


def _units(skus: Sequence[str], units: dict[str, int]) -> Ints:
    return np.array([units.get(sku, 0) for sku in skus], dtype=np.int64)


def _add(sums: Sums, one: Judged, best: Plan, seconds: float, *, is_capped: bool) -> None:
    sums.orders += 1
    sums.capped += is_capped
    sums.milliseconds.append(1000 * seconds)
    sums.broken += bool(one.faults)
    if one.plan is None:
        return
    sums.unfilled_units += one.plan.unfilled_units
    bound = one.bound_minor
    proven = bound is not None and one.plan.total_minor - bound < 0.5
    sums.unproven += not proven
    if bound is not None and isfinite(bound):
        sums.claimed_minor += max(0.0, one.plan.total_minor - bound)
        sums.of_minor += one.plan.total_minor
    if one.plan.unfilled_units == best.unfilled_units and not one.faults:
        sums.alike += 1
        sums.alike_minor += one.plan.total_minor - one.plan.cost_minor["unfilled"]
        sums.ours_minor += best.total_minor - best.cost_minor["unfilled"]


def rows(name: str, sums: dict[str, Sums]) -> Iterator[str]:
    """A row for each method."""
    ours = sums[OURS]
    for method, one in sums.items():
        cuts = quantiles(one.milliseconds, n=100, method="inclusive")
        dearer = f"{100 * (one.alike_minor - one.ours_minor) / one.ours_minor:+.2f} %" if one.ours_minor else ""
        cells = (
            name,
            method,
            f"{one.orders:,}",
            dearer,
            f"{one.alike:,}",
            f"{one.unfilled_units:,}",
            f"{one.broken:,}",
            f"{one.unproven:,}",
            f"{100 * one.claimed_minor / one.of_minor:.2f} %" if one.of_minor else "",
            f"{one.capped:,}" if method.startswith("fewest") else "",
            f"{cuts[49]:,.1f} / {cuts[98]:,.1f}",
            f"{cuts[49] / quantiles(ours.milliseconds, n=100, method='inclusive')[49]:,.1f}",
        )
        yield f"| {' | '.join(cells)} |"


COLUMNS = (
    "orders of",
    "method",
    "orders",
    "dearer than Xunyuan",
    "compared on",
    "units unfilled",
    "plans that break a rule",
    "not proven",
    "gap it states",
    "gave up at the cap",
    "ms an order, median / p99",
    "median, times Xunyuan's",
)


def main() -> int:
    """Print the table; fail where a sound plan of another method is cheaper than ours, or one of ours is not sound."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds the real data sets")
    parser.add_argument("--percent", type=int, default=100, help="of the orders, for a short look")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"for an order (default: {SECONDS:.0f})")
    options = parser.parse_args()
    if not options.data.is_dir():
        parser.error(f"--data {options.data}: is no folder; name the one that holds the real data sets")
    warm()
    failed = False
    print(f"| {' | '.join(COLUMNS)} |\n|---|---{'|---:' * (len(COLUMNS) - 2)}|")
    for name, problems, take in sets(options.data, options.percent):
        sums = compared(problems, take, options.seconds)
        for row in rows(name, sums):
            print(row, flush=True)
        beaten = any(one.alike_minor < one.ours_minor for one in sums.values())
        failed |= bool(sums[OURS].broken) or (beaten and not sums[OURS].unproven)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
