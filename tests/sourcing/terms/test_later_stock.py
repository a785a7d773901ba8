import pytest

from solver.sourcing.problem import Stage
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

PRICES = {"in_transit_minor_per_unit": 20, "backorder_minor_per_unit": 300, "pre_sale_minor_per_unit": 150}


@pytest.mark.parametrize(
    ("stage", "units", "minor"),
    [(Stage.ON_HAND, 0, 0), (Stage.IN_TRANSIT, 1, 20), (Stage.BACKORDER, 1, 300), (Stage.PRE_SALE, 1, 150)],
)
def test_every_stage_has_its_price(stage: Stage, units: int, minor: int) -> None:
    problem = asked(s2={"stage": stage}, settings=PRICES)
    charge = priced("later_stock", problem)
    assert charge is not None
    assert numbers(measured("later_stock", problem).unit) == [[0, 0], [units, units]]
    assert numbers(charge.unit) == [[0, 0], [minor, minor]]
    plan = shipped(problem, (0, {"A": 1, "B": 1}), (1, {"A": 2}))
    assert recounted("later_stock", problem, plan) == (
        Recount(packages=(0, 2 * units)),
        Recount(packages=(0, 2 * minor)),
    )
    assert package_costs("later_stock", plan) == [0, 2 * minor]


def test_without_any_price_it_costs_nothing() -> None:
    assert priced("later_stock", asked(s2={"stage": Stage.BACKORDER})) is None
