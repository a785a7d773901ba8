"""The accounts of dispatch and channels.

Either book divides pools: dispatch the sellable units of a site, channels those of a logical warehouse or of all sites.
A pool has a rest (`unallotted`, `shared`) and parts (`allotted`, `exclusive`); together they are what is divided.
come: fed -> part or rest; go: rest or part -> fell; re-balance: part <-> rest; hold: part or rest -> taken, pending
until the hold is confirmed. A ceiling: leave <-> may_take; hold: may_take -> has_taken.
"""

from dataclasses import dataclass

from solver.journal.model import AccountKey, Book

UNALLOTTED = "unallotted"
ALLOTTED = "allotted"
SHARED = "shared"
EXCLUSIVE = "exclusive"
FED = "fed"
FELL = "fell"
TAKEN = "taken"
MAY_TAKE = "may_take"
HAS_TAKEN = "has_taken"
LEAVE = "leave"

REST_KIND = {Book.DISPATCH: UNALLOTTED, Book.CHANNEL: SHARED}
PART_KIND = {Book.DISPATCH: ALLOTTED, Book.CHANNEL: EXCLUSIVE}
REST = ""  # the rest of a pool, where a part is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What is divided: `of` is a site in the book of dispatch, a logical warehouse or all sites in that of channels."""

    book: Book
    of: str
    sku: str

    def account(self, part: str) -> AccountKey:
        """What a part, or the rest, has. Guarded."""
        kind = PART_KIND[self.book] if part else REST_KIND[self.book]
        holder = self.holder(part) if part else self.of
        return AccountKey(book=self.book, kind=kind, holder=holder, unit=self.sku, guarded=True)

    def fed(self, part: str) -> AccountKey:
        """Where units come from; its balance is minus all that ever came to the part: what rounding goes by."""
        return AccountKey(book=self.book, kind=FED, holder=self.holder(part), unit=self.sku)

    def fell(self) -> AccountKey:
        """Where units go that are no longer sellable."""
        return AccountKey(book=self.book, kind=FELL, holder=self.of, unit=self.sku)

    def taken(self, part: str) -> AccountKey:
        """Where units go that are sold; by the part, in the book of channels by who sold them."""
        return AccountKey(book=self.book, kind=TAKEN, holder=self.holder(part), unit=self.sku)

    def may_take(self, seller: str) -> AccountKey:
        """How many units a seller may still hold and sell. Guarded: that is its ceiling."""
        return AccountKey(book=self.book, kind=MAY_TAKE, holder=self.holder(seller), unit=self.sku, guarded=True)

    def has_taken(self, seller: str) -> AccountKey:
        """What counts against a seller's ceiling, once it is sold."""
        return AccountKey(book=self.book, kind=HAS_TAKEN, holder=self.holder(seller), unit=self.sku)

    def leave(self) -> AccountKey:
        """Where ceilings come from."""
        return AccountKey(book=self.book, kind=LEAVE, holder=self.of, unit=self.sku)

    def holder(self, part: str) -> str:
        """`part@of`: what parts are called has no @ in it."""
        return f"{part}@{self.of}"


def site_pool(site_id: str, sku: str) -> Pool:
    """The sellable units of a site, divided among logical warehouses."""
    return Pool(book=Book.DISPATCH, of=site_id, sku=sku)


def channel_pool(logical_id: str, sku: str) -> Pool:
    """The units of a logical warehouse, or of all sites, divided among channels."""
    return Pool(book=Book.CHANNEL, of=logical_id, sku=sku)


def pool_and_part(account: AccountKey) -> tuple[Pool, str]:
    """The pool that an account of dispatch or channels is of, and the part."""
    no_part = account.kind in (UNALLOTTED, SHARED, FELL, LEAVE)
    part, _, of = ("", "", account.holder) if no_part else account.holder.partition("@")
    return Pool(book=account.book, of=of, sku=account.unit), part
