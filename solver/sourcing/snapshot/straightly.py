"""Decisions as plans, where an order ships straight from what lies at sources: no Problem is made of it."""

from collections.abc import Iterable

from solver.catalog.catalog import Catalog
from solver.network.doubts import doubts_of
from solver.network.lanes import Lane
from solver.network.network import Network
from solver.network.straight import StraightLanes
from solver.sourcing.check_straight import StraightJudge
from solver.sourcing.items import Items
from solver.sourcing.snapshot.asked import Asked
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemiser
from solver.sourcing.straight import Straight


class Straightly:
    """States, prices and judges such orders on one network and catalog under one policy."""

    def __init__(self, network: Network, catalog: Catalog, itemiser: Itemiser) -> None:
        self._network, self._itemiser = network, itemiser
        self._lanes = StraightLanes(network)
        self._items = Items(catalog)
        self.judge = StraightJudge(itemiser.policy, network.sources)

    def stated(self, asked: Asked, decision: Decision) -> Straight | None:
        """The order with the lanes of what was decided; None where it takes a Problem to say it."""
        return self.stated_with(asked, [(one.source_id, one.service_id) for one in decision.packages])

    def stated_with(self, asked: Asked, ways: Iterable[tuple[str, str]]) -> Straight | None:
        """The order with its lanes from these sources by these services; None as above."""
        if not asked.lines or any(asked.values.values()):  # what a unit is worth only the terms themselves can say
            return None
        order = asked.order
        place = self._network.place(order.destination)
        lanes: dict[tuple[str, str], Lane] = {}
        for way in ways:
            lane = self._lanes.lane(place, order.placed_at, *way)
            if lane is None:
                return None
            lanes[way] = lane
        return Straight(
            order=order,
            lines=asked.lines,
            items=self._items,
            available=asked.available,
            on_hand=asked.on_hand,
            lanes=lanes,
            remarks=doubts_of(self._network, place),
        )
