"""The resources of a wave, numbered, with their limits."""

from collections.abc import Iterable

import numpy as np

from solver.network.lanes import Lane
from solver.sourcing.brief import Brief
from solver.sourcing.case import NO_LIMIT, Ints
from solver.waves.case import NEVER, NONE
from solver.waves.plan import Resource, ResourceKind
from solver.waves.sharing import Limit, counts_on, limits_of, resource_of
from solver.waves.wave import Wave

NO_CAPACITY = NO_LIMIT  # which engines never price


class Registry:
    """Limits first, in a sequence of their own; stock as it is met."""

    def __init__(self, wave: Wave) -> None:
        self._carriers = [(carrier, resource_of(carrier)) for carrier in wave.terms.carriers]
        self._limits = dict(sorted(limits_of(wave).items(), key=lambda pair: _sequence(pair[0])))
        self._number = {resource: number for number, resource in enumerate(self._limits)}
        self._limits_packages = any(one.kind is ResourceKind.PACKAGES for one in self._limits)
        self._narrow = {one.service_id for one in wave.terms.carriers if one.source_id or one.day}
        self._stock: dict[tuple[str, str, str], int] = {}  # the units of each, by source, offer and SKU
        self._number_of_stock: dict[tuple[str, str, str], int] = {}

    def number(self, resource: Resource) -> int:
        """The resource's number; NONE where there is no such limit."""
        return self._number.get(resource, NONE)

    def of_source(self, kind: ResourceKind, source_ids: Iterable[str]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """The numbers of one kind of resource, source by source."""
        return np.array([self.number(Resource(kind=kind, source_id=one)) for one in source_ids], dtype=np.int32)

    def taken_by(self, made: Brief) -> Ints:
        """The resource that a package of each lane takes one of, or NONE, [L]."""
        if not self._limits_packages:
            return np.full(len(made.facts.lanes), NONE, dtype=np.int64)
        if not self._narrow.isdisjoint(made.facts.service_ids):
            return np.array([self._taken(lane) for lane in made.facts.lanes], dtype=np.int64)
        of_service = [
            self.number(Resource(kind=ResourceKind.PACKAGES, service_id=one)) for one in made.facts.service_ids
        ]
        return np.array(of_service, dtype=np.int64)[made.facts.lane_service]

    def stock(self, key: tuple[str, str, str], units: int) -> int:
        """The number of an offer's units of a SKU (source, offer, SKU), of which one more order sees so many.

        There is as much as the order sees that sees most; each takes no more than it sees itself.
        """
        if key not in self._stock:
            self._number_of_stock[key] = len(self._number) + len(self._stock)
        self._stock[key] = max(units, self._stock.get(key, units))
        return self._number_of_stock[key]

    def resources(self) -> tuple[Resource, ...]:
        """All of them by number."""
        stock = (
            Resource(kind=ResourceKind.STOCK, source_id=source_id, offer_id=offer_id, sku=sku)
            for source_id, offer_id, sku in self._stock
        )
        return (*self._limits, *stock)

    def columns(self, money: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Capacity, least, cost beyond, cost short, [Q] each; a minor unit counts as `money`."""
        limits = [*self._limits.values(), *(Limit(capacity=units) for units in self._stock.values())]
        rows = [
            (
                NO_CAPACITY if one.capacity is None else one.capacity,
                one.least,
                NEVER if one.over_minor is None else one.over_minor * money,
                one.short_minor * money,
            )
            for one in limits
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 4)
        return table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy(), table[:, 3].copy()

    def _taken(self, lane: Lane) -> int:
        for carrier, resource in self._carriers:
            if counts_on(carrier, lane.source_id, lane.service_id, lane.hand_over_at):
                return self._number[resource]
        return self.number(Resource(kind=ResourceKind.PACKAGES, service_id=lane.service_id))


def _sequence(resource: Resource) -> tuple[str, str, str, str]:
    return resource.kind, resource.source_id, resource.service_id, resource.day.isoformat() if resource.day else ""
