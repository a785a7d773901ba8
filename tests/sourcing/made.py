"""Problems made by hand: every noun with plain defaults, so that a test names only what it is about."""

from datetime import UTC, datetime, timedelta

from solver.network.lanes import Lane
from solver.network.model import Band, RateCard
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Line, LinePart, Offer, Problem

PLACED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PROMISED_AT = PLACED_AT + timedelta(hours=30)
PATIENT = Policy(lateness_minor_per_hour=0, time_limit_ms=60_000)
# 1 g to 1 kg cost 2.00 for every begun 100 g, from there on the whole weight 0.60: more weight may cost less.
FALLING_BRACKETS = RateCard(
    bands=(
        Band(up_to_grams=1000, base_minor=0, step_grams=100, step_minor=200),
        Band(up_to_grams=None, base_minor=0, step_grams=100, step_minor=60),
    )
)


def flat(price_minor: int, *, up_to_grams: int | None = None) -> RateCard:
    """One price, whatever the package weighs."""
    return RateCard(bands=(Band(up_to_grams=up_to_grams, base_minor=price_minor),))


def first_and_more(first_minor: int, more_minor: int) -> RateCard:
    """首重续重: the first kilogram, then every begun kilogram."""
    return RateCard(
        bands=(
            Band(up_to_grams=1000, base_minor=first_minor),
            Band(up_to_grams=None, base_minor=first_minor, from_grams=1000, step_minor=more_minor),
        )
    )


def lane(
    source_id: str,
    card: RateCard,
    *,
    service_id: str = "V",
    distance_meters: int = 0,
    arrives_after_hours: float = 24,
    volumetric_divisor_cm3_per_kg: int = 0,
    min_billable_grams: int = 0,
    max_weight_grams: int = 0,
) -> Lane:
    return Lane(
        source_id=source_id,
        service_id=service_id,
        carrier_id=f"C-{service_id}",
        distance_meters=distance_meters,
        arrives_at=PLACED_AT + timedelta(hours=arrives_after_hours),
        card=card,
        volumetric_divisor_cm3_per_kg=volumetric_divisor_cm3_per_kg,
        min_billable_grams=min_billable_grams,
        max_weight_grams=max_weight_grams,
    )


def offer(
    source_id: str,
    available: dict[str, int],
    *,
    on_hand: dict[str, int] | None = None,
    handling_per_package_minor: int = 0,
    handling_per_unit_minor: int = 0,
) -> Offer:
    return Offer(
        source_id=source_id,
        available=available,
        on_hand=available if on_hand is None else on_hand,
        handling_per_package_minor=handling_per_package_minor,
        handling_per_unit_minor=handling_per_unit_minor,
    )


def line(line_id: str, quantity: int, parts: dict[str, int]) -> Line:
    return Line(
        line_id=line_id,
        sku=f"ITEM-{line_id}",
        quantity=quantity,
        parts=tuple(LinePart(sku=sku, units=units) for sku, units in parts.items()),
    )


def problem(
    *,
    lines: tuple[Line, ...],
    grams: dict[str, int],
    offers: tuple[Offer, ...],
    lanes: tuple[Lane, ...],
    mm3: dict[str, int] | None = None,
    policy: Policy = PATIENT,
    promised_at: datetime | None = None,
) -> Problem:
    volumes = mm3 or {}
    items = {sku: Item(sku=sku, weight_grams=weight, volume_mm3=volumes.get(sku, 0)) for sku, weight in grams.items()}
    return Problem(
        order_id="order-1",
        currency="CNY",
        lines=lines,
        items=items,
        offers=offers,
        lanes=lanes,
        policy=policy,
        promised_at=promised_at,
    )
