from solver.sourcing.problem import Item
from solver.sourcing.term import Recount
from tests.sourcing.made import FALLING_BRACKETS, first_and_more, flat
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, package_costs, priced, recounted, shipped


def test_it_is_the_lanes_own_card() -> None:
    card = first_and_more(700, 200)
    problem = asked(lane1={"card": card})
    charge = priced("freight", problem)
    assert charge is not None
    assert charge.cards == (card, flat(600))
    assert measured("freight", problem).cards == (card, flat(600))


def test_the_judge_finds_band_and_steps_by_the_billable_weight() -> None:
    problem = asked(lane1={"card": FALLING_BRACKETS}, lane2={"card": first_and_more(700, 200)})
    plan = in_two_packages(problem)  # 2,300 g at 0.60 for every 100 g; 900 g within the first kilogram
    assert package_costs("freight", plan) == [1_380, 700]
    assert recounted("freight", problem, plan) == (Recount(packages=(1_380, 700)), Recount(packages=(1_380, 700)))


def test_a_light_package_of_much_volume_pays_for_its_volume() -> None:
    bulky = {"A": Item(sku="A", weight_grams=900, volume_mm3=6_000_001), "B": Item(sku="B", weight_grams=500)}
    card = first_and_more(700, 200)
    problem = asked(items=bulky, lane1={"card": card, "volumetric_divisor_cm3_per_kg": 6_000})
    plan = shipped(problem, (0, {"A": 3, "B": 1}))
    assert plan.packages[0].billable_grams == 3_200  # 18,000,003 mm3 are 3,001 g, less than it weighs
    lighter = shipped(problem, (0, {"A": 1, "B": 1}), (1, {"A": 2}))
    assert package_costs("freight", lighter) == [900, 600]  # 1,400 g against 1,001
