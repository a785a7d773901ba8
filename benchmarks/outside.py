"""Published instances as problem files: read from outside and solved, without a line of the product knowing them.

`python -m benchmarks.outside` prints what becomes of them. `python -m benchmarks.outside 3_ORLib_small p1 > p1.json`
writes one as a file for `python -m solver solve`.

Single-source capacitated facility location fits one order: a customer is a line that ships together, a facility a
source with its units left today and its fixed cost, and costs are prices of units. It also makes one order for each
customer, decided one after the other. Of generalised assignment a file says the costs; that a job takes more of one
agent's time than of another's has no place in it, so that the answer is the instance with agents that are never full.
"""

import argparse
import json
import math
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from solver.fulfilment.optimise import optimize
from solver.sourcing.plan import Plan
from solver.wire.problems import ProblemFile

INSTANCES = Path(__file__).resolve().parents[2] / "shared" / "data" / "benchmarks"
DECIMALS = 4
PLACED_AT = "2026-03-02T08:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Facilities with capacity and fixed cost, customers with a demand; `costs[i][j]`: all of customer j from i."""

    capacities: tuple[int, ...]
    fixed: tuple[Decimal, ...]
    demands: tuple[int, ...]
    costs: tuple[tuple[Decimal, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """`costs[i][j]`: job j done by agent i."""

    costs: tuple[tuple[int, ...], ...]


def text_of(archive: str, name: str) -> str:
    """One file of an archive; `name` is its last part."""
    with tarfile.open(INSTANCES / f"{archive}.tar.gz") as files:
        member = next(one for one in files.getmembers() if one.name.rpartition("/")[2] == name)
        file = files.extractfile(member)
        assert file is not None, member.name
        return file.read().decode()


def read_location(text: str) -> Location:
    """`m n`, m rows of capacity and fixed cost, n demands, m rows of n costs."""
    numbers = map(Decimal, text.split())
    facilities, customers = int(next(numbers)), int(next(numbers))
    sites = [(int(next(numbers)), next(numbers)) for _ in range(facilities)]
    demands = tuple(int(next(numbers)) for _ in range(customers))
    return Location(
        capacities=tuple(capacity for capacity, _ in sites),
        fixed=tuple(fixed for _, fixed in sites),
        demands=demands,
        costs=tuple(tuple(next(numbers) for _ in range(customers)) for _ in range(facilities)),
    )


def read_assignment(text: str) -> Assignment:
    """`m n`, m rows of n costs; then what is not read: m rows of n times, and m capacities."""
    numbers = map(int, text.split())
    agents, jobs = next(numbers), next(numbers)
    return Assignment(costs=tuple(tuple(next(numbers) for _ in range(jobs)) for _ in range(agents)))


def as_one_order(instance: Location, time_limit_ms: int = 60_000) -> dict[str, Any]:
    """The whole instance as one order. Raises ValueError where a unit's cost has more than DECIMALS decimals."""
    skus = [f"C{customer}" for customer in range(len(instance.demands))]
    sites = [f"F{site}" for site in range(len(instance.capacities))]
    lines = [
        {"sku": sku, "quantity": demand, "ships_together": True}
        for sku, demand in zip(skus, instance.demands, strict=True)
    ]
    prices = [
        [_minor(cost / demand) for cost, demand in zip(costs, instance.demands, strict=True)]
        for costs in instance.costs
    ]
    # A unit's share of every fixed cost, and the dearest price: no plan that ships all costs more than that for each.
    fixed_per_unit = -(-_minor(sum(instance.fixed, Decimal())) // sum(instance.demands))
    dearest = max(max(of_site) for of_site in prices) + fixed_per_unit
    return {
        "money_decimals": DECIMALS,
        "engine": "mip",
        "policy": _policy(dearest + 1, max_packages=len(sites), time_limit_ms=time_limit_ms),
        "orders": [
            {"order_id": "all", "currency": "XXX", "placed_at": PLACED_AT, "ships_complete": True, "lines": lines}
        ],
        "materials": [{"sku": sku, "weight_grams": 1} for sku in skus],
        "sources": [
            {"source_id": site, "handling_per_order_minor": _minor(fixed)}
            for site, fixed in zip(sites, instance.fixed, strict=True)
        ],
        "source_states": [
            {"source_id": site, "units_left": capacity}
            for site, capacity in zip(sites, instance.capacities, strict=True)
        ],
        "stock": [
            {"source_id": site, "sku": sku, "available_units": demand}
            for site in sites
            for sku, demand in zip(skus, instance.demands, strict=True)
        ],
        "lanes": [
            {"source_id": site, "service_id": "supply", "unit_minor": dict(zip(skus, of_site, strict=True))}
            for site, of_site in zip(sites, prices, strict=True)
        ],
    }


def as_orders(instance: Location) -> dict[str, Any]:
    """An order for each customer, one after the other; fixed costs stay out, since orders would each pay them."""
    orders = [
        {
            "order_id": f"C{customer}",
            "currency": "XXX",
            "placed_at": PLACED_AT,
            "lines": [{"sku": "DEMAND", "quantity": demand, "ships_together": True}],
        }
        for customer, demand in enumerate(instance.demands)
    ]
    dearest = max(
        -(-_minor(cost) // demand)
        for costs in instance.costs
        for cost, demand in zip(costs, instance.demands, strict=True)
    )
    return {
        "money_decimals": DECIMALS,
        "policy": _policy(dearest + 1),
        "orders": orders,
        "materials": [{"sku": "DEMAND", "weight_grams": 1}],
        "sources": [{"source_id": f"F{site}"} for site in range(len(instance.capacities))],
        "stock": [
            {"source_id": f"F{site}", "sku": "DEMAND", "available_units": capacity}
            for site, capacity in enumerate(instance.capacities)
        ],
        "lanes": [
            {
                "order_id": f"C{customer}",
                "source_id": f"F{site}",
                "service_id": "supply",
                "package_minor": _minor(cost),
            }
            for site, costs in enumerate(instance.costs)
            for customer, cost in enumerate(costs)
        ],
    }


def rows_of(instance: Assignment) -> dict[str, Any]:
    """An order for each job; every agent can do any of them."""
    jobs = len(instance.costs[0])
    line = {"sku": "JOB", "quantity": 1}
    return {
        "money_decimals": 0,
        "policy": _policy(max(max(costs) for costs in instance.costs) + 1),
        "orders": [
            {"order_id": f"J{job}", "currency": "XXX", "placed_at": PLACED_AT, "lines": [line]} for job in range(jobs)
        ],
        "materials": [{"sku": "JOB", "weight_grams": 1}],
        "sources": [{"source_id": f"A{agent}"} for agent in range(len(instance.costs))],
        "stock": [
            {"source_id": f"A{agent}", "sku": "JOB", "available_units": jobs} for agent in range(len(instance.costs))
        ],
        "lanes": [
            {"order_id": f"J{job}", "source_id": f"A{agent}", "service_id": "do", "package_minor": cost}
            for agent, costs in enumerate(instance.costs)
            for job, cost in enumerate(costs)
        ],
    }


def solved(problem: dict[str, Any]) -> tuple[Plan, ...]:
    """The plans for a problem, by way of its text as the command would read it."""
    file = ProblemFile(json.dumps(problem), "instance.json")
    return optimize(file.read(datetime.now(UTC)), seconds_left=lambda: math.inf)


def _policy(unfilled_minor: int, **changes: int) -> dict[str, int]:
    """A unit that is not shipped costs more than any way to ship it, and no more: a solver reckons in floats."""
    return {"split_minor": 0, "unfilled_minor_per_unit": unfilled_minor, **changes}


def _minor(amount: Decimal) -> int:
    minor = amount.scaleb(DECIMALS)
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} has more than {DECIMALS} decimals")
    return int(minor)


def _report() -> Iterator[str]:
    optima = [Decimal(line) for line in text_of("3_ORLib_small", "os").split()]
    yield "facility location: known optimum, as one order (its bound; seconds), in sequence without fixed costs"
    for number in (1, 2, 3, 4):
        location = read_location(text_of("3_ORLib_small", f"p{number}"))
        begun = time.perf_counter()
        [plan] = solved(as_one_order(location))
        seconds = time.perf_counter() - begun
        sequence = solved(as_orders(location))
        total = sum(one.total_minor for one in sequence)
        yield (
            f"p{number}: {optima[number - 1]}, {plan.money(plan.total_minor)} "
            f"({plan.money(plan.bound_minor)}; {seconds:.1f}), {plan.money(total)}"
        )
    yield "generalised assignment, agents never full: sum of the plans"
    for name in ("a05100", "c10100", "e20200"):
        plans = solved(rows_of(read_assignment(text_of("gap", name))))
        yield f"{name}: {sum(plan.total_minor for plan in plans)}"


def main() -> int:
    """Print the report, or one instance of facility location as a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", nargs="?", help="3_ORLib_small or 4_Yang")
    parser.add_argument("name", nargs="?", default="p1", help="the instance in it")
    options = parser.parse_args()
    if options.archive:
        problem = as_one_order(read_location(text_of(options.archive, options.name)))
        sys.stdout.write(json.dumps(problem, indent=1) + "\n")
        return 0
    for line in _report():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
