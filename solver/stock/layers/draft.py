"""What an entry would make of dispatch and channels, worked out before it is posted."""

from collections import deque
from collections.abc import Collection, Iterator

from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, Transfer
from solver.stock.layers.accounts import (
    ALLOTTED,
    EXCLUSIVE,
    FED,
    FELL,
    MAY_TAKE,
    PART_KIND,
    REST_KIND,
    SHARED,
    UNALLOTTED,
    Pool,
    pool_and_part,
)
from solver.stock.layers.channel_rows import warehouse_ids
from solver.storage.database import Reader

LAYERS = (Book.DISPATCH, Book.CHANNEL)


class Draft:
    """The accounts of dispatch and channels for some SKUs, and what is to be moved among them.

    Of dispatch those of all sites, or of some. Reading takes a query or two a book. Due holds count no more, so sweep
    before anything is posted.
    """

    def __init__(
        self, journal: Journal, reader: Reader, skus: Collection[str], site_ids: Collection[str] | None = None
    ) -> None:
        self._posted: dict[AccountKey, int] = {}
        self._pending: dict[AccountKey, int] = {}
        self._changes: dict[AccountKey, int] = {}
        self._drawn: list[Transfer] = []
        self._parts: dict[Pool, dict[str, None]] = {}
        for book in LAYERS if skus else ():
            of_sites = book is Book.DISPATCH and site_ids is not None
            holders = _holders(reader, site_ids or ()) if of_sites else None
            kinds = (UNALLOTTED, ALLOTTED, FED, FELL) if of_sites else None
            for balance in journal.balances(reader, book, kinds, holders, skus):
                self._posted[balance.account] = balance.posted
                self._pending[balance.account] = balance.credits_pending
                self._note(balance.account)

    @classmethod
    def of_free(
        cls, journal: Journal, reader: Reader, skus: Collection[str], site_ids: Collection[str] | None = None
    ) -> "Draft":
        """A draft for holds, which knows what is free and no more; of these sites, or of all. Quicker to read."""
        draft = cls(journal, reader, ())
        holders = None if site_ids is None else _holders(reader, site_ids)
        rows = [
            (Book.DISPATCH, journal.free_amounts(reader, Book.DISPATCH, (UNALLOTTED, ALLOTTED), skus, holders)),
            (Book.CHANNEL, journal.free_amounts(reader, Book.CHANNEL, (SHARED, EXCLUSIVE, MAY_TAKE), skus)),
        ]
        for book, of_book in rows:
            for kind, holder, sku, free in of_book:
                account = AccountKey(book=book, kind=kind, holder=holder, unit=sku, guarded=True)
                draft._posted[account] = draft._posted.get(account, 0) + free
                draft._note(account)
        return draft

    def posted(self, account: AccountKey) -> int:
        """What the account has, held or free."""
        return self._posted.get(account, 0) + self._changes.get(account, 0)

    def pending(self, account: AccountKey) -> int:
        """What holds, these drafted ones too, are about to take out of it."""
        return self._pending.get(account, 0)

    def free(self, account: AccountKey) -> int:
        """What may still be taken out of it."""
        return self.posted(account) - self.pending(account)

    def change(self, account: AccountKey) -> int:
        """What was drafted to come to the account; less than 0: to leave it."""
        return self._changes.get(account, 0)

    def knows(self, account: AccountKey) -> bool:
        """True for an account that was opened, or is drafted to be."""
        return account in self._posted or account in self._changes

    def pools(self, book: Book) -> list[Pool]:
        """The pools of a book that are divided, for these SKUs."""
        return [pool for pool in self._parts if pool.book is book]

    def is_divided(self, pool: Pool) -> bool:
        """True for a pool that has accounts."""
        return pool in self._parts

    def parts(self, pool: Pool) -> list[str]:
        """The parts of a pool that have accounts, by name; the rest is none."""
        return sorted(part for part in self._parts.get(pool, ()) if part)

    def total(self, pool: Pool) -> int:
        """What the pool has, in all its parts and the rest."""
        return sum(self.posted(pool.account(part)) for part in ("", *self.parts(pool)))

    def move(self, units: int, *, of: AccountKey, to: AccountKey) -> None:
        """Draft that so many units move."""
        if units:
            for account, change in ((of, -units), (to, units)):
                self._changes[account] = self._changes.get(account, 0) + change
                self._note(account)

    def draw(self, units: int, *, of: AccountKey, to: AccountKey) -> None:
        """Draft that a hold takes so many units out of an account."""
        if units:
            self._drawn.append(Transfer(debit=to, credit=of, amount=units))
            self._pending[of] = self.pending(of) + units

    def undraw(self, transfers: int) -> None:
        """Take back so many of the transfers that were drawn last."""
        for _ in range(transfers):
            last = self._drawn.pop()
            self._pending[last.credit] -= last.amount

    def drawn(self) -> list[Transfer]:
        """What holds are drafted to take."""
        return self._drawn

    def moved(self) -> list[Transfer]:
        """What is drafted to move, with one change of every account: no account both gives and takes."""
        by_unit: dict[tuple[Book, str], list[tuple[AccountKey, int]]] = {}
        for account, change in self._changes.items():
            by_unit.setdefault((account.book, account.unit), []).append((account, change))
        return [transfer for changes in by_unit.values() for transfer in _paired(changes)]

    def _note(self, account: AccountKey) -> None:
        if account.kind in (REST_KIND[account.book], PART_KIND[account.book]):
            pool, part = pool_and_part(account)
            self._parts.setdefault(pool, {})[part] = None


def _holders(reader: Reader, site_ids: Collection[str]) -> list[str]:
    """Who may hold accounts of dispatch at these sites."""
    parts = ["", *warehouse_ids(reader)]
    return [*site_ids, *(f"{part}@{site_id}" for site_id in site_ids for part in parts)]


def _paired(changes: list[tuple[AccountKey, int]]) -> Iterator[Transfer]:
    """Transfers from those that lose to those that gain, in order; the changes sum to zero."""
    gains = deque((account, units) for account, units in changes if units > 0)
    for account, units in changes:
        lost = -units
        while lost > 0:
            gaining, gained = gains.popleft()
            amount = min(lost, gained)
            yield Transfer(debit=gaining, credit=account, amount=amount)
            lost -= amount
            if gained > amount:
                gains.appendleft((gaining, gained - amount))
