"""The accounts of the stock book.

receive: supply -> good; adjust: adjusted <-> good; hold: good -> committed, pending until the hold is confirmed.
What may be promised beyond what is there: allowance <-> backorderable; hold: backorderable -> backordered, pending as
above; cover, when goods come: good -> committed and backordered -> backorderable.
What is on its way: supply or a site's good -> incoming; hold: incoming -> incoming_committed, pending as above; when it
arrives: incoming -> good, incoming_committed -> committed.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from solver.journal.model import AccountKey, Book

_Name = TypeVar("_Name", bound=Callable[..., AccountKey])

GOOD = "good"
COMMITTED = "committed"
SUPPLY = "supply"
ADJUSTED = "adjusted"  # the other side of counts, losses and finds
ALLOWANCE = "allowance"
BACKORDERABLE = "backorderable"
BACKORDERED = "backordered"
INCOMING = "incoming"
INCOMING_COMMITTED = "incoming_committed"
_MOST_REMEMBERED = 1 << 16


def _named(name: _Name) -> _Name:
    """The same, remembered: holds name the same accounts again and again, and each is looked up often."""
    remembered: _Name = lru_cache(maxsize=_MOST_REMEMBERED)(name)  # type: ignore[assignment]  # typeshed drops the arguments
    return remembered


@_named
def good(site_id: str, sku: str) -> AccountKey:
    """On hand and not committed. Guarded: what is held or gone can never exceed it."""
    return AccountKey(book=Book.STOCK, kind=GOOD, holder=site_id, unit=sku, guarded=True)


@_named
def committed(site_id: str, sku: str) -> AccountKey:
    """Confirmed for a customer and still on hand."""
    return AccountKey(book=Book.STOCK, kind=COMMITTED, holder=site_id, unit=sku, guarded=True)


def supply(sku: str) -> AccountKey:
    """Where receipts come from; its balance is minus everything ever received."""
    return AccountKey(book=Book.STOCK, kind=SUPPLY, holder="", unit=sku)


def allowance(sku: str) -> AccountKey:
    """Where leave to promise more than is there comes from; its balance is minus all limits together."""
    return AccountKey(book=Book.STOCK, kind=ALLOWANCE, holder="", unit=sku)


@_named
def backorderable(site_id: str, sku: str) -> AccountKey:
    """May be promised though it is not there. Guarded: never more than the limit is promised."""
    return AccountKey(book=Book.STOCK, kind=BACKORDERABLE, holder=site_id, unit=sku, guarded=True)


def backordered(site_id: str, sku: str) -> AccountKey:
    """Confirmed for a customer and still to come."""
    return AccountKey(book=Book.STOCK, kind=BACKORDERED, holder=site_id, unit=sku, guarded=True)


def incoming(consignment_id: str, sku: str) -> AccountKey:
    """On its way with this consignment and not committed. Guarded: never more is promised from it."""
    return AccountKey(book=Book.STOCK, kind=INCOMING, holder=consignment_id, unit=sku, guarded=True)


def incoming_committed(consignment_id: str, sku: str) -> AccountKey:
    """Confirmed for a customer and still on its way with this consignment."""
    return AccountKey(book=Book.STOCK, kind=INCOMING_COMMITTED, holder=consignment_id, unit=sku, guarded=True)
