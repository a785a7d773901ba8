"""The audit of dispatch and channels: every layer sums to the one below, and no ceiling is other than was said."""

from collections.abc import Collection
from dataclasses import dataclass

from solver.journal.journal import Journal
from solver.journal.model import Book, Discrepancy
from solver.stock.accounts import GOOD
from solver.stock.layers.accounts import Pool, channel_pool, site_pool
from solver.stock.layers.ceilings import NO_CEILING
from solver.stock.layers.channel_model import ANYWHERE
from solver.stock.layers.channel_rows import quotas
from solver.stock.layers.draft import Draft
from solver.storage.database import Reader


@dataclass(slots=True)
class _Sum:
    posted: int = 0
    pending: int = 0

    def add(self, posted: int, pending: int) -> None:
        self.posted += posted
        self.pending += pending

    def __str__(self) -> str:
        return f"{self.posted}, of which {self.pending} held"


def audit_layers(journal: Journal, reader: Reader) -> tuple[Discrepancy, ...]:
    """Every pool whose parts are not what there is to divide, posted and pending; every ceiling that is not kept."""
    divided = journal.units(reader, Book.DISPATCH) | journal.units(reader, Book.CHANNEL)
    draft = Draft(journal, reader, divided)
    found = [one for book in (Book.DISPATCH, Book.CHANNEL) for one in _sums(journal, reader, draft, book, divided)]
    return (*found, *_ceilings(reader, draft))


def _sums(journal: Journal, reader: Reader, draft: Draft, book: Book, skus: Collection[str]) -> list[Discrepancy]:
    below: dict[Pool, _Sum] = {}
    for one in journal.balances(reader, Book.STOCK, (GOOD,), units=skus):
        place = (one.account.holder, one.account.unit)
        pool = site_pool(*place) if book is Book.DISPATCH else channel_pool(ANYWHERE, place[1])
        below.setdefault(pool, _Sum()).add(one.posted, one.credits_pending)
    if book is Book.CHANNEL:
        for site in draft.pools(Book.DISPATCH):
            for part in draft.parts(site):
                account = site.account(part)
                below.setdefault(channel_pool(part, site.sku), _Sum()).add(
                    draft.posted(account), draft.pending(account)
                )
    return [
        Discrepancy(
            rule="layers_sum_to_what_they_divide",
            where=f"{book}/{pool.of or 'all sites'}/{pool.sku}",
            expected=str(below.get(pool, _Sum())),
            found=str(_sum_of(draft, pool)),
        )
        for pool in draft.pools(book)
        if below.get(pool, _Sum()) != _sum_of(draft, pool)
    ]


def _sum_of(draft: Draft, pool: Pool) -> _Sum:
    accounts = [pool.account(part) for part in ("", *draft.parts(pool))]
    return _Sum(sum(draft.posted(one) for one in accounts), sum(draft.pending(one) for one in accounts))


def _ceilings(reader: Reader, draft: Draft) -> list[Discrepancy]:
    found = []
    for one in quotas(reader):
        pool = channel_pool(one.logical_id, one.sku)
        said = NO_CEILING if one.ceiling_units is None else one.ceiling_units
        granted = draft.posted(pool.may_take(one.seller)) + draft.posted(pool.has_taken(one.seller))
        if granted != said and (one.ceiling_units is not None or draft.knows(pool.may_take(one.seller))):
            found.append(
                Discrepancy(
                    rule="ceilings_are_what_was_said",
                    where=f"{one.seller}/{one.logical_id or 'all sites'}/{one.sku}",
                    expected=str(said),
                    found=str(granted),
                )
            )
    return found
