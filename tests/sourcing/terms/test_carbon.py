from solver.sourcing.problem import Item
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

# 900 g over 500.5 km at 62 g per tonne and kilometer are 27.9279 g, 500 g are 15.5155 g.
ROAD = {"carbon_grams_per_package": 30, "carbon_grams_per_tonne_km": 62, "distance_meters": 500_500}
RAIL = {"carbon_grams_per_tonne_km": 18, "distance_meters": 1_000_000}
BOX = {"carbon_grams_per_package": 45}


def test_a_package_emits_its_packing_and_its_units_by_weight_and_way() -> None:
    charge = measured("carbon", asked(s1=BOX, lane1=ROAD, lane2=RAIL))
    assert numbers(charge.package) == [75, 0]
    assert numbers(charge.unit) == [[28, 16], [16, 9]]


def test_the_price_is_rounded_once_from_the_exact_emissions() -> None:
    charge = priced("carbon", asked(s1=BOX, lane1=ROAD, lane2=RAIL, settings={"carbon_minor_per_kg": 90}))
    assert charge is not None
    assert numbers(charge.package) == [7, 0]  # 6.75
    assert numbers(charge.unit) == [[3, 1], [1, 1]]  # 2.51, 1.40; 1.458, 0.81


def test_the_heaviest_goods_on_the_longest_way_at_the_highest_price_are_exact() -> None:
    far = {"carbon_grams_per_tonne_km": 1_000, "distance_meters": 20_000_000}
    heavy = {sku: Item(sku=sku, weight_grams=1_000_000) for sku in "AB"}
    charge = priced("carbon", asked(lane1=far, items=heavy, settings={"carbon_minor_per_kg": 1_000_000_000}))
    assert charge is not None
    assert numbers(charge.unit)[0] == [20_000_000_000_000, 20_000_000_000_000]  # 20 tonnes of CO2


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("carbon", asked(lane1=ROAD)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s1=BOX, lane1=ROAD, lane2=RAIL, settings={"carbon_minor_per_kg": 90})
    plan = in_two_packages(problem)
    assert package_costs("carbon", plan) == [7 + 2 * 3 + 1, 1]
    assert recounted("carbon", problem, plan) == (Recount(packages=(147, 16)), Recount(packages=(14, 1)))
