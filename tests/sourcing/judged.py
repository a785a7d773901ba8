"""A sound plan worked out by hand, and the means to tamper with it."""

from dataclasses import replace
from typing import Any

from solver.sourcing.plan import Engine, PackedUnits, Plan
from solver.sourcing.solve import solve
from tests.sourcing.made import PATIENT, PROMISED_AT, first_and_more, lane, line, offer, problem

ASKED = problem(
    lines=(line("1", 2, {"A": 1}), line("2", 2, {"B": 1, "C": 2})),
    grams={"A": 900, "B": 500, "C": 100},
    mm3={"A": 6_000_000},
    offers=(
        offer("S1", {"A": 2}, handling_per_package_minor=150, handling_per_unit_minor=30),
        offer("S2", {"B": 1, "C": 2}, handling_per_unit_minor=10),
    ),
    lanes=(
        lane("S1", first_and_more(700, 200), volumetric_divisor_cm3_per_kg=5000, distance_meters=120_500),
        lane("S2", first_and_more(800, 100), arrives_after_hours=32.5, max_weight_grams=2_000),
    ),
    policy=replace(PATIENT, lateness_minor_per_hour=50, distance_minor_per_km=1),
    promised_at=PROMISED_AT,
)


def sound_plan() -> Plan:
    """Two packages, the second of them late, and one unit of line 2 unfilled."""
    return solve(ASKED, engine=Engine.MIP)


def with_package(plan: Plan, position: int, **changes: Any) -> Plan:
    packages = list(plan.packages)
    packages[position] = replace(packages[position], **changes)
    return replace(plan, packages=tuple(packages))


def with_line(plan: Plan, position: int, **changes: Any) -> Plan:
    lines = list(plan.lines)
    lines[position] = replace(lines[position], **changes)
    return replace(plan, lines=tuple(lines))


def with_contents(plan: Plan, position: int, *contents: tuple[str, str, int]) -> Plan:
    packed = tuple(PackedUnits(line_id=line_id, sku=sku, units=units) for line_id, sku, units in contents)
    return with_package(plan, position, contents=packed)
