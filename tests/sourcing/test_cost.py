"""What shipments cost on a case, to the unit."""

import numpy as np
import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.case import Case, Shipment, Tariff
from solver.sourcing.cost import billable_grams, cost_of, package_cost
from tests.sourcing.exact import brute
from tests.sourcing.exact.cases import random_case
from tests.sourcing.made import first_and_more, flat
from tests.sourcing.small import small_case


def shipment(lane: int, *units: int) -> Shipment:
    return Shipment(lane=lane, units=np.array(units, dtype=np.int64))


def left(*units: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(units, dtype=np.int64)


def dear_case() -> Case:
    """Two sources; the second has two offers. Money first, then packages."""
    return small_case(
        stock=[[3, 1], [3, 1], [3, 1]],
        line_quantity=[4, 2],
        offer_source=[0, 1, 1],
        cards=(first_and_more(700, 200), None),
        unit_grams=[600, 50],
        package_cost=[[10, 20, 30], [1, 1, 1]],
        kind_cost=[[3, 4, 5], [0, 0, 0]],
        unit_cost=[[[1, 2], [1, 2], [1, 2]], [[0, 0], [0, 0], [0, 0]]],
        source_cost=[[100, 1_000], [0, 0]],
        stair_offer=[1, 2],
        stair_part=[0, 0],
        stair_after_units=[1, 1],
        stair_cost=[[50, 60], [0, 0]],
        unfilled_cost=[[5_000, 6_000], [0, 0]],
        further_package_cost=[200, 0],
        further_source_cost=[300, 0],
    )


def test_nothing_shipped_costs_what_leaving_costs() -> None:
    assert cost_of(dear_case(), (), left(4, 2)) == (4 * 5_000 + 2 * 6_000, 0)


def test_one_package_pays_for_itself_its_kinds_units_weight_and_source() -> None:
    package = shipment(0, 2, 1)  # 1,250 g
    by_itself = 10 + 2 * 3 + (2 * 1 + 2) + (700 + 200)
    assert package_cost(dear_case(), package).tolist() == [by_itself, 1]
    assert cost_of(dear_case(), [package], left(2, 1)) == (by_itself + 100 + 2 * 5_000 + 6_000, 1)


def test_further_packages_and_sources_and_units_beyond_a_stair_are_paid_once_for_the_order() -> None:
    packages = [shipment(0, 1, 0), shipment(1, 1, 0), shipment(1, 2, 0)]
    by_themselves = (10 + 3 + 1 + 700) + (20 + 4 + 1 + 700) + (20 + 4 + 2 + 900)
    order = 100 + 1_000 + 2 * 200 + 300 + (3 - 1) * 50 + 2 * 6_000
    assert cost_of(dear_case(), packages, left(0, 2)) == (by_themselves + order, 3)


def test_two_offers_of_a_source_are_one_source_but_climb_stairs_of_their_own() -> None:
    packages = [shipment(1, 1, 0), shipment(2, 2, 0)]
    by_themselves = (20 + 4 + 1 + 700) + (30 + 5 + 2 + 900)
    assert cost_of(dear_case(), packages, left(1, 2)) == (by_themselves + 1_000 + 200 + 60 + 5_000 + 12_000, 2)


@pytest.mark.parametrize(("mm3", "grams"), [(0, 700), (3_500_000, 700), (3_500_001, 701), (5_000_000, 1_000)])
def test_the_billable_weight_is_the_greatest_of_actual_volumetric_and_minimum(mm3: int, grams: int) -> None:
    tariff = Tariff(cards=(flat(1),), volumetric_divisor_cm3_per_kg=5000, min_billable_grams=700)
    case = small_case(stock=[[1]], line_quantity=[1], unit_grams=[650], unit_mm3=[mm3], tariffs=(tariff,))
    assert billable_grams(case, shipment(0, 1)) == grams


def test_a_weight_that_the_tariff_does_not_carry_is_refused() -> None:
    card = RateCard(bands=(Band(up_to_grams=100, base_minor=5), Band(up_to_grams=200, base_minor=0, closed=True)))
    case = small_case(stock=[[3]], line_quantity=[3], cards=(None, card))
    assert cost_of(case, [shipment(0, 1)], left(2)) == (2_000, 2_005)
    with pytest.raises(ValueError, match="does not carry 200 g"):
        cost_of(case, [shipment(0, 2)], left(1))
    with pytest.raises(ValueError, match="does not carry 300 g"):
        cost_of(case, [shipment(0, 3)], left(0))


def test_every_plan_of_a_case_costs_what_brute_force_says(seed: int) -> None:
    for drawn in range(seed, seed + 40):
        case = random_case(drawn)
        for packages, unfilled in brute.every_plan(case):
            shipments = [shipment(package.lane, *package.units) for package in packages]
            expected = brute.cost_of(case, packages, unfilled)
            assert expected in (None, cost_of(case, shipments, left(*unfilled))), f"random_case({drawn})"
