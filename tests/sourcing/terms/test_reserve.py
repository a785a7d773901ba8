from solver.sourcing.charge import Stair
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

DEALER = {"reserve": {"A": 1}}
SETTINGS = {"reserve_minor_per_unit": 120}


def test_units_beyond_what_is_free_are_taken_out_of_the_reserve() -> None:
    problem = asked(s2=DEALER, settings=SETTINGS)
    charge = priced("reserve", problem)
    assert charge is not None
    assert numbers(charge.unit) == [[0, 0], [0, 0]]
    assert charge.stairs == (Stair(offer=1, part=0, after_units=2, amount=120),)
    assert measured("reserve", problem).stairs == (Stair(offer=1, part=0, after_units=2, amount=1),)


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("reserve", asked(s2=DEALER)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s2=DEALER, settings=SETTINGS, off=("dealers_keep_their_reserve",))
    plan = shipped(problem, (0, {"B": 1}), (1, {"A": 3}))
    assert package_costs("reserve", plan) == [0, 0]
    assert plan.cost_minor["reserve"] == 120
    assert recounted("reserve", problem, plan) == (
        Recount(packages=(0, 0), order=1),
        Recount(packages=(0, 0), order=120),
    )
