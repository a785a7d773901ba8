"""How often the exact engine hands an order over to the program, and why: real orders under the shipped policies.

`python -m benchmarks.handover sets` asks both real sets, `... scarce` raw quantities on the stock of imports of few
orders, `... baskets` a British shop's by their number of lines. Every plan is checked and held against the rules of
thumb before it counts.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.baskets import drawn, read_baskets, single_units
from benchmarks.desk import Desk
from benchmarks.handover_tables import Cell, by_policy, by_reason, by_rule, by_set
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.orders.model import Order
from solver.policies.library import shipped_policies
from solver.scenario.model import Scenario
from solver.sourcing.exact.warm import warm
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.sourcing.solve import decide

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SEED = 1
OLIST_ORDERS = 500
CN_ORDERS = {400: 200, 100: 40, 10: 100, 1: 100}  # by the divisor of quantities
SCARCE_IMPORTS, SCARCE_ORDERS = (10, 30, 100), 10
LINES = (range(1, 5), range(5, 9), range(9, 13), range(13, 17), range(17, 25), range(25, 1_200))
NARROW_BASKETS, WIDE_BASKETS, WIDE_LINES = 6, 3, 13  # so many of each width; from 13 lines on they are wide
EVERY_TABLE = (by_policy, by_reason, by_set, by_rule)
TABLES = {"sets": EVERY_TABLE, "scarce": EVERY_TABLE, "baskets": (by_policy, by_set, by_rule)}
BASKET_POLICIES = ("cheapest", "complete-then-nearest", "fewest-packages")


def real_sets(data: Path, percent: int = 100) -> Iterator[Cell]:
    """Both real sets under every shipped policy, the Chinese one by the divisor of its quantities."""
    warm()
    olist = import_olist(data, OlistOptions()).scenario
    yield from _by_policy("Olist", olist, _part(OLIST_ORDERS, percent))
    for divisor, orders in CN_ORDERS.items():
        scenario = import_cn(data, CnOptions(quantity_divisor=divisor)).scenario
        yield from _by_policy(f"Chinese / {divisor}", scenario, _part(orders, percent))


def scarce(data: Path, percent: int = 100) -> Iterator[Cell]:
    """Raw quantities on scarce stock: an import of few orders makes little, and a plan may split it five times."""
    warm()
    for count in SCARCE_IMPORTS:
        scenario = import_cn(data, CnOptions(orders=count, quantity_divisor=1)).scenario
        yield from _by_policy(f"Chinese / 1, {count} imported", scenario, _part(SCARCE_ORDERS, percent))


def baskets(data: Path, percent: int = 100) -> Iterator[Cell]:
    """British baskets by their number of lines, with the quantities as they are and with one unit of each product."""
    warm()
    scenario = read_baskets(data, SEED)
    policies = [document.policy for document in shipped_policies() if document.policy_id in BASKET_POLICIES]
    for kind, change in (("as ordered", _as_it_is), ("one unit each", single_units)):
        for lines in LINES:
            count = NARROW_BASKETS if lines.start < WIDE_LINES else WIDE_BASKETS
            orders = [change(order) for order in drawn(scenario, lines, _part(count, percent), SEED)]
            for policy in policies:
                yield _cell(f"{_width(scenario, lines)}, {kind}", policy, scenario, orders)


def _part(orders: int, percent: int) -> int:
    return max(1, orders * percent // 100)


def _width(scenario: Scenario, lines: range) -> str:
    """The width in words, with the share of all baskets that have it."""
    words = f"{lines.start} to {lines.stop - 1} lines" if lines is not LINES[-1] else f"{lines.start} lines or more"
    share = sum(len(order.lines) in lines for order in scenario.orders) / len(scenario.orders)
    return f"{words} ({100 * share:.0f} % of baskets)"


def _as_it_is(order: Order) -> Order:
    return order


def _by_policy(name: str, scenario: Scenario, orders: int) -> Iterator[Cell]:
    """Orders spread evenly over the set, the same ones under each policy."""
    step = max(1, len(scenario.orders) // orders)
    for document in shipped_policies():
        yield _cell(name, document.policy, scenario, scenario.orders[::step][:orders])


def _cell(name: str, policy: Policy, scenario: Scenario, orders: Sequence[Order]) -> Cell:
    """One order after the other, on the stock that is left."""
    cell = Cell(name=name, policy_id=policy.policy_id)
    desk = Desk(scenario)
    for problem in desk.problems(orders, policy):
        asked = time.perf_counter()
        plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=policy.time_limit_ms / 1000)
        cell.count(problem, plan, time.perf_counter() - asked)
        desk.take(plan)
    return cell


def main() -> int:
    """Print the tables; fail where a rule of thumb was better."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", choices=tuple(TABLES), help="which orders to ask")
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds the real data sets")
    parser.add_argument("--percent", type=int, default=100, help="of the orders, for a short look")
    options = parser.parse_args()
    asked = {"sets": real_sets, "scarce": scarce, "baskets": baskets}[options.orders]
    cells = list(asked(options.data, options.percent))
    for table in TABLES[options.orders]:
        sys.stdout.write("\n".join(table(cells)) + "\n\n")
    return int(any(cell.worse for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
