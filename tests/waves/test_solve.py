"""Waves by hand: what orders compete for, what it costs together, and what the answer says of it."""

from dataclasses import replace
from datetime import date

import pytest

from solver.sourcing.check import violations_of
from solver.sourcing.plan import Stop
from solver.sourcing.policy import Level
from solver.sourcing.problem import Problem
from solver.waves.check import violations_of_wave
from solver.waves.check_bound import violations_of_bound
from solver.waves.limits import Progress, Watch, WaveLimits
from solver.waves.plan import QuotaAnswer, WavePlan, WaveTerm
from solver.waves.sharing import TwoPrices
from solver.waves.solve import solve_wave
from solver.waves.wave import (
    CarrierCapacity,
    OrderTerms,
    Quota,
    QuotaBasis,
    SourceTerms,
    Wave,
    WaveTerms,
    WorkMinutes,
)
from tests.sourcing.made import flat, lane
from tests.waves.made import best, order, sources_of, with_lanes, with_offers

FIRST = order("1", {"NEAR": 100, "FAR": 200})
SECOND = order("2", {"NEAR": 100, "FAR": 500})


def with_stock(problem: Problem, **units: int) -> Problem:
    offers = tuple(
        replace(one, available=dict.fromkeys(one.available, units.get(one.source_id, 10))) for one in problem.offers
    )
    return replace(problem, offers=offers)


def test_scarce_stock_goes_where_it_saves_most() -> None:
    plan = best(with_stock(FIRST, NEAR=1), with_stock(SECOND, NEAR=1))
    assert sources_of(plan) == {"1": ("FAR",), "2": ("NEAR",)}
    assert (plan.total_minor, plan.cost_minor[WaveTerm.ORDERS]) == (300, 300)


def test_orders_that_do_not_compete_are_proven_best() -> None:
    plan = best(FIRST, SECOND)
    assert (plan.total_minor, plan.bound_minor, plan.gap_minor) == (200, 0, 200)  # the engine by hand proves nothing
    assert [one.stop for one in plan.plans] == [Stop.OPTIMAL, Stop.OPTIMAL]


def test_stock_that_orders_see_differently_is_shared_by_those_who_see_it() -> None:
    both = {"1": ("NEAR",), "2": ("NEAR",)}
    assert sources_of(best(with_stock(FIRST, NEAR=2), with_stock(SECOND, NEAR=1))) == both
    assert sources_of(best(with_stock(FIRST, NEAR=1), with_stock(SECOND, NEAR=2))) == both
    assert sources_of(best(with_stock(FIRST, NEAR=1), with_stock(SECOND, NEAR=1))) == {"1": ("FAR",), "2": ("NEAR",)}


def test_safety_stock_is_kept_by_all_orders_together() -> None:
    kept = [
        replace(
            with_stock(problem, NEAR=2),
            offers=tuple(replace(one, safety={"TEA": 1}) for one in with_stock(problem, NEAR=2).offers),
        )
        for problem in (FIRST, SECOND)
    ]
    assert sources_of(best(*kept)) == {"1": ("FAR",), "2": ("NEAR",)}


def test_a_source_is_opened_once_for_all_its_orders() -> None:
    terms = WaveTerms(sources=(SourceTerms(source_id="NEAR", opening_cost_minor=150),))
    one, both = best(FIRST, terms=terms), best(FIRST, SECOND, terms=terms)
    assert (sources_of(one), one.opened, one.total_minor) == ({"1": ("FAR",)}, (), 200)
    assert (sources_of(both), both.opened) == ({"1": ("NEAR",), "2": ("NEAR",)}, ("NEAR",))
    assert (both.cost_minor[WaveTerm.ORDERS], both.cost_minor[WaveTerm.OPENING], both.total_minor) == (200, 150, 350)


@pytest.mark.parametrize(
    "terms",
    [
        SourceTerms(source_id="NEAR", most_orders=1),
        SourceTerms(source_id="NEAR", most_units=1),
        SourceTerms(source_id="NEAR", most_minutes=7),
    ],
)
def test_a_source_takes_no_more_than_it_can(terms: SourceTerms) -> None:
    slow = [with_offers(problem, minutes_per_package=3, minutes_per_unit=1) for problem in (FIRST, SECOND)]
    plan = best(*slow, terms=WaveTerms(sources=(terms,)))
    assert sources_of(plan) == {"1": ("FAR",), "2": ("NEAR",)}


@pytest.mark.parametrize("facts", [{"orders_left": 1}, {"units_left": 1}, {"quota_orders_left": 1}])
def test_what_offers_say_of_their_source_holds_for_all_orders_together(facts: dict[str, int]) -> None:
    assert sources_of(best(with_offers(FIRST, **facts), with_offers(SECOND, **facts)))["2"] == ("NEAR",)


