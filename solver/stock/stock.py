"""Stock as a view over the journal: every unit moves by a transfer, every figure is a balance."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from solver.errors import NotFound, StockShort, Violations
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import MAX_AMOUNT, Balance, Book, ByUnit, Entry, EntryState, Transfer
from solver.stock.accounts import COMMITTED, GOOD, adjusted, committed, good, supply
from solver.stock.model import Claim, Movement, StockLevel
from solver.storage.database import Database, Reader, Transaction

RECEIVED = "stock_received"
ADJUSTED_BY = "stock_adjusted"
HELD = "stock_held"


class Stock:
    """What lies where, what is promised, and what may still be promised."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def receive(self, tx: Transaction, movements: Sequence[Movement], reference: str) -> Entry:
        """Book units in. Raises InvalidRequest when there are none or units are not positive."""
        _refuse_invalid("receipt", "movements", movements, signed=False)
        return self._journal.post(
            tx,
            RECEIVED,
            reference,
            [
                Transfer(debit=good(site_id, sku), credit=supply(sku), amount=units)
                for (site_id, sku), units in _sums(movements)
            ],
        )

    def adjust(self, tx: Transaction, movements: Sequence[Movement], reference: str) -> Entry:
        """Correct what is on hand, up or down.

        Raises StockShort naming every site and SKU where the fall exceeds what is available, and InvalidRequest when
        there are no movements or they cancel out; nothing is adjusted then.
        """
        _refuse_invalid("adjustment", "movements", movements, signed=True)
        self._journal.expire_due(tx)
        transfers = [_adjustment(site_id, sku, units) for (site_id, sku), units in _sums(movements)]
        try:
            return self._journal.post(tx, ADJUSTED_BY, reference, transfers)
        except GuardRefused as refused:
            raise _stock_short("adjustment", reference, refused) from refused

    def hold(self, tx: Transaction, hold_id: str, claims: Sequence[Claim], expires_at: datetime) -> Entry:
        """Set every claim aside or none; claims on the same site and SKU add up. No claims make an empty hold.

        Sweeps due holds first. Raises StockShort naming every short site and SKU with wanted and available;
        StateConflict (HOLD_EXISTS); InvalidRequest when units are not positive or `expires_at` is not later than `now`.
        Nothing is held then.
        """
        if claims:
            _refuse_invalid("hold", "claims", claims, signed=False)
        self._journal.expire_due(tx)
        transfers = [
            Transfer(debit=committed(site_id, sku), credit=good(site_id, sku), amount=units)
            for (site_id, sku), units in _sums(claims)
        ]
        try:
            return self._journal.hold(tx, HELD, hold_id, transfers, expires_at)
        except GuardRefused as refused:
            raise _stock_short("hold", hold_id, refused) from refused

    def confirm(self, tx: Transaction, hold_id: str) -> Entry:
        """Commit what was held. Raises NotFound, or StateConflict: HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED."""
        return self._journal.confirm(tx, self._entry_id(tx, hold_id))

    def release(self, tx: Transaction, hold_id: str) -> Entry:
        """Give back what was held. Raises what `confirm` raises."""
        return self._journal.release(tx, self._entry_id(tx, hold_id))

    def hold_state(self, reader: Reader, hold_id: str) -> EntryState:
        """Where the hold stands now. Raises NotFound."""
        return self._journal.state(reader, self._entry_id(reader, hold_id))

    def now(self, reader: Reader) -> datetime:
        """The journal's time: holds expire by this, so count their expiry from this."""
        return self._journal.now(reader)

    def expire_due(self, tx: Transaction) -> tuple[str, ...]:
        """Void every hold whose expiry has come; returns their ids, earliest expiry first."""
        return self._journal.expire_due(tx)

    def sweep_if_due(self, database: Database) -> tuple[str, ...]:
        """`expire_due` in a transaction of its own, at the cost of one indexed read when nothing is due."""
        with database.read() as reader:
            if not self._journal.has_due(reader):
                return ()
        with database.write() as tx:
            return self._journal.expire_due(tx)

    def available(self, reader: Reader, skus: Collection[str]) -> ByUnit:
        """sku -> site -> units that may still be promised; sites that never had the SKU are left out.

        Holds that are due do not count, swept or not. Fast enough for every decision.
        """
        return self._journal.available(reader, Book.STOCK, GOOD, skus)

    def held(self, reader: Reader, skus: Collection[str]) -> ByUnit:
        """sku -> site -> units held by anyone; sites with none are left out. Tells "held by others" from "none"."""
        return self._journal.held(reader, Book.STOCK, GOOD, skus)

    def levels(
        self, reader: Reader, *, skus: Collection[str] | None = None, site_ids: Collection[str] | None = None
    ) -> tuple[StockLevel, ...]:
        """The level of every SKU at every site that ever had it, within the filters given, ordered by SKU and site."""
        balances = self._journal.balances(reader, Book.STOCK, (GOOD, COMMITTED), site_ids, skus)
        of: dict[str, dict[tuple[str, str], Balance]] = {GOOD: {}, COMMITTED: {}}
        for balance in balances:
            of[balance.account.kind][balance.account.unit, balance.account.holder] = balance
        return tuple(_level(of[GOOD][place], of[COMMITTED].get(place)) for place in sorted(of[GOOD]))

    def _entry_id(self, reader: Reader, hold_id: str) -> int:
        entry = self._journal.find_hold(reader, HELD, hold_id)
        if entry is None:
            raise NotFound(f"there is no hold {hold_id}", metadata={"hold_id": hold_id})
        return entry.entry_id


