"""The stock of the moment stated as the optimiser takes it, for orders whose stock is not all simply there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from solver.fulfilment.command import StockAmount
from solver.fulfilment.question import UnitsBySource
from solver.network.model import Source
from solver.sourcing.plan import Package
from solver.sourcing.problem import Lot, Stage
from solver.stock.expected.later_claims import LaterClaim
from solver.stock.rows import Place
from solver.stock.sourcing_facts import SourcingFacts

_NEVER_DAYS = 36_500  # what does not expire keeps for a century


def amounts_of(
    facts: SourcingFacts,
    sources: Mapping[str, Source],
    available: UnitsBySource,
    on_hand: UnitsBySource,
    *,
    now: datetime,
    currency: str,
    costs: Mapping[Place, int] | None = None,
) -> tuple[StockAmount, ...]:
    """What is there, with all that is known of it; what is expected later than `now`; and what may be backordered.

    `costs` are what units cost by contracts; where there is none, what was agreed for the SKU alone counts.
    """
    known = agreed_prices(facts, currency) | dict(costs or {})
    there = [
        _there(facts, site_id, sku, available.get(sku, {}).get(site_id, 0), units, known.get((site_id, sku)))
        for sku, of in on_hand.items()
        for site_id, units in of.items()
        if units > 0 and site_id in sources
    ]
    coming = [
        StockAmount(
            source_id=one.place[0],
            sku=one.place[1],
            available_units=one.free_units,
            stage=Stage.IN_TRANSIT,
            available_at=one.expected_at,
        )
        for one in facts.incoming
        if one.expected_at > now and one.place[0] in sources
    ]
    beyond = [
        StockAmount(source_id=site_id, sku=sku, available_units=units, stage=Stage.BACKORDER)
        for sku, of in facts.backorderable.items()
        for site_id, units in of.items()
        if units > 0 and site_id in sources
    ]
    return (*there, *coming, *beyond)


def later_claims(packages: Sequence[Package]) -> list[LaterClaim]:
    """What a plan takes that is not there yet."""
    return [
        LaterClaim(
            site_id=package.source_id, sku=packed.sku, units=packed.units, expected_at=_expected_at(package.offer_id)
        )
        for package in packages
        if package.offer_id
        for packed in package.contents
    ]


def agreed_prices(facts: SourcingFacts, currency: str) -> dict[Place, int]:
    """Settlement prices of single SKUs, as far as they are in the order's currency."""
    return {
        place: terms.settlement_minor
        for place, terms in facts.terms.items()
        if terms.settlement_minor is not None and terms.currency == currency
    }


def _there(
    facts: SourcingFacts, site_id: str, sku: str, available: int, on_hand: int, cost_minor: int | None
) -> StockAmount:
    place = (site_id, sku)
    terms = facts.terms.get(place)
    lacking = 0 if terms is None else max(0, terms.reserve_units - facts.reserved.get(place, 0))
    return StockAmount(
        source_id=site_id,
        sku=sku,
        available_units=available,
        on_hand_units=on_hand,
        safety_units=facts.safety.get(place, 0),
        reserve_units=lacking,
        unit_cost_minor=cost_minor,
        lots=_free_lots(facts, place, available),
    )


def _free_lots(facts: SourcingFacts, place: Place, available: int) -> tuple[Lot, ...]:
    """The lots of the available units: what others hold is taken to be what expires first, as it ships first."""
    lots = facts.lots.get(place, ())
    others = max(0, sum(units for _, units in lots) - available)
    free = []
    for day, units in lots:
        taken = min(units, others)
        others -= taken
        days = _NEVER_DAYS if day is None else (day - facts.today[place[0]]).days
        if units > taken and days >= 0:
            free.append(Lot(units=units - taken, days_to_expiry=days))
    return tuple(free)


def _expected_at(offer_id: str) -> datetime | None:
    stage, _, moment = offer_id.partition("@")
    return None if stage == Stage.BACKORDER else datetime.fromisoformat(moment.replace("Z", "+00:00"))
