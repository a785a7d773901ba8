"""What becomes of the promises of a consignment when it arrives, in whole or in part, or never will.

What arrives is given to the promises in their order: what is held stays held, at the site now, and what is committed
stays committed. Where less is left to come than is promised still, the latest promises are broken, and reported.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from solver.errors import BrokenInvariant
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import Book, Entry, EntryState, Transfer
from solver.stock.accounts import INCOMING, INCOMING_COMMITTED, committed, good, incoming, incoming_committed
from solver.stock.expected import promises
from solver.stock.expected.backorders import KEPT
from solver.stock.expected.coming import Coming
from solver.stock.expected.earmarked import earmarked
from solver.stock.expected.promises import Promised, standing_promises
from solver.stock.holding.commitment_view import BROKEN
from solver.stock.holding.hold_terms import terms_of
from solver.stock.holding.standing import Keeper, Standing, stand
from solver.stock.layers.following_sites import changes_of_good, follow_good
from solver.stock.physical.picking import Places
from solver.stock.posting import too_few
from solver.stock.serving import serve
from solver.storage.database import Reader, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseOutcome:
    """Units promised to a hold, of a caller or of a plan (the other id is empty), that arrived or never will."""

    hold_id: str
    plan_id: str
    site_id: str
    sku: str
    units: int
    is_committed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """The journal's entry, and the promises that were kept and broken, in their order."""

    entry: Entry
    kept: tuple[PromiseOutcome, ...]
    broken: tuple[PromiseOutcome, ...]


@dataclass(slots=True)
class _Fate:
    """One promise, what stands for its hold, and how many of its units arrived and are lost."""

    promised: Promised
    standing: Standing
    is_committed: bool
    kept: int = 0
    lost: int = 0

    @property
    def sku(self) -> str:
        return self.promised.awaited[2]


@dataclass(slots=True)
class _Changed:
    """A hold that changes, with its transfers as they were."""

    standing: Standing
    transfers: tuple[Transfer, ...]
    seller: str
    fates: list[_Fate] = field(default_factory=list)


def land(
    journal: Journal,
    places: Places,
    tx: Transaction,
    kind: str,
    reference: str,
    coming: Coming,
    transfers: Sequence[Transfer],
) -> Landing:
    """Post transfers out of a consignment's `incoming` units: to its site, or to where those go that do not arrive.

    They must name no more than is on the way, promised or not. Raises StockShort where another account has too few
    units; the caller's transaction must then end without effect.
    """
    serve(journal, places, tx, {}, reference)
    fates = _fates(journal, tx, coming, transfers)
    met = [one for one in fates if one.kept or one.lost]
    holds = _release(journal, tx, [one for one in met if not one.is_committed])
    for one in met:
        if one.is_committed and one.lost:
            _break(journal, tx, coming, one)
    place_units = [_units_at(coming, hold.fates) for hold in holds]
    marks = [earmarked(journal, tx, hold.seller, units) for hold, units in zip(holds, place_units, strict=True)]
    main = _without(transfers, coming, met)
    shared = Counter(changes_of_good(main))
    for units in place_units:
        shared.subtract(units)
    following = follow_good(journal, tx, {place: units for place, units in shared.items() if units})
    posted = [transfer for mark in marks for transfer in mark.posted]
    try:
        entry = journal.post(tx, kind, reference, [*main, *posted, *following])
    except GuardRefused as refused:
        raise too_few(reference, refused) from refused
    for one in met:
        if one.is_committed and one.kept:
            _keep(journal, tx, coming, one)
    for hold, mark in zip(holds, marks, strict=True):
        _hold_again(journal, tx, coming, hold, mark.held)
    for one in met:
        promises.fulfil(tx, one.promised, one.kept + one.lost)
    came = {place: units for place, units in changes_of_good(transfers).items() if units > 0}
    serve(journal, places, tx, came, reference)
    return Landing(
        entry=entry,
        kept=tuple(_outcome(coming, one, one.kept) for one in met if one.kept),
        broken=tuple(_outcome(coming, one, one.lost) for one in met if one.lost),
    )


def on_the_way(journal: Journal, reader: Reader, consignment_id: str) -> dict[str, int]:
    """Units of each SKU that are still to come with a consignment, promised or not."""
    units: dict[str, int] = {}
    kinds = (INCOMING, INCOMING_COMMITTED)
    for balance in journal.balances(reader, Book.STOCK, kinds, (consignment_id,)):
        units[balance.account.unit] = units.get(balance.account.unit, 0) + balance.posted
    return {sku: left for sku, left in units.items() if left}


def _fates(journal: Journal, tx: Transaction, coming: Coming, transfers: Sequence[Transfer]) -> list[_Fate]:
    arriving, leaving = _leaving(coming, transfers)
    ahead = on_the_way(journal, tx, coming.consignment_id)
    fates: list[_Fate] = []
    for sku, units in leaving.items():
        after = ahead.get(sku, 0) - units
        if after < 0:
            raise BrokenInvariant(f"{units} of {sku} leave consignment {coming.consignment_id}: {-after} too many")
        awaited = (coming.consignment_id, coming.site_id, sku)
        of_sku = [
            _Fate(promised=one, standing=standing, is_committed=_is_confirmed(journal, tx, standing))
            for one, standing in standing_promises(journal, tx, awaited, EntryState.HELD, EntryState.CONFIRMED)
        ]
        _decide(of_sku, arriving[sku], after)
        fates += of_sku
    return fates


