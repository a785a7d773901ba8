"""Figures of a run, from a few outcomes whose sums are done by hand; runs side by side; runs on disk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.replay.compare import Verdict, are_comparable, judged, paired
from solver.replay.metrics import metrics_of
from solver.replay.outcome import Outcome, RunPackage
from solver.replay.run_files import ORDERS_FILE, Run, read_outcomes, read_run, write_run
from solver.scenario.metric_names import METRICS
from solver.scenario.model import Threshold

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def package(**changes: object) -> RunPackage:
    facts: dict[str, object] = {
        "source_id": "A", "service_id": "X", "units": {"TEA": 1}, "weight_grams": 100, "distance_meters": 1_000,
        "hand_over_at": NOON, "arrives_at": NOON, "late_minutes": 0, "crosses_province": False, "carbon_grams": 7,
        "cost_minor": {"freight": 500},
    }  # fmt: skip
    return RunPackage(**{**facts, **changes})  # type: ignore[arg-type]  # a test's words


def outcome(order_id: str = "O", *packages: RunPackage, **changes: object) -> Outcome:
    facts: dict[str, object] = {
        "order_id": order_id, "placed_at": NOON, "promised_at": NOON + timedelta(hours=1), "region_id": "R",
        "ordered_units": 2, "unfilled_units": 0, "lost_minor": 0, "packages": packages, "bound_minor": 0,
        "cost_minor": {"freight": 500 * len(packages)},
    }  # fmt: skip
    return Outcome(**{**facts, **changes})  # type: ignore[arg-type]  # a test's words


THREE = (
    outcome("1", package(), package(crosses_province=True, late_minutes=90, distance_meters=4_000)),
    outcome("2", package(moved=True), package(refused=True), package(), cost_minor={"freight": 300, "lateness": 20}),
    outcome(
        "3", unfilled_units=2, lost_minor=198, cost_minor={"unfilled": 2_000, "lost_sales": 5}, promised_at=None
    ),
)  # fmt: skip


def run(policy: str = "one", *outcomes: Outcome, seed: int = 0, digest: str = "d") -> Run:
    return Run(
        scenario="s",
        scenario_digest=digest,
        currency="CNY",
        policy=policy,
        seed=seed,
        metrics=metrics_of(outcomes or THREE, oversold_units=0),
    )


def test_figures_are_what_their_definitions_say() -> None:
    metrics = metrics_of(THREE, oversold_units=4)
    assert metrics.figures == {
        "cost_minor": 1_320,
        "cost_per_order_minor": 660,
        "paid_minor": 1_300,
        "paid_per_order_minor": 650,
        "freight_per_order_minor": 650,
        "packages_per_order": 1.5,
        "split_share": 0.5,
        "cross_province_share": 1 / 3,
        "meters_per_package": 2_000,
        "on_time_share": 0.5,
        "late_hours_per_order": 0.75,
        "fill_rate": 4 / 6,
        "lost_sales_minor": 198,
        "oversold_units": 4,
        "carbon_grams_per_order": 10.5,
        "stock_turnover": None,
        "stock_out_rate": None,
        "idle_stock_share": None,
        "busiest_source_share": None,
        "dealer_share": None,
    }
    assert (metrics.orders, metrics.shipped_orders, metrics.packages) == (3, 2, 3)
    assert (metrics.moved_packages, metrics.refused_packages) == (1, 1)
    assert metrics.terms_minor == {"freight": 1_300, "lateness": 20, "lost_sales": 5, "unfilled": 2_000}


def test_a_run_in_which_nothing_ships_has_no_figures_by_order() -> None:
    figures = metrics_of([], oversold_units=0).figures
    assert figures.keys() == METRICS.keys()
    assert {name for name, figure in figures.items() if figure is not None} == {
        "cost_minor",
        "paid_minor",
        "lost_sales_minor",
        "oversold_units",
    }


def test_an_order_above_its_bound_is_unproven_unless_it_was_changed() -> None:
    above = outcome("1", package(), bound_minor=499)
    changed = outcome("2", package(), package(moved=True), bound_minor=1)
    assert metrics_of([above, changed], oversold_units=0).unproven_orders == 1


def test_orders_are_compared_one_by_one_with_a_margin() -> None:
    def of(*costs: int) -> list[Outcome]:
        return [outcome(str(number), cost_minor={"freight": cost}) for number, cost in enumerate(costs)]

    told = paired(of(100, 100, 100, 100), of(90, 110, 70, 100))
    assert (told.orders, told.mean_minor, told.cheaper, told.dearer) == (4, -7.5, 2, 1)
    assert told.margin_minor == pytest.approx(1.96 * (875 / 3 / 4) ** 0.5)
    assert paired([], []).mean_minor == 0


def test_runs_of_other_orders_are_not_compared() -> None:
    with pytest.raises(ValueError, match="other orders"):
        paired([outcome("1")], [outcome("2")])
    with pytest.raises(ValueError, match="shorter"):
        paired([outcome("1"), outcome("2")], [outcome("1")])
    assert are_comparable(run("one"), run("two"))
    assert not are_comparable(run("one"), run("two", seed=1))
    assert not are_comparable(run("one"), run("two", digest="e"))


def test_thresholds_judge_figures_limits_included_and_no_figure_meets_none() -> None:
    thresholds = [
        Threshold(metric="split_share", at_most=0.5),
        Threshold(metric="split_share", at_most=0.4),
        Threshold(metric="fill_rate", at_least=0.6, at_most=0.7),
        Threshold(metric="fill_rate", at_least=0.67),
    ]
    assert [verdict.is_met for verdict in judged(run(), thresholds)] == [True, False, True, False]
    assert not Verdict(threshold=thresholds[0], figure=None).is_met


def test_a_run_is_read_back_as_it_was_written_and_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    write_run(tmp_path / "a", run(), THREE)
    write_run(tmp_path / "b", run(), THREE)
    assert read_run(tmp_path / "a") == run()
    assert tuple(read_outcomes(tmp_path / "a")) == THREE
    assert (tmp_path / "a" / ORDERS_FILE).read_bytes() == (tmp_path / "b" / ORDERS_FILE).read_bytes()


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="name the folder of a run"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(InvalidRequest, match="missing required field"):
        read_run(tmp_path)
