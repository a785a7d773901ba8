"""Where a run is between two portions of its orders."""

from dataclasses import dataclass, field
from datetime import datetime

from solver.orders.model import Order
from solver.replay.coming_back import OnItsWay
from solver.replay.empty_places import Row as EmptyRow
from solver.replay.far_state import FarState
from solver.replay.open_orders import OpenOrder

Event = tuple[datetime, int, int, str]
"""When, what, in which sequence it was foreseen, and which inbound, consignment, order or return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A run between two portions, but for its books: whatever a Replay of the same settings goes on from."""

    done: int
    now: datetime
    network_at: datetime | None
    counts: list[int]
    empty: list[EmptyRow]
    events: list[Event]
    foreseen: int
    files: list[OpenOrder]
    micros: list[float]
    foresight: FarState | None = None
    exploded: dict[str, Order] = field(default_factory=dict)
    returning: list[OnItsWay] = field(default_factory=list)
