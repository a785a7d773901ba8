"""Blind counts: a sheet without figures, what was found, and its approval, which corrects the books.

What is held or committed stays promised though it was not found: it is a shortfall then, told as a warning, and made up
for from the next units that become free (`shortfalls`).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import ADJUSTED, GOOD
from solver.stock.model import StockLevel
from solver.stock.physical.corrections import fall
from solver.stock.physical.count_model import Count, CountLine, CountState, CountWarning
from solver.stock.physical.lots import with_expiry
from solver.stock.physical.papers import Papers
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import lying, merged, move, outside
from solver.stock.physical.states import StockState
from solver.stock.posting import post_moves
from solver.stock.stock import Stock
from solver.storage.database import Reader, Transaction

COUNT_APPROVED = "stock_count_approved"

_papers = Papers(kind="count", noun=Count)


class Counts:
    """Counts by their callers' ids."""

    def __init__(self, journal: Journal, stock: Stock) -> None:
        self._journal = journal
        self._stock = stock

    def open(
        self,
        tx: Transaction,
        count_id: str,
        site_id: str,
        *,
        zone: str = "",
        bin_: str = "",
        skus: Collection[str] = (),
    ) -> Count:
        """Begin a count of what lies at a site, or in a zone or bin of it, or of some SKUs.

        Raises StateConflict (COUNT_EXISTS).
        """
        scope = StockPlace(site_id=site_id, zone=zone, bin=bin_)
        levels = self._stock.places.levels(tx, skus=skus or None, site_ids=(site_id,))
        count = Count(
            count_id=count_id,
            site_id=site_id,
            state=CountState.OPEN,
            opened_at=self._journal.now(tx),
            lines=tuple(_line(level.place, level.sku, level.state) for level in levels if scope.covers(level.place)),
        )
        _papers.open(tx, count)
        return count

    def submit(self, tx: Transaction, count_id: str, found: Sequence[CountLine]) -> Count:
        """Note what was found at these lines; lines that are not on the sheet are added. The last one ends the count.

        Raises NotFound, StateConflict (COUNT_COUNTED and so on), and InvalidRequest for a line without a figure or with
        another expiry than its lot's.
        """
        count = _papers.find(tx, count_id)
        _papers.refuse_unless(count, CountState.OPEN)
        lines = {_key(line): line for line in count.lines}
        violations = Violations()
        for position, line in enumerate(found):
            at = f"lines[{position}]"
            counted = line.counted_units is not None
            violations.require(counted, f"{at}.counted_units", None, "say how many were found; 0 for none")
            place = with_expiry(tx, line.place(count.site_id), line.sku, at, violations, may_be_new=True)
            expected = self._stock.places.at(tx, place, line.sku, line.state)
            known = replace(line, expires_on=place.expires_on, expected_units=expected)
            lines[_key(known)] = known
        violations.refuse_any("the lines of the count")
        open_yet = any(line.counted_units is None for line in lines.values())
        state = CountState.OPEN if open_yet else CountState.COUNTED
        counted_now = replace(count, lines=tuple(lines.values()), state=state)
        _papers.keep(tx, counted_now)
        return counted_now

    def approve(self, tx: Transaction, count_id: str) -> Count:
        """Correct the books by every difference. What is promised beyond the count is told in `warnings`.

        Raises NotFound, StateConflict, and StockShort where units that were not found have left their place meanwhile:
        reject the count then and count again.
        """
        self._stock.sweep(tx)
        count = _papers.find(tx, count_id)
        _papers.refuse_unless(count, CountState.COUNTED)
        transfers = self._corrections(tx, count)
        found = [(line.place(count.site_id), line.sku) for line in count.lines if line.difference_units > 0]
        self._stock.places.note_arrivals(tx, found)
        entry_id = 0
        if transfers:
            corrected = merged(transfers)
            entry_id = post_moves(self._journal, self._stock.places, tx, COUNT_APPROVED, count_id, corrected).entry_id
        levels = self._stock.levels(tx, site_ids=(count.site_id,), skus={line.sku for line in count.lines})
        approved = replace(
            count,
            state=CountState.APPROVED,
            entry_id=entry_id,
            warnings=tuple(_warning(level) for level in levels if level.missing),
        )
        _papers.keep(tx, approved)
        return approved

    def reject(self, tx: Transaction, count_id: str, remark: str) -> Count:
        """End a count without any effect on the books. Raises NotFound, StateConflict."""
        count = _papers.find(tx, count_id)
        _papers.refuse_unless(count, CountState.OPEN, CountState.COUNTED)
        rejected = replace(count, state=CountState.REJECTED, remark=remark)
        _papers.keep(tx, rejected)
        return rejected

    def find(self, reader: Reader, count_id: str) -> Count:
        """A count as it is now. Raises NotFound."""
        return _papers.find(reader, count_id)

    def all(
        self, reader: Reader, *, site_ids: Collection[str] = (), states: Collection[CountState] = ()
    ) -> tuple[Count, ...]:
        """The counts at these sites in these states, ordered by id."""
        return _papers.all(reader, site_ids=site_ids, states=states)

    def _corrections(self, reader: Reader, count: Count) -> list[Transfer]:
        skus = {line.sku for line in count.lines}
        free = {
            sku: of.get(count.site_id, 0) for sku, of in self._journal.available(reader, Book.STOCK, GOOD, skus).items()
        }
        for line in count.lines:  # what was only misplaced is found elsewhere, by the same count
            if line.state is StockState.GOOD and line.difference_units > 0:
                free[line.sku] += line.difference_units
        transfers: list[Transfer] = []
        for line in count.lines:
            place, units = line.place(count.site_id), line.difference_units
            corrected, side = outside(ADJUSTED, line.sku), lying(place, line.sku, line.state)
            if units > 0:
                transfers += move(units, of=corrected, to=side)
            elif units < 0 and line.state is StockState.GOOD:
                freely = min(-units, max(0, free[line.sku]))
                free[line.sku] -= freely
                transfers += fall(place, line.sku, freely, -units - freely, corrected)
            elif units < 0:
                transfers += move(-units, of=side, to=corrected)
        return transfers


def blind(count: Count) -> Count:
    """The count as its counter may see it: without what the books expect until all is counted."""
    if count.state is not CountState.OPEN:
        return count
    return replace(count, lines=tuple(replace(line, expected_units=None) for line in count.lines))


def _line(place: StockPlace, sku: str, state: StockState) -> CountLine:
    return CountLine(sku=sku, state=state, zone=place.zone, bin=place.bin, lot=place.lot, expires_on=place.expires_on)


def _key(line: CountLine) -> tuple[str, StockState, str]:
    return (line.sku, line.state, line.place("").place_id)


def _warning(level: StockLevel) -> CountWarning:
    return CountWarning(
        sku=level.sku,
        on_hand_units=level.on_hand,
        held_units=level.held,
        committed_units=level.committed,
        missing_units=level.missing,
    )
