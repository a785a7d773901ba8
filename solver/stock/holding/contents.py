"""What a hold has, read from its transfers; and the transfers of a part of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import BACKORDERABLE, GOOD, INCOMING
from solver.stock.expected.coming import coming_of
from solver.stock.layers.parts import layer_units
from solver.stock.model import Claim, HeldUnits
from solver.stock.rows import Place
from solver.storage.database import Reader

Slot: TypeAlias = tuple[str, str, str]  # site id, SKU, consignment id or empty
Sites: TypeAlias = Mapping[str, str]  # consignment id -> site id

# How real units are that a hold takes from an account of this kind; the least real are given back first.
_REAL = {BACKORDERABLE: 0, INCOMING: 1, GOOD: 2}
AWAITED = frozenset((BACKORDERABLE, INCOMING))  # what is taken from these is not there yet


def transfers_and_sites(journal: Journal, reader: Reader, entry_id: int) -> tuple[tuple[Transfer, ...], Sites]:
    """All that a hold has, and where the consignments go that it takes from."""
    transfers = journal.transfers_of_hold(reader, entry_id)
    return transfers, sites_of(reader, transfers)


def sites_of(reader: Reader, transfers: Iterable[Transfer]) -> Sites:
    """Where the consignments go that these transfers take from."""
    ids = {one.credit.holder for one in transfers if one.credit.kind == INCOMING}
    return {key: coming.site_id for key, coming in coming_of(reader, ids).items()} if ids else {}


def contents_of(transfers: Iterable[Transfer], sites: Sites) -> tuple[HeldUnits, ...]:
    """Units per site, SKU and consignment, in the order of the transfers."""
    units: dict[Slot, list[int]] = {}
    for transfer in transfers:
        slot = _slot(transfer, sites)
        if slot is not None:
            of = units.setdefault(slot, [0, 0])
            of[0] += transfer.amount
            of[1] += transfer.amount if transfer.credit.kind == BACKORDERABLE else 0
    return tuple(
        HeldUnits(site_id=site_id, sku=sku, consignment_id=consignment_id, units=held, backordered_units=owed)
        for (site_id, sku, consignment_id), (held, owed) in units.items()
    )


def good_places(transfers: Iterable[Transfer]) -> tuple[Place, ...]:
    """Where these transfers of a hold take units that are there: where it leaves them when it is given back."""
    places = ((one.credit.holder, one.credit.unit) for one in transfers if one.credit.kind == GOOD)
    return tuple(dict.fromkeys(places))


def slots_of(claims: Iterable[Claim]) -> dict[Slot, int]:
    """Units per site, SKU and consignment, in order of first mention."""
    wanted: dict[Slot, int] = {}
    for claim in claims:
        slot = (claim.site_id, claim.sku, claim.consignment_id)
        wanted[slot] = wanted.get(slot, 0) + claim.units
    return wanted


def refuse_more(what: str, claims: Iterable[Claim], contents: Iterable[HeldUnits]) -> None:
    """Raise InvalidRequest naming every claim of more than the hold has."""
    has = {(one.site_id, one.sku, one.consignment_id): one.units for one in contents}
    violations = Violations()
    for slot, units in slots_of(claims).items():
        held = has.get(slot, 0)
        violations.require(
            units <= held, "claims", units, f"only {held} of {'/'.join(filter(None, slot))} are held; name no more"
        )
    violations.refuse_any(what)


def divided(
    transfers: Sequence[Transfer], sites: Sites, part: Mapping[Slot, int], *, real_first: bool
) -> tuple[list[Transfer], list[Transfer]]:
    """The transfers of `part` and those of the rest, both in their order.

    Where only some units of a site and SKU are in the part, they are those that are there (`real_first`), or else those
    that are not there yet. The part must not be more than there is.
    """
    left = dict(part)
    taken = [0] * len(transfers)
    order = sorted(range(len(transfers)), key=lambda at: _REAL.get(transfers[at].credit.kind, 0), reverse=real_first)
    for at in order:
        slot = _slot(transfers[at], sites)
        if slot is not None and left.get(slot):
            taken[at] = min(left[slot], transfers[at].amount)
            left[slot] -= taken[at]
    for at, units in enumerate(layer_units(transfers, _good_units(transfers, taken))):
        taken[at] += units
    pairs = list(zip(transfers, taken, strict=True))
    return (
        [_of(one, units) for one, units in pairs if units],
        [_of(one, one.amount - units) for one, units in pairs if units < one.amount],
    )


def _good_units(transfers: Sequence[Transfer], taken: Sequence[int]) -> dict[Place, int]:
    units: dict[Place, int] = {}
    for one, amount in zip(transfers, taken, strict=True):
        if one.credit.kind == GOOD and amount:
            place = (one.credit.holder, one.credit.unit)
            units[place] = units.get(place, 0) + amount
    return units


def _slot(transfer: Transfer, sites: Sites) -> Slot | None:
    account = transfer.credit
    if account.book is not Book.STOCK:
        return None
    if account.kind == INCOMING:
        return sites[account.holder], account.unit, account.holder
    return account.holder, account.unit, ""


def _of(transfer: Transfer, units: int) -> Transfer:
    return Transfer(debit=transfer.debit, credit=transfer.credit, amount=units)
