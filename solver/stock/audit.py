"""What must hold between the books of stock, besides what holds of every book."""

from solver.journal.journal import Journal
from solver.journal.model import Book, Discrepancy
from solver.stock.accounts import COMMITTED, GOOD
from solver.stock.physical.place_rows import all_rows
from solver.stock.physical.sides import SHORTFALL
from solver.stock.physical.states import StockState
from solver.storage.database import Reader

Sums = dict[tuple[str, str, StockState], int]


def audit_places(journal: Journal, reader: Reader) -> tuple[Discrepancy, ...]:
    """Every site, SKU and state whose places do not add up to it; empty when all do."""
    of_sites, of_places = _by_site(journal, reader), _by_place(journal, reader)
    return tuple(
        Discrepancy(
            rule="places_add_up_to_their_site",
            where=f"{site_id}/{sku}/{state}",
            expected=f"{of_sites.get((site_id, sku, state), 0)} by the site",
            found=f"{of_places.get((site_id, sku, state), 0)} by its places",
        )
        for site_id, sku, state in sorted(of_sites.keys() | of_places.keys())
        if of_sites.get((site_id, sku, state), 0) != of_places.get((site_id, sku, state), 0)
    )


def _by_site(journal: Journal, reader: Reader) -> Sums:
    sums: Sums = {}
    for one in journal.balances(reader, Book.STOCK, (COMMITTED, SHORTFALL, *StockState)):
        at_good = one.account.kind in (GOOD, COMMITTED, SHORTFALL)
        state = StockState.GOOD if at_good else StockState(one.account.kind)
        _add(sums, (one.account.holder, one.account.unit, state), one.posted)
    return sums


def _by_place(journal: Journal, reader: Reader) -> Sums:
    sites = {row.place.place_id: row.place.site_id for row in all_rows(reader)}
    sums: Sums = {}
    for one in journal.balances(reader, Book.PLACES, tuple(StockState)):
        site_id = sites.get(one.account.holder, f"unknown place {one.account.holder}")
        _add(sums, (site_id, one.account.unit, StockState(one.account.kind)), one.posted)
    return sums


def _add(sums: Sums, key: tuple[str, str, StockState], units: int) -> None:
    sums[key] = sums.get(key, 0) + units
