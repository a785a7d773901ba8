"""What callers ask of combinations by themselves."""

from dataclasses import dataclass

from solver.catalog.combinations.basket import Basket
from solver.catalog.combinations.outcome import Decision
from solver.catalog.combinations.returning import ReturnedUnits


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplodeCommand:
    """Orders to explode, as a channel's buyers place them. With `ignore_stock` all is taken to be there."""

    orders: tuple[Basket, ...]
    currency: str
    channel: str = ""
    ignore_stock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnQuestion:
    """Units of an order that come back. `refunded_minor` was given back for what came back before."""

    order: Basket
    currency: str
    returned: tuple[ReturnedUnits, ...]
    decisions: tuple[Decision, ...] = ()
    returned_before: tuple[ReturnedUnits, ...] = ()
    refunded_minor: int = 0
