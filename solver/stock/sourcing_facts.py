"""What a decision may want to know of stock beside what is available: most orders meet none of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from solver.journal.journal import Journal
from solver.journal.model import Book, ByUnit
from solver.stock.accounts import BACKORDERABLE
from solver.stock.expected.incoming import Expected, expected
from solver.stock.partners.dealer_rows import DealerTerms, terms_of
from solver.stock.physical.picking import Places
from solver.stock.physical.states import StockState
from solver.stock.rows import Place
from solver.stock.safety import safety_of
from solver.storage.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingFacts:
    """By site and SKU. `lots` are the good units by the last day on which they may be sold (None: any day), the first
    to expire first, where any expire; held and committed units are among them. `reserved` are set apart already.
    """

    incoming: tuple[Expected, ...]
    backorderable: ByUnit
    terms: dict[Place, DealerTerms]
    reserved: dict[Place, int]
    safety: dict[Place, int]
    lots: dict[Place, tuple[tuple[date | None, int], ...]]
    today: dict[str, date]


NO_FACTS = SourcingFacts(incoming=(), backorderable={}, terms={}, reserved={}, safety={}, lots={}, today={})


def sourcing_facts(journal: Journal, places: Places, reader: Reader, skus: Collection[str]) -> SourcingFacts | None:
    """All such facts of these SKUs; None, after four indexed reads, where there are none."""
    incoming = [one for one in expected(journal, reader, skus, places.day_of) if one.free_units]
    backorderable = journal.available(reader, Book.STOCK, BACKORDERABLE, skus)
    terms, safety = terms_of(reader, skus), safety_of(reader, skus)
    expiring = reader.query_within(
        "SELECT DISTINCT sku FROM stock_place WHERE watched = 1 AND sku IN (?)", (list(skus),)
    )
    may_backorder = any(units for of in backorderable.values() for units in of.values())
    if not (incoming or may_backorder or terms or safety or expiring):
        return None
    lots = _lots(places, reader, {sku for (sku,) in expiring})
    return SourcingFacts(
        incoming=tuple(incoming),
        backorderable=backorderable,
        terms=terms,
        reserved=_reserved(journal, reader, terms),
        safety=safety,
        lots=lots,
        today={site_id: places.today(reader, site_id) for site_id, _ in lots},
    )


def _reserved(journal: Journal, reader: Reader, terms: Collection[Place]) -> dict[Place, int]:
    if not terms:
        return {}
    sites, skus = {site_id for site_id, _ in terms}, {sku for _, sku in terms}
    found = journal.balances(reader, Book.STOCK, (StockState.RESERVED,), sites, skus)
    return {(one.account.holder, one.account.unit): one.posted for one in found}


def _lots(places: Places, reader: Reader, skus: Collection[str]) -> dict[Place, tuple[tuple[date | None, int], ...]]:
    if not skus:
        return {}
    units: dict[Place, dict[date | None, int]] = {}
    for level in places.levels(reader, skus=skus):
        if level.state is StockState.GOOD:
            of = units.setdefault((level.place.site_id, level.sku), {})
            of[level.place.expires_on] = of.get(level.place.expires_on, 0) + level.units
    return {
        place: tuple(sorted(of.items(), key=lambda pair: pair[0] or date.max))
        for place, of in units.items()
        if any(day is not None for day in of)
    }
