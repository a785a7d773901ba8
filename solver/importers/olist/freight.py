"""A tariff by distance, fitted to the freight that was really paid and the days that parcels really took.

A sample is a delivered order of a single item. In every distance step the first kilogram costs the median freight of
parcels of up to 1 kg, every further begun kilogram the median of (freight - first) / further kilograms. Neither falls
with distance, nor does the transit time, which is the median from hand-over to delivery.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from solver.errors import FieldViolation, InvalidRequest
from solver.importers.olist.catalog import Product
from solver.importers.olist.sales import Sale
from solver.network.distance import distance_meters
from solver.units import ceil_div, round_half_up_div

STEPS_KM = (50, 150, 300, 600, 1000, 1500, 2000, 2500)
FEWEST_SAMPLES = 20
FIRST_GRAMS = 1000
VOLUMETRIC_DIVISOR = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightSample:
    """One parcel that was paid for and arrived."""

    distance_meters: int
    billable_grams: int
    freight_minor: int
    transit_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightStep:
    """The fitted price and time up to this distance (None: any)."""

    up_to_meters: int | None
    first_minor: int
    further_minor: int
    transit_minutes: int
    samples: int


def samples_of(sales: Iterable[Sale], products: Mapping[str, Product]) -> Iterator[FreightSample]:
    """The parcels to fit to; free shipping and deliveries before the hand-over tell nothing and are left out."""
    for sale in sales:
        if len(sale.items) != 1 or sale.handed_over_at is None or sale.delivered_at is None:
            continue
        item, material = sale.items[0], products[sale.items[0].product_id].material
        minutes = (sale.delivered_at - sale.handed_over_at) // timedelta(minutes=1)
        if item.freight_minor > 0 and minutes > 0:
            yield FreightSample(
                distance_meters=distance_meters(*item.seller.place, *sale.customer.place),
                billable_grams=max(material.weight_grams, ceil_div(material.volume_mm3, VOLUMETRIC_DIVISOR)),
                freight_minor=item.freight_minor,
                transit_minutes=minutes,
            )


def fit_steps(samples: Sequence[FreightSample]) -> tuple[FreightStep, ...]:
    """The tariff by distance; with fewer than 20 samples a figure is the nearer step's (the first: of all samples).

    Raises InvalidRequest when there is no sample of up to 1 kg at all.
    """
    if not any(sample.billable_grams <= FIRST_GRAMS for sample in samples):
        remedy = "needs a delivered order of one item of up to 1 kg to fit a tariff to"
        raise InvalidRequest("the data folder", [FieldViolation(field="freight", value="no sample", remedy=remedy)])
    previous = _fit(samples, None, None, fewest=1)
    steps: list[FreightStep] = []
    begin = -1
    for end in (*(km * 1000 for km in STEPS_KM), None):
        inside = [
            sample
            for sample in samples
            if begin < sample.distance_meters and (end is None or sample.distance_meters <= end)
        ]
        previous = _fit(inside, end, previous, monotone=bool(steps))
        steps.append(previous)
        begin = end or 0
    return tuple(steps)


def _fit(
    samples: Sequence[FreightSample],
    end: int | None,
    previous: FreightStep | None,
    *,
    fewest: int = FEWEST_SAMPLES,
    monotone: bool = False,
) -> FreightStep:
    floor = previous if monotone and previous else None

    def figure(values: list[int], of: Callable[[FreightStep], int]) -> int:
        fitted = _median(values) if len(values) >= fewest else of(previous) if previous else 0
        return max(fitted, of(floor)) if floor else fitted

    first_minor = figure(
        [sample.freight_minor for sample in samples if sample.billable_grams <= FIRST_GRAMS],
        lambda step: step.first_minor,
    )
    return FreightStep(
        up_to_meters=end,
        first_minor=first_minor,
        further_minor=figure(
            [_per_further_kilogram(sample, first_minor) for sample in samples if sample.billable_grams > FIRST_GRAMS],
            lambda step: step.further_minor,
        ),
        transit_minutes=figure([sample.transit_minutes for sample in samples], lambda step: step.transit_minutes),
        samples=len(samples),
    )


def _per_further_kilogram(sample: FreightSample, first_minor: int) -> int:
    further = ceil_div(sample.billable_grams - FIRST_GRAMS, 1000)
    return max(0, round_half_up_div(sample.freight_minor - first_minor, further))


def _median(values: list[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]