def test_beyond_a_limit_that_has_a_price_it_is_paid() -> None:
    limit = SourceTerms(source_id="NEAR", most_orders=1, over_order_minor=90)
    plan = best(FIRST, SECOND, terms=WaveTerms(sources=(limit,)))
    assert sources_of(plan) == {"1": ("NEAR",), "2": ("NEAR",)}
    assert (plan.cost_minor[WaveTerm.OVER_CAPACITY], plan.total_minor) == (90, 290)
    dear = replace(limit, over_order_minor=110)
    assert best(FIRST, SECOND, terms=WaveTerms(sources=(dear,))).total_minor == 300


def test_minutes_may_differ_by_order_and_source() -> None:
    """Generalised assignment: of 10 minutes the first job needs 4 or 9, the second 7 or 3."""
    work = (
        WorkMinutes(order_id="1", source_id="NEAR", minutes=4),
        WorkMinutes(order_id="2", source_id="NEAR", minutes=7),
        WorkMinutes(order_id="1", source_id="FAR", minutes=9),
        WorkMinutes(order_id="2", source_id="FAR", minutes=3),
    )
    agents = tuple(SourceTerms(source_id=source_id, most_minutes=10) for source_id in ("NEAR", "FAR"))
    assert sources_of(best(FIRST, SECOND, terms=WaveTerms(sources=agents, work=work))) == {
        "1": ("FAR",),
        "2": ("NEAR",),
    }


@pytest.mark.parametrize(
    ("carrier", "near"),
    [
        (CarrierCapacity(service_id="V", source_id="NEAR", most_packages=1), 1),
        (CarrierCapacity(service_id="V", source_id="NEAR", day=date(2026, 3, 2), most_packages=1), 1),
        (CarrierCapacity(service_id="V", source_id="NEAR", day=date(2026, 3, 3), most_packages=1), 2),
        (CarrierCapacity(service_id="W", source_id="NEAR", most_packages=1), 2),
        (CarrierCapacity(service_id="V", source_id="NEAR", most_packages=1, over_package_minor=10), 2),
    ],
)
def test_a_carrier_takes_no_more_packages_than_it_can(carrier: CarrierCapacity, near: int) -> None:
    at = FIRST.placed_at
    orders = [with_lanes(problem, hand_over_at=at) for problem in (FIRST, SECOND)]
    plan = best(*orders, terms=WaveTerms(carriers=(carrier,)))
    assert list(sources_of(plan).values()).count(("NEAR",)) == near


def test_packages_left_to_a_service_are_shared() -> None:
    orders = [
        replace(problem, lanes=(*with_lanes(problem, packages_left=1).lanes, lane("FAR", flat(900), service_id="W")))
        for problem in (FIRST, SECOND)
    ]
    plan = best(*orders)
    assert sorted(package.service_id for one in plan.plans for package in one.packages) == ["V", "W"]
    assert plan.total_minor == 1000


def test_a_quota_gives_a_source_its_share_at_a_price() -> None:
    quota = Quota(source_id="FAR", least_basis_points=4_000, short_minor=150)
    plan = best(FIRST, SECOND, terms=WaveTerms(quotas=(quota,)))
    assert sources_of(plan) == {"1": ("FAR",), "2": ("NEAR",)}
    assert plan.quotas == (
        QuotaAnswer(
            source_id="FAR", basis=QuotaBasis.ORDERS, given=1, least=1, most=2, cost_minor=0, price_thousandths=0
        ),
    )
    cheap = replace(quota, short_minor=60)
    assert best(FIRST, SECOND, terms=WaveTerms(quotas=(cheap,))).cost_minor[WaveTerm.QUOTA] == 60


def test_a_quota_by_value_counts_what_the_goods_are_worth() -> None:
    dear = order("3", {"NEAR": 100, "FAR": 150}, units={"GOLD": 1})
    dear = replace(dear, items={"GOLD": replace(dear.items["GOLD"], value_minor=9_000)})
    quota = Quota(source_id="NEAR", basis=QuotaBasis.VALUE, most_basis_points=9_000)  # of 110.00
    plan = best(FIRST, SECOND, dear, terms=WaveTerms(quotas=(quota,)))
    assert sources_of(plan) == {"1": ("NEAR",), "2": ("NEAR",), "3": ("FAR",)}
    assert (plan.quotas[0].given, plan.quotas[0].most) == (20, 99)


def test_an_order_of_priority_is_served_first() -> None:
    only = [order(str(number), {"NEAR": 100}, stock={"NEAR": 1}) for number in (1, 2)]
    plan = best(*only, terms=WaveTerms(orders=(OrderTerms(order_id="2", priority_minor=5),)))
    assert sources_of(plan) == {"1": (), "2": ("NEAR",)}
    plan = best(*only, terms=WaveTerms(orders=(OrderTerms(order_id="1", priority_minor=5),)))
    assert (sources_of(plan)["1"], plan.cost_minor[WaveTerm.PRIORITY]) == (("NEAR",), 0)


