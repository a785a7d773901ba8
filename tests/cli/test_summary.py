"""What a run of plans amounts to."""

from solver.cli.summary import Summary
from solver.sourcing.plan import Term
from solver.sourcing.solve import solve
from tests.sourcing.made import flat, lane, line, offer, problem

WHOLE = problem(
    lines=(line("1", 2, {"A": 1}),), grams={"A": 100}, offers=(offer("S1", {"A": 2}),), lanes=(lane("S1", flat(700)),)
)
SHORT = problem(
    lines=(line("1", 3, {"A": 1}),), grams={"A": 100}, offers=(offer("S1", {"A": 1}),), lanes=(lane("S1", flat(700)),)
)


def test_sums_add_up_over_plans() -> None:
    summary = Summary.of([solve(WHOLE), solve(SHORT)], [1.0, 3.0])
    assert (summary.orders, summary.shipped_orders, summary.packages) == (2, 2, 2)
    assert (summary.ordered_units, summary.unfilled_units) == (5, 2)
    assert summary.terms_minor[Term.FREIGHT] == 1400
    assert summary.shipping_minor == 1400
    assert summary.total_minor == 1400 + 2 * SHORT.policy.unfilled_minor_per_unit
    assert dict(summary.rows())["units"] == "3 of 5 (60.0 %)"
    assert dict(summary.rows())["milliseconds per order"] == "median 2.0, p99 3.0"


def test_no_plans_make_an_empty_summary() -> None:
    rows = dict(Summary.of([]).rows())
    assert rows["orders"] == "0, of which 0 ship, in 0 packages"
    assert rows["split share"] == "-"
