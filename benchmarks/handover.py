"""How often the exact engine hands an order over to the program, and why: real orders under the shipped policies.

`python -m benchmarks.handover` prints the tables of docs/figures.md. Every plan is checked and held against the rules
of thumb before it counts.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.baskets import drawn, read_baskets, single_units
from benchmarks.desk import Desk
from benchmarks.thumbs import better_rules
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.orders.model import Order
from solver.policies.library import shipped_policies
from solver.scenario.model import Scenario
from solver.sourcing.check import check
from solver.sourcing.exact.warm import warm
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SEED = 1
OLIST_ORDERS, CN_ORDERS, BASKETS = 250, 50, 20  # asked in a cell at most
DIVISORS = (400, 100, 10, 1)
LINES = (range(1, 5), range(5, 9), range(9, 13), range(13, 17), range(17, 25), range(25, 1_200))
BASKET_POLICIES = ("cheapest", "complete-then-nearest", "fewest-packages")
CELL_SECONDS = 4.0


@dataclass(slots=True, kw_only=True)
class Cell:
    """One set of orders under one policy. Orders that were not reached in the time of a cell are not counted."""

    name: str
    policy_id: str
    orders: int = 0
    proven: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    worse: Counter[str] = field(default_factory=Counter)  # than which rule of thumb
    slowest_seconds: float = 0.0

    @property
    def handed_over(self) -> int:
        return self.reasons.total()

    def count(self, problem: Problem, plan: Plan, seconds: float) -> None:
        """A plan, after it was checked."""
        check(problem, plan)
        self.orders += 1
        self.proven += plan.is_proven
        self.slowest_seconds = max(self.slowest_seconds, seconds)
        self.worse.update(better_rules(problem, plan))
        if plan.fallback_reason:
            self.reasons[str(plan.fallback_reason)] += 1


def real_sets(data: Path, cell_seconds: float = CELL_SECONDS) -> Iterator[Cell]:
    """Both real sets under every shipped policy, the Chinese one by the divisor of its quantities."""
    warm()
    yield from _by_policy("Olist", import_olist(data, OlistOptions()).scenario, OLIST_ORDERS, cell_seconds)
    for divisor in DIVISORS:
        scenario = import_cn(data, CnOptions(quantity_divisor=divisor)).scenario
        yield from _by_policy(f"Chinese / {divisor}", scenario, CN_ORDERS, cell_seconds)


def baskets(data: Path, cell_seconds: float = CELL_SECONDS) -> Iterator[Cell]:
    """British baskets by their number of lines, with the quantities as they are and with one unit of each product."""
    warm()
    scenario = read_baskets(data, SEED)
    policies = [document.policy for document in shipped_policies() if document.policy_id in BASKET_POLICIES]
    for kind, change in (("as ordered", _as_it_is), ("one unit each", single_units)):
        for lines in LINES:
            count = f"{lines.start} to {lines.stop - 1}" if lines is not LINES[-1] else f"{lines.start} or more"
            orders = [change(order) for order in drawn(scenario, lines, BASKETS, SEED)]
            for policy in policies:
                yield _cell(f"{count} lines, {kind}", policy, scenario, orders, cell_seconds)


def _as_it_is(order: Order) -> Order:
    return order


def _by_policy(name: str, scenario: Scenario, orders: int, cell_seconds: float) -> Iterator[Cell]:
    step = max(1, len(scenario.orders) // orders)
    for document in shipped_policies():
        yield _cell(name, document.policy, scenario, scenario.orders[::step][:orders], cell_seconds)


def _cell(name: str, policy: Policy, scenario: Scenario, orders: Sequence[Order], most_seconds: float) -> Cell:
    """One order after the other, on the stock that is left, until all are answered or the time is over."""
    cell = Cell(name=name, policy_id=policy.policy_id)
    desk = Desk(scenario)
    begun = time.perf_counter()
    for problem in desk.problems(orders, policy):
        asked = time.perf_counter()
        plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=policy.time_limit_ms / 1000)
        cell.count(problem, plan, time.perf_counter() - asked)
        desk.take(plan)
        if time.perf_counter() - begun > most_seconds:
            break
    return cell


def by_policy(cells: Iterable[Cell]) -> Iterator[str]:
    """A table: a row for each set, a column for each policy, `handed over / asked` in it."""
    shares: dict[str, dict[str, str]] = {}
    for cell in cells:
        shares.setdefault(cell.name, {})[cell.policy_id] = f"{cell.handed_over} / {cell.orders}"
    policies = list(dict.fromkeys(policy_id for row in shares.values() for policy_id in row))
    yield f"| set | {' | '.join(policies)} |"
    yield "|---" + "|---:" * len(policies) + "|"
    for name, row in shares.items():
        yield f"| {name} | {' | '.join(row[policy_id] for policy_id in policies)} |"


def by_set(cells: Iterable[Cell]) -> Iterator[str]:
    """A table: a row for each set, all policies together, with the reasons and what became of the orders."""
    sums: dict[str, Cell] = {}
    for cell in cells:
        total = sums.setdefault(cell.name, Cell(name=cell.name, policy_id=""))
        total.orders += cell.orders
        total.proven += cell.proven
        total.reasons += cell.reasons
        total.worse += cell.worse
        total.slowest_seconds = max(total.slowest_seconds, cell.slowest_seconds)
    yield "| set | plans | handed over | why | proven in the end | worse than a rule of thumb | slowest, seconds |"
    yield "|---|---:|---:|---|---:|---:|---:|"
    for cell in sums.values():
        share = f"{100 * cell.handed_over / cell.orders:.1f} %"
        cells_of_row = (
            cell.name,
            f"{cell.orders:,}",
            share,
            _counted(cell.reasons),
            f"{cell.proven:,}",
            _counted(cell.worse) if cell.worse else "0",
            f"{cell.slowest_seconds:.1f}",
        )
        yield f"| {' | '.join(cells_of_row)} |"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"


def main() -> int:
    """Print both tables; fail where a rule of thumb was better."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds the real data sets")
    parser.add_argument("--cell-seconds", type=float, default=CELL_SECONDS, help="when to end one set under one policy")
    options = parser.parse_args()
    worse = 0
    for cells in (
        list(real_sets(options.data, options.cell_seconds)),
        list(baskets(options.data, options.cell_seconds)),
    ):
        for line in (*by_policy(cells), "", *by_set(cells), ""):
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        worse += sum(cell.worse.total() for cell in cells)
    return int(worse > 0)


if __name__ == "__main__":
    sys.exit(main())
