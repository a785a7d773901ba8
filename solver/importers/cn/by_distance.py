"""What a card might cost from elsewhere: its own lanes, taken by their distance from Wuxi."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.importers.rate_cards.wuxi_terms import STEPS_KM
from solver.network.model import RateCard


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLane:
    """A lane of the card with the distance from its origin to the centre of its destination."""

    distance_meters: int
    card: RateCard
    transit_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceStep:
    """The card and transit time assumed up to this distance (None: any)."""

    up_to_meters: int | None
    card: RateCard
    transit_minutes: int

    @property
    def zone(self) -> str:
        """The name of the step as a zone of a service."""
        return "km-any" if self.up_to_meters is None else f"km-{self.up_to_meters // 1000}"


def steps_of(lanes: Sequence[KnownLane], probe_grams: Sequence[int]) -> tuple[DistanceStep, ...]:
    """One card for each step: the lower median of the lanes that end in it, by the sum of prices at the probe weights.

    Neither price nor time falls with distance: where a probe would be cheaper than a step nearer by, the nearer step's
    card is kept. A step without lanes takes its nearer neighbour's card, or the first there is.
    """
    ends: list[int | None] = [*(km * 1000 for km in STEPS_KM), None]
    begins = [-1, *(km * 1000 for km in STEPS_KM)]
    current = min(lanes, key=lambda lane: lane.distance_meters)
    steps: list[DistanceStep] = []
    for begin, end in zip(begins, ends, strict=True):
        inside = [
            lane for lane in lanes if begin < lane.distance_meters and (end is None or lane.distance_meters <= end)
        ]
        if inside:
            current = _not_below(_median(inside, probe_grams), current, probe_grams, first=not steps)
        steps.append(
            DistanceStep(
                up_to_meters=end,
                card=current.card,
                transit_minutes=current.transit_minutes,
            )
        )
    return tuple(steps)


def step_at(steps: Sequence[DistanceStep], distance_meters: int) -> DistanceStep:
    """The step that a distance falls into."""
    return next(step for step in steps if step.up_to_meters is None or distance_meters <= step.up_to_meters)


def _median(lanes: Sequence[KnownLane], probe_grams: Sequence[int]) -> KnownLane:
    ranked = sorted(lanes, key=lambda lane: (sum(_prices(lane, probe_grams)), lane.distance_meters))
    transit = sorted(lane.transit_minutes for lane in lanes)[(len(lanes) - 1) // 2]
    chosen = ranked[(len(ranked) - 1) // 2]
    return KnownLane(
        distance_meters=chosen.distance_meters,
        card=chosen.card,
        transit_minutes=transit,
    )


def _not_below(lane: KnownLane, nearer: KnownLane, probe_grams: Sequence[int], *, first: bool) -> KnownLane:
    if first:
        return lane
    cheaper = any(
        far < near for far, near in zip(_prices(lane, probe_grams), _prices(nearer, probe_grams), strict=True)
    )
    return KnownLane(
        distance_meters=lane.distance_meters,
        card=nearer.card if cheaper else lane.card,
        transit_minutes=max(lane.transit_minutes, nearer.transit_minutes),
    )


def _prices(lane: KnownLane, probe_grams: Sequence[int]) -> list[int]:
    return [lane.card.price_minor(grams) or 0 for grams in probe_grams]
