"""Orders that are decided together: what the earlier ones take is not there for the later ones."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from solver.catalog.combinations.basket import Given
from solver.catalog.combinations.lines import ExplodedOrder
from solver.orders.model import Order


@dataclass(slots=True)
class Together:
    """What the orders of one call take so far: units by SKU, and gifts by id and by id and customer."""

    units: Counter[str] = field(default_factory=Counter)
    order_ids: set[str] = field(default_factory=set)
    _gifts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, order: Order, exploded: ExplodedOrder) -> None:
        """One order more."""
        self.order_ids.add(order.order_id)
        self.units.update(exploded.explosion.demand)
        for gift in exploded.explosion.gifts:
            for whose in {"", order.customer_id}:
                self._gifts[gift.gift_id, whose] += gift.given_units

    def given(self, gift_id: str, customer_id: str, before: Given) -> Given:
        """What was given of a gift with what these orders give of it."""
        to_customer = self._gifts[gift_id, customer_id] if customer_id else 0
        return Given(to_customer=before.to_customer + to_customer, in_total=before.in_total + self._gifts[gift_id, ""])

    def pending_but_of(self, order_id: str) -> Collection[str]:
        """Orders whose draws are not counted once more: the order itself, and these."""
        return {order_id, *self.order_ids}
