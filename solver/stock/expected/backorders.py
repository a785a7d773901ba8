"""Promising more than is there: up to a limit for each site and SKU, and serving those promises when goods come."""

from collections.abc import Collection, Sequence

from solver.errors import Violations
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import MAX_AMOUNT, Book, EntryState, Transfer
from solver.stock.accounts import (
    BACKORDERABLE,
    BACKORDERED,
    GOOD,
    allowance,
    backorderable,
    backordered,
    committed,
    good,
)
from solver.stock.expected import promises
from solver.stock.expected.promises import standing_promises
from solver.stock.layers.following_sites import changes_of_good, follow_good
from solver.stock.model import BackorderLimit
from solver.stock.rows import Place, stock_short
from solver.storage.database import Reader, Transaction

LIMITED = "backorders_limited"
COVERED = "backorders_covered"
KEPT = "stock_promise_kept"


def set_limits(journal: Journal, tx: Transaction, limits: Sequence[BackorderLimit], reference: str) -> None:
    """Say how many units each site may have promised beyond what is there; what is promised so already counts.

    Raises StockShort naming every place where more than the limit is promised already, and InvalidRequest when a place
    stands twice or a limit is negative. No limit is changed then.
    """
    _refuse_invalid(limits)
    journal.expire_due(tx)
    places = [(limit.site_id, limit.sku) for limit in limits]
    used, free = _posted(journal, tx, BACKORDERED, places), _posted(journal, tx, BACKORDERABLE, places)
    transfers = []
    for place, limit in zip(places, limits, strict=True):
        more = limit.units - used.get(place, 0) - free.get(place, 0)
        leave, source = backorderable(*place), allowance(limit.sku)
        if more > 0:
            transfers.append(Transfer(debit=leave, credit=source, amount=more))
        elif more < 0:
            transfers.append(Transfer(debit=source, credit=leave, amount=-more))
    if not transfers:
        return
    try:
        journal.post(tx, LIMITED, reference, transfers)
    except GuardRefused as refused:
        short = (((one.account.holder, one.account.unit), one.wanted, one.available) for one in refused.shortages)
        raise stock_short("lowering the limits of backorders by", reference, short) from refused


def cover(journal: Journal, tx: Transaction, places: Collection[Place], reference: str) -> None:
    """Give what is available at these places to confirmed backorders there, as far as it goes, in order of promise."""
    owed = {place: units for place, units in _posted(journal, tx, BACKORDERED, places).items() if units}
    if not owed:
        return
    journal.expire_due(tx)
    available = journal.available(tx, Book.STOCK, GOOD, {sku for _, sku in owed})
    for place, units in owed.items():
        left = min(units, available[place[1]].get(place[0], 0))
        if left:
            _serve(journal, tx, place, units, left, reference)


def _serve(journal: Journal, tx: Transaction, place: Place, owed: int, left: int, reference: str) -> None:
    """`left` of the `owed` units to whom they were promised; first to those of a release that kept no order."""
    confirmed = list(standing_promises(journal, tx, ("", *place), EntryState.CONFIRMED))
    unnamed = min(left, owed - sum(promised.units for promised, _ in confirmed))
    if unnamed > 0:
        _give(journal, tx, COVERED, reference, place, unnamed)
        left -= unnamed
    for promised, standing in confirmed:
        units = min(left, promised.units)
        if units:
            _give(journal, tx, KEPT, standing.entry.subject, place, units)
            promises.fulfil(tx, promised, units)
            left -= units


def _give(journal: Journal, tx: Transaction, kind: str, subject: str, place: Place, units: int) -> None:
    transfers = [
        Transfer(debit=committed(*place), credit=good(*place), amount=units),
        Transfer(debit=backorderable(*place), credit=backordered(*place), amount=units),
    ]
    following = follow_good(journal, tx, changes_of_good(transfers))
    journal.post(tx, kind, subject, [*transfers, *following])


def _posted(journal: Journal, reader: Reader, kind: str, places: Collection[Place]) -> dict[Place, int]:
    sites, skus = {site_id for site_id, _ in places}, {sku for _, sku in places}
    of = {
        (balance.account.holder, balance.account.unit): balance.posted
        for balance in journal.balances(reader, Book.STOCK, (kind,), sites, skus)
    }
    return {place: of[place] for place in places if place in of}


def _refuse_invalid(limits: Sequence[BackorderLimit]) -> None:
    violations = Violations()
    seen: set[Place] = set()
    for position, limit in enumerate(limits):
        at, place = f"limits[{position}]", (limit.site_id, limit.sku)
        violations.require(0 <= limit.units <= MAX_AMOUNT, f"{at}.units", limit.units, f"between 0 and {MAX_AMOUNT}")
        violations.require(place not in seen, at, f"{limit.site_id}/{limit.sku}", "stands twice; name it once")
        seen.add(place)
    violations.refuse_any("the list of limits")
