"""Orders with the stock that they see, and which of them see the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from solver.orders.model import Order
from solver.sourcing.problem import Line
from solver.sourcing.snapshot.shelves import MinorBySource, UnitsBySource

_NO_VALUE: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An order on the stock that it sees; `values` is what units left behind are worth.

    `lines` are what its own are made of, and `on_hand` what is there, others' units too; without them its plan takes a
    Problem.
    """

    order: Order
    available: UnitsBySource
    values: MinorBySource = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    on_hand: UnitsBySource = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Orders, by their numbers, of which none sees another stock of a SKU, or other values, than the others."""

    numbers: list[int] = field(default_factory=list)
    available: dict[str, Mapping[str, int]] = field(default_factory=dict)
    values: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def has_room_for(self, one: Asked) -> bool:
        """Whether the order sees what these see."""
        return all(
            sku not in self.available
            or (_is_same(self.available[sku], of) and _is_same(self.values[sku], one.values.get(sku, _NO_VALUE)))
            for sku, of in one.available.items()
        )

    def add(self, number: int, one: Asked) -> None:
        """Count the order among these."""
        self.numbers.append(number)
        self.available.update(one.available)
        self.values.update({sku: one.values.get(sku, _NO_VALUE) for sku in one.available})


def seeing_the_same(asked: Sequence[Asked], numbers: Iterable[int]) -> list[Alike]:
    """Groups of orders that see the same."""
    groups: list[Alike] = []
    for number in numbers:
        group = next((one for one in groups if one.has_room_for(asked[number])), None)
        if group is None:
            group = Alike()
            groups.append(group)
        group.add(number, asked[number])
    return groups


def _is_same(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return one is other or one == other
