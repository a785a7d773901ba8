"""Six warehouses, and stores and dealers shared out over the cities."""

from math import isqrt

from scenarios.maker.dice import Dice
from scenarios.maker.facts import City, cities, city_of, names
from scenarios.maker.geography import shared_out, spread_meters
from solver.network.model import Hours, Source, SourceKind

STORES = 170
DEALERS = 90

_STORES_ABOVE_THOUSANDS = 4_000
_DEALERS_ABOVE_THOUSANDS = 1_000
_TIME_ZONE = "Asia/Shanghai"
_WAREHOUSE_CITIES = ("320200", "440100", "510100", "120100", "420100", "210100")
_WAREHOUSE_HOURS = Hours(opens_minute=8 * 60, closes_minute=20 * 60)
_STORE_HOURS = Hours(opens_minute=10 * 60, closes_minute=22 * 60)
_DEALER_HOURS = Hours(opens_minute=9 * 60, closes_minute=18 * 60, weekdays=(1, 2, 3, 4, 5, 6))


def sources(seed: str) -> tuple[Source, ...]:
    """Every source, warehouses first; the same seed puts each at the same place."""
    stores, dealers = _counts()
    store_dice, dealer_dice = Dice(f"{seed}/stores"), Dice(f"{seed}/dealers")
    return (
        *_warehouses(Dice(f"{seed}/warehouses")),
        *(_store(city, rank, store_dice) for city in cities() for rank in range(stores[city.code])),
        *(_dealer(city, rank, dealer_dice) for city in cities() for rank in range(dealers[city.code])),
    )


def _counts() -> tuple[dict[str, int], dict[str, int]]:
    """Stores and dealers by city code.

    Stores follow the population above four million; dealers are how the brand reaches the smaller cities, one in each
    of more than a million, and the rest of them share the large cities by the root of the population.
    """
    codes = [city.code for city in cities()]
    above = [max(0, city.population_thousands - _STORES_ABOVE_THOUSANDS) for city in cities()]
    stores = dict(zip(codes, shared_out(STORES, above), strict=True))
    small = [c.code for c in cities() if not stores[c.code] and c.population_thousands >= _DEALERS_ABOVE_THOUSANDS]
    roots = [isqrt(city.population_thousands) if stores[city.code] else 0 for city in cities()]
    dealers = dict(zip(codes, shared_out(DEALERS - len(small), roots), strict=True))
    return stores, dealers | dict.fromkeys(small, 1)


def _warehouses(dice: Dice) -> list[Source]:
    return [_warehouse(city_of(code), dice) for code in _WAREHOUSE_CITIES]


def _warehouse(city: City, dice: Dice) -> Source:
    latitude, longitude = dice.near(city.latitude, city.longitude, 20_000)
    central = ("中心仓", "Central") if city.code == _WAREHOUSE_CITIES[0] else ("仓", "")
    return Source(
        source_id=f"WH-{city.english.upper()}",
        name=f"{city.name}{central[0]} {' '.join(filter(None, (city.english, central[1], 'Warehouse')))}",
        kind=SourceKind.WAREHOUSE,
        region_id=city.region_id,
        latitude=latitude,
        longitude=longitude,
        time_zone=_TIME_ZONE,
        hours=_WAREHOUSE_HOURS,
        lead_minutes=240,
        handling_per_package_minor=200,
        handling_per_unit_minor=30,
    )


def _store(city: City, rank: int, dice: Dice) -> Source:
    latitude, longitude = dice.near(city.latitude, city.longitude, spread_meters(city))
    street = names("streets")[rank]
    return Source(
        source_id=f"ST-{city.code}-{rank + 1:02}",
        name=f"山岚咖啡{city.name}{street.name}店 Shanlan {city.english} {street.english}",
        kind=SourceKind.STORE,
        region_id=city.region_id,
        latitude=latitude,
        longitude=longitude,
        time_zone=_TIME_ZONE,
        hours=_STORE_HOURS,
        lead_minutes=30,
        handling_per_package_minor=350,
        handling_per_unit_minor=60,
    )


def _dealer(city: City, rank: int, dice: Dice) -> Source:
    latitude, longitude = dice.near(city.latitude, city.longitude, spread_meters(city))
    traders = names("traders")
    trader = traders[dice.below(len(traders))]
    return Source(
        source_id=f"DL-{city.code}-{rank + 1:02}",
        name=f"{city.name}{trader.name} {city.english} {trader.english}",
        kind=SourceKind.DEALER,
        region_id=city.region_id,
        latitude=latitude,
        longitude=longitude,
        time_zone=_TIME_ZONE,
        hours=_DEALER_HOURS,
        lead_minutes=120,
        handling_per_package_minor=400,
        handling_per_unit_minor=50,
    )
