"""Dropping superfluous lanes never loses a best plan, under any field of a case; and each condition stands alone."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solver.network.model import Band, RateCard
from solver.sourcing import mip
from solver.sourcing.case import Case, Tariff
from solver.sourcing.mip.candidates import candidates, package_slots, usable_lanes
from solver.sourcing.mip.engine import solve_by_mip
from tests.sourcing.exact.cases import random_case
from tests.sourcing.made import flat
from tests.sourcing.small import small_case


def kept(case: Case) -> list[int]:
    return [candidate.lane for candidate in candidates(case)]


def with_sources_alike(case: Case, drawn: int) -> Case:
    """The same case with full shelves and costs that hardly differ: much can be dropped."""
    rng = np.random.default_rng(drawn)
    full = rng.random(case.stock.shape) < 0.8
    alike: dict[str, Any] = {"lane_tariff": np.zeros_like(case.lane_tariff), "carries": np.ones_like(case.carries)}
    alike |= {
        name: rng.integers(0, most, size=getattr(case, name).shape)
        for name, most in (("package_cost", 6), ("kind_cost", 2), ("unit_cost", 2), ("source_cost", 4))
    }
    return replace(case, stock=np.where(full, case.demand, case.stock), **alike)


@pytest.mark.parametrize("alike", [False, True])
def test_the_best_plan_over_all_lanes_costs_what_it_costs_over_the_candidates(
    alike: bool, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped = 0
    for drawn in range(seed + 4_000_000, seed + 4_000_080):
        case = with_sources_alike(random_case(drawn), drawn) if alike else random_case(drawn)
        tolerances = tuple(random.Random(drawn).choice((0, 0, 5)) for _ in range(case.levels))
        some, _ = solve_by_mip(case, tolerances=tolerances, time_limit_seconds=60)
        with monkeypatch.context() as patched:
            patched.setattr(mip, "candidates", usable_lanes)
            every, _ = solve_by_mip(case, tolerances=tolerances, time_limit_seconds=60)
        dropped += len(usable_lanes(case)) - len(candidates(case))
        assert (some.bound, some.cost[-1]) == (every.bound, every.cost[-1]), f"random_case({drawn}), alike: {alike}"
    assert dropped > (40 if alike else 25), "the cases hardly put dominance to the test"


def dear_and_cheap(**changes: Any) -> Case:
    """Source 0 costs 900 a package, source 1 costs 600; either has the whole order of one A and two B."""
    given: dict[str, Any] = {"package_cost": [[900, 600]], **changes}
    return small_case(stock=[[1, 2], [1, 2]], line_quantity=[1, 2], **given)


def test_the_dearer_of_two_sources_that_are_otherwise_alike_is_dropped() -> None:
    assert kept(dear_and_cheap()) == [1]


@pytest.mark.parametrize(
    "difference",
    [
        {"unit_cost": [[[0, 0], [0, 1]]]},
        {"kind_cost": [[0, 1]]},
        {"carries": [[True, True], [True, False]]},
        {"package_most_grams": [300, 299]},
        {"package_most_mm3": [3_000, 2_999]},
        {"package_most_units": [3, 2]},
        {"source_most_units": [3, 2]},
        {"source_most_minutes": [99, 59], "source_package_minutes": [10, 10], "source_unit_minutes": [10, 10]},
        {"lane_service": [0, 1], "service_most_packages": [3, 2]},
        {"stair_offer": [1], "stair_part": [1], "stair_after_units": [1], "stair_cost": [[1]]},
    ],
    ids=lambda difference: next(iter(difference)),
)
def test_a_dearer_source_stays_where_the_cheaper_is_worse_in_any_respect(difference: dict[str, Any]) -> None:
    assert kept(dear_and_cheap(**difference)) == [0, 1]


@pytest.mark.parametrize(
    "likeness",
    [
        {"unit_cost": [[[0, 1], [0, 1]]]},
        {"kind_cost": [[1, 1]]},
        {"carries": [[True, False], [True, True]]},
        {"package_most_grams": [299, 299]},
        {"package_most_mm3": [2_999, 2_999]},
        {"package_most_units": [2, 2]},
        {"source_most_minutes": [99, 60], "source_package_minutes": [10, 10], "source_unit_minutes": [10, 10]},
        {"lane_service": [0, 0], "service_most_packages": [1]},
        {"stair_offer": [1], "stair_part": [1], "stair_after_units": [2], "stair_cost": [[1]]},
        {"most_sources": 1},
        {"together": [True, True]},
        {"apart": [[False, True], [True, False]]},
        {"complete": True},
        {"further_package_cost": [70], "further_source_cost": [70]},
    ],
    ids=lambda likeness: next(iter(likeness)),
)
def test_a_dearer_source_is_dropped_where_the_cheaper_is_as_good_in_every_respect(likeness: dict[str, Any]) -> None:
    assert kept(dear_and_cheap(**likeness)) == [1]


@pytest.mark.parametrize(("source_cost", "left"), [(400, [1]), (401, [0, 1])])
def test_a_source_takes_anothers_place_where_it_costs_no_more_itself(source_cost: int, left: list[int]) -> None:
    assert kept(dear_and_cheap(source_cost=[[400, source_cost]], package_cost=[[600, 590]])) == left


def two_services_of_the_dear_source(**changes: Any) -> Case:
    """Source 0 has lanes 0 and 1; lane 1 is the cheapest of all for light packages. Lane 2 is source 1's."""
    light = RateCard(bands=(Band(up_to_grams=100, base_minor=100), Band(up_to_grams=None, base_minor=2_000)))
    return small_case(
        stock=[[1, 2], [1, 2]],
        line_quantity=[1, 2],
        lane_offer=[0, 0, 1],
        cards=(flat(900),),
        tariffs=(Tariff(cards=(flat(900),)), Tariff(cards=(light,)), Tariff(cards=(flat(600),))),
        **{"lane_tariff": [0, 1, 2], **changes},
    )


