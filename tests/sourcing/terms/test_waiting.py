from datetime import timedelta
from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.made import PLACED_AT
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

SETTINGS = {"waiting_minor_per_day": 1_000}
ARRIVALS: dict[str, Any] = {
    "lane1": {"arrives_at": PLACED_AT + timedelta(hours=36)},
    "lane2": {"arrives_at": PLACED_AT + timedelta(hours=48, seconds=1)},
}


def test_it_counts_from_placing_the_order_and_begun_minutes_are_whole() -> None:
    problem = asked(**ARRIVALS, settings=SETTINGS, placed_at=PLACED_AT)
    charge = priced("waiting", problem)
    assert charge is not None
    assert numbers(measured("waiting", problem).package) == [2_160, 2_881]
    assert numbers(charge.package) == [1_500, 2_001]  # 2,881 minutes are 2000.69


def test_what_is_there_before_the_order_makes_nobody_wait() -> None:
    early = {"arrives_at": PLACED_AT - timedelta(hours=1)}
    assert numbers(measured("waiting", asked(lane1=early, placed_at=PLACED_AT)).package) == [0, 1_440]


def test_an_order_of_unknown_time_waits_for_nothing() -> None:
    assert numbers(measured("waiting", asked(**ARRIVALS)).package) == [0, 0]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("waiting", asked(**ARRIVALS, placed_at=PLACED_AT)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**ARRIVALS, settings=SETTINGS, placed_at=PLACED_AT)
    plan = in_two_packages(problem)
    assert package_costs("waiting", plan) == [1_500, 2_001]
    assert recounted("waiting", problem, plan) == (Recount(packages=(2_160, 2_881)), Recount(packages=(1_500, 2_001)))