def _decide(fates: Sequence[_Fate], arriving: int, after: int) -> None:
    """The first promises get what arrives; the last ones lose what is not to come any more."""
    for one in fates:
        one.kept = min(one.promised.units, arriving)
        arriving -= one.kept
    excess = sum(one.promised.units - one.kept for one in fates) - after
    for one in reversed(fates):
        one.lost = max(0, min(one.promised.units - one.kept, excess))
        excess -= one.lost


def _leaving(coming: Coming, transfers: Iterable[Transfer]) -> tuple[Counter[str], Counter[str]]:
    """By SKU, how many units become sellable at the site, and how many leave the consignment in all."""
    arriving: Counter[str] = Counter()
    leaving: Counter[str] = Counter()
    for one in transfers:
        sku = one.credit.unit
        if one.credit == incoming(coming.consignment_id, sku):
            leaving[sku] += one.amount
            arriving[sku] += one.amount if one.debit == good(coming.site_id, sku) else 0
    return arriving, leaving


def _without(transfers: Sequence[Transfer], coming: Coming, fates: Iterable[_Fate]) -> list[Transfer]:
    """The transfers without the units that are committed already: those go straight to what is committed."""
    left = Counter[str]()
    for one in fates:
        left[one.sku] += one.kept if one.is_committed else 0
    rest = []
    for transfer in transfers:
        sku = transfer.credit.unit
        arrives = (transfer.debit, transfer.credit) == (good(coming.site_id, sku), incoming(coming.consignment_id, sku))
        straight = min(left[sku], transfer.amount) if arrives else 0
        left[sku] -= straight
        if transfer.amount > straight:
            rest.append(Transfer(debit=transfer.debit, credit=transfer.credit, amount=transfer.amount - straight))
    return rest


def _release(journal: Journal, tx: Transaction, fates: Iterable[_Fate]) -> list[_Changed]:
    holds: dict[int, _Changed] = {}
    for one in fates:
        entry_id = one.standing.entry.entry_id
        if entry_id not in holds:
            of_caller = one.standing.name.keeper is Keeper.CALLER
            holds[entry_id] = _Changed(
                standing=one.standing,
                transfers=journal.transfers_of_hold(tx, entry_id),
                seller=terms_of(tx, one.standing.name.name).channel if of_caller else "",
            )
            journal.release(tx, entry_id)
        holds[entry_id].fates.append(one)
    return list(holds.values())


def _hold_again(journal: Journal, tx: Transaction, coming: Coming, hold: _Changed, above: list[Transfer]) -> None:
    """The same hold, with what arrived taken at the site and what is lost taken nowhere."""
    gone = Counter[str]()
    for one in hold.fates:
        gone[one.sku] += one.kept + one.lost
    transfers = []
    for transfer in hold.transfers:
        sku, amount = transfer.credit.unit, transfer.amount
        if transfer.credit == incoming(coming.consignment_id, sku):
            amount -= min(amount, gone[sku])
            gone[sku] -= transfer.amount - amount
        if amount:
            transfers.append(Transfer(debit=transfer.debit, credit=transfer.credit, amount=amount))
    for (site_id, sku), units in _units_at(coming, hold.fates).items():
        transfers.append(Transfer(debit=committed(site_id, sku), credit=good(site_id, sku), amount=units))
    before = hold.standing
    stand(journal, tx, before.name, before, [*transfers, *above], before.expires_at)


def _break(journal: Journal, tx: Transaction, coming: Coming, fate: _Fate) -> None:
    back, of = incoming(coming.consignment_id, fate.sku), incoming_committed(coming.consignment_id, fate.sku)
    lost = [Transfer(debit=back, credit=of, amount=fate.lost)]
    journal.post(tx, BROKEN, fate.standing.entry.subject, lost)


def _keep(journal: Journal, tx: Transaction, coming: Coming, fate: _Fate) -> None:
    there, of = committed(coming.site_id, fate.sku), incoming_committed(coming.consignment_id, fate.sku)
    kept = [Transfer(debit=there, credit=of, amount=fate.kept)]
    journal.post(tx, KEPT, fate.standing.entry.subject, kept)


def _units_at(coming: Coming, fates: Iterable[_Fate]) -> Counter[tuple[str, str]]:
    units: Counter[tuple[str, str]] = Counter()
    for one in fates:
        if one.kept:
            units[coming.site_id, one.sku] += one.kept
    return units


def _is_confirmed(journal: Journal, reader: Reader, standing: Standing) -> bool:
    return journal.state(reader, standing.entry.entry_id) is EntryState.CONFIRMED


def _outcome(coming: Coming, fate: _Fate, units: int) -> PromiseOutcome:
    name = fate.standing.name
    of_plan = name.keeper is Keeper.PLAN
    return PromiseOutcome(
        hold_id="" if of_plan else name.name,
        plan_id=name.name if of_plan else "",
        site_id=coming.site_id,
        sku=fate.sku,
        units=units,
        is_committed=fate.is_committed,
    )
