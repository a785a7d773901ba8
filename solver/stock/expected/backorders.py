"""Promising more than is there: up to a limit for each site and SKU, and serving those promises when goods come."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

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
from solver.stock.expected.promises import Promised, standing_promises
from solver.stock.layers.entitlement import owed
from solver.stock.layers.following_sites import follow_good
from solver.stock.model import BackorderLimit
from solver.stock.rows import Place, stock_short
from solver.storage.database import Reader, Transaction

LIMITED = "backorders_limited"
COVERED = "backorders_covered"
KEPT = "stock_promise_kept"


def set_limits(journal: Journal, tx: Transaction, limits: Sequence[BackorderLimit], reference: str) -> None:
    """Say how many units each site may have promised beyond what is there; what is promised so already counts.

    Raises StockShort naming every place where more than the limit is promised already, and InvalidRequest when a place
    stands twice or a limit is negative. No limit is changed then. Sweep before.
    """
    _refuse_invalid(limits)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """Units that are owed to one hold, through its `seller`; or to nobody by name."""

    kind: str
    subject: str
    seller: str
    units: int
    promised: Promised | None


@dataclass(slots=True, kw_only=True)
class _Free:
    """What is free at a place; `come` of it came just now."""

    place: Place
    units: int
    come: int


def waiting_at(journal: Journal, reader: Reader, places: Collection[Place]) -> dict[Place, int]:
    """Units of confirmed backorders, at those of these places that owe any."""
    return {place: units for place, units in _posted(journal, reader, BACKORDERED, places).items() if units}


def all_waiting(journal: Journal, reader: Reader) -> dict[Place, int]:
    """Units of confirmed backorders, wherever any are owed."""
    found = journal.balances(reader, Book.STOCK, (BACKORDERED,))
    return {(one.account.holder, one.account.unit): one.posted for one in found if one.posted}


def cover(journal: Journal, tx: Transaction, places: Mapping[Place, int], reference: str) -> None:
    """Give what is available at these places to confirmed backorders there, as far as it goes, in order of promise.

    The number with a place is how many units came to it just now: backorders take of these before they are anyone's
    share. Of the others each takes what its channel may take, against no ceiling. Sweep before.
    """
    waiting = waiting_at(journal, tx, places)
    if not waiting:
        return
    available = journal.available(tx, Book.STOCK, GOOD, {sku for _, sku in waiting})
    for place, units in waiting.items():
        there = available[place[1]].get(place[0], 0)
        free = _Free(place=place, units=there, come=min(there, places[place]))
        for due in _in_order(journal, tx, place, units):
            if free.units <= 0:
                break
            _give(journal, tx, due, free, reference)


def _in_order(journal: Journal, tx: Transaction, place: Place, waiting: int) -> Iterator[_Due]:
    """To whom the units that wait are owed; first what a release promised that kept no order."""
    confirmed = list(standing_promises(journal, tx, ("", *place), EntryState.CONFIRMED))
    unnamed = waiting - sum(promised.units for promised, _ in confirmed)
    if unnamed > 0:
        yield _Due(kind=COVERED, subject="", seller="", units=unnamed, promised=None)
    for promised, standing in confirmed:
        subject, seller = standing.entry.subject, promised.seller
        yield _Due(kind=KEPT, subject=subject, seller=seller, units=promised.units, promised=promised)


def _give(journal: Journal, tx: Transaction, due: _Due, free: _Free, reference: str) -> None:
    subject = due.subject or reference
    come = min(due.units, free.come)
    if come:
        following = follow_good(journal, tx, {free.place: -come})
        _post(journal, tx, due.kind, subject, free.place, come, following)
    wanted = min(due.units, free.units) - come
    taken = 0
    if wanted:
        missing, drawn = owed(journal, tx, due.seller, free.place, wanted)
        taken = wanted - missing
        if taken:
            _post(journal, tx, due.kind, subject, free.place, taken, drawn)
    if due.promised is not None and come + taken:
        promises.fulfil(tx, due.promised, come + taken)
    free.units -= come + taken
    free.come -= come


def _post(
    journal: Journal, tx: Transaction, kind: str, subject: str, place: Place, units: int, layers: Sequence[Transfer]
) -> None:
    transfers = [
        Transfer(debit=committed(*place), credit=good(*place), amount=units),
        Transfer(debit=backorderable(*place), credit=backordered(*place), amount=units),
    ]
    journal.post(tx, kind, subject, [*transfers, *layers])


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
