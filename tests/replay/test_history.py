"""What was really shipped as a run: figures by hand, and none where history is silent."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.catalog.catalog import Catalog
from solver.cli.main import main
from solver.errors import InvalidRequest, XunyuanError
from solver.network.network import Network
from solver.orders.model import Address, Order, OrderLine
from solver.orders.shipment import Shipment
from solver.replay.history import Known, freight_difference, history_outcomes, known_metrics
from solver.replay.history_run import write_history
from solver.replay.outcome import Outcome
from solver.replay.run_files import RunKind, read_outcomes, read_run
from solver.scenario.files import read_scenario, write_scenario
from solver.scenario.metric_names import METRICS
from tests.importers.history_network import NETWORK
from tests.replay.test_metrics import NOON

CATALOG = Catalog.of(NETWORK.materials, NETWORK.sales_items)
GROUND = Network.of(
    regions=NETWORK.regions, sources=NETWORK.sources, carriers=NETWORK.carriers, services=NETWORK.services
)
HOUR = timedelta(hours=1)


def order(order_id: str, *lines: tuple[str, int, int], region_id: str = "JS-SZ") -> Order:
    return Order(
        order_id=order_id,
        currency="CNY",
        placed_at=NOON,
        destination=Address(region_id=region_id),
        lines=tuple(
            OrderLine(line_id=str(number), sku=sku, quantity=units, unit_price_minor=price)
            for number, (sku, units, price) in enumerate(lines)
        ),
        promised_at=NOON + 24 * HOUR,
    )


def shipment(order_id: str, source_id: str, **changes: object) -> Shipment:
    facts: dict[str, object] = {
        "units": {"TEA": 2}, "freight_minor": 500, "shipped_at": NOON, "arrived_at": NOON + 23 * HOUR,
    }  # fmt: skip
    return Shipment(order_id=order_id, source_id=source_id, **{**facts, **changes})  # type: ignore[arg-type]  # a test's words


ORDERS = (order("1", ("TEA", 2, 100)), order("2", ("SET", 1, 900), ("TEA", 2, 100)), order("3", ("CUP", 1, 50)))


def told(*shipments: Shipment) -> tuple[list[Outcome], Known]:
    outcomes = [*history_outcomes(ORDERS, shipments, GROUND, CATALOG)]
    return outcomes, known_metrics(outcomes)


WHOLE = (
    shipment("1", "EAST", paid_minor=600),
    shipment("2", "EAST", units={"TEA": 2}, paid_minor=500),
    shipment("2", "SOUTH", units={"CUP": 1}, freight_minor=800, paid_minor=900, arrived_at=NOON + 25 * HOUR),
    shipment("3", "SOUTH", units={"CUP": 1}, paid_minor=500),
)


def test_figures_that_history_knows_are_those_of_any_run_and_the_others_are_none() -> None:
    outcomes, known = told(*WHOLE)
    figures = known.metrics.figures
    meters = sum(package.distance_meters for one in outcomes for package in one.packages)
    assert {name: figure for name, figure in figures.items() if figure is not None} == {
        "paid_minor": 2_500,
        "paid_per_order_minor": 2_500 / 3,
        "freight_per_order_minor": 2_300 / 3,
        "packages_per_order": 4 / 3,
        "split_share": 1 / 3,
        "cross_province_share": 0.5,
        "meters_per_package": meters / 4,
        "on_time_share": 2 / 3,
        "late_hours_per_order": 1 / 3,
        "fill_rate": 4 / 6,  # of order 2, the two units of tea that the set took are lacking
        "lost_sales_minor": 200,
    }
    assert figures.keys() == METRICS.keys()
    assert known.metrics.terms_minor == {"freight": 2_300, "handling": 200}
    assert known.known_orders == {}


def test_a_figure_is_over_the_orders_that_it_is_known_of_and_a_total_must_be_known_of_all() -> None:
    outcomes, known = told(
        shipment("1", "EAST", paid_minor=600), shipment("2", "", freight_minor=None, arrived_at=None, units={})
    )
    figures = known.metrics.figures
    assert (figures["freight_per_order_minor"], figures["paid_per_order_minor"]) == (500, 600)
    assert (figures["paid_minor"], figures["lost_sales_minor"]) == (None, None)
    assert (figures["packages_per_order"], figures["fill_rate"], figures["on_time_share"]) == (1, 1, 1)
    assert {name: known.known_orders[name] for name in ("packages_per_order", "fill_rate", "paid_minor")} == {
        "packages_per_order": 2,
        "fill_rate": 1,
        "paid_minor": 1,
    }
    assert known.metrics.terms_minor == {}
    assert "packages" in outcomes[2].unknown
    assert "source_id" in outcomes[1].unknown


def test_the_difference_in_freight_is_over_orders_that_both_ship_whole() -> None:
    first, _ = told(*WHOLE)
    second = [replace(one, cost_minor={"freight": one.cost_minor["freight"] - 50, "split": 9}) for one in first]
    difference = freight_difference(first, second)
    assert (difference.orders, difference.mean_minor, difference.cheaper) == (2, -50, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    stock = tuple(
        replace(NETWORK.stock[0], source_id=one, sku=sku) for one in ("EAST", "SOUTH") for sku in ("TEA", "CUP")
    )
    write_scenario(replace(NETWORK, stock=stock, orders=ORDERS, history=WHOLE), tmp_path / "s")
    return tmp_path / "s"


def test_a_history_is_kept_as_a_run_that_others_are_compared_with(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(folder), "--history", "--out", str(tmp_path / "runs")]) == 0
    run = read_run(tmp_path / "runs" / "two_provinces" / "history")
    assert (run.kind, run.policy, run.metrics.figures["paid_minor"]) == (RunKind.HISTORY, "history", 2_500)
    assert [one.order_id for one in read_outcomes(tmp_path / "runs" / "two_provinces" / "history")] == ["1", "2", "3"]
    out = " ".join(capsys.readouterr().out.split())
    assert "freight of scenario less that of history: " in out
    assert "over 2 orders that both ship whole" in out


def test_a_scenario_without_history_says_how_to_give_one(tmp_path: Path) -> None:
    with pytest.raises(XunyuanError, match=r"two_provinces has no history: say in history\.jsonl or history\.csv"):
        write_history(tmp_path, replace(NETWORK, orders=ORDERS))


def test_history_is_held_to_the_scenario_with_line_and_field(folder: Path) -> None:
    (folder / "history.csv").write_text(
        "order_id,source_id,units.TEA,shipped_at,arrived_at,freight_minor,paid_minor\n"
        "1,EAST,2,2026-03-02T13:00:00Z,2026-03-02T12:30:00Z,5,4\n"
        "9,EATS,0,2026-03-02T13:00:00Z,,,\n"
        "2,EAST,2,2026-03-02T11:00:00Z,,,\n"
    )
    (folder / "history.jsonl").unlink()
    with pytest.raises(InvalidRequest) as raised:
        read_scenario(folder)
    file = folder / "history.csv"
    assert {one.field.removeprefix(f"{file}:"): one.remedy for one in raised.value.violations} == {
        "2: paid_minor": "the freight, 5, is within it; give no less",
        "2: arrived_at": "is earlier than the shipment, 2026-03-02T13:00:00+00:00",
        "3: units.TEA": "must lie between 1 and 1,000,000",
        "3: order_id": "there is no such order; name one that exists, or add it first",
        "3: source_id": "there is no such source; name one that exists, or add it first; did you mean EAST?",
        "4: shipped_at": "is earlier than the order, 2026-03-02T12:00:00+00:00",
    }
