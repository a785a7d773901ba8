"""The audit of promises: what is promised of everything awaited is what its accounts say."""

from collections import Counter

from solver.journal.journal import Journal
from solver.journal.model import Book, Discrepancy, EntryState
from solver.stock.accounts import BACKORDERABLE, BACKORDERED, INCOMING, INCOMING_COMMITTED
from solver.stock.expected.promises import Awaited, all_promises
from solver.stock.holding.standing import HoldName, find
from solver.storage.database import Reader

_PENDING, _POSTED = (BACKORDERABLE, INCOMING), (BACKORDERED, INCOMING_COMMITTED)
_LIVE = (EntryState.HELD, EntryState.CONFIRMED)


def audit_promises(journal: Journal, reader: Reader) -> tuple[Discrepancy, ...]:
    """Everything awaited of which more or less is promised by name than its accounts say.

    Backorders that a release confirmed which kept no order have no name; so of those there may be fewer.
    """
    by_account: Counter[tuple[str, str]] = Counter()
    for balance in journal.balances(reader, Book.STOCK, (*_PENDING, *_POSTED)):
        units = balance.credits_pending if balance.account.kind in _PENDING else balance.posted
        side = "" if balance.account.kind in (BACKORDERABLE, BACKORDERED) else "consignment "
        by_account[f"{side}{balance.account.holder}", balance.account.unit] += units
    by_name: Counter[tuple[str, str]] = Counter()
    stands: dict[HoldName, bool] = {}
    for one in all_promises(reader):
        if one.name not in stands:
            standing = find(journal, reader, one.name)
            stands[one.name] = standing is not None and journal.state(reader, standing.entry.entry_id) in _LIVE
        if stands[one.name]:
            by_name[_key(one.awaited)] += one.units
    return tuple(
        Discrepancy(
            rule="promises_are_what_is_awaited",
            where="/".join(key),
            expected=str(by_account[key]),
            found=str(by_name[key]),
        )
        for key in sorted(by_account.keys() | by_name.keys())
        if by_name[key] > by_account[key] or (by_name[key] < by_account[key] and key[0].startswith("consignment "))
    )


def _key(awaited: Awaited) -> tuple[str, str]:
    consignment_id, site_id, sku = awaited
    return (f"consignment {consignment_id}" if consignment_id else site_id, sku)
