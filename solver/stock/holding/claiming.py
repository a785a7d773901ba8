"""From claims to the transfers of a hold: of what is there, then of what may be backordered; or of what is coming."""

from collections.abc import Iterable, Sequence

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Transfer
from solver.stock.accounts import (
    GOOD,
    backorderable,
    backordered,
    committed,
    good,
    incoming,
    incoming_committed,
)
from solver.stock.expected.coming import coming_of
from solver.stock.holding.contents import slots_of
from solver.stock.layers.entitlement import Layers
from solver.stock.model import Claim
from solver.stock.rows import Place, refuse_invalid, stock_short, sums
from solver.storage.database import Reader

Short = tuple[tuple[str, ...], int, int]  # what is short, wanted, available
Found = tuple[list[Transfer], list[Short]]


class Shelf:
    """What may be taken at this moment, for holds that are placed one after the other: each leaves less to the next.

    It is read for all of `claims` at once. Sweep before.
    """

    def __init__(self, journal: Journal, reader: Reader, claims: Sequence[Claim]) -> None:
        self._journal = journal
        self._reader = reader
        self._free: dict[AccountKey, int] = {}
        places = {(one.site_id, one.sku): None for one in claims if not one.consignment_id}
        self._look_at(good(*place) for place in places)
        self._layers = Layers(journal, reader, places)

    def take(self, hold_id: str, claims: Sequence[Claim], seller: str = "") -> list[Transfer]:
        """The transfers that hold exactly these claims; claims on the same site, SKU and consignment add up.

        `seller` is the channel it is for, which bounds what it may take of what is there. Raises InvalidRequest, also
        for a consignment that does not go to the site, and StockShort naming every site, SKU and consignment where less
        is available; nothing is taken then.
        """
        refuse_invalid("hold", "claims", claims, signed=False)
        _refuse_strange(self._reader, claims)
        there, there_short = self._from_sites([one for one in claims if not one.consignment_id])
        coming, coming_short = self._from_consignments([one for one in claims if one.consignment_id])
        taken = {(one.credit.holder, one.credit.unit): one.amount for one in there if one.credit.kind == GOOD}
        drawn = self._layers.draw(seller, taken)
        if there_short or coming_short or drawn.short:
            self._layers.put_back(drawn)
            raise stock_short("hold", hold_id, [*there_short, *drawn.short, *coming_short])
        for one in (*there, *coming):
            self._free[one.credit] -= one.amount
        return [*there, *coming, *drawn.transfers]

    def _look_at(self, accounts: Iterable[AccountKey]) -> None:
        new = [one for one in accounts if one not in self._free]
        if new:
            self._free |= self._journal.free_of(self._reader, new)

    def _from_sites(self, claims: Iterable[Claim]) -> Found:
        wanted: list[tuple[Place, int]] = sums(claims)
        self._look_at(backorderable(*place) for place, units in wanted if units > self._free[good(*place)])
        transfers: list[Transfer] = []
        short: list[Short] = []
        for place, units in wanted:
            there, leave = good(*place), backorderable(*place)
            available = self._free[there]
            more = self._free[leave] if units > available else 0
            if units > available + more:
                short.append((place, units, available + more))
                continue
            first = min(units, available)
            if first:
                transfers.append(Transfer(debit=committed(*place), credit=there, amount=first))
            if units > first:
                transfers.append(Transfer(debit=backordered(*place), credit=leave, amount=units - first))
        return transfers, short

    def _from_consignments(self, claims: Iterable[Claim]) -> Found:
        wanted = slots_of(claims)
        self._look_at(incoming(consignment_id, sku) for _, sku, consignment_id in wanted)
        transfers: list[Transfer] = []
        short: list[Short] = []
        for (site_id, sku, consignment_id), units in wanted.items():
            free = incoming(consignment_id, sku)
            if units > self._free[free]:
                short.append(((site_id, sku, consignment_id), units, self._free[free]))
                continue
            transfers.append(Transfer(debit=incoming_committed(consignment_id, sku), credit=free, amount=units))
        return transfers, short


def _refuse_strange(reader: Reader, claims: Sequence[Claim]) -> None:
    named = {one.consignment_id for one in claims if one.consignment_id}
    if not named:
        return
    known, violations = coming_of(reader, named), Violations()
    for position, claim in enumerate(claims):
        goes = not claim.consignment_id or (
            claim.consignment_id in known and known[claim.consignment_id].site_id == claim.site_id
        )
        remedy = f"no such consignment goes to {claim.site_id}; name one that does, or none"
        violations.require(goes, f"claims[{position}].consignment_id", claim.consignment_id, remedy)
    violations.refuse_any("the hold")