def test_priorities_before_money_hold_for_the_wave() -> None:
    """Metres come first: the second order goes without its dear near source, as the first is farther from the other."""
    meters = {"NEAR": 1000, "FAR": 5000}
    placed = [
        replace(
            with_stock(problem, NEAR=1),
            lanes=tuple(replace(one, distance_meters=meters[one.source_id] * times) for one in problem.lanes),
            policy=replace(problem.policy, levels=(Level(measure="unfilled_units"), Level(measure="distance_meters"))),
        )
        for problem, times in ((FIRST, 2), (SECOND, 1))
    ]
    plan = best(*placed)
    assert sources_of(plan) == {"1": ("NEAR",), "2": ("FAR",)}
    assert [(level.measure, level.value) for level in plan.levels] == [
        ("unfilled_units", 0),
        ("distance_meters", 7000),
        ("cost_minor", 600),
    ]


def test_an_order_outside_the_structure_is_decided_on_what_the_others_leave() -> None:
    many = order("2", {"NEAR": 100, "FAR": 500}, units={f"SKU-{number}": 1 for number in range(13)})
    terms = WaveTerms(sources=(SourceTerms(source_id="NEAR", most_orders=1),))
    plan = best(FIRST, many, terms=terms)
    assert [(one.order_id, one.reason, one.floor_minor) for one in plan.outside] == [("2", "too_many_states", 100)]
    assert sources_of(plan) == {"1": ("NEAR",), "2": ("FAR",)}


def test_two_limits_of_which_neither_covers_the_other_are_refused() -> None:
    terms = WaveTerms(
        sources=(SourceTerms(source_id="NEAR", most_orders=2, over_order_minor=5),),
        quotas=(Quota(source_id="NEAR", most_basis_points=5_000, over_minor=9),),
    )
    with pytest.raises(TwoPrices, match="source_orders of NEAR"):
        best(FIRST, SECOND, terms=terms)


def test_every_plan_is_sound_for_its_order_alone() -> None:
    plan = best(with_stock(FIRST, NEAR=1), with_stock(SECOND, NEAR=1))
    wave = Wave(orders=(with_stock(FIRST, NEAR=1), with_stock(SECOND, NEAR=1)))
    assert [violations_of(problem, one) for problem, one in zip(wave.orders, plan.plans, strict=True)] == [[], []]


def bounds(plan: WavePlan) -> list[tuple[int, int]]:
    return [(one.total_minor, one.bound_minor) for one in plan.plans]


def test_an_orders_own_bound_is_what_it_costs_with_everything_to_itself() -> None:
    assert bounds(best(with_stock(FIRST, NEAR=1), with_stock(SECOND, NEAR=1))) == [(200, 100), (100, 100)]


def crowded() -> Wave:
    """Orders that compete, one of them outside the structure."""
    many = order("9", {"NEAR": 100, "FAR": 500}, units={f"SKU-{number}": 1 for number in range(13)})
    some = [with_stock(replace(SECOND, order_id=str(number)), NEAR=3) for number in range(6)]
    return Wave(orders=(*some, many), terms=WaveTerms(orders=(OrderTerms(order_id="1", merge_key="LI"),)))


@pytest.mark.parametrize(
    ("limits", "watch"),
    [(WaveLimits(time_limit_seconds=0.0), Watch()), (WaveLimits(), Watch(is_cancelled=lambda: True))],
    ids=["no time", "cancelled"],
)
def test_a_wave_that_is_cut_short_has_sound_plans_and_a_bound(limits: WaveLimits, watch: Watch) -> None:
    wave = crowded()
    plan = solve_wave(wave, limits=limits, watch=watch)
    assert violations_of_wave(wave, plan) == []
    assert violations_of_bound(wave, plan) == []
    assert plan.stop is Stop.TIME_LIMIT
    assert [one.order_id for one in plan.plans] == [problem.order_id for problem in wave.orders]
    assert 0 < plan.bound_minor <= solve_wave(wave).total_minor


def test_what_is_told_on_the_way_counts_orders_outside_the_structure_at_their_least() -> None:
    told: list[Progress] = []
    plan = solve_wave(crowded(), watch=Watch(tell=told.append))
    [outside] = plan.outside
    assert outside.floor_minor == 100
    assert told
    assert all(1000 * one.total >= one.bound for one in told)
    assert told[-1].total == plan.total_minor - plan.plans[-1].total_minor + outside.floor_minor


def test_a_wave_that_is_given_up_while_it_is_laid_out_ends_there() -> None:
    looks = iter(range(3))

    def give_up() -> None:
        if next(looks, None) is None:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        solve_wave(crowded(), watch=Watch(give_up=give_up))


def test_a_wave_of_no_orders_has_an_empty_answer() -> None:
    plan = solve_wave(Wave(orders=()))
    assert (plan.plans, plan.total_minor, plan.bound_minor) == ((), 0, 0)
