"""Regions, and the sharing out of a total over the cities."""

from collections.abc import Sequence

from scenarios.maker.facts import City, cities, provinces, region_id_of
from solver.network.model import Region


def regions() -> tuple[Region, ...]:
    """Every province, then every city as its child."""
    tops = [
        Region(
            region_id=region_id_of(province.code),
            name=f"{province.name} {province.english}",
            latitude=province.latitude,
            longitude=province.longitude,
        )
        for province in provinces()
    ]
    children = [
        Region(
            region_id=city.region_id,
            name=f"{city.name} {city.english}",
            latitude=city.latitude,
            longitude=city.longitude,
            parent_id=city.province_id,
        )
        for city in cities()
    ]
    return tuple(tops + children)


def shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to the weights, by largest remainder; ties go to the earlier."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(total * weights[index] % whole))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def spread_meters(city: City) -> int:
    """How far from its centre a city's shops and homes lie in this world: 3 to 13 km, by population."""
    return 3_000 + min(10_000, city.population_thousands // 2)
