"""Which zone of a service's tariff a pair of places falls into."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from solver.network.cards import rounded_card
from solver.network.model import DistanceZone, Service, ZoneRate

_ANYWHERE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zoning:
    """A service's zones and rates, indexed for look-up. The cards have the service's rounding of weight in them."""

    pairs: Mapping[tuple[str, str], str]  # (origin, destination) -> zone
    distance_zones: tuple[DistanceZone, ...]
    rates: Mapping[str, ZoneRate]

    @classmethod
    def of(cls, service: Service) -> "Zoning":
        """Index a service's tariff; one that is not active has no zones."""
        if not service.is_active:
            return cls(pairs={}, distance_zones=(), rates={})
        return cls(
            pairs={(pair.origin_region_id, pair.destination_region_id): pair.zone for pair in service.region_zones},
            distance_zones=service.distance_zones,
            rates={
                rate.zone: replace(rate, card=rounded_card(rate.card, service.weight_step_grams))
                for rate in service.rates
            },
        )

    def zone(
        self, origin_region_ids: tuple[str, ...], destination_region_ids: tuple[str, ...], meters: int
    ) -> str | None:
        """The zone, or None where the service does not run.

        The most specific pair of regions wins (the destination's place in the tree counts before the origin's); where
        none matches, the first distance zone that reaches as far as `meters`.
        """
        if self.pairs:
            for destination in (*destination_region_ids, _ANYWHERE):
                for origin in (*origin_region_ids, _ANYWHERE):
                    zone = self.pairs.get((origin, destination))
                    if zone is not None:
                        return zone
        for band in self.distance_zones:
            if band.up_to_meters is None or meters <= band.up_to_meters:
                return band.zone
        return None
