"""Orders of one recipient: shipped as one where that is cheaper, and each still has a plan of its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from solver.network.lanes import Closure, Lane
from solver.sourcing.explanation import chinese, english
from solver.sourcing.explanation.model import Candidate, Verdict
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem
from solver.waves.check import violations_of_wave
from solver.waves.check_bound import proven_bound, violations_of_bound
from solver.waves.merging.deciding import gains_of_merging, merged_where_cheaper
from solver.waves.merging.groups import groups_of, merged_problem
from solver.waves.merging.sharing_out import apportioned
from solver.waves.plan import Resource, ResourceKind, WavePlan, WaveTerm
from solver.waves.wave import OrderTerms, SourceTerms, Wave, WaveTerms, WorkMinutes
from tests.sourcing.made import PLACED_AT, first_and_more
from tests.waves.made import best, order, with_lanes

FIRST, SECOND = (
    replace(
        with_lanes(order(number, {"NEAR": 0, "FAR": 0}, units={sku: 1}), card=first_and_more(800, 100)), placed_at=None
    )
    for number, sku in (("1", "TEA"), ("2", "CUP"))
)


def one_recipient(*problems: Problem, **changes: Any) -> WaveTerms:
    return WaveTerms(orders=tuple(OrderTerms(order_id=one.order_id, merge_key="LI") for one in problems), **changes)


def decided(*problems: Problem, **changes: Any) -> tuple[Wave, WavePlan]:
    terms = one_recipient(*problems, **changes)
    wave, plan = Wave(orders=problems, terms=terms), best(*problems, terms=terms)
    assert violations_of_wave(wave, plan) == []
    assert violations_of_bound(wave, plan) == []
    return wave, plan


def carried(plan: Plan) -> list[tuple[str, int, int]]:
    return [(package.source_id, package.weight_grams, package.cost_minor["freight"]) for package in plan.packages]


def test_two_orders_in_one_package_pay_its_freight_once() -> None:
    _, plan = decided(FIRST, SECOND)
    [merge] = plan.merges
    assert (merge.merge_key, merge.order_ids, merge.alone_minor, merge.saving_minor) == ("LI", ("1", "2"), 1_600, 800)
    assert [carried(one) for one in plan.plans] == [[("FAR", 100, 400)], [("FAR", 100, 400)]]
    assert [packed.line_id for packed in plan.plans[1].packages[0].contents] == ["L-CUP"]
    assert plan.plans[0].notes == ("the package from FAR by V is shared with 2",)
    assert plan.plans[0].notes_zh == ("由 FAR 经 V 发出的包裹与 2 共用",)
    assert plan.plans[0].why == "Shipped as one with 2: 4.00 of 8.00 CNY."
    assert plan.plans[0].why_zh == "与 2 合单：费用 8.00 CNY，其中本单 4.00。"
    assert (plan.total_minor, plan.cost_minor[WaveTerm.ORDERS]) == (800, 800)
    assert plan.bound_minor <= 800


def test_the_bound_holds_for_orders_as_one_too() -> None:
    wave, plan = decided(FIRST, SECOND)
    assert proven_bound(wave, plan).bound_minor == 800
    assert proven_bound(Wave(orders=wave.orders), plan).bound_minor == 1_600
    assert violations_of_bound(wave, replace(plan, bound_minor=801)) == ["the prices prove a bound of 800, not 801"]


@pytest.mark.parametrize(
    "other",
    [
        replace(SECOND, currency="USD"),
        replace(SECOND, channel="jd"),
        replace(SECOND, customer_tier="gold"),
        replace(SECOND, policy=replace(SECOND.policy, split_minor=1)),
        with_lanes(SECOND, distance_meters=5_000),
        replace(SECOND, lanes=()),
    ],
    ids=["currency", "channel", "tier", "policy", "address", "no common lane"],
)
def test_orders_that_do_not_agree_are_not_shipped_as_one(other: Problem) -> None:
    assert list(groups_of(Wave(orders=(FIRST, other), terms=one_recipient(FIRST, other)))) == []


def test_orders_without_a_common_key_are_not_shipped_as_one() -> None:
    assert best(FIRST, SECOND).merges == ()
    terms = WaveTerms(orders=tuple(OrderTerms(order_id=one, merge_key=one) for one in ("1", "2")))
    assert best(FIRST, SECOND, terms=terms).merges == ()


def test_the_common_package_leaves_with_the_later_and_keeps_the_earlier_promise() -> None:
    late = with_lanes(SECOND, arrives_at=PLACED_AT + timedelta(days=3))
    one = merged_problem("LI", (replace(FIRST, promised_at=PLACED_AT + timedelta(days=2)), late))
    assert (one.lanes[0].arrives_at, one.promised_at) == (PLACED_AT + timedelta(days=3), PLACED_AT + timedelta(days=2))
    strict = replace(FIRST.policy, lateness_minor_per_hour=100)
    early, late = replace(FIRST, promised_at=PLACED_AT + timedelta(days=2), policy=strict), replace(late, policy=strict)
    assert decided(early, late)[1].merges == ()  # a day late costs more than the package saved


def test_an_order_that_ships_complete_does_so_still() -> None:
    whole = replace(
        order("1", {"NEAR": 900}, units={"TEA": 1, "POT": 1}, stock={"NEAR": 1}), ships_complete=True, placed_at=None
    )
    whole = replace(whole, offers=tuple(replace(one, available={"TEA": 1, "POT": 0}) for one in whole.offers))
    other = replace(order("2", {"NEAR": 900}, units={"CUP": 1}), placed_at=None)
    assert decided(whole, other)[1].merges == ()
    full = replace(whole, offers=tuple(replace(one, available={"TEA": 1, "POT": 1}) for one in whole.offers))
    [merge] = decided(full, other)[1].merges
    assert merge.saving_minor == 900


def test_a_source_counts_orders_as_one_as_one_order_and_their_minutes_together() -> None:
    """Near takes one order and ten minutes: the two together, five minutes each, are one."""
    work = tuple(WorkMinutes(order_id=number, source_id="NEAR", minutes=5) for number in ("1", "2"))
    near = [replace(one, lanes=one.lanes[:1], offers=one.offers[:1]) for one in (FIRST, SECOND)]
    _, plan = decided(*near, work=work, sources=(SourceTerms(source_id="NEAR", most_orders=1, most_minutes=10),))
    assert [merge.order_ids for merge in plan.merges] == [("1", "2")]
    assert plan.unfilled_units == 0


def test_what_the_parts_do_not_add_up_to_is_found() -> None:
    wave, plan = decided(FIRST, SECOND)
    first, second = plan.plans
    dearer = replace(first, cost_minor=dict(first.cost_minor) | {"freight": 401}, total_minor=401)
    assert violations_of_wave(wave, replace(plan, plans=(dearer, second))) == [
        "the plans of 1, 2 share 801 of freight, not 800"
    ]
    emptier = replace(first, packages=())
    assert violations_of_wave(wave, replace(plan, plans=(emptier, second)))[0] == (
        "the plans of 1, 2 do not hold what their common packages hold"
    )
    [merge] = plan.merges
    assert violations_of_wave(wave, replace(plan, merges=(replace(merge, saving_minor=1),))) == [
        "merging LI saves 800, not 1"
    ]


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [(10, [1, 1, 1], [4, 3, 3]), (7, [0, 2, 5], [0, 2, 5]), (5, [0, 0], [5, 0]), (1, [1, 2], [0, 1]), (0, [3], [0])],
)
def test_amounts_are_shared_by_largest_remainder(amount: int, weights: list[int], parts: list[int]) -> None:
    assert apportioned(amount, weights) == parts


def pairs(*freights: int) -> tuple[Problem, ...]:
    """Two orders of each recipient, whose package costs so much."""
    return tuple(
        replace(one, order_id=f"{recipient}-{one.order_id}", lanes=_of_price(one, freight))
        for recipient, freight in enumerate(freights)
        for one in (FIRST, SECOND)
    )


def _of_price(problem: Problem, freight: int) -> tuple[Lane, ...]:
    return tuple(replace(lane, card=first_and_more(freight, 100)) for lane in problem.lanes)


def of_recipients(orders: tuple[Problem, ...]) -> Wave:
    keys = (OrderTerms(order_id=one.order_id, merge_key=f"to {one.order_id[0]}") for one in orders)
    return Wave(orders=orders, terms=WaveTerms(orders=tuple(keys)))


def test_groups_that_gain_most_are_looked_at_first_when_time_is_short() -> None:
    wave = of_recipients(pairs(300, 900, 600))
    plans = {one.order_id: one for one in best(*wave.orders).plans}
    gains = gains_of_merging(wave, plans, {}, (), lambda: 1.0)
    assert gains == {"to 0": 300_000, "to 1": 900_000, "to 2": 600_000}
    looks = iter([1.0, 1.0, 1.0, 1.0, 1.0])  # before all, then before each group and within it

    merging = merged_where_cheaper(wave, plans, gains, (), lambda: next(looks, 0.0))
    assert list(merging.chosen) == ["to 1", "to 2"]
    assert merged_where_cheaper(wave, plans, gains, (), lambda: 0.0).chosen == {}


def test_groups_that_time_is_too_short_to_price_may_gain_all_that_they_cost() -> None:
    """The bound holds all the same: the first group is priced, the others may cost nothing as one."""
    wave = of_recipients(pairs(300, 900, 600))
    plans = {one.order_id: one for one in best(*wave.orders).plans}
    looks = iter([1.0])
    gains = gains_of_merging(wave, plans, {}, (), lambda: next(looks, 0.0))
    assert gains == {"to 0": 300_000, "to 1": 1_800_000, "to 2": 1_200_000}


def test_a_quota_that_pays_for_orders_may_pay_for_a_group_that_was_not_priced() -> None:
    wave = of_recipients(pairs(300))
    plans = {one.order_id: one for one in best(*wave.orders).plans}
    paid = {Resource(kind=ResourceKind.SOURCE_ORDERS, source_id="NEAR"): -50_000}
    dear = {Resource(kind=ResourceKind.SOURCE_ORDERS, source_id="NEAR"): 40_000}
    assert gains_of_merging(wave, plans, paid, (), lambda: 0.0) == {"to 0": 600_000 + 50_000}
    assert gains_of_merging(wave, plans, dear, (), lambda: 0.0) == {"to 0": 600_000 + 2 * 40_000}


def test_a_source_that_stocks_nothing_of_one_order_is_told_so() -> None:
    second = replace(SECOND, lanes=tuple(lane for lane in SECOND.lanes if lane.source_id != "FAR"))
    whole = merged_problem("LI", (FIRST, second))
    closed = [(one.source_id, one.closure) for one in whole.closed_lanes]
    assert closed == [("FAR", Closure.NOT_FOR_EVERY_ORDER)]
    told = Candidate(source_id="FAR", verdict=Verdict.NO_LANE, closures=("not_for_every_order",))
    assert english.candidate(told, str) == "FAR stocks nothing of some of the orders that would be shipped as one."
    assert "合单" in chinese.candidate(told, str)


def test_what_merging_counts_on_is_what_all_plans_come_to_counted_anew() -> None:
    """Group after group over one count: a source that takes three orders, a price beyond that, and minutes stated."""
    orders = pairs(500, 400, 800, 300)
    keys = of_recipients(orders).terms.orders
    terms = WaveTerms(
        orders=tuple(replace(one, priority_minor=7) for one in keys),
        sources=tuple(
            SourceTerms(source_id=one, opening_cost_minor=90, most_orders=3, over_order_minor=60)
            for one in ("NEAR", "FAR")
        ),
        work=tuple(WorkMinutes(order_id=one.order_id, source_id="NEAR", minutes=2) for one in orders),
    )
    wave, plan = Wave(orders=orders, terms=terms), best(*orders, terms=terms)
    assert len(plan.merges) == 4
    assert violations_of_wave(wave, plan) == []
    assert violations_of_bound(wave, plan) == []
    apart = best(*orders, terms=replace(terms, orders=()))
    assert plan.total_minor < apart.total_minor


def test_orders_as_one_have_what_all_others_leave_and_no_more() -> None:
    """The near source takes one order, and a third order has no other: the two go from afar, also as one."""
    prices = {"NEAR": 800, "FAR": 900}
    pair = tuple(
        replace(one, lanes=tuple(replace(lane, card=first_and_more(prices[lane.source_id], 100)) for lane in one.lanes))
        for one in (FIRST, SECOND)
    )
    third = replace(order("3", {"NEAR": 100}), placed_at=None)
    terms = one_recipient(*pair, sources=(SourceTerms(source_id="NEAR", most_orders=1),))
    wave, plan = Wave(orders=(*pair, third), terms=terms), best(*pair, third, terms=terms)
    assert violations_of_wave(wave, plan) == []
    [merge] = plan.merges
    assert [package.source_id for package in merge.plan.packages] == ["FAR"]
    assert (merge.alone_minor, merge.plan.total_minor) == (1_800, 900)
