"""Published instances brought in as problem files come to their known optima."""

from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.outside import (
    Location,
    as_one_order,
    as_orders,
    read_assignment,
    read_location,
    rows_of,
    solved,
    text_of,
)


def test_a_facility_location_reads_as_it_is_written() -> None:
    assert read_location("2 2  10 5 10 7.25  6 8  12.6 30  18 16") == Location(
        capacities=(10, 10),
        fixed=(Decimal(5), Decimal("7.25")),
        demands=(6, 8),
        costs=((Decimal("12.6"), Decimal(30)), (Decimal(18), Decimal(16))),
    )


def test_one_order_opens_what_is_worth_its_fixed_cost() -> None:
    """Each facility holds one customer: 12.6 + 16 and both fixed costs, against 18 + 30 the other way round."""
    [plan] = solved(as_one_order(read_location("2 2  10 5 10 7.25  6 8  12.6 30  18 16")))
    assert {package.source_id: package.contents[0].sku for package in plan.packages} == {"F0": "C0", "F1": "C1"}
    assert (plan.total_minor, plan.bound_minor) == (408_500, 408_500)


def test_a_cost_that_no_price_of_a_unit_can_say_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 4 decimals"):
        as_one_order(read_location("1 1  10 0  3  10"))


@pytest.mark.parametrize(("name", "optimum"), [("p1", "932615.7500"), ("p2", "977799.4000")])
def test_a_published_facility_location_is_solved_to_its_optimum(shared_data: Path, name: str, optimum: str) -> None:
    [plan] = solved(as_one_order(read_location(text_of("3_ORLib_small", name))))
    assert (plan.money(plan.total_minor), plan.is_proven) == (optimum, True)


def test_in_sequence_each_customer_gets_the_cheapest_site_that_has_room(shared_data: Path) -> None:
    instance = read_location(text_of("4_Yang", "p1"))
    left = list(instance.capacities)
    for customer, plan in enumerate(solved(as_orders(instance))):
        demand = instance.demands[customer]
        able = [costs[customer] for units, costs in zip(left, instance.costs, strict=True) if units >= demand]
        [package] = plan.packages
        assert sum(packed.units for packed in package.contents) == demand
        assert Decimal(plan.money(plan.total_minor)) == min(able)
        left[int(package.source_id.removeprefix("F"))] -= demand
    assert min(left) >= 0


def test_assignment_without_times_is_the_sum_of_the_least_costs_and_never_above_the_optimum(shared_data: Path) -> None:
    instance = read_assignment(text_of("gap", "a05100"))
    total = sum(plan.total_minor for plan in solved(rows_of(instance)))
    assert total == sum(min(costs) for costs in zip(*instance.costs, strict=True))
    assert total <= 1_698
