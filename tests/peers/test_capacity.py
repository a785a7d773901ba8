"""How much a place takes in a day, and when it is left out: HotWax, Fluent Commerce and others."""

from dataclasses import replace
from datetime import date, timedelta

from solver.client import Client, Policy
from solver.fulfilment.command import SourceState
from solver.network.calendar import WorkDays
from solver.network.capacity import DailyCapacity, Work, load_of, source_load
from tests.made_world import MONDAY_AT_8
from tests.peers.world import BY_PRIORITY, FEWEST_PACKAGES, lines_of, place, planned, problem, taken, wanted

CAPS = (50, 60, 185, 250, 300, 400, 150)
MONDAY = date(2026, 3, 2)


def test_t46_a_facility_takes_exactly_as_many_orders_as_its_limit_and_the_next_moves_on(client: Client) -> None:
    sources = (place("limited", priority=1, capacity=DailyCapacity(orders=(3,))), place("other", priority=2))
    stock = {"limited": {"A": 100}, "other": {"A": 100}}
    orders = [wanted(("A", 2), order_id=str(number)) for number in range(5)]
    plans = client.optimize(problem(stock, *orders, policy=BY_PRIORITY, sources=sources))
    assert [plan.source_ids for plan in plans] == [("limited",)] * 3 + [("other",)] * 2


def test_t48_within_the_first_days_cap_there_is_no_backlog() -> None:
    load = load_of(CAPS, 40)
    assert (load.use_basis_points, load.backlog_days, load.left) == (8_000, 0, 10)


def test_t48_work_for_more_than_five_days_is_begun_on_the_sixth() -> None:
    load = load_of(CAPS, 1_036)
    assert (load.use_basis_points, load.backlog_days, load.left) == (4_775, 5, 209)
    assert source_load(DailyCapacity(orders=CAPS), Work(orders=1_036), MONDAY, WorkDays.of()) == load


def test_t48_a_place_five_days_behind_hands_over_five_days_later(client: Client) -> None:
    sources = (place("busy", capacity=DailyCapacity(orders=CAPS)),)
    policy = Policy(off=("sources_stay_within_their_capacity",), settings={"load_minor_per_percent": 100})

    def plan_after(orders: int) -> tuple[timedelta, int]:
        states = (SourceState(source_id="busy", work=Work(orders=orders)),)
        command = problem({"busy": {"A": 9}}, wanted(("A", 1)), policy=policy, sources=sources, source_states=states)
        plan = planned(client, command)
        return plan.packages[0].arrives_at - MONDAY_AT_8, plan.cost_minor["source_load"]

    assert plan_after(40) == (timedelta(days=0), 80_00)
    assert plan_after(1_036) == (timedelta(days=5), 547_75)


def test_t49_overdue_work_takes_its_part_of_the_next_days_cap() -> None:
    assert load_of((50,), 10).left == 40


def test_t49_the_next_day_takes_what_the_overdue_units_leave(client: Client) -> None:
    sources = (place("limited", priority=1, capacity=DailyCapacity(units=(50,))), place("other", priority=2))
    states = (SourceState(source_id="limited", work=Work(units=10)),)
    stock = {"limited": {"A": 100}, "other": {"A": 100}}
    command = problem(stock, wanted(("A", 60)), policy=BY_PRIORITY, sources=sources, source_states=states)
    assert taken(planned(client, command)) == {"limited": {"A": 40}, "other": {"A": 20}}


def test_t57_a_location_at_its_most_rejects_is_left_out_until_they_are_reset(client: Client) -> None:
    policy = replace(FEWEST_PACKAGES, settings={"max_rejects": 3})

    def answer(rejects: int) -> tuple[list[tuple[int, int, int]], dict[str, int]]:
        states = (SourceState(source_id="only", rejects=rejects),)
        plan = planned(client, problem({"only": {"A": 9}}, wanted(("A", 2)), policy=policy, source_states=states))
        return lines_of(plan), dict(plan.excluded)

    assert answer(2) == ([(2, 0, 0)], {})
    assert answer(3) == ([(0, 0, 2)], {"rejecting_sources_are_left_out": 1})
    assert answer(0) == ([(2, 0, 0)], {})
