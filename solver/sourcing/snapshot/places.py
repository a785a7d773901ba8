"""What a destination means for an order: its place, its view of the network, the rates that its regions say."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from solver.network.network import Network, Place
from solver.network.surcharge import Surcharge
from solver.orders.model import Address, Order
from solver.sourcing.policy import Policy
from solver.sourcing.rules.reserved_sources_serve_their_channels import RESERVED as BY_CHANNEL
from solver.sourcing.rules.reserved_sources_serve_their_tiers import RESERVED as BY_TIER
from solver.sourcing.snapshot.inner.ground import NONE
from solver.sourcing.snapshot.rates import Surcharges
from solver.sourcing.snapshot.view import Unknown

ViewKey = tuple[str, str, str, str, Surcharges]
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A region as orders to it see it; `zone` is the number of its time zone, NONE where it states none."""

    place: Place
    zone: int
    country: str


class Places:
    """The regions of a network, each looked up once."""

    def __init__(self, network: Network, policy: Policy, zones: dict[str, int]) -> None:
        self._network = network
        self._zones = zones
        self._by_channel, self._by_tier = bool(BY_CHANNEL.of(policy)), bool(BY_TIER.of(policy))
        self._doors: dict[str, Door] = {}
        self.has_dates = any(
            surcharge.first_day or surcharge.last_day
            for service in network.services.values()
            for surcharge in service.surcharges
        )

    def door(self, region_id: str) -> Door:
        """The region; KeyError for an unknown one."""
        door = self._doors.get(region_id)
        if door is None:
            place = self._network.place(Address(region_id=region_id))
            zone = self._zones[place.time_zone] if place.time_zone else NONE
            door = Door(place=place, zone=zone, country=self._network.country(region_id))
            self._doors[region_id] = door
        return door

    def order_key(self, order: Order) -> tuple[str, str, str]:
        """Orders with the same key have the same door, and the same view but for surcharges of some days."""
        return (
            order.destination.region_id,
            order.channel if self._by_channel else "",
            order.customer_tier if self._by_tier else "",
        )

    def view_key(self, order: Order, door: Door) -> ViewKey:
        """What the view depends on. Raises Unknown where the day of hand-over decides on a surcharge."""
        return (
            door.place.province_id,
            door.country,
            order.channel if self._by_channel else "",
            order.customer_tier if self._by_tier else "",
            tuple(self._surcharges(order, door.place)),
        )

    def _surcharges(self, order: Order, place: Place) -> Iterator[tuple[Surcharge, ...]]:
        for service in self._network.services.values():
            charged = []
            for surcharge in service.surcharges:
                always = replace(surcharge, first_day=None, last_day=None)
                if not always.applies(place.region_ids, date.min):
                    continue
                if surcharge.last_day is not None and surcharge.last_day < _day_before(order):
                    continue
                if surcharge.first_day or surcharge.last_day:
                    raise Unknown("surcharge of some days")
                charged.append(surcharge)
            yield tuple(charged)


def _day_before(order: Order) -> date:
    """A day before any at which the order can be handed over, on any clock."""
    return order.placed_at.astimezone(ZoneInfo("UTC")).date() - _ONE_DAY
