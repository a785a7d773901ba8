"""Which lanes may be dropped without losing the best plan, and which may not."""

import random
from dataclasses import replace

import pytest

from solver.network.lanes import Lane
from solver.sourcing.brief import brief
from solver.sourcing.mip.candidates import candidates, package_slots, usable_lanes
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.problem import Offer, Problem
from tests.sourcing.made import (
    FALLING_BRACKETS,
    PATIENT,
    PROMISED_AT,
    first_and_more,
    flat,
    lane,
    line,
    offer,
    problem,
)


def kept(asked: Problem) -> list[tuple[str, str]]:
    made = brief(asked)
    return [made.facts.lanes[candidate.lane].lane_id[:2] for candidate in candidates(made.case)]


def one_line(quantity: int, *options: tuple[Lane, Offer], grams: int = 500, mm3: int = 0) -> Problem:
    """An order of some A; offers that stand for one source several times must be equal."""
    return problem(
        lines=(line("1", quantity, {"A": 1}),),
        grams={"A": grams},
        mm3={"A": mm3},
        offers=tuple({offered.source_id: offered for _, offered in options}.values()),
        lanes=tuple(way for way, _ in options),
    )


def test_a_dearer_source_with_the_same_stock_is_dropped() -> None:
    asked = one_line(2, (lane("S1", flat(900)), offer("S1", {"A": 2})), (lane("S2", flat(600)), offer("S2", {"A": 2})))
    assert kept(asked) == [("S2", "V")]


def test_a_dearer_source_stays_where_the_cheaper_one_lacks_a_unit() -> None:
    asked = one_line(2, (lane("S1", flat(900)), offer("S1", {"A": 2})), (lane("S2", flat(600)), offer("S2", {"A": 1})))
    assert kept(asked) == [("S1", "V"), ("S2", "V")]


def test_more_stock_at_the_same_price_does_not_drop_a_source_where_both_may_be_needed() -> None:
    asked = one_line(3, (lane("S1", flat(600)), offer("S1", {"A": 1})), (lane("S2", flat(600)), offer("S2", {"A": 2})))
    assert kept(asked) == [("S1", "V"), ("S2", "V")]
    assert solve_by_mip(brief(asked).case, time_limit_seconds=60)[0].unfilled.tolist() == [0]


def test_nearer_does_not_drop_a_source_whose_freight_is_lower() -> None:
    asked = one_line(
        1,
        (lane("S1", flat(900), distance_meters=1_000), offer("S1", {"A": 1})),
        (lane("S2", flat(600), distance_meters=900_000), offer("S2", {"A": 1})),
    )
    assert kept(asked) == [("S2", "V")]
    dear_way = replace(PATIENT, distance_minor_per_km=1)  # 901 in all against 1,500
    assert kept(replace(asked, policy=dear_way)) == [("S1", "V")]


def test_nearer_does_not_drop_a_source_that_has_what_it_lacks() -> None:
    asked = one_line(
        2,
        (lane("S1", flat(600), distance_meters=1_000), offer("S1", {"A": 1})),
        (lane("S2", flat(600), distance_meters=900_000), offer("S2", {"A": 1})),
    )
    assert kept(replace(asked, policy=replace(PATIENT, distance_minor_per_km=1))) == [("S1", "V"), ("S2", "V")]


def test_of_two_equal_sources_the_first_by_id_stays_whatever_their_sequence() -> None:
    options = [(lane(name, flat(600)), offer(name, {"A": 1})) for name in ("S1", "S2", "S3")]
    assert kept(one_line(1, *options)) == [("S1", "V")]
    assert kept(one_line(1, *reversed(options))) == [("S1", "V")]


def test_of_two_equal_services_of_a_source_the_first_by_id_stays() -> None:
    there = offer("S1", {"A": 1})
    asked = one_line(2, (lane("S1", flat(600), service_id="V"), there), (lane("S1", flat(600), service_id="U"), there))
    assert kept(asked) == [("S1", "U")]


def test_a_service_of_the_same_source_is_dropped_even_where_the_stock_does_not_suffice() -> None:
    there = offer("S1", {"A": 1})
    asked = one_line(5, (lane("S1", flat(600), service_id="U"), there), (lane("S1", flat(601), service_id="V"), there))
    assert kept(asked) == [("S1", "U")]


def test_a_lane_stays_that_is_cheaper_for_some_weight() -> None:
    asked = one_line(
        2,
        (lane("S1", first_and_more(599, 300)), offer("S1", {"A": 2})),  # one kilogram 5.99, two 8.99
        (lane("S2", flat(600)), offer("S2", {"A": 2})),
        grams=1_000,
    )
    assert kept(asked) == [("S1", "V"), ("S2", "V")]


