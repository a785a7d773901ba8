"""What a confirmed hold is committed to, read from the journal: no figure of it is kept anywhere else."""

from collections.abc import Iterable, Mapping

from solver.errors import StateConflict
from solver.journal.archived import archived_holds, refuse_archived_holds
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, Entry, EntryState, Phase, Transfer
from solver.stock.accounts import BACKORDERED, COMMITTED, INCOMING_COMMITTED
from solver.stock.expected.backorders import KEPT
from solver.stock.expected.coming import coming_of
from solver.stock.holding.commitment_model import Commitment, CommitmentState, CommittedUnits
from solver.stock.holding.standing import HoldName, Keeper, Standing, known
from solver.stock.rows import Place
from solver.storage.database import Reader

SHIPPED = "stock_shipped"
SHORT = "stock_short_picked"
REJECTED = "stock_rejected"
CANCELLED = "stock_cancelled"
BROKEN = "stock_promise_broken"

# What an entry of this kind makes of units that leave what is committed or awaited; None: they stay.
_BECOME: dict[str, str | None] = {
    SHIPPED: "shipped_units",
    SHORT: "short_units",
    REJECTED: "rejected_units",
    CANCELLED: "cancelled_units",
    BROKEN: "broken_units",
    KEPT: None,
}
_AWAITED = (BACKORDERED, INCOMING_COMMITTED)

Figures = dict[Place, dict[str, int]]


def confirmed(journal: Journal, reader: Reader, name: HoldName) -> Standing:
    """What stands for a confirmed hold. Raises NotFound, StateConflict (HOLD_HELD, HOLD_EXPIRED, HOLD_RELEASED)."""
    standing = known(journal, reader, name)
    state = journal.state(reader, standing.entry.entry_id)
    if state is not EntryState.CONFIRMED:
        remedy = "confirm it first" if state is EntryState.HELD else "nothing is committed to it"
        raise StateConflict(f"{name} is {state}; {remedy}", reason=f"HOLD_{state.name}", metadata=name.metadata)
    return standing


def commitment_of(journal: Journal, reader: Reader, standing: Standing) -> Commitment:
    """What the confirmed hold that stands so is committed to, by site and SKU in the order it was held.

    Raises StateConflict (HOLD_ARCHIVED) where nothing was open any more and its movements are archived.
    """
    refuse_archived_holds(reader, [standing.entry.entry_id])
    entries = [one for one in journal.entries(reader, standing.entry.subject) if _counts(one, standing)]
    moved = [(one, _transfers(journal, reader, one)) for one in entries]
    sites = _sites(reader, (transfer for _, transfers in moved for transfer in transfers))
    figures: Figures = {}
    for entry, transfers in moved:
        for transfer in transfers:
            _count(entry, transfer, sites, figures)
    contents = tuple(CommittedUnits(site_id=site_id, sku=sku, **units) for (site_id, sku), units in figures.items())
    of_plan = standing.name.keeper is Keeper.PLAN
    return Commitment(
        hold_id="" if of_plan else standing.name.name,
        plan_id=standing.name.name if of_plan else "",
        state=_state(contents),
        contents=contents,
    )


def commitment_state_of(journal: Journal, reader: Reader, standing: Standing) -> CommitmentState:
    """Only what became of it; known of archived holds too, of which nothing is open."""
    if not archived_holds(reader, [standing.entry.entry_id]):
        return commitment_of(journal, reader, standing).state
    shipped = any(one.kind == SHIPPED for one in journal.entries(reader, standing.entry.subject))
    return CommitmentState.SHIPPED if shipped else CommitmentState.CANCELLED


def _counts(entry: Entry, standing: Standing) -> bool:
    return entry.entry_id == standing.entry.entry_id or (entry.phase is Phase.POST and entry.kind in _BECOME)


def _transfers(journal: Journal, reader: Reader, entry: Entry) -> tuple[Transfer, ...]:
    every = journal.transfers(reader, entry.entry_id)
    return tuple(one for one in every if one.credit.book is Book.STOCK)


def _sites(reader: Reader, transfers: Iterable[Transfer]) -> Mapping[str, str]:
    ids = {
        account.holder
        for transfer in transfers
        for account in (transfer.debit, transfer.credit)
        if account.kind == INCOMING_COMMITTED
    }
    return {key: coming.site_id for key, coming in coming_of(reader, ids).items()} if ids else {}


def _count(entry: Entry, transfer: Transfer, sites: Mapping[str, str], figures: Figures) -> None:
    for account, units in ((transfer.debit, transfer.amount), (transfer.credit, -transfer.amount)):
        name = _name(account)
        if name is None:
            continue
        site_id = sites.get(account.holder, account.holder)
        of = figures.setdefault((site_id, account.unit), {})
        of[name] = of.get(name, 0) + units
        becomes = _BECOME.get(entry.kind)
        if units < 0 and becomes is not None:
            of[becomes] = of.get(becomes, 0) - units


def _name(account: AccountKey) -> str | None:
    if account.kind == COMMITTED:
        return "committed_units"
    return "awaited_units" if account.kind in _AWAITED else None


def _state(contents: Iterable[CommittedUnits]) -> CommitmentState:
    listed = tuple(contents)
    is_open = any(one.committed_units or one.awaited_units for one in listed)
    if any(one.shipped_units for one in listed):
        return CommitmentState.PARTLY_SHIPPED if is_open else CommitmentState.SHIPPED
    # A plan that ships nothing is committed to nothing, and nobody cancelled it.
    return CommitmentState.COMMITTED if is_open or not listed else CommitmentState.CANCELLED
