"""Frozen dataclasses that are made quickly are what they would be without that."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from solver.frozen import changed, quickly_made
from solver.fulfilment.model import FulfilmentPlan, PlanRecord
from solver.fulfilment.questions import Question
from solver.network.lanes import Lane
from solver.orders.model import Order
from solver.sourcing.plan import Package, Plan
from solver.sourcing.problem import Offer, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """As `dataclass` makes it."""

    sku: str
    units: int = 1
    of_source: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.units < 0:
            raise ValueError(f"{self.units} units")


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """The same, made quickly."""

    sku: str
    units: int = 1
    of_source: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.units < 0:
            raise ValueError(f"{self.units} units")


def test_every_field_is_what_was_given_or_its_default() -> None:
    given, left = Quick(sku="A", units=3, of_source={"S": 3}), Quick(sku="A")
    assert (given.sku, given.units, given.of_source) == ("A", 3, {"S": 3})
    assert (left.sku, left.units, left.of_source) == ("A", 1, {})
    assert left.of_source is not Quick(sku="A").of_source
    assert type(given) is Quick
    assert repr(given) == "Quick(sku='A', units=3, of_source={'S': 3})"


def test_a_changed_one_is_the_replaced_one_and_the_first_stays() -> None:
    one = Quick(sku="A", units=3, of_source={"S": 3})
    other = changed(one, units=4)
    assert (other, type(other), one.units) == (replace(one, units=4), Quick, 3)
    assert other.of_source is one.of_source
    with pytest.raises(FrozenInstanceError):
        other.units = 5  # type: ignore[misc]  # that is refused
    with pytest.raises(AttributeError):
        changed(one, weight=1)
    with pytest.raises(ValueError, match="-1 units"):
        changed(one, units=-1)


def test_it_is_equal_copied_replaced_and_pickled_as_before() -> None:
    one = Quick(sku="A", units=3)
    assert one == Quick(sku="A", units=3) != Quick(sku="A")
    assert replace(one, units=4) == Quick(sku="A", units=4)
    assert copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one


@pytest.mark.parametrize("made", [Plain, Quick])
def test_nothing_of_it_can_be_changed(made: Callable[..., Any]) -> None:
    one = made(sku="A")
    with pytest.raises(FrozenInstanceError):
        one.units = 2
    with pytest.raises(FrozenInstanceError):
        del one.units


@pytest.mark.parametrize("made", [Plain, Quick])
def test_what_does_not_fit_is_refused_alike(made: Callable[..., Any]) -> None:
    for given in ({}, {"sku": "A", "kind": "B"}):
        with pytest.raises(TypeError, match="argument"):
            made(**given)
    with pytest.raises(TypeError, match="positional"):
        made("A")
    with pytest.raises(ValueError, match="-1 units"):
        made(sku="A", units=-1)


@pytest.mark.parametrize(
    "noun",
    [FulfilmentPlan, Lane, Offer, Order, Package, Plan, PlanRecord, Problem, Question],
    ids=lambda one: one.__name__,
)
def test_nouns_that_are_made_for_every_order_take_each_field_into_its_own_place(noun: Any) -> None:
    said = {one.name: f"the {one.name}" for one in fields(noun)}
    made = noun(**said)
    assert {name: getattr(made, name) for name in said} == said


def test_a_class_that_inherits_its_slots_is_refused() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Further(Plain):
        weight_grams: int = 0

    with pytest.raises(AssertionError, match="its slots are its own"):
        quickly_made(Further)
