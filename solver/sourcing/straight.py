"""An order that ships straight to its door from what lies at sources: all that its plan is priced and judged by."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.frozen import quickly_made
from solver.network.doubts import Remark
from solver.network.lanes import Lane
from solver.orders.model import Order
from solver.sourcing.problem import Item, Line

Units = Mapping[str, Mapping[str, int]]  # by SKU and source


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Straight:
    """The order, what its lines are made of, what is there of that, and the lanes that its plan may use.

    Sources and services have nothing else to do, and nothing but their stock is known of sources. `lanes` are by source
    and service, each worked out by the network; `remarks` are what is to be said of the door.
    """

    order: Order
    lines: tuple[Line, ...]
    items: Mapping[str, Item]
    available: Units
    on_hand: Units
    lanes: Mapping[tuple[str, str], Lane]
    remarks: tuple[Remark, ...] = ()
