"""From claims to the transfers of a hold: of what is there, then of what may be backordered; or of what is coming."""

from collections.abc import Iterable, Sequence

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import (
    BACKORDERABLE,
    GOOD,
    INCOMING,
    backorderable,
    backordered,
    committed,
    good,
    incoming,
    incoming_committed,
)
from solver.stock.expected.coming import coming_of
from solver.stock.holding.contents import slots_of
from solver.stock.layers import entitlement
from solver.stock.model import Claim
from solver.stock.rows import Place, refuse_invalid, stock_short, sums
from solver.storage.database import Reader


def claimed(
    journal: Journal, reader: Reader, hold_id: str, claims: Sequence[Claim], seller: str = ""
) -> list[Transfer]:
    """The transfers that hold exactly these claims; claims on the same site, SKU and consignment add up.

    `seller` is the channel it is for, which bounds what it may take of what is there. Raises InvalidRequest, also for a
    consignment that does not go to the site, and StockShort naming every site, SKU and consignment where less is
    available.
    """
    refuse_invalid("hold", "claims", claims, signed=False)
    _refuse_strange(reader, claims)
    there, there_short = _from_sites(journal, reader, [one for one in claims if not one.consignment_id])
    coming, coming_short = _from_consignments(journal, reader, [one for one in claims if one.consignment_id])
    taken = {(one.credit.holder, one.credit.unit): one.amount for one in there if one.credit.kind == GOOD}
    drawn = entitlement.draw(journal, reader, seller, taken)
    if there_short or coming_short or drawn.short:
        raise stock_short("hold", hold_id, [*there_short, *drawn.short, *coming_short])
    return [*there, *coming, *drawn.transfers]


def _refuse_strange(reader: Reader, claims: Sequence[Claim]) -> None:
    named = {one.consignment_id for one in claims if one.consignment_id}
    if not named:
        return
    known, violations = coming_of(reader, named), Violations()
    for position, claim in enumerate(claims):
        goes = not claim.consignment_id or (
            claim.consignment_id in known and known[claim.consignment_id].site_id == claim.site_id
        )
        remedy = f"no such consignment goes to {claim.site_id}; name one that does, or none"
        violations.require(goes, f"claims[{position}].consignment_id", claim.consignment_id, remedy)
    violations.refuse_any("the hold")


Short = tuple[tuple[str, ...], int, int]  # what is short, wanted, available


def _from_sites(journal: Journal, reader: Reader, claims: Iterable[Claim]) -> tuple[list[Transfer], list[Short]]:
    wanted: list[tuple[Place, int]] = sums(claims)
    skus = {sku for (_, sku), _ in wanted}
    there = journal.available(reader, Book.STOCK, GOOD, skus)
    lacking = {sku for (site_id, sku), units in wanted if units > there[sku].get(site_id, 0)}
    beyond = journal.available(reader, Book.STOCK, BACKORDERABLE, lacking) if lacking else {}
    transfers: list[Transfer] = []
    short: list[Short] = []
    for (site_id, sku), units in wanted:
        available, more = there[sku].get(site_id, 0), beyond.get(sku, {}).get(site_id, 0)
        if units > available + more:
            short.append(((site_id, sku), units, available + more))
            continue
        first = min(units, available)
        if first:
            transfers.append(Transfer(debit=committed(site_id, sku), credit=good(site_id, sku), amount=first))
        if units > first:
            owed, leave = backordered(site_id, sku), backorderable(site_id, sku)
            transfers.append(Transfer(debit=owed, credit=leave, amount=units - first))
    return transfers, short


def _from_consignments(journal: Journal, reader: Reader, claims: Iterable[Claim]) -> tuple[list[Transfer], list[Short]]:
    wanted = slots_of(claims)
    coming = journal.available(reader, Book.STOCK, INCOMING, {sku for _, sku, _ in wanted}) if wanted else {}
    transfers: list[Transfer] = []
    short: list[Short] = []
    for (site_id, sku, consignment_id), units in wanted.items():
        available = coming[sku].get(consignment_id, 0)
        if units > available:
            short.append(((site_id, sku, consignment_id), units, available))
            continue
        promised, free = incoming_committed(consignment_id, sku), incoming(consignment_id, sku)
        transfers.append(Transfer(debit=promised, credit=free, amount=units))
    return transfers, short
