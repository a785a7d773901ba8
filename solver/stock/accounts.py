"""The accounts of the stock book.

receive: supply -> good; adjust: adjusted <-> good; hold: good -> committed, pending until the hold is confirmed.
"""

from solver.journal.model import AccountKey, Book

GOOD = "good"
COMMITTED = "committed"
SUPPLY = "supply"
ADJUSTED = "adjusted"


def good(site_id: str, sku: str) -> AccountKey:
    """On hand and not committed. Guarded: what is held or gone can never exceed it."""
    return AccountKey(book=Book.STOCK, kind=GOOD, holder=site_id, unit=sku, guarded=True)


def committed(site_id: str, sku: str) -> AccountKey:
    """Confirmed for a customer and still on hand."""
    return AccountKey(book=Book.STOCK, kind=COMMITTED, holder=site_id, unit=sku, guarded=True)


def supply(sku: str) -> AccountKey:
    """Where receipts come from; its balance is minus everything ever received."""
    return AccountKey(book=Book.STOCK, kind=SUPPLY, holder="", unit=sku)


def adjusted(sku: str) -> AccountKey:
    """The other side of adjustments: counts, losses, finds."""
    return AccountKey(book=Book.STOCK, kind=ADJUSTED, holder="", unit=sku)
