"""Which units an entry of the stock book takes into an owner's stock, or out of it; moves within it cost nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from solver.journal.model import AccountKey, Book, Transfer
from solver.ledger.valuation.model import CostCause
from solver.stock.accounts import ADJUSTED, COMMITTED, INCOMING, INCOMING_COMMITTED, SUPPLY
from solver.stock.physical.sides import RETURNED, SCRAPPED, SENT_BACK, SHIPPED, SHORTFALL
from solver.stock.physical.states import StockState

AT_SITES = frozenset({COMMITTED, SHORTFALL, *StockState})
ON_THEIR_WAY = frozenset({INCOMING, INCOMING_COMMITTED})
HELD_IN = AT_SITES | ON_THEIR_WAY

# What units become that come from outside, or leave for there. Anything else outside is another's stock.
_CAME = {SUPPLY: CostCause.RECEIPT, ADJUSTED: CostCause.FOUND, RETURNED: CostCause.RETURN, SHIPPED: CostCause.RETURN}
_LEFT = {
    SHIPPED: CostCause.SHIPMENT,
    ADJUSTED: CostCause.LOSS,
    SCRAPPED: CostCause.SCRAP,
    SENT_BACK: CostCause.SENT_BACK,
    SUPPLY: CostCause.SENT_BACK,
}

Owner = Callable[[AccountKey], str | None]  # None: not in our books


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Units of a SKU that came into an owner's stock (> 0) or left it, at one site, and who had or has them then."""

    entity: str
    sku: str
    site_id: str
    cause: CostCause
    counterpart: str
    units: int


def touches_stock(transfers: Iterable[Transfer]) -> bool:
    """True where units may have come or left: a quick look before anybody is asked who owns what."""
    return any(
        one.debit.book is Book.STOCK
        and (one.debit.kind in HELD_IN or one.credit.kind in HELD_IN)
        and (one.debit.holder != one.credit.holder or (one.debit.kind in HELD_IN) != (one.credit.kind in HELD_IN))
        for one in transfers
    )


def crossings(transfers: Iterable[Transfer], owner: Owner) -> list[Crossing]:
    """What crosses, netted by owner, SKU, site and cause, in order of first mention."""
    units: dict[tuple[str, str, str, CostCause, str], int] = {}
    for one in transfers:
        if one.debit.book is not Book.STOCK:
            continue
        giver, taker = owner(one.credit), owner(one.debit)
        if giver == taker:
            continue
        if giver is not None:
            cause, other = _cause(_LEFT, one.debit, taker, CostCause.TRANSFER_OUT)
            _add(units, (giver, one.credit.unit, one.credit.holder, cause, other), -one.amount)
        if taker is not None:
            cause, other = _cause(_CAME, one.credit, giver, CostCause.TRANSFER_IN)
            _add(units, (taker, one.debit.unit, one.debit.holder, cause, other), one.amount)
    return [_crossing(key, moved) for key, moved in _netted(units).items() if moved]


def _cause(
    known: Mapping[str, CostCause], other: AccountKey, entity: str | None, between: CostCause
) -> tuple[CostCause, str]:
    """Why units cross to or from the other side, and whose that is."""
    if entity is not None:
        return between, entity
    if other.kind in ON_THEIR_WAY:
        return CostCause.RECEIPT, ""
    if other.kind in known:
        return known[other.kind], ""
    return between, other.holder or other.kind


def _add(
    units: dict[tuple[str, str, str, CostCause, str], int], key: tuple[str, str, str, CostCause, str], more: int
) -> None:
    units[key] = units.get(key, 0) + more


def _netted(
    units: Mapping[tuple[str, str, str, CostCause, str], int],
) -> dict[tuple[str, str, str, CostCause, str], int]:
    """What was found at one place and lost at another of the same owner is neither."""
    netted = dict(units)
    for key in [key for key in units if key[3] is CostCause.FOUND]:
        for other in [other for other in units if other[3] is CostCause.LOSS and other[:2] == key[:2]]:
            same = min(netted[key], -netted[other])
            netted[key], netted[other] = netted[key] - same, netted[other] + same
    return netted


def _crossing(key: tuple[str, str, str, CostCause, str], units: int) -> Crossing:
    entity, sku, site_id, cause, counterpart = key
    return Crossing(entity=entity, sku=sku, site_id=site_id, cause=cause, counterpart=counterpart, units=units)
