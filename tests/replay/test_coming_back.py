"""What customers send back: drawn alike under every policy, booked as a warehouse does it, and sold again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from solver.network.model import SourceKind
from solver.orders.model import Address
from solver.replay.books import Books
from solver.replay.outcome import Outcome
from solver.replay.repetitions import repeated
from solver.replay.replay import Replay, horizon_of
from solver.replay.run_files import ORDERS_FILE, RUN_FILE, read_outcomes
from solver.report.explaining import explain_order
from solver.scenario.model import OpeningStock, Scenario
from solver.scenario.returns_model import GradeWeights, ReturnRule
from solver.sourcing.policy import Policy
from solver.stock.physical.return_model import Grade, ReturnState
from solver.stock.physical.returns import Returns
from solver.storage.database import Reader
from tests.made_world import EAST_DOOR, MONDAY_AT_8, made_world, order_of
from tests.replay.test_replay import HOUR, outcomes, replayed
from tests.replay.test_running import run, run_in_parts, troubled

DAY = timedelta(days=1)
ALL = ReturnRule(permille=1000, days={1: 1}, parcel_minor=700, unit_minor=30)


def world(stock: Mapping[tuple[str, str], int], *orders: tuple[str, int], returns: tuple[ReturnRule, ...]) -> Scenario:
    """Orders O-0, O-1 ... of one unit of these SKUs from East City, so many hours after Monday at eight."""
    return replace(
        made_world(),
        stock=tuple(
            OpeningStock(source_id=source_id, sku=sku, units=units) for (source_id, sku), units in stock.items()
        ),
        orders=tuple(
            order_of((sku, 1), order_id=f"O-{number}", placed_at=MONDAY_AT_8 + hour * HOUR)
            for number, (sku, hour) in enumerate(orders)
        ),
        returns=returns,
    )


def test_what_comes_back_good_is_sold_again_from_the_source_that_shipped_it(tmp_path: Path) -> None:
    scenario = world({("W-EAST", "TEA"): 1}, ("TEA", 0), ("TEA", 20), ("TEA", 72), returns=(ALL,))
    first, second, third = outcomes(scenario, tmp_path)
    [package] = first.shipped
    [parcel] = first.returned
    assert parcel.source_id == "W-EAST"
    assert parcel.returned_at == package.arrives_at + DAY
    assert parcel.grades == {Grade.RESELL: {"TEA": 1}}
    assert (parcel.cost_minor, parcel.exchange_minor, parcel.exchange) == (730, 0, ())
    assert second.unfilled_units == 1, "it is not there yet"
    assert (third.unfilled_units, third.shipped[0].source_id, len(third.returned)) == (0, "W-EAST", 1)


@pytest.mark.parametrize(
    ("grades", "kept_units"),
    [
        (GradeWeights(refurbish=1), {"good": 1, "defective": 1}),
        (GradeWeights(scrap=1), {"good": 1}),
        (GradeWeights(back_to_supplier=1), {"good": 1}),
        (GradeWeights(resell=1), {"good": 2}),
    ],
)
def test_every_grade_is_booked_as_a_warehouse_does_it(
    tmp_path: Path, grades: GradeWeights, kept_units: dict[str, int]
) -> None:
    scenario = world({("W-EAST", "TEA"): 1}, ("TEA", 0), returns=(replace(ALL, grades=grades),))
    with Books(tmp_path, scenario, horizon_of(scenario).starts_at) as books:
        replay = Replay(scenario, scenario.policy, books)
        for _ in replay.run():
            pass
        assert books.discrepancies() == []
        assert replay.oversold_units() == 0
        application = books._app
        with application.database.read() as reader:
            [paper] = Returns(application.journal, application.stock).all(reader)
            assert (paper.return_id, paper.order_id, paper.state) == ("O-0#back-1", "O-0", ReturnState.GRADED)
            assert paper.lines[0].received_units == paper.lines[0].announced_units == 1
            assert lying(books, reader) == kept_units


def lying(books: Books, reader: Reader) -> dict[str, int]:
    """Units of TEA at W-EAST by state; the one that was sold stays among them, committed."""
    levels = books._app.stock.places.levels(reader, skus=["TEA"], site_ids=["W-EAST"])
    return {str(one.state): one.units for one in levels}


def test_the_way_back_costs_what_the_service_asks_for_the_way_there(tmp_path: Path) -> None:
    by_ground = replace(ALL, service_id="ground", source_id="W-EAST")
    by_air = replace(ALL, service_id="air", source_id="S-EAST")  # planes take nothing from stores
    for rule, cost_minor in ((by_ground, 800 + 30), (by_air, 700 + 30)):
        scenario = world({("W-EAST", "TEA"): 1}, ("TEA", 0), returns=(rule,))
        [told] = outcomes(scenario, tmp_path / rule.service_id)
        assert [(one.source_id, one.cost_minor) for one in told.returned] == [(rule.source_id, cost_minor)]


def test_it_goes_to_the_nearest_source_of_a_kind_and_ships_from_there(tmp_path: Path) -> None:
    rule = replace(ALL, kinds=(SourceKind.WAREHOUSE,))
    scenario = world({("W-WEST", "TEA"): 1}, ("TEA", 0), ("TEA", 240), returns=(rule,))
    with replayed(scenario, tmp_path) as replay:
        first, second = replay.outcomes()
        stock_out_rate = replay.stock_out_rate()
    assert first.shipped[0].source_id == "W-WEST"
    assert [one.source_id for one in first.returned] == ["W-EAST"]
    assert second.shipped[0].source_id == "W-EAST"
    horizon = 264 * HOUR  # to a day after the second order: west is empty throughout, east until it is there, and again
    empty = horizon + (first.returned[0].returned_at - MONDAY_AT_8) + 24 * HOUR
    assert stock_out_rate == empty / (2 * horizon)


def test_of_several_rules_one_befalls_a_unit_and_only_goods_that_it_is_for(tmp_path: Path) -> None:
    counter = replace(ALL, permille=400, skus=("TEA",), source_id="S-EAST", parcel_minor=0)
    parcel = replace(ALL, permille=600, skus=("TEA",), source_id="W-WEST")
    orders = [("TEA", hour) for hour in range(30)] + [("CUP", hour) for hour in range(30)]
    scenario = world({("W-EAST", "TEA"): 30, ("W-EAST", "CUP"): 30}, *orders, returns=(counter, parcel))
    told = outcomes(scenario, tmp_path)
    assert [one.returned for one in told if "CUP" in one.shipped[0].units] == [()] * 30
    to = [one.returned[0].source_id for one in told if "TEA" in one.shipped[0].units]
    assert (to.count("S-EAST"), to.count("W-WEST")) == (13, 17)


def test_goods_with_a_tag_come_back(tmp_path: Path) -> None:
    rule = replace(ALL, tags=("drinks",))
    scenario = world({("W-EAST", "TEA"): 1, ("W-EAST", "CUP"): 1}, ("TEA", 0), ("CUP", 0), returns=(rule,))
    drinks = [replace(one, tags=("drinks",)) if one.sku == "TEA" else one for one in scenario.materials]
    told = outcomes(replace(scenario, materials=tuple(drinks)), tmp_path)
    assert [[parcel.units for parcel in one.returned] for one in told] == [[1], []]


def test_a_rule_is_for_orders_of_its_channels_and_to_its_regions_with_all_that_lie_in_them(tmp_path: Path) -> None:
    scenario = world({("W-EAST", "TEA"): 4}, *(("TEA", hour) for hour in range(4)), returns=(ALL,))
    doors = (EAST_DOOR, Address(region_id="WEST-CITY"))
    orders = tuple(
        replace(order, channel=channel, destination=door)
        for order, (channel, door) in zip(scenario.orders, product(("web#2", "shop"), doors), strict=True)
    )

    def back(channels: tuple[str, ...] = (), regions: tuple[str, ...] = ()) -> list[int]:
        rule = replace(ALL, channels=channels, regions=regions)
        told = outcomes(replace(scenario, orders=orders, returns=(rule,)), tmp_path / "-".join((*channels, *regions)))
        return [sum(parcel.units for parcel in one.returned) for one in told]

    assert back(channels=("web",)) == [1, 1, 0, 0]
    assert back(channels=("web#2", "shop")) == [1, 1, 1, 1]
    assert back(channels=("web#1",)) == [0, 0, 0, 0]
    assert back(regions=("WEST",)) == [0, 1, 0, 1]
    assert back(regions=("EAST-CITY",), channels=("shop", "other")) == [0, 0, 1, 0]
    assert back(regions=("EAST", "WEST")) == [1, 1, 1, 1]


def test_the_same_units_come_back_whoever_ships_them(tmp_path: Path) -> None:
    half = replace(ALL, permille=500, days={1: 1, 2: 1, 5: 1}, grades=GradeWeights(resell=1, scrap=1))
    stock = {(source_id, "TEA"): 40 for source_id in ("W-EAST", "S-EAST", "W-WEST")}
    scenario = world(stock, *(("TEA", hour) for hour in range(40)), returns=(half,))
    warehouses = Policy(words={"only_kinds": ("warehouse",)})
    one, other = outcomes(scenario, tmp_path / "own"), outcomes(scenario, tmp_path / "warehouses", warehouses)

    def drawn(told: list[Outcome]) -> list[list[tuple[object, ...]]]:
        return [
            [(parcel.grades, parcel.returned_at - mine.shipped[0].arrives_at) for parcel in mine.returned]
            for mine in told
        ]

    assert {mine.shipped[0].source_id for mine in one} != {mine.shipped[0].source_id for mine in other}
    assert drawn(one) == drawn(other)
    assert 0 < sum(len(mine.returned) for mine in one) < 40
    assert drawn(one) != drawn(outcomes(scenario, tmp_path / "seed", seed=1))


def test_an_exchange_is_sent_when_the_parcel_is_there_and_is_no_part_of_the_promise(tmp_path: Path) -> None:
    rule = replace(ALL, exchanged_permille=1000, exchanged_for={"TEA": "CUP"}, skus=("TEA",))
    scenario = world({("W-EAST", "TEA"): 1, ("W-EAST", "CUP"): 1}, ("TEA", 0), ("CUP", 72), returns=(rule,))
    told, cup = outcomes(scenario, tmp_path / "there")
    [parcel] = told.returned
    [package] = parcel.exchange
    assert (package.units, package.source_id) == ({"CUP": 1}, "W-EAST")
    assert package.hand_over_at > parcel.returned_at
    assert parcel.exchange_minor == 800 + 120
    assert (len(told.packages), told.total_minor) == (1, 800 + 120)
    assert cup.unfilled_units == 1, "the cup left in exchange"
    none = replace(scenario, stock=scenario.stock[:1])
    told, _ = outcomes(none, tmp_path / "none")
    assert (told.returned[0].wanted, told.returned[0].exchange) == ({"CUP": 1}, ())


def returned() -> Scenario:
    """Refusals, a source that closes, and half of everything back: some of it exchanged, in a day or two."""
    rules = (
        replace(ALL, permille=300, days={0: 1, 1: 1}, exchanged_permille=500, kinds=(SourceKind.STORE,)),
        replace(ALL, permille=300, days={0: 1, 1: 1}, grades=GradeWeights(resell=3, scrap=1), service_id="ground"),
    )
    scenario = troubled(24)
    return replace(scenario, returns=rules)


@pytest.mark.parametrize("wave", ["", "3"])
def test_an_interrupted_run_with_returns_goes_on_to_the_same_bytes(tmp_path: Path, wave: str) -> None:
    scenario, whole, parted = returned(), tmp_path / "whole", tmp_path / "parted"
    made = run(whole, scenario, wave=wave)
    run_in_parts(parted, scenario, wave, 8, 17)
    for name in (RUN_FILE, ORDERS_FILE):
        assert (parted / name).read_bytes() == (whole / name).read_bytes()
    told = list(read_outcomes(whole))
    parcels = [parcel for one in told for parcel in one.returned]
    assert any(parcel.exchange for parcel in parcels)
    assert any(package.refused for one in told for package in one.packages)
    assert all(sum(p.units for p in one.returned) <= sum(sum(p.units.values()) for p in one.shipped) for one in told)
    figures = made.metrics.figures
    assert figures["oversold_units"] == 0
    assert figures["returned_units"] == sum(one.units for one in parcels)
    shipped_units = sum(sum(package.units.values()) for one in told for package in one.shipped)
    assert figures["returned_share"] == sum(one.units for one in parcels) / shipped_units
    assert figures["restocked_units"] == sum(sum(one.restocked.values()) for one in parcels)
    assert figures["exchanged_units"] == sum(one.exchanged_units for one in parcels)
    assert figures["return_cost_minor"] == sum(one.cost_minor + one.exchange_minor for one in parcels)
    assert sum(one.returned_units for one in made.sources) == figures["returned_units"]


def test_units_sold_again_are_those_beyond_what_lay_there_otherwise(tmp_path: Path) -> None:
    scenario = world({("W-EAST", "TEA"): 2}, *(("TEA", hour) for hour in (0, 1, 72, 73, 74)), returns=(ALL,))
    made = run(tmp_path / "run", scenario)
    assert made.metrics.figures["restocked_units"] == 4
    assert made.metrics.figures["resold_units"] == 2
    assert made.metrics.figures["fill_rate"] == 4 / 5
    without = run(tmp_path / "without", replace(scenario, returns=()))
    assert "returned_units" not in without.metrics.figures


def test_an_order_of_what_came_back_is_explained_on_the_stock_that_it_met(tmp_path: Path) -> None:
    scenario = world({("W-EAST", "TEA"): 1}, ("TEA", 0), ("TEA", 72), returns=(ALL,))
    run(tmp_path / "run", scenario)
    told = explain_order(tmp_path / "run", "O-1", scenario, scenario.policy, seconds=60, stopwatch=lambda: 0.0)
    assert told.reproduced


def test_returns_are_chance_enough_to_repeat() -> None:
    scenario = world({("W-EAST", "TEA"): 1}, ("TEA", 0), returns=(ALL,))
    assert repeated(scenario, 2).orders == scenario.orders
