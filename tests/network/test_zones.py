"""Which zone of a tariff applies: the most specific pair of regions, else the distance, else none."""

import pytest

from solver.network.model import DistanceZone, RegionZone, Service
from solver.network.zones import Zoning

ORIGIN = ("haidian", "beijing")
DESTINATION = ("minhang", "shanghai-city", "shanghai")


def service(*pairs: tuple[str, str, str], distances: tuple[tuple[int | None, str], ...] = ()) -> Service:
    return Service(
        service_id="V",
        carrier_id="C",
        name="Standard",
        currency="CNY",
        rates=(),
        region_zones=tuple(
            RegionZone(origin_region_id=origin, destination_region_id=destination, zone=zone)
            for origin, destination, zone in pairs
        ),
        distance_zones=tuple(DistanceZone(up_to_meters=meters, zone=zone) for meters, zone in distances),
    )


# From the least specific pair to the most specific.
LADDER = (
    ("", "", "anywhere"),
    ("beijing", "", "from the province"),
    ("haidian", "", "from the district"),
    ("", "shanghai", "to the province"),
    ("beijing", "shanghai", "from province to province"),
    ("haidian", "shanghai", "from district to province"),
    ("", "shanghai-city", "to the city"),
    ("beijing", "shanghai-city", "from province to city"),
    ("", "minhang", "to the district"),
    ("beijing", "minhang", "from province to district"),
    ("haidian", "minhang", "from district to district"),
)


@pytest.mark.parametrize("most_specific", range(len(LADDER)))
def test_the_most_specific_pair_wins_destination_before_origin(most_specific: int) -> None:
    known = LADDER[: most_specific + 1]
    expected = known[-1][2]
    assert Zoning.of(service(*known)).zone(ORIGIN, DESTINATION, 0) == expected
    assert Zoning.of(service(*known[::-1])).zone(ORIGIN, DESTINATION, 0) == expected


def test_a_pair_of_regions_wins_over_a_distance() -> None:
    both = service(("", "shanghai", "east"), distances=((None, "far"),))
    assert Zoning.of(both).zone(ORIGIN, DESTINATION, 0) == "east"


@pytest.mark.parametrize(
    ("meters", "zone"),
    [(0, "near"), (50_000, "near"), (50_001, "middle"), (300_000, "middle"), (300_001, "far")],
)
def test_where_no_pair_matches_the_first_distance_that_reaches_counts(meters: int, zone: str) -> None:
    by_distance = service(("", "guangdong", "south"), distances=((50_000, "near"), (300_000, "middle"), (None, "far")))
    assert Zoning.of(by_distance).zone(ORIGIN, DESTINATION, meters) == zone


def test_pairs_are_not_read_the_other_way_round() -> None:
    assert Zoning.of(service(("shanghai", "beijing", "back"))).zone(ORIGIN, DESTINATION, 0) is None


def test_beyond_the_last_distance_the_service_does_not_run() -> None:
    assert Zoning.of(service(distances=((50_000, "near"),))).zone(ORIGIN, DESTINATION, 50_001) is None


def test_without_any_zone_the_service_does_not_run() -> None:
    assert Zoning.of(service()).zone(ORIGIN, DESTINATION, 0) is None
