"""Cost layers of one owner's units of one SKU: put in, taken out, written down; never a cent lost.

Under moving average there is one layer, so that what leaves has cost the average of what is there; under FIFO there is
one for each receipt, and the oldest leaves first (IAS 2, paragraphs 25 to 27). Taking part of a layer takes that part
of its value, rounded down; what is rounded away stays with the units that stay, and leaves with the last of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from solver.errors import BrokenInvariant
from solver.ledger.valuation.model import ValuationMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Units that cost `value_minor` together. `seq` orders layers, the oldest first."""

    seq: int
    units: int
    value_minor: int

    def __post_init__(self) -> None:
        if self.units <= 0 or self.value_minor < 0:
            raise BrokenInvariant(f"a layer of {self.units} units cannot have cost {self.value_minor}")


Layers = tuple[Layer, ...]


def put(layers: Layers, method: ValuationMethod, seq: int, units: int, value_minor: int) -> Layers:
    """The layers with these units added."""
    if method is ValuationMethod.FIFO or not layers:
        return (*layers, Layer(seq=seq, units=units, value_minor=value_minor))
    first = together(layers)
    return (replace(first, units=first.units + units, value_minor=first.value_minor + value_minor),)


def take(layers: Layers, units: int) -> tuple[Layers, int]:
    """The layers without so many units, the oldest first, and what those cost.

    Raises BrokenInvariant where there are fewer.
    """
    left, value_minor, rest = units, 0, list[Layer]()
    for layer in layers:
        out = min(left, layer.units)
        cost = layer.value_minor * out // layer.units
        left, value_minor = left - out, value_minor + cost
        if out < layer.units:
            rest.append(replace(layer, units=layer.units - out, value_minor=layer.value_minor - cost))
    if left:
        raise BrokenInvariant(f"{left} of {units} units have no cost layer: the value book is behind the stock book")
    return tuple(rest), value_minor


def devalue(layers: Layers, minor: int) -> Layers:
    """The layers worth so much less, each by its share of the value; the last one takes what rounding leaves."""
    left, value = minor, sum(layer.value_minor for layer in layers)
    if not 0 <= minor <= value:
        raise BrokenInvariant(f"stock worth {value} cannot be written down by {minor}")
    changed = []
    for layer in layers:
        part = left * layer.value_minor // value if value else 0
        changed.append(replace(layer, value_minor=layer.value_minor - part))
        left, value = left - part, value - layer.value_minor
    return tuple(changed)


def recost(layers: Layers, method: ValuationMethod, seq: int, units: int, value_minor: int) -> tuple[Layers, int]:
    """Give units of an earlier receipt the cost that is known now; also returns what falls on units that are gone.

    Under FIFO the receipt's own layer is found by `seq`; under moving average its units count as there as far as units
    are there, since they cannot be told apart.
    """
    position = next(
        (at for at, one in enumerate(layers) if method is ValuationMethod.MOVING_AVERAGE or one.seq == seq), None
    )
    if position is None:
        return layers, value_minor
    layer = layers[position]
    stays = value_minor * min(layer.units, units) // units
    changed = replace(layer, value_minor=layer.value_minor + stays)
    return (*layers[:position], changed, *layers[position + 1 :]), value_minor - stays


def together(layers: Sequence[Layer]) -> Layer:
    """All layers as one, as old as the oldest."""
    return Layer(
        seq=layers[0].seq,
        units=sum(layer.units for layer in layers),
        value_minor=sum(layer.value_minor for layer in layers),
    )
