"""Paired differences of two runs that are counted by hand."""

from dataclasses import replace

import pytest

from solver.replay.compare import paired
from solver.report.gathering import Gathered, Words
from solver.report.headline import SERIES, paired_differences
from tests.report.made_runs import ORDERS, base_outcomes, split_outcomes


def gathered() -> tuple[Gathered, Gathered]:
    words = Words()
    return Gathered(words).add_all(base_outcomes()), Gathered(words).add_all(split_outcomes())


def test_each_series_is_paired_order_by_order() -> None:
    told = paired_differences(*gathered())
    assert {name: (one.mean, one.less, one.more, one.orders) for name, one in told.items()} == {
        "all_terms_minor": (299.025, 0, 21, ORDERS),  # 20 splits at 400, and 5,000 for a missing unit less 1,039
        "paid_minor": ((20 * 400 - 1_039) / ORDERS, 1, 20, ORDERS),
        "freight_minor": (pytest.approx(20 * 400 / 39), 0, 20, ORDERS - 1),
        "packages": ((20 - 1) / ORDERS, 1, 20, ORDERS),
        "split_share": (pytest.approx(20 / 39), 0, 20, ORDERS - 1),
        "crossing_packages": (10 / ORDERS, 0, 10, ORDERS),
        "late_hours": (pytest.approx(-4 * 25 / 39), 4, 0, ORDERS - 1),
        "on_time_share": (pytest.approx(4 / 39), 0, 4, ORDERS - 1),
        "filled_units": (-1 / ORDERS, 1, 0, ORDERS),
    }


def test_the_margin_is_that_of_the_comparison_on_the_command_line() -> None:
    one = paired_differences(*gathered())["all_terms_minor"]
    other = paired(base_outcomes(), split_outcomes())
    assert (one.mean, one.less, one.more) == (other.mean_minor, other.cheaper, other.dearer)
    assert one.margin == pytest.approx(other.margin_minor, rel=1e-12)


def test_what_a_history_does_not_tell_is_paired_with_nothing() -> None:
    words = Words()
    untold = [replace(one, unknown=("paid", "units") if n else ()) for n, one in enumerate(base_outcomes())]
    told = paired_differences(Gathered(words).add_all(untold), Gathered(words).add_all(split_outcomes()))
    assert told["paid_minor"].orders == 1
    assert told["filled_units"].orders == 1
    assert told["packages"].orders == ORDERS


def test_packages_that_did_not_leave_count_for_nothing() -> None:
    [first, *_] = split_outcomes()
    stayed = replace(first, packages=(first.packages[0], replace(first.packages[1], moved=True)))
    run = Gathered(Words()).add_all([stayed])
    assert SERIES["packages"](run).tolist() == [1.0]
    assert SERIES["split_share"](run).tolist() == [0.0]
