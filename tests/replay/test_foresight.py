"""A run that minds what stock is worth keeps the far-travelling source's stock for whom only it can serve well."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.orders.model import Address
from solver.replay.books import Books
from solver.replay.foresight import minds_stock_value, with_foresight
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, horizon_of
from solver.replay.run_files import ORDERS_FILE, RUN_FILE, read_outcomes
from solver.replay.running import run_into
from solver.scenario.model import Disturbance, Horizon, OpeningStock, Scenario, Trouble
from solver.sourcing.policy import Policy
from tests.made_world import EAST_DOOR, MONDAY_AT_8, made_world, order_of
from tests.replay.test_running import settings, stops_after

WEST_DOOR = Address(region_id="WEST-CITY", latitude=30.0, longitude=104.0)
MINDS = {"stock_value_permille": 1_000, "stock_value_refresh_orders": 4}


def out_of_balance(orders: int = 40) -> Scenario:
    """Every other order comes from the west, which W-WEST serves at 8.00 and the store in the east at 18.60.

    The store is dear in handling: in the east it asks 14.60, so that W-WEST, at 12.00, is cheaper there too, for as
    long as it has enough for the west alone.
    """
    made = made_world()
    sources = tuple(
        replace(source, handling_per_unit_minor=610) if source.source_id == "S-EAST" else source
        for source in made.sources
    )
    return replace(
        made,
        sources=sources,
        stock=(
            OpeningStock(source_id="W-WEST", sku="TEA", units=orders // 2),
            OpeningStock(source_id="S-EAST", sku="TEA", units=orders),
        ),
        orders=tuple(
            order_of(
                ("TEA", 1),
                order_id=f"O-{number:03}",
                placed_at=MONDAY_AT_8 + number * timedelta(minutes=30),
                destination=(EAST_DOOR, WEST_DOOR)[number % 2],
            )
            for number in range(orders)
        ),
        horizon=Horizon(starts_at=MONDAY_AT_8, ends_at=MONDAY_AT_8 + orders * timedelta(minutes=30)),
        policy=Policy(split_minor=0, lateness_minor_per_hour=0),
    )


def outcomes(scenario: Scenario, folder: Path, **settings: int) -> list[Outcome]:
    policy = replace(scenario.policy, settings=settings)
    with Books(folder, scenario, horizon_of(scenario).starts_at) as books:
        run = Replay(scenario, policy, books)
        for _ in run.run():
            pass
        assert (books.discrepancies(), run.oversold_units()) == ([], 0)
        return list(run.outcomes())


def served(told: list[Outcome]) -> dict[tuple[str, str, int], int]:
    """How many orders of one package went where, from where, for how much."""
    return Counter((one.region_id.split("-")[0], one.packages[0].source_id, one.total_minor) for one in told)


def test_a_far_source_is_left_to_those_whom_it_serves_best(tmp_path: Path) -> None:
    scenario = out_of_balance()
    short_sighted = outcomes(scenario, tmp_path / "short", stock_value_permille=1_000)
    far_sighted = outcomes(scenario, tmp_path / "far", **MINDS)
    assert served(short_sighted) == {
        ("EAST", "W-WEST", 1200): 10,
        ("WEST", "W-WEST", 800): 10,
        ("EAST", "S-EAST", 1460): 10,
        ("WEST", "S-EAST", 1860): 10,
    }
    assert served(far_sighted) == {
        ("EAST", "W-WEST", 1200): 2,  # before the first four orders were seen
        ("WEST", "W-WEST", 800): 18,
        ("EAST", "S-EAST", 1460): 18,
        ("WEST", "S-EAST", 1860): 2,
    }


def test_what_stock_is_worth_is_no_cost_of_an_order(tmp_path: Path) -> None:
    told = outcomes(out_of_balance(), tmp_path, **MINDS)
    assert {term for one in told for term in one.cost_minor} == {"freight", "handling"}
    assert {term for one in told for package in one.packages for term in package.cost_minor} == {"freight", "handling"}
    assert all(one.bound_minor <= one.total_minor for one in told)


def test_the_same_run_is_the_same(tmp_path: Path) -> None:
    scenario = out_of_balance(16)
    assert outcomes(scenario, tmp_path / "one", **MINDS) == outcomes(scenario, tmp_path / "two", **MINDS)


def test_where_stock_is_in_balance_nothing_changes(tmp_path: Path) -> None:
    scenario = out_of_balance(16)
    plenty = tuple(replace(row, units=10 * row.units) for row in scenario.stock)
    scenario = replace(scenario, stock=plenty)
    assert outcomes(scenario, tmp_path / "far", **MINDS) == outcomes(scenario, tmp_path / "short")


def test_a_term_that_is_switched_off_reckons_nothing() -> None:
    policy = Policy(settings=MINDS)
    assert minds_stock_value(policy)
    assert not minds_stock_value(replace(policy, off=("stock_value",)))
    assert not minds_stock_value(Policy(settings={"stock_value_refresh_orders": 4}))


def test_a_policy_is_made_to_mind_values() -> None:
    policy = with_foresight(Policy(off=("stock_value", "transit")))
    assert (policy.settings["stock_value_permille"], policy.settings["stock_value_refresh_orders"]) == (1_000, 100)
    assert policy.off == ("transit",)
    assert with_foresight(Policy(settings=MINDS)).settings == MINDS


@pytest.mark.parametrize("wave", ["", "3"])
def test_an_interrupted_run_goes_on_to_the_same_bytes(tmp_path: Path, wave: str) -> None:
    made, whole, parted = out_of_balance(24), tmp_path / "whole", tmp_path / "parted"
    refuses = Disturbance(
        trouble=Trouble.REJECTIONS,
        source_id="S-EAST",
        permille=300,
        starts_at=horizon_of(made).starts_at,
        ends_at=horizon_of(made).ends_at,
    )
    scenario = replace(made, disturbances=(refuses,))
    policy = replace(scenario.policy, settings=MINDS)
    run_into(whole, scenario, policy, settings(scenario, wave=wave))
    for resumes, orders in ((False, 7), (True, 15), (True, 99)):
        tell, is_stopped = stops_after(orders)
        run_into(
            parted,
            scenario,
            policy,
            settings(scenario, wave=wave),
            resumes=resumes,
            tell_done=tell,
            is_stopped=is_stopped,
        )
    for name in (RUN_FILE, ORDERS_FILE):
        assert (parted / name).read_bytes() == (whole / name).read_bytes()
    run_into(tmp_path / "plain", scenario, scenario.policy, settings(scenario, wave=wave))
    minding, plain = (sum(one.total_minor for one in read_outcomes(folder)) for folder in (whole, tmp_path / "plain"))
    assert minding < plain
