"""Random offers and lanes that state every fact which a term or a rule reads, each now and then."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from solver.network.lanes import Lane
from solver.network.model import RateCard, SourceKind
from solver.network.surcharge import Surcharge
from solver.network.transit import TransitTimes
from solver.sourcing.problem import Lot, Offer, Stage
from tests.sourcing.worlds import PLACED_AT

ITEM_TAGS = ("hazmat", "food", "cold_chain")
SOURCE_TAGS = ("flagship", "bonded", "cold_room")
LATER = "later"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Facts that hold for a whole source or a whole service, and the dice."""

    rng: random.Random
    busy: float
    packages_left: Mapping[str, int | None]
    grams_left: Mapping[str, int | None]

    def some(self, draw: Callable[[], T], otherwise: T) -> T:
        """What is drawn, with the chance `busy`."""
        return draw() if self.rng.random() < self.busy else otherwise


def beside(rng: random.Random) -> random.Random:
    """Draws what `rng` would draw next, and leaves it where it is."""
    other = random.Random()
    other.setstate(rng.getstate())
    return other


def drawn(rng: random.Random, busy: float, services: list[str]) -> Drawn:
    """The facts of the services; what is left of their day is the same for all their lanes."""
    limits = [(rng.choice([0, 1, 2]), rng.choice([0, 900, 1_700, 20_000])) for _ in services]
    return Drawn(
        rng=rng,
        busy=busy,
        packages_left={
            service: packages if rng.random() < busy / 2 else None
            for service, (packages, _) in zip(services, limits, strict=True)
        },
        grams_left={
            service: grams if rng.random() < busy / 2 else None
            for service, (_, grams) in zip(services, limits, strict=True)
        },
    )


def with_facts(draw: Drawn, offer: Offer) -> Offer:
    """A source's offer with more facts."""
    rng, some = draw.rng, draw.some
    skus = sorted(offer.available)

    def units() -> dict[str, int]:
        return {sku: rng.choice([0, 1, 1, 3]) for sku in skus}

    def money(most: int) -> dict[str, int]:
        return {sku: rng.randint(0, most) for sku in skus if rng.random() < 0.7}

    return replace(
        offer,
        available={sku: rng.choice([0, 1, 1, 1, 2, 4]) for sku in skus},
        kind=rng.choice(list(SourceKind)),
        tags=tuple(tag for tag in SOURCE_TAGS if rng.random() < 0.5),
        priority=rng.choice([0, 0, 1, 2, 5]),
        is_active=some(lambda: rng.random() < 0.5, otherwise=True),
        handling_per_order_minor=some(lambda: rng.choice([90, 300]), 0),
        handling_per_line_minor=some(lambda: rng.choice([45, 160]), 0),
        packaging_minor=some(lambda: 80, 0),
        minutes_per_package=rng.choice([0, 5, 9]),
        minutes_per_unit=rng.choice([0, 2]),
        carbon_grams_per_package=rng.choice([0, 33]),
        safety=some(units, {}),
        reserve=some(units, {}),
        unit_cost_minor=rng.choice([{}, money(5_000)]),
        lots={sku: _lots(rng) for sku in skus if rng.random() < draw.busy},
        stock_out_minor=some(lambda: money(900), {}),
        stock_value_minor=_values(values := beside(rng), skus, draw.busy),
        landed_cost_minor=_values(values, skus, draw.busy),
        load_basis_points=rng.choice([0, 4_775, 11_033]),
        share_excess_basis_points=rng.choice([0, 1_250]),
        orders_left=some(lambda: rng.choice([0, 1]), None),
        units_left=some(lambda: rng.choice([0, 1, 3]), None),
        minutes_left=some(lambda: rng.choice([4, 9, 20]), None),
        rejects=rng.choice([0, 0, 2, 3]),
        quota_orders_left=some(lambda: rng.choice([0, 4]), None),
    )


