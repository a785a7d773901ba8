"""What of an order is booked at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.stock.expected.later_claims import LaterClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An order, or what of it was decided anew, by the name of its hold; and what it takes, by source and SKU.

    `later` is what it takes that is not there yet.
    """

    name: str
    units: Mapping[tuple[str, str], int]
    channel: str = ""
    later: tuple[LaterClaim, ...] = ()
