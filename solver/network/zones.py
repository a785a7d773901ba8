"""Which zone of a service's tariff a pair of places falls into."""

from functools import lru_cache

from solver.network.model import RegionZone, Service

_ANYWHERE = ""


def zone_of(
    service: Service, origin_region_ids: tuple[str, ...], destination_region_ids: tuple[str, ...], meters: int
) -> str | None:
    """The zone, or None where the service does not run.

    The most specific pair of `region_zones` wins (the destination's place in the tree counts before the origin's);
    where none matches, the first of `distance_zones` that reaches as far as `meters`.
    """
    pairs = _zone_by_pair(service.region_zones)
    if pairs:
        for destination in (*destination_region_ids, _ANYWHERE):
            for origin in (*origin_region_ids, _ANYWHERE):
                if (zone := pairs.get((origin, destination))) is not None:
                    return zone
    for band in service.distance_zones:
        if band.up_to_meters is None or meters <= band.up_to_meters:
            return band.zone
    return None


@lru_cache(maxsize=1024)
def _zone_by_pair(region_zones: tuple[RegionZone, ...]) -> dict[tuple[str, str], str]:
    return {(pair.origin_region_id, pair.destination_region_id): pair.zone for pair in region_zones}
