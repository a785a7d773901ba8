"""What a plan takes that is not there yet: units of consignments that are expected at a time, or backorders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import (
    BACKORDERABLE,
    INCOMING,
    backorderable,
    backordered,
    incoming,
    incoming_committed,
)
from solver.stock.expected.coming import coming_of
from solver.stock.rows import stock_short
from solver.storage.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterClaim:
    """So many units of a SKU that a site awaits at a time; None: backordered."""

    site_id: str
    sku: str
    units: int
    expected_at: datetime | None


def later_transfers(journal: Journal, reader: Reader, hold_id: str, claims: Sequence[LaterClaim]) -> list[Transfer]:
    """The transfers that hold these claims, of consignments in the order of their ids.

    Raises StockShort naming every site, SKU and time where less is left.
    """
    if not claims:
        return []
    skus = {claim.sku for claim in claims}
    beyond = journal.available(reader, Book.STOCK, BACKORDERABLE, skus)
    awaited = journal.available(reader, Book.STOCK, INCOMING, skus)
    coming = coming_of(reader, {key for of in awaited.values() for key, units in of.items() if units})
    transfers, short = [], []
    for claim in claims:
        left = claim.units
        if claim.expected_at is None:
            taken = min(left, beyond[claim.sku].get(claim.site_id, 0))
            transfers += _backorder(claim, taken)
            left -= taken
        else:
            fit = [
                one.consignment_id
                for one in coming.values()
                if (one.site_id, one.expected_at) == (claim.site_id, claim.expected_at)
            ]
            for consignment_id in sorted(fit):
                taken = min(left, awaited[claim.sku].get(consignment_id, 0))
                transfers += _promise(consignment_id, claim.sku, taken)
                left -= taken
        if left:
            when = "backorder" if claim.expected_at is None else claim.expected_at.isoformat()
            short.append(((claim.site_id, claim.sku, when), claim.units, claim.units - left))
    if short:
        raise stock_short("hold", hold_id, short)
    return transfers


def _backorder(claim: LaterClaim, units: int) -> list[Transfer]:
    place = (claim.site_id, claim.sku)
    return [Transfer(debit=backordered(*place), credit=backorderable(*place), amount=units)] if units else []


def _promise(consignment_id: str, sku: str, units: int) -> list[Transfer]:
    promised, free = incoming_committed(consignment_id, sku), incoming(consignment_id, sku)
    return [Transfer(debit=promised, credit=free, amount=units)] if units else []
