"""What a drop-shipper said nothing about for too long is not sold: it is `stale` until he reports again."""

from collections.abc import Collection
from datetime import datetime

from solver.journal.journal import Journal
from solver.journal.model import Balance, Book, Transfer
from solver.stock.accounts import GOOD
from solver.stock.layers.following_sites import changes_of_good, follow_good
from solver.stock.partners.report_rows import ReportedLevel, stale_reports, unwatch_reports
from solver.stock.physical.picking import Places
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import lying, merged, move
from solver.stock.physical.states import StockState
from solver.storage.database import Reader, Transaction

STALE = "stock_stale"
FRESH = "stock_fresh_again"


def has_stale(journal: Journal, reader: Reader, now: datetime) -> bool:
    """True where `withdraw_stale` would take something out of sale. One indexed read where no report is stale."""
    balances = (good_balance(journal, reader, report) for report in stale_reports(reader, now))
    return any(balance is not None and balance.available > 0 for balance in balances)


def withdraw_stale(journal: Journal, places: Places, tx: Transaction, now: datetime) -> None:
    """Take every free unit of a stale report out of sale; what others hold follows when it becomes free."""
    transfers: list[Transfer] = []
    drained = []
    for report in stale_reports(tx, now):
        balance = good_balance(journal, tx, report)
        free = 0 if balance is None else max(0, balance.available)
        if free:
            of, to = StockState.GOOD, StockState.STALE
            for place, units in places.draw(tx, StockPlace(site_id=report.site_id), report.sku, free, of):
                transfers += move(units, of=lying(place, report.sku, of), to=lying(place, report.sku, to))
        if balance is None or balance.posted == free:
            drained.append(report)
    if drained:
        unwatch_reports(tx, drained)
    if transfers:
        following = follow_good(journal, tx, changes_of_good(transfers))
        journal.post(tx, STALE, "", [*merged(transfers), *following])


def revive(journal: Journal, places: Places, tx: Transaction, site_id: str, skus: Collection[str]) -> None:
    """Let stale units of a site be good again: their drop-shipper has spoken, and what he said is booked next."""
    transfers: list[Transfer] = []
    of, to = StockState.STALE, StockState.GOOD
    for one in journal.balances(tx, Book.STOCK, (of,), (site_id,), skus):
        sku = one.account.unit
        if one.posted:
            drawn = places.draw(tx, StockPlace(site_id=site_id), sku, one.posted, of)
            places.note_arrivals(tx, [(place, sku) for place, _ in drawn])  # a lot may have expired meanwhile
            for place, units in drawn:
                transfers += move(units, of=lying(place, sku, of), to=lying(place, sku, to))
    if transfers:
        following = follow_good(journal, tx, changes_of_good(transfers))
        journal.post(tx, FRESH, site_id, [*merged(transfers), *following])


def good_balance(journal: Journal, reader: Reader, report: ReportedLevel) -> Balance | None:
    """The sellable units of the report's site and SKU, if it ever had any."""
    found = journal.balances(reader, Book.STOCK, (GOOD,), (report.site_id,), (report.sku,))
    return found[0] if found else None