def test_a_lane_stays_that_carries_more_in_one_package() -> None:
    asked = one_line(
        2,
        (lane("S1", flat(900)), offer("S1", {"A": 2})),
        (lane("S2", flat(600), max_weight_grams=999), offer("S2", {"A": 2})),
    )
    assert kept(asked) == [("S1", "V"), ("S2", "V")]


def test_a_lane_stays_that_does_not_charge_for_volume() -> None:
    asked = one_line(
        1,
        (lane("S1", flat(900)), offer("S1", {"A": 1})),
        (lane("S2", flat(600), volumetric_divisor_cm3_per_kg=6000), offer("S2", {"A": 1})),
    )
    assert kept(asked) == [("S1", "V"), ("S2", "V")]


def test_a_lane_stays_whose_units_are_cheaper_to_handle() -> None:
    asked = one_line(
        1,
        (lane("S1", flat(900)), offer("S1", {"A": 1})),
        (lane("S2", flat(600)), offer("S2", {"A": 1}, handling_per_unit_minor=1)),
    )
    assert kept(asked) == [("S1", "V"), ("S2", "V")]


def test_a_late_lane_is_dropped_only_where_its_lateness_costs_more_than_it_saves() -> None:
    asked = one_line(
        1,
        (lane("S1", flat(600), arrives_after_hours=24), offer("S1", {"A": 1})),
        (lane("S2", flat(400), arrives_after_hours=32), offer("S2", {"A": 1})),
    )
    late = replace(asked, promised_at=PROMISED_AT)
    assert kept(replace(late, policy=replace(PATIENT, lateness_minor_per_hour=101))) == [("S1", "V")]
    assert kept(replace(late, policy=replace(PATIENT, lateness_minor_per_hour=99))) == [("S2", "V")]


def test_a_card_that_falls_with_weight_drops_no_other_lane() -> None:
    asked = one_line(
        1,
        (lane("S1", flat(9_000)), offer("S1", {"A": 1})),
        (lane("S2", FALLING_BRACKETS), offer("S2", {"A": 1})),
        grams=1_200,
    )
    assert kept(asked) == [("S1", "V"), ("S2", "V")]


def test_a_lane_that_carries_no_single_unit_or_has_none_is_no_candidate() -> None:
    asked = one_line(
        1,
        (lane("S1", flat(600), max_weight_grams=499), offer("S1", {"A": 1})),
        (lane("S2", flat(600, up_to_grams=499)), offer("S2", {"A": 1})),
        (lane("S3", flat(600)), offer("S3", {"A": 0, "B": 7})),
    )
    assert kept(asked) == []


@pytest.mark.parametrize(
    ("way", "slots"),
    [
        (lane("S1", flat(600)), 1),
        (lane("S1", first_and_more(600, 200)), 1),
        (lane("S1", flat(600), max_weight_grams=1_500), 1),
        (lane("S1", flat(600), max_weight_grams=1_499), 3),  # the order's three units, though five packages are allowed
        (lane("S1", flat(600, up_to_grams=1_499)), 3),
        (lane("S1", FALLING_BRACKETS), 3),
    ],
)
def test_one_slot_is_enough_where_one_package_carries_all_and_splitting_never_pays(way: Lane, slots: int) -> None:
    case = brief(one_line(3, (way, offer("S1", {"A": 9})))).case
    (candidate,) = candidates(case)
    assert package_slots(case, candidate) == slots


def test_slots_never_outnumber_the_packages_that_the_policy_allows() -> None:
    asked = one_line(9, (lane("S1", flat(600), max_weight_grams=500), offer("S1", {"A": 9})))
    asked = replace(asked, policy=replace(PATIENT, max_packages=4))
    case = brief(asked).case
    (candidate,) = candidates(case)
    assert package_slots(case, candidate) == 4


def test_of_a_thousand_sources_that_have_everything_only_a_few_are_worth_deciding_about() -> None:
    rng = random.Random(7)
    names = [f"S{number:04}" for number in range(1_000)]
    cards = [first_and_more(rng.randrange(500, 1_500, 50), rng.randrange(50, 500, 50)) for _ in range(20)]
    asked = problem(
        lines=(line("1", 1, {"A": 1}), line("2", 2, {"B": 1})),
        grams={"A": 900, "B": 700},
        offers=tuple(offer(name, {"A": 3, "B": 3}) for name in names),
        lanes=tuple(
            lane(name, rng.choice(cards), service_id=service, distance_meters=rng.randrange(2_000_000))
            for name in names
            for service in ("U", "V")
        ),
        policy=replace(PATIENT, distance_minor_per_km=1),
    )
    case = brief(asked).case
    assert len(usable_lanes(case)) == 2_000
    assert len(candidates(case)) <= 20
    assert solve_by_mip(case, time_limit_seconds=60)[0].bound[0] == min(
        (2 * way.distance_meters + 1_000) // 2_000 + price
        for way in asked.lanes
        if (price := way.freight_minor(900 + 2 * 700, 0)) is not None
    )