def _level(good_balance: Balance, committed_balance: Balance | None) -> StockLevel:
    committed_units = 0 if committed_balance is None else committed_balance.posted
    return StockLevel(
        site_id=good_balance.account.holder,
        sku=good_balance.account.unit,
        on_hand=good_balance.posted + committed_units,
        held=good_balance.credits_pending,
        committed=committed_units,
        available=good_balance.available,
    )


def _adjustment(site_id: str, sku: str, units: int) -> Transfer:
    if units > 0:
        return Transfer(debit=good(site_id, sku), credit=adjusted(sku), amount=units)
    return Transfer(debit=adjusted(sku), credit=good(site_id, sku), amount=-units)


def _sums(rows: Iterable[Claim | Movement]) -> list[tuple[tuple[str, str], int]]:
    """Units per (site, SKU) in order of first mention, without those that cancel out."""
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        place = (row.site_id, row.sku)
        sums[place] = sums.get(place, 0) + row.units
    return [(place, units) for place, units in sums.items() if units != 0]


def _refuse_invalid(what: str, path: str, rows: Sequence[Claim | Movement], *, signed: bool) -> None:
    violations = Violations()
    for index, row in enumerate(rows):
        at = f"{path}[{index}]"
        violations.require(row.site_id != "", f"{at}.site_id", row.site_id, "name a site")
        violations.require(row.sku != "", f"{at}.sku", row.sku, "name a SKU")
        if signed:
            violations.require(
                abs(row.units) <= MAX_AMOUNT, f"{at}.units", row.units, f"at most {MAX_AMOUNT} either way"
            )
        else:
            violations.require(0 < row.units <= MAX_AMOUNT, f"{at}.units", row.units, f"between 1 and {MAX_AMOUNT}")
    if not violations.found:
        sums = _sums(rows)
        violations.require(bool(sums), path, [], "give at least one that changes something")
        for (site_id, sku), units in sums:
            violations.require(abs(units) <= MAX_AMOUNT, path, units, f"at most {MAX_AMOUNT} of {site_id}/{sku} in all")
    violations.refuse_any(what)


def _stock_short(what: str, subject: str, refused: GuardRefused) -> StockShort:
    metadata = {
        f"{short.account.holder}/{short.account.unit}": f"wanted {short.wanted}, available {short.available}"
        for short in refused.shortages
    }
    listed = "; ".join(f"{place}: {figures}" for place, figures in metadata.items())
    return StockShort(f"{what} {subject} asks for more than is available: {listed}", metadata=metadata)
