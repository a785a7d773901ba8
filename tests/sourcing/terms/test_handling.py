from tests.sourcing.terms.shipping import asked, numbers, package_costs, priced, recounted, shipped

S1 = {
    "handling_per_order_minor": 500,
    "handling_per_package_minor": 150,
    "handling_per_line_minor": 40,
    "handling_per_unit_minor": 10,
}


def test_it_falls_on_source_package_distinct_sku_and_unit() -> None:
    problem = asked(s1=S1)
    charge = priced("handling", problem)
    assert charge is not None
    assert numbers(charge.source) == [500, 0]
    assert numbers(charge.package) == [150, 0]
    assert numbers(charge.kind) == [40, 0]
    assert numbers(charge.unit) == [[10, 10], [0, 0]]


def test_the_price_of_an_order_is_paid_once_by_a_source_of_two_packages() -> None:
    problem = asked(s1=S1)
    plan = shipped(problem, (0, {"A": 2, "B": 1}), (0, {"A": 1}))
    assert sorted(package_costs("handling", plan)) == [150 + 40 + 10, 150 + 2 * 40 + 3 * 10]
    assert plan.cost_minor["handling"] == 500 + 200 + 260
    measure, money = recounted("handling", problem, plan)
    assert measure == money
    assert (money.order, money.total) == (500, 960)


def test_a_source_that_ships_nothing_is_not_paid() -> None:
    problem = asked(s2=S1)
    plan = shipped(problem, (0, {"A": 3, "B": 1}))
    assert plan.cost_minor["handling"] == 0
