from solver.sourcing.charge import Stair
from solver.sourcing.problem import Lot
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

# S1 has one unit of A that will lose 9.01 if it is kept and one that will lose 3.00; S2 has none of either.
LOTS = {"A": (Lot(units=1, days_to_expiry=10, markdown_minor=300), Lot(units=1, days_to_expiry=40, markdown_minor=901))}
SETTINGS = {"missed_markdown_permille": 500}


def test_a_unit_misses_what_the_best_lot_of_the_order_would_have_saved() -> None:
    problem = asked(s1={"lots": LOTS}, settings=SETTINGS)
    charge = priced("markdown", problem)
    assert charge is not None
    assert numbers(measured("markdown", problem).unit) == [[0, 0], [901, 0]]
    assert measured("markdown", problem).stairs == (
        Stair(offer=0, part=0, after_units=1, amount=601),
        Stair(offer=0, part=0, after_units=2, amount=300),
    )
    assert numbers(charge.unit) == [[0, 0], [451, 0]]  # 450.5
    assert charge.stairs == (
        Stair(offer=0, part=0, after_units=1, amount=301),  # 300.5
        Stair(offer=0, part=0, after_units=2, amount=150),  # 450.5 rounds to 451 once more
    )


def test_without_a_share_it_costs_nothing() -> None:
    assert priced("markdown", asked(s1={"lots": LOTS})) is None


def test_stock_that_loses_nothing_misses_nothing() -> None:
    lots = {"A": (Lot(units=3, days_to_expiry=10),)}
    charge = measured("markdown", asked(s1={"lots": lots}))
    assert (numbers(charge.unit), charge.stairs) == ([[0, 0], [0, 0]], ())


def test_lots_that_do_not_keep_for_as_long_as_the_policy_asks_save_nothing() -> None:
    asks = asked(s1={"lots": LOTS}, settings={"min_days_to_expiry": 41})
    charge = measured("markdown", asks)
    assert (numbers(charge.unit), charge.stairs) == ([[0, 0], [0, 0]], ())
    some = asked(s1={"lots": LOTS}, settings={"min_days_to_expiry": 11})
    assert numbers(measured("markdown", some).unit) == [[0, 0], [901, 0]]
    plan = shipped(some, (0, {"A": 1, "B": 1}), (1, {"A": 2}))
    assert recounted("markdown", some, plan)[0] == Recount(packages=(0, 1_802))


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s1={"lots": LOTS}, settings=SETTINGS)
    plan = shipped(problem, (0, {"A": 2, "B": 1}), (1, {"A": 1}))
    assert package_costs("markdown", plan) == [0, 451]
    assert plan.cost_minor["markdown"] == 451 + 301
    assert recounted("markdown", problem, plan) == (
        Recount(packages=(0, 901), order=601),
        Recount(packages=(0, 451), order=301),
    )
