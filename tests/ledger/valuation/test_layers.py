"""Cost layers: what leaves has cost the average or the oldest, and no cent is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.errors import BrokenInvariant
from solver.ledger.valuation.layers import Layers, devalue, put, recost, take
from solver.ledger.valuation.model import ValuationMethod


def bought(method: ValuationMethod, *receipts: tuple[int, int]) -> Layers:
    """Layers after receipts of so many units at so much in all."""
    layers: Layers = ()
    for seq, (units, value_minor) in enumerate(receipts, 1):
        layers = put(layers, method, seq, units, value_minor)
    return layers


def test_the_oldest_units_leave_first_at_what_they_cost() -> None:
    layers = bought(ValuationMethod.FIFO, (10, 1_000), (10, 1_500))
    rest, cost_minor = take(layers, 12)
    assert cost_minor == 1_000 + 300
    assert [(layer.units, layer.value_minor) for layer in rest] == [(8, 1_200)]


def test_units_leave_at_the_average_of_what_is_there() -> None:
    layers = bought(ValuationMethod.MOVING_AVERAGE, (10, 1_000), (10, 1_500))
    rest, cost_minor = take(layers, 12)
    assert cost_minor == 1_500
    assert [(layer.units, layer.value_minor) for layer in rest] == [(8, 1_000)]


def test_what_rounding_leaves_goes_with_the_last_unit() -> None:
    layers, costs = bought(ValuationMethod.MOVING_AVERAGE, (3, 100)), []
    for _ in range(3):
        layers, cost_minor = take(layers, 1)
        costs.append(cost_minor)
    assert costs == [33, 33, 34]
    assert layers == ()


def test_more_than_there_is_cannot_leave() -> None:
    with pytest.raises(BrokenInvariant, match="1 of 4 units have no cost layer"):
        take(bought(ValuationMethod.FIFO, (3, 100)), 4)


def test_a_write_down_falls_on_layers_by_their_value() -> None:
    written = devalue(bought(ValuationMethod.FIFO, (1, 100), (1, 300)), 101)
    assert [layer.value_minor for layer in written] == [75, 224]
    with pytest.raises(BrokenInvariant):
        devalue(written, 300)


@pytest.mark.parametrize(
    ("method", "left", "gone"), [(ValuationMethod.FIFO, 200, 300), (ValuationMethod.MOVING_AVERAGE, 500, 0)]
)
def test_a_cost_known_late_falls_on_units_that_are_there_and_the_rest_is_told(
    method: ValuationMethod, left: int, gone: int
) -> None:
    layers, _ = take(bought(method, (5, 0), (5, 1_000)), 3)
    after, gone_minor = recost(layers, method, 1, 5, 500)
    assert sum(layer.value_minor for layer in after) - sum(layer.value_minor for layer in layers) == left
    assert gone_minor == gone


@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(ValuationMethod),
    receipts=st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10_000)), min_size=1, max_size=6),
    takes=st.lists(st.integers(1, 40), max_size=8),
)
def test_units_and_value_that_come_are_those_that_leave_and_stay(
    method: ValuationMethod, receipts: list[tuple[int, int]], takes: list[int]
) -> None:
    layers = bought(method, *receipts)
    left_units, left_minor = 0, 0
    for units in takes:
        if units <= sum(layer.units for layer in layers):
            layers, cost_minor = take(layers, units)
            left_units, left_minor = left_units + units, left_minor + cost_minor
    assert left_units + sum(layer.units for layer in layers) == sum(units for units, _ in receipts)
    assert left_minor + sum(layer.value_minor for layer in layers) == sum(minor for _, minor in receipts)
