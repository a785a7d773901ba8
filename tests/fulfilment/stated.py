"""A small problem as a caller writes it, and its plans: what every part of the format is tried on.

Order 1 asks for 2 teas. Two sources, near (300 a package) and far (900 a package), each have 10; both never close.
"""

import json
from datetime import UTC, datetime
from typing import Any

from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.optimise import optimize
from solver.sourcing.plan import Plan
from solver.wire.problems import ProblemFile

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday


def order(order_id: str = "1", units: int = 2, **changes: Any) -> dict[str, Any]:
    lines = [{"sku": "TEA", "quantity": units}]
    return {"order_id": order_id, "currency": "CNY", "placed_at": NOW.isoformat(), "lines": lines, **changes}


def tea(source_id: str, units: int, **changes: Any) -> dict[str, Any]:
    return {"source_id": source_id, "sku": "TEA", "available_units": units, **changes}


def lane(source_id: str, package_minor: int, **changes: Any) -> dict[str, Any]:
    return {"source_id": source_id, "service_id": "van", "package_minor": package_minor, **changes}


def problem(**changes: Any) -> dict[str, Any]:
    return {
        "orders": [order()],
        "materials": [{"sku": "TEA", "weight_grams": 500}],
        "sources": [{"source_id": "near"}, {"source_id": "far"}],
        "stock": [tea("near", 10), tea("far", 10)],
        "lanes": [lane("near", 300), lane("far", 900)],
        "policy": {"split_minor": 0, "unfilled_minor_per_unit": 100_000},
        **changes,
    }


def command(**changes: Any) -> OptimizeCommand:
    return ProblemFile(json.dumps(problem(**changes)), "problem.json").read(NOW)


def plans(**changes: Any) -> list[Plan]:
    return list(optimize(command(**changes), seconds_left=lambda: 60.0))


def shipped(plan: Plan) -> list[tuple[str, str, int]]:
    """Source, offer and units of each package."""
    return [
        (package.source_id, package.offer_id, sum(packed.units for packed in package.contents))
        for package in plan.packages
    ]
