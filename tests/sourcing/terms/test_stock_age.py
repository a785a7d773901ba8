from solver.sourcing.charge import Stair
from solver.sourcing.problem import Lot
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

# S1 has one unit of A that expires in 10 days, and one that expires in 40; nobody knows of the third.
LOTS = {"A": (Lot(units=1, days_to_expiry=40), Lot(units=1, days_to_expiry=10))}
SETTINGS = {"fresh_minor_per_day": 3}


def test_what_expires_first_is_taken_first_and_costs_least() -> None:
    problem = asked(s1={"lots": LOTS}, s2={"lots": {"A": (Lot(units=3, days_to_expiry=90),)}}, settings=SETTINGS)
    charge = priced("stock_age", problem)
    assert charge is not None
    assert numbers(charge.unit) == [[30, 0], [270, 0]]
    # The third unit of S1 counts as fresh as the freshest lot of all, that of S2.
    assert charge.stairs == (
        Stair(offer=0, part=0, after_units=1, amount=90),
        Stair(offer=0, part=0, after_units=2, amount=150),
    )
    assert numbers(measured("stock_age", problem).unit) == [[10, 0], [90, 0]]


def test_an_offer_that_says_nothing_of_its_lots_counts_as_the_freshest() -> None:
    assert numbers(measured("stock_age", asked(s1={"lots": LOTS})).unit) == [[10, 0], [40, 0]]


def test_lots_that_do_not_keep_for_as_long_as_the_policy_asks_are_not_taken_for_old_ones() -> None:
    lots = {"A": (Lot(units=2, days_to_expiry=10), Lot(units=2, days_to_expiry=40))}
    asks = asked(s1={"lots": lots}, settings={"min_days_to_expiry": 30})
    assert numbers(measured("stock_age", asks).unit) == [[40, 0], [40, 0]]
    plan = shipped(asks, (0, {"A": 2, "B": 1}), (1, {"A": 1}))
    assert recounted("stock_age", asks, plan)[0] == Recount(packages=(80, 40))


def test_stock_that_has_expired_everywhere_has_no_life_left() -> None:
    lots = {"A": (Lot(units=3, days_to_expiry=-5),)}
    charge = measured("stock_age", asked(s1={"lots": lots}, s2={"lots": lots}))
    assert (numbers(charge.unit), charge.stairs) == ([[0, 0], [0, 0]], ())


def test_lots_that_the_order_cannot_reach_make_no_stairs() -> None:
    lots = {"A": (Lot(units=3, days_to_expiry=10), Lot(units=9, days_to_expiry=40))}
    assert measured("stock_age", asked(s1={"available": {"A": 12, "B": 1}, "lots": lots})).stairs == ()


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("stock_age", asked(s1={"lots": LOTS})) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s1={"lots": LOTS}, settings=SETTINGS, off=("stock_keeps_long_enough",))
    plan = shipped(problem, (0, {"A": 1, "B": 1}), (0, {"A": 2}))
    assert package_costs("stock_age", plan) == [30, 60]
    assert plan.cost_minor["stock_age"] == 3 * (10 + 40 + 40)
    assert recounted("stock_age", problem, plan) == (
        Recount(packages=(10, 20), order=60),
        Recount(packages=(30, 60), order=180),
    )
