"""Large quantities, and when the search gives up."""

from dataclasses import replace

import numpy as np
import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.case import Case, Tariff
from solver.sourcing.exact import branch
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.search import Limits, search
from tests.sourcing.exact.cases import plain_case

BY_WEIGHT = RateCard(bands=(Band(up_to_grams=None, base_minor=800, from_grams=1000, step_grams=1000, step_minor=100),))


def large(*quantities: int) -> Case:
    """Two sources that have everything, at the same rate; the second is a little dearer to open."""
    whole = list(quantities)
    return plain_case([whole, whole], [50, 60], whole, tariffs=(Tariff(cards=(BY_WEIGHT,)),))


def test_large_quantities_ship_whole_without_counting_units() -> None:
    finding = search(large(500, 300, 200), limits=Limits(states=8))
    assert finding.is_proven
    assert finding.cost == (50 + 800 + 99 * 100,)  # 100 kg
    assert [(one.lane, one.units.tolist()) for one in finding.shipments] == [(0, [500, 300, 200])]


def test_a_part_that_no_source_has_whole_is_counted_in_units() -> None:
    case = replace(large(500, 3), stock=np.array([[400, 3], [400, 3]]))
    finding = search(case)
    assert finding.is_proven
    # 50.3 kg in two packages: both first kilograms and, with one begun in each, 49 further ones.
    assert finding.cost == (50 + 60 + 2 * 800 + 49 * 100,)


def test_too_many_states_give_up() -> None:
    case = replace(large(500, 300), stock=np.array([[400, 200], [400, 200]]))
    finding = search(case, limits=Limits(states=2000, loads=0))
    assert (finding.reason, finding.shipments, finding.bound) == (GaveUp.TOO_MANY_STATES, (), (0,))
    assert finding.unfilled.tolist() == [500, 300]
    assert finding.cost == (800_000,)


def test_without_nodes_the_search_gives_up_with_a_bound() -> None:
    case = plain_case(stock=[[1], [1]], package_cost=[10, 30], demand=[2])
    finding = search(case, limits=Limits(nodes=0, loads=0))
    assert (finding.reason, finding.cost, finding.bound) == (GaveUp.SEARCH_BUDGET, (2000,), (10 + 10,))


def test_material_that_takes_more_than_the_nodes_left_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it would take longer than is left, and come to nothing")

    monkeypatch.setattr(branch, "ranked_chunks", never)
    monkeypatch.setattr(branch, "every_chunk", never)
    case = plain_case(stock=[[15], [15]], package_cost=[10, 30], demand=[30])
    assert search(case, limits=Limits(nodes=1, loads=0)).reason is GaveUp.SEARCH_BUDGET


def test_levels_that_do_not_fit_into_one_number_give_up() -> None:
    case = plain_case(stock=[[1]], package_cost=[10], demand=[1])
    for most, reason in ((2**29, ""), (2**31, GaveUp.LEVELS_OVERFLOW)):
        two = replace(
            case,
            tariffs=(Tariff(cards=(None, None)),),
            package_cost=np.array([[most], [most - 1]]),
            kind_cost=np.zeros((2, 1), dtype=np.int64),
            unit_cost=np.zeros((2, 1, 1), dtype=np.int64),
            source_cost=np.zeros((2, 1), dtype=np.int64),
            stair_cost=np.zeros((2, 0), dtype=np.int64),
            unfilled_cost=np.array([[most + 1], [1]]),
            further_package_cost=np.zeros(2, dtype=np.int64),
            further_source_cost=np.zeros(2, dtype=np.int64),
        )
        finding = search(two)
        assert finding.reason == reason
        assert finding.is_proven == (not reason)
        assert finding.cost == ((most + 1, 1) if reason else (most, most - 1))


def unfilled_first(stock: list[list[int]], left: int) -> Case:
    """Two levels: units left, then packages of 2**40; a unit left costs so much there too."""
    case = plain_case(stock, [2**40, 2**40 + 1], [3, 2])
    return replace(
        case,
        tariffs=(Tariff(cards=(None, None)),),
        package_cost=np.concatenate([0 * case.package_cost, case.package_cost]),
        kind_cost=np.zeros((2, 2), dtype=np.int64),
        unit_cost=np.zeros((2, 2, 2), dtype=np.int64),
        source_cost=np.zeros((2, 2), dtype=np.int64),
        stair_cost=np.zeros((2, 0), dtype=np.int64),
        unfilled_cost=np.array([[1, 1], [left, left]]),
        further_package_cost=np.zeros(2, dtype=np.int64),
        further_source_cost=np.zeros(2, dtype=np.int64),
    )


def test_what_stays_unfilled_takes_no_room_where_filling_comes_first() -> None:
    finding = search(unfilled_first([[3, 1], [3, 2]], 2**59))
    assert (finding.reason, finding.cost, finding.bound) == ("", (0, 2**40 + 1), (0, 2**40 + 1))


def test_an_order_that_cannot_be_filled_needs_that_room() -> None:
    one_a_package = replace(unfilled_first([[3, 1], [3, 1]], 2**59), most_packages=1)
    assert search(one_a_package).reason is GaveUp.LEVELS_OVERFLOW
    assert search(replace(one_a_package, unfilled_cost=np.array([[1, 1], [9, 9]]))).cost == (1, 2**40 + 9)


def test_prices_that_change_at_every_gram_of_a_large_order_give_up() -> None:
    by_gram = RateCard(bands=(Band(up_to_grams=None, base_minor=5, step_grams=1, step_minor=1),))
    case = plain_case([[900, 900]], [0], [900, 900], tariffs=(Tariff(cards=(by_gram,)),))
    assert search(case).reason == GaveUp.TOO_MANY_PRICES


def test_a_shared_part_that_must_stay_together_gives_up_only_where_it_decides() -> None:
    case = plain_case(
        stock=[[1], [1], [2]],
        package_cost=[1, 1, 50],
        demand=[2],
        line_quantity=np.array([1, 1]),
        line_units=np.array([[1], [1]]),
        unfilled_cost=np.array([[900, 900]]),
        complete_lines=np.array([False, False]),
        together=np.array([True, False]),
    )
    assert search(case).reason == GaveUp.TOGETHER_SHARES_PARTS
    assert search(replace(case, stock=np.array([[2], [1], [2]]))).cost == (1,)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_the_order_of_lanes_never_changes_the_cost(order: list[int]) -> None:
    case = plain_case(stock=[[1, 1], [2, 0]], package_cost=[10, 30], demand=[2, 1])
    lanes = np.array(order)
    turned = replace(case, lane_offer=case.lane_offer[lanes], package_cost=case.package_cost[:, lanes])
    assert search(turned).cost == (40,)


def test_where_no_lane_carries_anything_leaving_all_is_proven_at_once() -> None:
    case = large(500, 300)
    nowhere = replace(case, carries=np.zeros_like(case.carries))
    finding = search(nowhere, limits=Limits(states=0, nodes=0, loads=0))
    assert (finding.reason, finding.unfilled.tolist()) == ("", [500, 300])
    assert finding.cost == finding.bound == (800_000,)


def test_of_packages_that_cost_nothing_a_plan_has_as_many_as_it_takes() -> None:
    case = plain_case([[1], [1], [1]], [0, 0, 0], [3], unfilled_cost=np.array([[1]]))
    finding = search(case)
    assert (finding.cost, finding.bound, finding.reason) == ((0,), (0,), "")
    assert len(finding.shipments) == 3
