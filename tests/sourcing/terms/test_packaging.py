from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped


def test_every_package_pays_its_sources_carton() -> None:
    problem = asked(s1={"packaging_minor": 80}, s2={"packaging_minor": 120})
    charge = priced("packaging", problem)
    assert charge is not None
    assert numbers(charge.package) == [80, 120]
    assert numbers(measured("packaging", problem).package) == [80, 120]


def test_sources_that_ask_nothing_for_it_cost_nothing() -> None:
    assert priced("packaging", asked()) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s1={"packaging_minor": 80}, s2={"packaging_minor": 120})
    plan = shipped(problem, (0, {"A": 1, "B": 1}), (0, {"A": 1}), (1, {"A": 1}))
    assert sorted(package_costs("packaging", plan)) == [80, 80, 120]
    assert plan.cost_minor["packaging"] == 280
    assert recounted("packaging", problem, plan)[0].total == 280
