"""Orders drawn by a scenario's generator: the same scenario and seed, the same orders."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from solver.orders.model import Address, Order, OrderLine
from solver.scenario.model import Disturbance, Generator, Scenario, Trouble

T = TypeVar("T")
_WHOLE = 1_000
_HOURS = 24


class Weighted(Generic[T]):
    """Things of which some are drawn more often. Only `Random.random` is asked: Python promises its sequence."""

    def __init__(self, weights: Mapping[T, int]) -> None:
        self._things = [thing for thing, weight in weights.items() if weight]
        self._sums = list(accumulate(weight for weight in weights.values() if weight))

    def __len__(self) -> int:
        return len(self._things)

    def draw(self, random: Random) -> T:
        """One of them."""
        return self._things[bisect_right(self._sums, int(random.random() * self._sums[-1]))]

    def draw_different(self, random: Random, count: int) -> list[T]:
        """So many different ones, or all of them, in the sequence in which they were drawn."""
        drawn: dict[T, None] = {}
        while len(drawn) < min(count, len(self._things)):
            drawn[self.draw(random)] = None
        return list(drawn)


def with_orders(scenario: Scenario) -> Scenario:
    """The scenario with the orders that its generator draws, or as it is where its orders are listed."""
    if scenario.generator is None:
        return scenario
    return replace(scenario, generator=None, orders=tuple(drawn_orders(scenario, scenario.generator)))


def drawn_orders(scenario: Scenario, generator: Generator) -> Iterator[Order]:
    """The orders of a sound scenario, as they are placed."""
    streams = ("times", "orders", "customers")
    times, rest, customers = (Random(f"{generator.seed}/{stream}") for stream in streams)  # noqa: S311 - no secrets
    places = _Places(scenario, generator)
    skus = Weighted(generator.skus or _alike([*_sold(scenario)]))
    lines, quantities = Weighted(generator.lines), Weighted(generator.quantities)
    channels = Weighted(generator.channels or {"": 1})
    promised = timedelta(hours=generator.promised_within_hours)
    for number, placed_at in enumerate(_times(scenario, generator, places, times), start=1):
        wanted = skus.draw_different(rest, lines.draw(rest))
        region_id = places.draw(placed_at, rest)
        yield Order(
            order_id=f"{scenario.name}-{number:06}",
            currency=scenario.currency,
            placed_at=placed_at,
            destination=Address(region_id=region_id),
            lines=tuple(
                OrderLine(
                    line_id=str(line),
                    sku=sku,
                    quantity=quantities.draw(rest),
                    unit_price_minor=generator.prices_minor.get(sku, 0),
                )
                for line, sku in enumerate(wanted, start=1)
            ),
            promised_at=placed_at + promised if promised else None,
            channel=channels.draw(rest),
            customer_id=_customer(region_id, generator.customers_per_region, customers),
        )


def _customer(region_id: str, count: int, random: Random) -> str:
    """One of so many customers of a region; without any, nobody that is known."""
    return f"{region_id}-{int(random.random() * count) + 1}" if count else ""


class _Places:
    """Regions by weight, and the surges that make some of them order more."""

    def __init__(self, scenario: Scenario, generator: Generator) -> None:
        parents = {region.region_id: region.parent_id for region in scenario.regions}
        inner = set(parents.values())
        leaves = [region_id for region_id in parents if region_id not in inner]
        self._weights = {**(generator.regions or _alike(leaves))}
        self._branches = {region_id: _branch(region_id, parents) for region_id in self._weights}
        self._surges = [one for one in scenario.disturbances if one.trouble is Trouble.DEMAND_SURGE]
        self._usual = sum(self._weights.values())
        self._now: tuple[Disturbance, ...] = ()
        self._regions, self._demand = Weighted(self._weights), 1.0
        self._moments = sorted({moment for one in self._surges for moment in (one.starts_at, one.ends_at)})

    @property
    def most(self) -> float:
        """The greatest demand at any time, where the usual is 1."""
        return max([1.0, *(self.demand(moment) for moment in self._moments)])

    def demand(self, moment: datetime) -> float:
        """How much is ordered at this moment, where the usual is 1."""
        self._turn_to(moment)
        return self._demand

    def draw(self, moment: datetime, random: Random) -> str:
        """Where an order of this moment goes."""
        self._turn_to(moment)
        return self._regions.draw(random)

    def _turn_to(self, moment: datetime) -> None:
        now = tuple(one for one in self._surges if one.starts_at <= moment < one.ends_at)
        if now == self._now:
            return
        self._now = now
        weights = {region_id: self._weight(region_id, now) for region_id in self._weights}
        self._regions = Weighted(weights)
        self._demand = sum(weights.values()) / self._usual / _WHOLE

    def _weight(self, region_id: str, surges: Sequence[Disturbance]) -> int:
        """In thousandths; of several surges the greatest counts."""
        mine = [one.permille for one in surges if not one.region_id or one.region_id in self._branches[region_id]]
        return self._weights[region_id] * max(mine, default=_WHOLE)


def _times(scenario: Scenario, generator: Generator, places: _Places, random: Random) -> Iterator[datetime]:
    """A Poisson process of changing rate, by thinning (Lewis and Shedler 1979)."""
    horizon, zone = scenario.horizon, ZoneInfo(generator.time_zone)
    assert horizon is not None, "a generator has a horizon"
    hours = [generator.hours.get(hour, 0) for hour in range(_HOURS)] if generator.hours else [1] * _HOURS
    mean = sum(hours) / _HOURS
    most = max(hours) / mean * places.most
    days_between = 1 / (generator.orders_per_day * most)
    moment = horizon.starts_at.astimezone(UTC)
    while True:
        moment += timedelta(days=-math.log(1.0 - random.random()) * days_between)
        if moment >= horizon.ends_at:
            return
        rate = hours[moment.astimezone(zone).hour] / mean * places.demand(moment)
        if random.random() * most < rate:
            yield moment.replace(microsecond=0)


def _sold(scenario: Scenario) -> Iterator[str]:
    """What can be ordered: sales items, and materials where there are none."""
    items = [item.item_id for item in scenario.sales_items]
    yield from items or [material.sku for material in scenario.materials]


def _alike(names: Sequence[T]) -> dict[T, int]:
    return dict.fromkeys(names, 1)


def _branch(region_id: str, parents: Mapping[str, str]) -> set[str]:
    branch = {region_id}
    while (region_id := parents.get(region_id, "")) and region_id not in branch:
        branch.add(region_id)
    return branch
