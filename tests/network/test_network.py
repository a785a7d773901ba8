"""The network as one value: sorted look-ups, the address tree, where an address lies."""

import pytest

from solver.network.model import Region, Source, SourceKind
from solver.network.network import Network
from solver.orders.model import Address

PROVINCE = Region(region_id="GD", name="Guangdong", latitude=23.1, longitude=113.3)
CITY = Region(region_id="SZ", name="Shenzhen", latitude=22.5, longitude=114.1, parent_id="GD")
DISTRICT = Region(region_id="NS", name="Nanshan", latitude=22.53, longitude=113.93, parent_id="SZ")


def source(source_id: str, latitude: float) -> Source:
    return Source(
        source_id=source_id,
        name=source_id,
        kind=SourceKind.STORE,
        region_id="SZ",
        latitude=latitude,
        longitude=latitude + 90,
    )


NETWORK = Network.of(regions=(DISTRICT, PROVINCE, CITY), sources=(source("S2", 22.0), source("S1", 21.0)))


def test_an_address_with_coordinates_lies_there() -> None:
    place = NETWORK.place(Address(region_id="NS", latitude=22.4, longitude=113.8))
    assert (place.latitude, place.longitude, place.assumed) == (22.4, 113.8, False)


@pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (22.4, None), (None, 113.8)])
def test_an_address_without_both_coordinates_lies_at_the_centre_of_its_region(
    latitude: float | None, longitude: float | None
) -> None:
    place = NETWORK.place(Address(region_id="NS", latitude=latitude, longitude=longitude))
    assert (place.latitude, place.longitude, place.assumed) == (22.53, 113.93, True)


def test_coordinates_of_zero_are_coordinates() -> None:
    place = NETWORK.place(Address(region_id="NS", latitude=0.0, longitude=0.0))
    assert (place.latitude, place.longitude, place.assumed) == (0.0, 0.0, False)


def test_a_place_knows_its_regions_from_the_most_specific_to_the_province() -> None:
    place = NETWORK.place(Address(region_id="NS"))
    assert place.region_ids == ("NS", "SZ", "GD")
    assert place.province_id == "GD"
    assert NETWORK.province_id("SZ") == "GD"
    assert NETWORK.province_id("GD") == "GD"


def test_an_unknown_region_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="XX"):
        NETWORK.place(Address(region_id="XX"))


def test_sources_stand_by_id_and_their_coordinates_with_them() -> None:
    assert NETWORK.source_ids == ("S1", "S2")
    assert NETWORK.source_positions == {"S1": 0, "S2": 1}
    assert NETWORK.latitudes.tolist() == [21.0, 22.0]
    assert NETWORK.longitudes.tolist() == [111.0, 112.0]


def test_a_loop_in_the_address_tree_does_not_hang() -> None:
    loop = (
        Region(region_id="A", name="A", latitude=0, longitude=0, parent_id="B"),
        Region(region_id="B", name="B", latitude=0, longitude=0, parent_id="A"),
    )
    assert len(Network.of(regions=loop).branches["A"]) == 16


def test_an_empty_network_is_a_network() -> None:
    assert Network.of().source_ids == ()
    assert Network.of().latitudes.tolist() == []
