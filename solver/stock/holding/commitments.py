"""What is done with committed units: shipped, not found, refused by their site, or given back. In whole or in part."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from solver.errors import StateConflict
from solver.journal.journal import Journal
from solver.journal.model import Transfer
from solver.stock.accounts import ADJUSTED, backorderable, backordered, committed, good, incoming, incoming_committed
from solver.stock.expected import promises
from solver.stock.holding.commitment_model import Commitment, CommitmentRow, CommittedUnits, ShortPick
from solver.stock.holding.commitment_view import CANCELLED, REJECTED, SHIPPED, SHORT, commitment_of, confirmed
from solver.stock.holding.standing import HoldName, Standing, held
from solver.stock.layers.accounts import HAS_TAKEN
from solver.stock.layers.ceiling_rows import counts
from solver.stock.layers.parts import ceilings_back
from solver.stock.physical.picking import Pick, Places
from solver.stock.physical.shortfalls import shortfalls
from solver.stock.physical.sides import committed_at, lying, merged, move, outside, shortfall
from solver.stock.physical.states import StockState
from solver.stock.posting import post_moves, post_unserved
from solver.stock.rows import Place
from solver.stock.serving import Freed, serve
from solver.stock.sweeping import sweep
from solver.storage.database import Reader, Transaction


class Commitments:
    """What confirmed holds, of callers and of plans, are committed to."""

    def __init__(self, journal: Journal, places: Places) -> None:
        self._journal = journal
        self._places = places

    def find(self, reader: Reader, name: HoldName) -> Commitment:
        """As it stands now. Raises NotFound, StateConflict (HOLD_HELD, HOLD_EXPIRED, HOLD_RELEASED)."""
        return commitment_of(self._journal, reader, confirmed(self._journal, reader, name))

    def held(self, reader: Reader, name: HoldName) -> tuple[CommittedUnits, ...]:
        """What a hold that is not confirmed would be committed to. Raises NotFound, StateConflict."""
        return commitment_of(self._journal, reader, held(self._journal, reader, name)).contents

    def ship(self, tx: Transaction, name: HoldName, rows: Sequence[CommitmentRow]) -> None:
        """Let committed units leave, from the places whose lots expire first; no rows: all that are there.

        Raises StateConflict (MORE_THAN_COMMITTED) naming every site and SKU with the numbers, StockShort where places
        have fewer units, InvalidRequest for an unknown lot, and what `find` raises; the caller's transaction must then
        end without effect.
        """
        standing, commitment = self._open(tx, name)
        wanted = rows or _rest(commitment)
        _refuse_more(name, commitment, wanted)
        places = {(row.site_id, row.sku) for row in wanted}
        if len(places) == len(wanted):  # no row takes what another one would find
            self._ship(tx, standing, *wanted)
            return
        for row in wanted:
            self._ship(tx, standing, row)

    def report_short(self, tx: Transaction, name: HoldName, picks: Sequence[ShortPick]) -> None:
        """Ship what was picked and correct what was not found by a count difference. Raises what `ship` raises."""
        standing, commitment = self._open(tx, name)
        there = {(one.site_id, one.sku): one.committed_units for one in commitment.contents}
        _refuse_more(name, commitment, [_whole(pick, there) for pick in picks])
        for pick in picks:
            row = _whole(pick, there)
            if row.units > pick.missing_units:
                self._ship(tx, standing, _with_units(row, row.units - pick.missing_units))
            self._miss(tx, standing, _with_units(row, pick.missing_units))

    def reject(self, tx: Transaction, name: HoldName, rows: Sequence[CommitmentRow], into: StockState) -> None:
        """The site refuses these units: back to GOOD, or to FROZEN; no rows: all that are there.

        Raises what `ship` raises.
        """
        standing, commitment = self._open(tx, name)
        wanted = rows or _rest(commitment)
        _refuse_more(name, commitment, wanted)
        for row in wanted:
            transfers = self._ceilings(tx, standing, row)
            if into is StockState.GOOD:
                transfers += _to_good(row)
            else:
                for place, units in self._pick(tx, row):
                    transfers += move(units, of=committed_at(place, row.sku), to=lying(place, row.sku, into))
            post_moves(self._journal, self._places, tx, REJECTED, standing.entry.subject, merged(transfers))

    def cancel(self, tx: Transaction, name: HoldName, rows: Sequence[CommitmentRow]) -> None:
        """Give units back; no rows: all. Those that are awaited are given back before those that are there.

        Raises what `ship` raises.
        """
        serve(self._journal, self._places, tx, self.give_back(tx, name, rows), name.name)

    def give_back(self, tx: Transaction, name: HoldName, rows: Sequence[CommitmentRow]) -> Freed:
        """`cancel` for who holds anew in the same transaction: nobody gets the units before he asks to serve them.

        Returns what to serve from.
        """
        standing, commitment = self._open(tx, name)
        wanted = rows or [
            CommitmentRow(site_id=one.site_id, sku=one.sku, units=units)
            for one in commitment.contents
            if (units := one.committed_units + one.awaited_units)
        ]
        _refuse_more(name, commitment, wanted, with_awaited=True)
        freed: Counter[Place] = Counter()
        for row in wanted:
            of_row = next(one for one in commitment.contents if (one.site_id, one.sku) == (row.site_id, row.sku))
            awaited = min(row.units, of_row.awaited_units)
            transfers = self._give_up(tx, name, _with_units(row, awaited)) if awaited else []
            if row.units > awaited:
                there = _with_units(row, row.units - awaited)
                transfers += [*_to_good(there), *self._ceilings(tx, standing, there)]
            _, came = post_unserved(self._journal, tx, CANCELLED, standing.entry.subject, transfers)
            freed.update(came)
        return freed

    def _open(self, tx: Transaction, name: HoldName) -> tuple[Standing, Commitment]:
        sweep(self._journal, self._places, tx)
        standing = confirmed(self._journal, tx, name)
        return standing, commitment_of(self._journal, tx, standing)

    def _ship(self, tx: Transaction, standing: Standing, *rows: CommitmentRow) -> None:
        transfers = [one for row in rows for one in self._places.transfers_out(row.sku, self._pick(tx, row))]
        self._journal.post(tx, SHIPPED, standing.entry.subject, merged(transfers))

    def _miss(self, tx: Transaction, standing: Standing, row: CommitmentRow) -> None:
        """Units that a count did not find either are taken off what it found missing, the others off their places."""
        place = (row.site_id, row.sku)
        known = min(row.units, shortfalls(self._journal, tx, {row.site_id}, {row.sku}).get(place, 0))
        transfers = []
        if known:
            transfers.append(Transfer(debit=shortfall(*place), credit=committed(*place), amount=known))
        if row.units > known:
            for at, units in self._pick(tx, _with_units(row, row.units - known)):
                transfers += move(units, of=committed_at(at, row.sku), to=outside(ADJUSTED, row.sku))
        self._journal.post(tx, SHORT, standing.entry.subject, merged(transfers))

    def _pick(self, reader: Reader, row: CommitmentRow) -> list[Pick]:
        return self._places.pick(reader, row.site_id, row.sku, row.units, lots=row.lots or None)

    def _give_up(self, tx: Transaction, name: HoldName, row: CommitmentRow) -> list[Transfer]:
        """What gives back units that are awaited, the latest promised first."""
        left, transfers = row.units, []
        for one in reversed(promises.of_hold(tx, name)):
            consignment_id, site_id, sku = one.awaited
            units = min(left, one.units) if (site_id, sku) == (row.site_id, row.sku) else 0
            if units:
                transfers.append(_given_up(consignment_id, (site_id, sku), units))
                promises.fulfil(tx, one, units)
                left -= units
        if left:  # promised by a release that kept no order
            transfers.append(_given_up("", (row.site_id, row.sku), left))
        return transfers

    def _ceilings(self, reader: Reader, standing: Standing, row: CommitmentRow) -> list[Transfer]:
        """Units given back count no more against what their seller may sell, unless it has counted anew since."""
        held = self._journal.transfers_of_hold(reader, standing.entry.entry_id)
        if not any(one.debit.kind == HAS_TAKEN for one in held):
            return []
        entries = self._journal.entries(reader, standing.entry.subject)
        given = [
            one
            for entry in entries
            if entry.kind in (REJECTED, CANCELLED)
            for one in self._journal.transfers(reader, entry.entry_id)
        ]
        (confirmed_by,) = (one.entry_id for one in entries if one.resolves == standing.entry.entry_id)
        back = ceilings_back(held, given, (row.site_id, row.sku), row.units)
        return [one for one in back if counts(reader, one.credit, confirmed_by)]


def _given_up(consignment_id: str, place: Place, units: int) -> Transfer:
    if consignment_id:
        to, of = incoming(consignment_id, place[1]), incoming_committed(consignment_id, place[1])
    else:
        to, of = backorderable(*place), backordered(*place)
    return Transfer(debit=to, credit=of, amount=units)


def _to_good(row: CommitmentRow) -> list[Transfer]:
    place = (row.site_id, row.sku)
    return [Transfer(debit=good(*place), credit=committed(*place), amount=row.units)]


def _with_units(row: CommitmentRow, units: int) -> CommitmentRow:
    return replace(row, units=units)


def _whole(pick: ShortPick, there: Mapping[Place, int]) -> CommitmentRow:
    """All that a pick is about: what was picked and what is missing."""
    picked = pick.picked_units
    if picked is None:
        picked = max(0, there.get((pick.site_id, pick.sku), 0) - pick.missing_units)
    return CommitmentRow(site_id=pick.site_id, sku=pick.sku, units=picked + pick.missing_units, lots=pick.lots)


def _refuse_more(
    name: HoldName, commitment: Commitment, rows: Sequence[CommitmentRow], *, with_awaited: bool = False
) -> None:
    if not rows:
        raise StateConflict(
            f"{name} has nothing left that is committed", reason="NOTHING_COMMITTED", metadata=name.metadata
        )
    has = {
        (one.site_id, one.sku): one.committed_units + with_awaited * one.awaited_units for one in commitment.contents
    }
    wanted: dict[Place, int] = {}
    for row in rows:
        wanted[row.site_id, row.sku] = wanted.get((row.site_id, row.sku), 0) + row.units
    more = {place: units for place, units in wanted.items() if units > has.get(place, 0)}
    if more:
        metadata = {"/".join(place): f"wanted {units}, committed {has.get(place, 0)}" for place, units in more.items()}
        listed = "; ".join(f"{place}: {figures}" for place, figures in metadata.items())
        raise StateConflict(
            f"{name} has fewer units committed: {listed}; ask for no more",
            reason="MORE_THAN_COMMITTED",
            metadata=metadata,
        )


def _rest(commitment: Commitment) -> list[CommitmentRow]:
    return [
        CommitmentRow(site_id=one.site_id, sku=one.sku, units=one.committed_units)
        for one in commitment.contents
        if one.committed_units
    ]