def test_a_lane_goes_though_its_source_stays_for_another_service() -> None:
    assert kept(two_services_of_the_dear_source()) == [1, 2]


@pytest.mark.parametrize(
    "rule",
    [{"together": [True, False]}, {"most_sources": 1}, {"source_cost": [[0, 301]]}, {"further_source_cost": [301]}],
    ids=lambda rule: next(iter(rule)),
)
def test_it_stays_where_leaving_its_source_by_halves_could_break_a_rule_or_cost_more(rule: dict[str, Any]) -> None:
    assert kept(two_services_of_the_dear_source(**rule)) == [0, 1, 2]


@pytest.mark.parametrize("cost", [{"source_cost": [[0, 300]]}, {"further_source_cost": [300]}])
def test_it_goes_where_a_single_package_makes_up_for_one_more_source(cost: dict[str, Any]) -> None:
    assert kept(two_services_of_the_dear_source(**cost)) == [1, 2]


def test_a_lane_must_be_no_dearer_at_any_level() -> None:
    two_levels = {"cards": (None, None), "unfilled_cost": [[9, 9], [9, 9]]}
    assert kept(dear_and_cheap(**two_levels, package_cost=[[2, 1], [7, 7]])) == [1]
    assert kept(dear_and_cheap(**two_levels, package_cost=[[2, 1], [6, 7]])) == [0, 1]


def test_two_offers_of_one_source_compare_like_two_sources_but_for_what_the_source_costs() -> None:
    one_source: dict[str, Any] = {
        "offer_source": [0, 0],
        "source_cost": [[70]],
        "most_sources": 1,
        "together": [True, True],
    }
    assert kept(dear_and_cheap(**one_source)) == [1]
    lacking = small_case(stock=[[1, 2], [1, 1]], line_quantity=[1, 2], package_cost=[[900, 600]], **one_source)
    assert kept(lacking) == [0, 1]


def test_a_lane_without_anything_it_may_carry_is_no_candidate() -> None:
    for nothing in (
        {"carries": [[False, False], [True, True]]},
        {"source_most_units": [0, 9]},
        {"service_most_packages": [0, 9], "lane_service": [0, 1]},
        {"source_most_minutes": [15, 99], "source_package_minutes": [10, 10], "source_unit_minutes": [6, 6]},
        {"package_most_grams": [99, 999]},
        {"package_most_units": [0, 9]},
    ):
        changes: dict[str, Any] = {"package_cost": [[1, 600]], **nothing}
        assert kept(dear_and_cheap(**changes)) == [1], nothing


def test_a_part_that_is_priced_only_in_heavier_packages_is_within_reach() -> None:
    from_200_g = RateCard(
        bands=(Band(up_to_grams=199, base_minor=0, closed=True), Band(up_to_grams=None, base_minor=9))
    )
    case = small_case(stock=[[2]], line_quantity=[2], cards=(from_200_g,))
    (candidate,) = candidates(case)
    assert candidate.reach.tolist() == [2]
    assert solve_by_mip(case, time_limit_seconds=60)[0].cost == (9,)
    alone = small_case(stock=[[1]], line_quantity=[2], cards=(from_200_g,))
    assert kept(alone) == []


@pytest.mark.parametrize(
    ("changes", "slots"),
    [
        ({}, 1),
        ({"kind_cost": [[5]]}, 1),
        ({"package_most_units": [2]}, 3),
        ({"package_most_mm3": [2_999]}, 3),
        ({"apart": [[False, True], [True, False]]}, 3),
        ({"package_most_units": [2], "most_packages": 2}, 2),
        ({"package_most_units": [1], "service_most_packages": [2]}, 2),
        ({"package_most_units": [1], "source_most_units": [2]}, 2),
    ],
    ids=str,
)
def test_a_lane_has_as_many_slots_as_a_best_plan_can_need(changes: dict[str, Any], slots: int) -> None:
    case = small_case(stock=[[1, 2]], line_quantity=[1, 2], **changes)
    (candidate,) = candidates(case)
    assert package_slots(case, candidate) == slots


def test_two_levels_of_which_one_is_not_subadditive_give_more_than_one_slot() -> None:
    dear_above = RateCard(bands=(Band(up_to_grams=200, base_minor=1), Band(up_to_grams=None, base_minor=3)))
    case = small_case(stock=[[3]], line_quantity=[3], cards=(flat(5), dear_above))
    (candidate,) = candidates(case)
    assert package_slots(case, candidate) == 3
