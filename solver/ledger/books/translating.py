"""What waited for a rate, told in the base currency once the rate is there: in the order in which it was posted."""

from collections.abc import Callable

from solver.journal.journal import Journal
from solver.ledger.books import charting, declared, rates, translations, vouchers
from solver.ledger.books.carrying import Realised, carry
from solver.ledger.books.vouchers import LineRow, NewVoucher, VoucherRow
from solver.storage.database import Transaction

BookGains = Callable[[Transaction, NewVoucher, list[Realised]], None]
TakeBack = Callable[[Transaction, VoucherRow, NewVoucher], None]


class Translating:
    """Follows each queue as far as rates are known, in the caller's transaction."""

    def __init__(self, journal: Journal, book_gains: BookGains, take_back: TakeBack) -> None:
        self._journal = journal
        self._book_gains = book_gains
        self._take_back = take_back

    def follow(self, tx: Transaction) -> int:
        """Translate what can be; how many vouchers that are."""
        return sum(self._follow(tx, *queue) for queue in translations.queues(tx))

    def _follow(self, tx: Transaction, entity: str, currency: str, base: str) -> int:
        done = 0
        while waiting := translations.first_of(tx, entity, currency):
            rows = vouchers.by_ids(tx, waiting)
            for entry_id in waiting:
                if not self._translated(tx, rows[entry_id], base):
                    return done
                done += 1
        return done

    def _translated(self, tx: Transaction, row: VoucherRow, base: str) -> bool:
        """Whether a rate is there, and the voucher was translated by it; a reversal is worth what it takes back."""
        lines = vouchers.lines(tx, row.entry_id)
        worth = self._worth(tx, row, lines, base)
        if worth is None:
            return False
        translations.translate(tx, row.entry_id, worth)
        vouchers.add_worth(tx, lines, worth)
        new = self._as_new(tx, row, lines, worth, base)
        gains = carry(tx, new, charting.in_force(tx).carried)
        if gains:
            self._book_gains(tx, new, gains)
        if row.reverses is not None:
            for follower in vouchers.by_ids(tx, vouchers.followers_of(tx, row.reverses)).values():
                if vouchers.reversal_of(tx, follower.entry_id) is None:
                    self._take_back(tx, follower, new)
        return True

    def _worth(self, tx: Transaction, row: VoucherRow, lines: list[LineRow], base: str) -> list[int] | None:
        if row.reverses is not None:
            return [line.base_minor for line in vouchers.lines(tx, row.reverses)]
        entity = declared.in_force(tx).entities[row.entity]
        rate = rates.find_rate(tx, row.currency, base, row.on, entity.rate_days)
        if rate is None:
            return None
        return [rates.in_base(line.amount_minor, row.currency, base, rate) for line in lines]

    def _as_new(
        self, tx: Transaction, row: VoucherRow, lines: list[LineRow], worth: list[int], base: str
    ) -> NewVoucher:
        entry = self._journal.find(tx, row.entry_id)
        assert entry is not None, "a voucher has its entry"
        return NewVoucher(
            entry=entry,
            entity=row.entity,
            currency=row.currency,
            base=base,
            on=row.on,
            reason=row.reason,
            transfers=self._journal.transfers(tx, row.entry_id),
            moves=[(line.debit_id, line.credit_id, line.amount_minor) for line in lines],
            base_minor=worth,
            amounts=[line.amount for line in lines],
            reverses=row.reverses,
            follows=row.follows,
        )
