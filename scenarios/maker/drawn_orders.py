"""Everyday orders: drawn by population, popularity and the hour of the day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from scenarios.maker.catalog import Offer, offers
from scenarios.maker.dice import Dice
from scenarios.maker.facts import City, cities
from scenarios.maker.geography import spread_meters
from solver.network.model import Source, SourceKind
from solver.orders.model import Address, Order, OrderLine

CHINA_TIME = timezone(timedelta(hours=8))

_FIRST_DAY = datetime(2026, 3, 6, tzinfo=CHINA_TIME)  # a Friday: the dealers' closed Sunday lies within the three days
_DAYS = 3
_LINE_COUNTS, _LINE_WEIGHTS = (1, 2, 3, 4, 5, 6), (45, 28, 14, 7, 4, 2)
_QUANTITIES, _QUANTITY_WEIGHTS = (1, 2, 3), (72, 20, 8)
_PROMISE_DAYS, _PROMISE_WEIGHTS = (1, 2, 3), (20, 40, 40)
_CHANNELS, _CHANNEL_WEIGHTS = ("mini_program", "marketplace", "livestream"), (5, 4, 1)
_REGION_ONLY_EVERY = 10
_PROVINCE_ONLY_EVERY = 30
_SAME_DAY_PERCENT = 25
_LAST_SAME_DAY_HOUR = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class _Customer:
    city: City
    address: Address


def drawn_orders(count: int, currency: str, sources: Sequence[Source], seed: str) -> list[Order]:
    """`count` everyday orders in the order they were placed, FL-001 first."""
    dice = Dice(f"{seed}/orders")
    stores = Counter(source.region_id for source in sources if source.kind is SourceKind.STORE)
    placed = sorted(_placed_at(dice) for _ in range(count))
    return [_order(number, moment, currency, stores, dice) for number, moment in enumerate(placed, start=1)]


def _order(number: int, placed_at: datetime, currency: str, stores: Counter[str], dice: Dice) -> Order:
    customer = _customer(number, dice)
    return Order(
        order_id=f"FL-{number:03}",
        currency=currency,
        placed_at=placed_at.astimezone(UTC),
        destination=customer.address,
        lines=_lines(dice),
        promised_at=_promised_at(placed_at, dice, has_stores=customer.city.region_id in stores).astimezone(UTC),
        channel=dice.pick(_CHANNELS, _CHANNEL_WEIGHTS),
    )


def _placed_at(dice: Dice) -> datetime:
    return _FIRST_DAY + timedelta(days=dice.below(_DAYS), hours=8, minutes=dice.below(15 * 60))


def _promised_at(placed_at: datetime, dice: Dice, *, has_stores: bool) -> datetime:
    """By ten in the evening, today or in one to three days; today only where a store can still make it."""
    days = dice.pick(_PROMISE_DAYS, _PROMISE_WEIGHTS)
    if has_stores and placed_at.hour <= _LAST_SAME_DAY_HOUR and dice.chance(_SAME_DAY_PERCENT):
        days = 0
    return placed_at.replace(hour=22, minute=0) + timedelta(days=days)


def _customer(number: int, dice: Dice) -> _Customer:
    city = dice.pick(cities(), [city.population_thousands for city in cities()])
    if number % _PROVINCE_ONLY_EVERY == 0:
        return _Customer(city=city, address=Address(region_id=city.province_id))
    if number % _REGION_ONLY_EVERY == 0:
        return _Customer(city=city, address=Address(region_id=city.region_id))
    latitude, longitude = dice.near(city.latitude, city.longitude, spread_meters(city))
    text = f"{city.name} {city.english}"
    return _Customer(
        city=city,
        address=Address(region_id=city.region_id, latitude=latitude, longitude=longitude, text=text),
    )


def _lines(dice: Dice) -> tuple[OrderLine, ...]:
    wanted = [offer for offer in offers() if offer.popularity > 0]
    count = dice.pick(_LINE_COUNTS, _LINE_WEIGHTS)
    chosen = dice.draw(wanted, [offer.popularity for offer in wanted], count)
    return tuple(_line(number, offer, dice) for number, offer in enumerate(chosen, start=1))


def _line(number: int, offer: Offer, dice: Dice) -> OrderLine:
    return OrderLine(
        line_id=str(number),
        sku=offer.item.item_id,
        quantity=dice.pick(_QUANTITIES, _QUANTITY_WEIGHTS),
        unit_price_minor=offer.price_minor,
    )