def _values(rng: random.Random, skus: list[str], busy: float) -> dict[str, int]:
    return {sku: rng.randint(0, 700) for sku in skus} if rng.random() < busy else {}


def later_offer(draw: Drawn, offer: Offer) -> Offer:
    """What else the source will have; its work and its kind are the same."""
    return replace(
        offer,
        offer_id=LATER,
        stage=draw.rng.choice([Stage.IN_TRANSIT, Stage.BACKORDER, Stage.PRE_SALE]),
        available={sku: draw.rng.choice([0, 1, 4]) for sku in offer.available},
        safety={},
        lots={},
        handling_per_package_minor=draw.rng.choice([0, 150]),
    )


def with_terms(draw: Drawn, lane: Lane) -> Lane:
    """A lane with more facts."""
    rng, some = draw.rng, draw.some
    quantiles = tuple(sorted(rng.sample(range(0, 4_000, 250), k=5)))
    return replace(
        lane,
        arrives_at=lane.arrives_at + timedelta(seconds=rng.choice([0, 0, 20])),
        max_weight_grams=rng.choice([0, 0, lane.max_weight_grams]),
        card=some(lambda: _with_closed_band(rng, lane.card), lane.card),
        surcharges=some(lambda: _surcharges(rng), ()),
        max_volume_mm3=some(lambda: rng.choice([10**6, 12 * 10**6]), 0),
        max_side_mm=some(lambda: 300, 0),
        max_units=some(lambda: rng.choice([1, 2, 3]), 0),
        refuses_tags=some(lambda: rng.choice([("hazmat",), ("food", "cold_chain")]), ()),
        crosses_border=rng.random() < 0.3,
        carbon_grams_per_package=rng.choice([0, 21]),
        carbon_grams_per_tonne_km=rng.choice([0, 62, 801]),
        transit_times=rng.choice([None, TransitTimes(quantiles_minutes=quantiles, sample_count=50)]),
        hand_over_at=rng.choice([None, PLACED_AT + timedelta(hours=4), PLACED_AT + timedelta(hours=4)]),
        transit_minutes=rng.randint(0, 5_000),
        packages_left=draw.packages_left[lane.service_id],
        grams_left=draw.grams_left[lane.service_id],
        package_minor=some(lambda: 130, 0),
        unit_minor=some(lambda: {"SKU-0": 17, "SKU-1": 4}, {}),
    )


def by_way_of(draw: Drawn, lane: Lane) -> Lane:
    """The same lane, but the goods go to a hub first."""
    return replace(
        lane,
        via_source_id="HUB",
        arrives_at=lane.arrives_at + timedelta(hours=6),
        transfer_per_package_minor=draw.rng.choice([0, 210]),
        transfer_per_unit_minor=draw.rng.choice([0, 15]),
        crosses_province=draw.rng.random() < 0.3,
        card=draw.rng.choice([lane.card, RateCard(bands=(replace(lane.card.bands[-1], base_minor=150),))]),
    )


def _lots(rng: random.Random) -> tuple[Lot, ...]:
    return tuple(
        Lot(
            units=rng.randint(0, 2),
            days_to_expiry=rng.choice([-3, 0, 12, 90]),
            markdown_minor=rng.choice([0, 301, 999]),
        )
        for _ in range(rng.randint(0, 3))
    )


def _surcharges(rng: random.Random) -> tuple[Surcharge, ...]:
    fuel = Surcharge(name="fuel", freight_basis_points=rng.choice([300, 835]))
    remote = Surcharge(name="remote", per_package_minor=rng.choice([0, 150]), per_kg_minor=rng.choice([0, 55]))
    return rng.choice([(fuel,), (remote,), (fuel, remote)])


def _with_closed_band(rng: random.Random, card: RateCard) -> RateCard:
    """One band of several has no price."""
    if len(card.bands) == 1:
        return card
    closed = rng.randrange(len(card.bands))
    return RateCard(
        bands=tuple(replace(band, closed=number == closed) for number, band in enumerate(card.bands)),
    )
