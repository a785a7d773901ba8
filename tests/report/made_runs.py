"""Two runs of forty orders whose figures can be counted by hand, written as replays write them.

Order n goes to EAST-CITY, or every fourth to WEST-CITY, and is promised in two days. `base` ships each from W-EAST in
one package for 10.00 + 0.01 n; every tenth is on the way for three days, 25 hours too long. `split` ships even orders
in two packages, from W-EAST and S-EAST, for 4.00 more, and is never late; it lacks the last order's unit.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from solver.replay.metrics import NO_STOCK, Tally
from solver.replay.outcome import Outcome, ReturnedParcel, RunPackage
from solver.replay.run_files import Repetition, Run, RunKind, SourceRun, Spread, write_run
from solver.replay.world_file import world_of, write_world
from solver.scenario.model import Scenario, Threshold
from solver.stock.physical.return_model import Grade
from tests.made_world import REGIONS, SERVICES, SOURCES

ORDERS = 40
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def order_id(number: int) -> str:
    return f"O-{number:03}"


def package(number: int, source_id: str, cost_minor: int, days: int = 1) -> RunPackage:
    leaves = BEGIN + timedelta(hours=number + 1)
    return RunPackage(
        source_id=source_id,
        service_id="ground",
        units={"TEA": 1},
        weight_grams=500,
        distance_meters=120_000,
        hand_over_at=leaves,
        arrives_at=leaves + days * DAY,
        late_minutes=max(0, days - 2) * 1440 + (60 if days > 2 else 0),
        crosses_province=number % 4 == 0,
        carbon_grams=0,
        cost_minor={"freight": cost_minor},
    )


def outcome(number: int, packages: Sequence[RunPackage], *, unfilled: int = 0) -> Outcome:
    freight = sum(one.cost_minor["freight"] for one in packages)
    return Outcome(
        order_id=order_id(number),
        placed_at=BEGIN + timedelta(hours=number),
        promised_at=BEGIN + timedelta(hours=number) + 2 * DAY,
        region_id="WEST-CITY" if number % 4 == 0 else "EAST-CITY",
        ordered_units=1 + (number % 2 == 0),
        unfilled_units=unfilled,
        lost_minor=990 * unfilled,
        packages=tuple(packages),
        cost_minor={"freight": freight} if not unfilled else {"unfilled": 5_000},
        bound_minor=freight if not unfilled else 5_000,
    )


def base_outcomes() -> list[Outcome]:
    made = [outcome(n, [package(n, "W-EAST", 1_000 + n, 3 if n % 10 == 0 else 1)]) for n in range(ORDERS)]
    [mine] = made[1].packages
    back = ReturnedParcel(
        source_id="S-EAST",
        returned_at=mine.arrives_at + 2 * DAY,
        grades={Grade.SCRAP: mine.units},
        cost_minor=730,
        wanted={"CUP": 1},
        wanted_minor={"CUP": 990},
        exchange=(replace(mine, units={"CUP": 1}),),
        exchange_minor=900,
        refund_minor=0,
        days=2,
    )
    made[1] = replace(made[1], returned=(back,))
    return made


def split_outcomes() -> list[Outcome]:
    made = []
    for number in range(ORDERS - 1):
        whole = [package(number, "W-EAST", 1_000 + number)]
        parts = [package(number, "W-EAST", 1_000), package(number, "S-EAST", 400 + number)]
        made.append(outcome(number, whole if number % 2 else parts))
    return [*made, outcome(ORDERS - 1, [], unfilled=1)]


def write(folder: Path, policy: str, outcomes: Sequence[Outcome], kind: RunKind = RunKind.POLICY) -> Run:
    """A run's folder with its world."""
    sums = Tally()
    for outcome in outcomes:
        sums.add(outcome)
    of_stock = {**NO_STOCK, "resold_units": 0.0} if any(one.returned for one in outcomes) else NO_STOCK
    run = Run(
        scenario="made",
        scenario_digest="d",
        currency="CNY",
        policy=policy,
        seed=3,
        metrics=sums.metrics(0, of_stock),
        kind=kind,
        sources=(
            SourceRun(source_id="W-EAST", kind="warehouse", orders=40, packages=30, units=30, stocked_units=1_200),
            SourceRun(source_id="S-EAST", kind="store", packages=10, busiest_day_units=7, capacity_units=9),
        ),
        repetitions=tuple(
            Repetition(number=n, seed=3 + n, scenario_digest="d", total_minor=5, figures={}) for n in (1, 2)
        ),
        spread={"fill_rate": Spread(mean=0.75, margin=0.125, number=2)},
        base="" if policy == "base" else "base",
        differences={} if policy == "base" else {"fill_rate": Spread(mean=-0.02, margin=0.01, number=2)},
    )
    write_run(folder, run, outcomes)
    scenario = Scenario(
        name="made",
        title="Made <by hand>",
        currency="CNY",
        description="Forty orders.",
        assumptions=("Everything.",),
        thresholds=(Threshold(metric="fill_rate", at_least=0.99), Threshold(metric="split_share", at_most=0.25)),
        regions=REGIONS,
        sources=SOURCES,
        services=SERVICES,
    )
    write_world(folder, world_of(scenario))
    return run


def write_both(folder: Path) -> tuple[Run, Run]:
    """`base` and `split` below a folder."""
    return write(folder / "base", "base", base_outcomes()), write(folder / "split", "split", split_outcomes())
