"""Holds that callers place, extend and give back themselves, such as for a cart. Each is known by its caller's name.

In the journal every change of a hold is a hold of its own, and the one before is released.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.errors import NotFound, StateConflict, Violations
from solver.journal.journal import Journal
from solver.journal.model import Book, EntryState, Transfer
from solver.stock.accounts import BACKORDERABLE, GOOD, backorderable, backordered, committed, good
from solver.stock.backorders import cover
from solver.stock.model import Claim, HeldUnits, StockHold
from solver.stock.rows import Place, refuse_invalid, stock_short, sums
from solver.storage.database import Reader, Transaction

PLACED = "stock_hold_placed"

HOLD_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_hold (
    hold_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    entry_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Revision:
    """Which of a hold's journal entries stands for it now."""

    number: int
    entry_id: int


class Holds:
    """Holds by their callers' names. One name is one hold."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def place(self, tx: Transaction, hold_id: str, claims: Sequence[Claim], hold_for: timedelta) -> None:
        """Hold exactly these claims, for so long from now, all or none; claims on the same site and SKU add up.

        A hold of this name that still stands is replaced, and does not count against itself. What is not there is
        backordered where the site's limit allows it. Raises StockShort naming every short site and SKU, StateConflict
        (HOLD_CONFIRMED) and InvalidRequest; the caller's transaction must then end without effect.
        """
        refuse_invalid("hold", "claims", claims, signed=False)
        self._journal.expire_due(tx)
        current = self._current(tx, hold_id)
        state = None if current is None else self._journal.state(tx, current.entry_id)
        if state is EntryState.CONFIRMED:
            raise StateConflict(
                f"hold {hold_id} is confirmed already", reason="HOLD_CONFIRMED", metadata={"hold_id": hold_id}
            )
        if current is not None and state is EntryState.HELD:
            self._journal.release(tx, current.entry_id)
        self._hold(tx, hold_id, current, sums(claims), self._journal.now(tx) + hold_for)

    def confirm(self, tx: Transaction, hold_id: str) -> None:
        """Commit what is held; backordered units are taken from what has come meanwhile, the others stay owed.

        Raises NotFound, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
        """
        entry_id = self._known(tx, hold_id).entry_id
        self._journal.confirm(tx, entry_id)
        owed = [(one.site_id, one.sku) for one in self._contents(tx, entry_id) if one.backordered_units]
        cover(self._journal, tx, owed, hold_id)

    def release(self, tx: Transaction, hold_id: str, claims: Sequence[Claim] = ()) -> None:
        """Give these units back and keep the others until the same expiry; no claims: give everything back.

        Raises InvalidRequest for more than is held, and what `confirm` raises; the caller's transaction must then end
        without effect.
        """
        current = self._known(tx, hold_id)
        hold = self._journal.find(tx, current.entry_id)
        assert hold is not None
        assert hold.expires_at is not None
        self._journal.release(tx, current.entry_id)
        if not claims:
            return
        refuse_invalid("release", "claims", claims, signed=False)
        left = {(one.site_id, one.sku): one.units for one in self._contents(tx, current.entry_id)}
        violations = Violations()
        for place, units in sums(claims):
            held = left.get(place, 0)
            violations.require(units <= held, "claims", units, f"only {held} of {'/'.join(place)} are held")
            left[place] = held - units
        violations.refuse_any("the release")
        kept = [(place, units) for place, units in left.items() if units]
        if kept:
            self._hold(tx, hold_id, current, kept, hold.expires_at)

    def find(self, reader: Reader, hold_id: str) -> StockHold:
        """The hold as it stands now. Raises NotFound."""
        entry_id = self._known(reader, hold_id).entry_id
        entry = self._journal.find(reader, entry_id)
        assert entry is not None
        assert entry.expires_at is not None
        return StockHold(
            hold_id=hold_id,
            state=self._journal.state(reader, entry_id),
            expires_at=entry.expires_at,
            contents=self._contents(reader, entry_id),
        )

    def _hold(
        self,
        tx: Transaction,
        hold_id: str,
        current: _Revision | None,
        wanted: Sequence[tuple[Place, int]],
        expires_at: datetime,
    ) -> None:
        number = 1 if current is None else current.number + 1
        transfers = self._transfers(tx, hold_id, wanted)
        entry = self._journal.hold(tx, PLACED, f"{hold_id}/{number}", transfers, expires_at)
        tx.execute(
            """INSERT INTO stock_hold (hold_id, revision, entry_id) VALUES (?, ?, ?)
               ON CONFLICT (hold_id) DO UPDATE SET revision = excluded.revision, entry_id = excluded.entry_id""",
            (hold_id, number, entry.entry_id),
        )

    def _transfers(self, reader: Reader, hold_id: str, wanted: Sequence[tuple[Place, int]]) -> list[Transfer]:
        """Out of what is there, and beyond it out of what may be backordered."""
        skus = {sku for (_, sku), _ in wanted}
        there = self._journal.available(reader, Book.STOCK, GOOD, skus)
        beyond = self._journal.available(reader, Book.STOCK, BACKORDERABLE, skus)
        transfers, short = [], []
        for (site_id, sku), units in wanted:
            available, more = there[sku].get(site_id, 0), beyond[sku].get(site_id, 0)
            if units > available + more:
                short.append(((site_id, sku), units, available + more))
                continue
            first = min(units, available)
            if first:
                transfers.append(Transfer(debit=committed(site_id, sku), credit=good(site_id, sku), amount=first))
            if units > first:
                owed, leave = backordered(site_id, sku), backorderable(site_id, sku)
                transfers.append(Transfer(debit=owed, credit=leave, amount=units - first))
        if short:
            raise stock_short("hold", hold_id, short)
        return transfers

    def _contents(self, reader: Reader, entry_id: int) -> tuple[HeldUnits, ...]:
        units: dict[Place, list[int]] = {}
        for transfer in self._journal.transfers(reader, entry_id):
            of = units.setdefault((transfer.credit.holder, transfer.credit.unit), [0, 0])
            of[0] += transfer.amount
            of[1] += transfer.amount if transfer.credit.kind == BACKORDERABLE else 0
        return tuple(
            HeldUnits(site_id=site_id, sku=sku, units=held, backordered_units=owed)
            for (site_id, sku), (held, owed) in units.items()
        )

    def _current(self, reader: Reader, hold_id: str) -> _Revision | None:
        rows = reader.query("SELECT revision, entry_id FROM stock_hold WHERE hold_id = ?", (hold_id,))
        return _Revision(number=rows[0][0], entry_id=rows[0][1]) if rows else None

    def _known(self, reader: Reader, hold_id: str) -> _Revision:
        current = self._current(reader, hold_id)
        if current is None:
            raise NotFound(f"there is no hold {hold_id[:128]!r}", metadata={"hold_id": hold_id[:128]})
        return current
