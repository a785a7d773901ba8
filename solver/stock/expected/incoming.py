"""What is on its way to sites, by the day on which it is expected there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import INCOMING, INCOMING_COMMITTED
from solver.stock.expected.coming import coming_of
from solver.stock.physical.days import DayOf
from solver.stock.rows import Place
from solver.storage.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Units of a SKU that one consignment brings to a site, when and on which day of its calendar, and what is free."""

    place: Place
    expected_at: datetime
    day: date
    consignment_id: str
    units: int
    free_units: int


def expected(journal: Journal, reader: Reader, skus: Collection[str], day_of: DayOf) -> list[Expected]:
    """All that is on its way of these SKUs, in the order of days, places and consignments."""
    units: dict[tuple[str, str], list[int]] = {}
    for balance in journal.balances(reader, Book.STOCK, (INCOMING, INCOMING_COMMITTED), None, skus):
        of = units.setdefault((balance.account.holder, balance.account.unit), [0, 0])
        of[0] += balance.posted
        of[1] += balance.available if balance.account.kind == INCOMING else 0
    coming = coming_of(reader, {consignment_id for (consignment_id, _), (all_units, _) in units.items() if all_units})
    found = [
        Expected(
            place=(coming[consignment_id].site_id, sku),
            expected_at=coming[consignment_id].expected_at,
            day=day_of(coming[consignment_id].site_id, coming[consignment_id].expected_at),
            consignment_id=consignment_id,
            units=all_units,
            free_units=free,
        )
        for (consignment_id, sku), (all_units, free) in units.items()
        if all_units
    ]
    return sorted(found, key=lambda one: (one.day, one.place, one.consignment_id))
