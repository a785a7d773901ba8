"""What sound terms of a service beside its zones and cards are: rounding of weight, surcharges, limits, carbon."""

from typing import Protocol

from solver.errors import Violations
from solver.network.cards import rounded_card, unroundable_band
from solver.network.model import Service
from solver.network.surcharge import Surcharge
from solver.validation import (
    MOST_GRAMS,
    MOST_MILLIMETERS,
    MOST_MINOR,
    MOST_UNITS,
    Known,
    check_between,
    check_id,
    check_reference,
    check_rows,
    check_unique,
)

MOST_SURCHARGES = 100
MOST_TAGS = 100
MOST_BASIS_POINTS = 100_000  # ten times the freight
MOST_MM3 = MOST_MILLIMETERS**3
MOST_CARBON_GRAMS = 1_000_000
MOST_CM3_PER_KG = 1_000_000
MOST_IN3_PER_LB = 30_000  # about as much


class Terms(Protocol):
    """What a service and a lane both state; whatever has these also has the limits and the carbon of a service."""

    @property
    def surcharges(self) -> tuple[Surcharge, ...]:
        """What is charged beside the freight."""

    @property
    def refuses_tags(self) -> tuple[str, ...]:
        """Tags of materials that are not carried."""

    @property
    def volumetric_divisor_cm3_per_kg(self) -> int:
        """0: it is not stated so."""

    @property
    def volumetric_divisor_in3_per_lb(self) -> int:
        """0: it is not stated so."""


def check_service_terms(service: Service, regions: Known, path: str, violations: Violations) -> None:
    """Rounding fits the cards, surcharges stand, limits and carbon are within reason, remarks have their twins."""
    _check_limits(service, path, violations)
    _check_weight_step(service, path, violations)
    _check_surcharges(service.surcharges, regions, f"{path}.surcharges", violations)
    twins = len(service.assumed_zh) in (0, len(service.assumed))
    remedy = "give one for each of assumed, in the same sequence, or none"
    violations.require(twins, f"{path}.assumed_zh", f"{len(service.assumed_zh)} texts", remedy)


def check_lane_terms(lane: Terms, path: str, violations: Violations) -> None:
    """The same of a lane that its caller has priced; its surcharges are those that apply, without place or days."""
    _check_limits(lane, path, violations)
    _check_surcharges(lane.surcharges, (), f"{path}.surcharges", violations)
    for position, surcharge in enumerate(lane.surcharges):
        for name in ("first_day", "last_day"):
            day = getattr(surcharge, name)
            remedy = "a lane has only surcharges that apply to it: leave days out"
            violations.require(day is None, f"{path}.surcharges[{position}].{name}", str(day), remedy)


def _check_limits(terms: Terms, path: str, violations: Violations) -> None:
    for name, most in (
        ("volumetric_divisor_cm3_per_kg", MOST_CM3_PER_KG),
        ("volumetric_divisor_in3_per_lb", MOST_IN3_PER_LB),
        ("max_volume_mm3", MOST_MM3),
        ("max_side_mm", MOST_MILLIMETERS),
        ("max_units", MOST_UNITS),
        ("carbon_grams_per_package", MOST_CARBON_GRAMS),
        ("carbon_grams_per_tonne_km", MOST_CARBON_GRAMS),
    ):
        check_between(getattr(terms, name), 0, most, f"{path}.{name}", violations)
    by_pounds = terms.volumetric_divisor_in3_per_lb
    remedy = "leave it out, or volumetric_divisor_cm3_per_kg: a divisor is stated once"
    is_one = by_pounds <= 0 or terms.volumetric_divisor_cm3_per_kg <= 0
    violations.require(is_one, f"{path}.volumetric_divisor_in3_per_lb", str(by_pounds), remedy)
    if terms.refuses_tags:
        check_rows(terms.refuses_tags, f"{path}.refuses_tags", violations, MOST_TAGS)
    check_unique(terms.refuses_tags, f"{path}.refuses_tags", violations)
    for position, tag in enumerate(terms.refuses_tags):
        check_id(tag, f"{path}.refuses_tags[{position}]", violations)


def _check_weight_step(service: Service, path: str, violations: Violations) -> None:
    step, at = service.weight_step_grams, f"{path}.weight_step_grams"
    if not check_between(step, 0, MOST_GRAMS, at, violations) or not step:
        return
    for position, rate in enumerate(service.rates):
        card = f"rates[{position}].card"
        if any(band.step_grams < 1 for band in rate.card.bands):
            continue  # told where the card is checked
        band = unroundable_band(rate.card, step)
        remedy = (
            f"must divide from_grams of {card}.bands[{band}], and divide its step_grams or be a multiple of it; "
            "or write that card's prices as flat bands"
        )
        if violations.require(band is None, at, step, remedy):
            carries = any(not one.closed for one in rounded_card(rate.card, step).bands)
            remedy = f"no multiple of it lies in an open band of {card}; give a smaller step"
            violations.require(carries or not rate.card.bands, at, step, remedy)


def _check_surcharges(surcharges: tuple[Surcharge, ...], regions: Known, path: str, violations: Violations) -> None:
    if surcharges:
        check_rows(surcharges, path, violations, MOST_SURCHARGES)
    check_unique([surcharge.name for surcharge in surcharges], path, violations)
    for position, surcharge in enumerate(surcharges):
        _check_surcharge(surcharge, regions, f"{path}[{position}]", violations)


def _check_surcharge(surcharge: Surcharge, regions: Known, path: str, violations: Violations) -> None:
    check_id(surcharge.name, f"{path}.name", violations)
    check_between(surcharge.per_package_minor, 0, MOST_MINOR, f"{path}.per_package_minor", violations)
    check_between(surcharge.per_kg_minor, 0, MOST_MINOR // 1_000_000, f"{path}.per_kg_minor", violations)
    basis_points = surcharge.freight_basis_points
    check_between(basis_points, 0, MOST_BASIS_POINTS, f"{path}.freight_basis_points", violations)
    for position, region_id in enumerate(surcharge.destination_region_ids):
        check_reference(region_id, regions, "region", f"{path}.destination_region_ids[{position}]", violations)
    first, last = surcharge.first_day, surcharge.last_day
    if first is not None and last is not None:
        violations.require(first <= last, f"{path}.last_day", last.isoformat(), f"give a day from {first} on")
