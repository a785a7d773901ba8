"""Remarks on where an address seems to lie, in English and in Chinese."""

from solver.network.distance import haversine_meters
from solver.network.model import Region
from solver.network.network import Network, Place

Remark = tuple[str, str]  # in English, in Chinese
FAR_METERS = 1_500_000  # hardly any region reaches so far from its centre: its coordinates are another place's


def doubts_of(network: Network, place: Place) -> tuple[Remark, ...]:
    """What is to be said of a place where coordinates are missing, or hardly in its region; mostly nothing."""
    region = network.regions[place.region_ids[0]]
    if place.assumed:
        return (_centre_stands_in(region),)
    meters = haversine_meters(region.latitude, region.longitude, place.latitude, place.longitude)
    return (_lies_far_away(region, meters),) if meters > FAR_METERS else ()


def _lies_far_away(region: Region, meters: int) -> Remark:
    where, kilometers = f"{region.region_id} ({region.name})", meters // 100_000 * 100
    return (
        f"the address lies more than {kilometers:,} km from the centre of {where}: look at its coordinates",
        f"地址距 {where} 的中心点超过 {kilometers:,} 公里，请核对坐标",
    )


def _centre_stands_in(region: Region) -> Remark:
    where = f"{region.region_id} ({region.name})"
    return (
        f"the address has no coordinates: the centre of {where} stands in",
        f"地址没有坐标，以 {where} 的中心点代替",
    )
