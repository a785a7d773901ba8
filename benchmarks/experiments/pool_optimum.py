"""The fewest shipments of a pool, proven: a mixed-integer program over all orders at once.

`python -m benchmarks.experiments.pool_optimum --placement "with a hub"` proves that of a whole pool, in some minutes.

A line goes to one source that keeps its promise, an order of several lines ships from every source that one of them
goes to, and no source gives more of an item than the pool has there. Any number of orders may move.
"""

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from benchmarks.experiments.pools import ITEMS, PLACEMENTS, assigned_pool
from solver.waves.re_evaluation import Pool, least_shipments, re_evaluate, shipments


@dataclass(slots=True)
class _Program:
    """Columns with their costs, and rows with their least and most."""

    costs: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)

    def column(self, cost: float) -> int:
        self.costs.append(cost)
        return len(self.costs) - 1

    def row(self, entries: Iterable[tuple[int, float]], least: float, most: float) -> None:
        self.entries += [(len(self.least), column, factor) for column, factor in entries]
        self.least.append(least)
        self.most.append(most)


def fewest_shipments(pool: Pool) -> int:
    """The optimum; raises AssertionError where it could not be proven."""
    program = _program(pool)
    rows, columns, factors = zip(*program.entries, strict=True)
    at = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    matrix = coo_matrix((np.array(factors), at), shape=(len(program.least), len(program.costs))).tocsr()
    answer = milp(
        np.array(program.costs),
        constraints=LinearConstraint(matrix, program.least, program.most),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(program.costs), dtype=np.int64),
        options={"mip_rel_gap": 0.0},
    )
    assert answer.status == 0, answer.message
    return round(answer.fun)


def _program(pool: Pool) -> _Program:
    program = _Program()
    stock = pool.free.copy()
    np.add.at(stock, (pool.source, pool.item), pool.units)
    taken: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for order in range(len(pool)):
        lines = range(pool.line_start[order], pool.line_start[order + 1])
        is_single = len(lines) == 1
        sources = np.flatnonzero(pool.may_ship[order]).tolist()
        opened = {} if is_single else {source: program.column(1.0) for source in sources}
        for line in lines:
            item, units = int(pool.item[line]), int(pool.units[line])
            places = [source for source in sources if stock[source, item] >= units]
            goes = {source: program.column(float(is_single)) for source in places}
            program.row([(column, 1.0) for column in goes.values()], 1, 1)
            for source, column in goes.items():
                taken.setdefault((source, item), []).append((column, units))
                if not is_single:
                    program.row([(column, 1.0), (opened[source], -1.0)], -np.inf, 0)
    for (source, item), entries in taken.items():
        program.row(entries, 0, float(stock[source, item]))
    return program


def main() -> int:
    """Print what a pool's optimum is, beside what was and what looking again leaves."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--placement", choices=PLACEMENTS, default="with a hub")
    reader.add_argument("--orders", type=int, default=100_000)
    reader.add_argument("--items", type=int, default=ITEMS)
    reader.add_argument("--unassigned", type=float, default=0.1, help="share of the stock")
    reader.add_argument("--seed", type=int, default=1)
    options = reader.parse_args()
    pool = assigned_pool(
        options.seed,
        options.orders,
        options.items,
        unassigned=options.unassigned,
        placement=PLACEMENTS[options.placement],
    )
    before, after = (int(shipments(pool, of).sum()) for of in (pool.source, re_evaluate(pool).source))
    begun = time.process_time()
    optimum = fewest_shipments(pool)
    sys.stdout.write(
        f"{len(pool):,} orders; shipments before {before:,}, after {after:,}, at the optimum {optimum:,} "
        f"({time.process_time() - begun:.0f} s of the processor), by the bound {int(least_shipments(pool).sum()):,}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
