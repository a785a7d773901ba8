"""Distance falls on packages: meters are measured, kilometers are paid."""

from dataclasses import replace

import pytest

from solver.sourcing.facts import Facts
from solver.sourcing.terms.distance import TERM
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem


@pytest.mark.parametrize(
    ("meters", "minor"), [(0, 0), (499, 0), (500, 1), (1_499, 1), (1_500, 2), (2_500, 3), (120_499, 120)]
)
def test_the_way_is_paid_by_the_kilometer_and_halves_are_rounded_up(meters: int, minor: int) -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}),),
        lanes=(lane("S1", flat(600), distance_meters=meters),),
        policy=replace(PATIENT, distance_minor_per_km=1),
    )
    measured, priced = TERM.measured(Facts(asked)).package, TERM.priced(Facts(asked), asked.policy)
    assert measured is not None
    assert measured.tolist() == [meters]
    assert priced is not None
    assert priced.package is not None
    assert priced.package.tolist() == [minor]
