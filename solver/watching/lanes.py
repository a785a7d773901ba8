"""How a lane of calls stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.watching.histogram import Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneState:
    """How a lane stands, and what it did so far.

    `waits` are of those calls that did wait; `turned_away` counts the others by method and cause.
    """

    name: str
    running: int
    waiting: int
    begun_at_once: int
    waits: Counted
    turned_away: Mapping[tuple[str, str], int]
