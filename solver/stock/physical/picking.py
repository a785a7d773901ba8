"""What lies at which place, and which units go first: those that expire first, then those that came first."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from solver.errors import StockShort, Violations
from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.physical.days import DayOf, utc_day
from solver.stock.physical.place_rows import PlaceRow, all_rows, keep_rows, restart_rows, rows_at
from solver.stock.physical.places import PlaceLevel, StockPlace
from solver.stock.physical.sides import SHIPPED, committed_at, move, outside
from solver.stock.physical.states import StockState
from solver.storage.database import Reader, Transaction

Pick = tuple[StockPlace, int]  # so many units at a place
Taken = dict[tuple[str, str, StockState], int]  # (place id, SKU, state): units that an entry in the making takes


class Places:
    """The places of every site. `day_of` tells the day at a site, by which lots expire there."""

    def __init__(self, journal: Journal, day_of: DayOf = utc_day) -> None:
        self._journal = journal
        self._day_of = day_of

    @property
    def day_of(self) -> DayOf:
        """Tells the day at a site."""
        return self._day_of

    def today(self, reader: Reader, site_id: str) -> date:
        """The day at the site, by the journal's time."""
        return self._day_of(site_id, self._journal.now(reader))

    def levels(
        self,
        reader: Reader,
        *,
        skus: Collection[str] | None = None,
        site_ids: Collection[str] | None = None,
    ) -> tuple[PlaceLevel, ...]:
        """What lies where within the filters given, ordered by SKU, site, place and state."""
        rows = all_rows(reader, site_ids, skus)
        holders = {row.place.place_id for row in rows}
        units = self._units(reader, None, holders if site_ids is not None and skus is None else None, skus)
        found = []
        for row in rows:
            for state in StockState:
                there = units.get((row.place.place_id, row.sku, state))
                if there:
                    found.append(PlaceLevel(place=row.place, sku=row.sku, state=state, units=there))
        return tuple(found)

    def at(self, reader: Reader, place: StockPlace, sku: str, state: StockState = StockState.GOOD) -> int:
        """Units that lie at exactly this place."""
        key = (place.place_id, sku, state)
        return self._units(reader, (state,), (place.place_id,), (sku,)).get(key, 0)

    def pick(
        self,
        reader: Reader,
        site_id: str,
        sku: str,
        units: int,
        state: StockState = StockState.GOOD,
        lots: Collection[str] | None = None,
    ) -> list[Pick]:
        """The places to take so many units from: earliest expiry first, then oldest receipt; only these lots, if named.

        Good units of a lot that has expired are not picked. Raises StockShort with the units wanted and available, and
        InvalidRequest for a lot that the site never had of this SKU.
        """
        rows = rows_at(reader, site_id, sku)
        if lots is not None:
            _refuse_unknown_lots(rows, site_id, sku, lots)
            rows = [row for row in rows if row.place.lot in lots]
        if state is StockState.GOOD:
            today = self.today(reader, site_id)
            rows = [row for row in rows if row.place.expires_on is None or row.place.expires_on >= today]
        picks, left = self._take(reader, sorted(rows, key=_first_to_go), sku, state, units, {})
        if left:
            name = f"{site_id}/{sku}" if state is StockState.GOOD else f"{site_id}/{sku}/{state}"
            figures = f"wanted {units}, available {units - left}"
            of_lots = "" if lots is None else f" of lot {', '.join(sorted(lots))}"
            raise StockShort(
                f"its places have fewer units{of_lots} than are wanted: {name}: {figures}", metadata={name: figures}
            )
        return picks

    def draw(
        self,
        reader: Reader,
        place: StockPlace,
        sku: str,
        units: int,
        state: StockState,
        taken: Taken | None = None,
        *,
        away_from: StockPlace | None = None,
    ) -> list[Pick]:
        """The places to take so many units from: this one, then those that its fields describe, first to go first.

        `taken` is what the same entry takes already; what is drawn is added to it. Nothing is drawn from the zone
        and bin of `away_from`. Where all others have too few, the rest is drawn from this very place, which will refuse
        it.
        """
        taken = {} if taken is None else taken
        first = [PlaceRow(place=place, sku=sku, since=self._journal.now(reader))]
        others = [
            row
            for row in rows_at(reader, place.site_id, sku)
            if row.place != place
            and place.covers(row.place)
            and not (away_from is not None and (row.place.zone, row.place.bin) == (away_from.zone, away_from.bin))
        ]
        picks, left = self._take(reader, [*first, *sorted(others, key=_first_to_go)], sku, state, units, taken)
        if left:
            at_first = next((units for one, units in picks if one == place), 0)
            picks = [(place, at_first + left), *(one for one in picks if one[0] != place)]
        for one, drawn in picks:
            key = (one.place_id, sku, state)
            taken[key] = taken.get(key, 0) + drawn
        return picks

    def note_arrivals(self, tx: Transaction, arrivals: Iterable[tuple[StockPlace, str]]) -> None:
        """Have every place known to which units come; call it before they are posted."""
        wanted = list(dict.fromkeys(arrivals))
        here = self._units(tx, None, {place.place_id for place, _ in wanted}, {sku for _, sku in wanted})
        filled = {(place_id, sku) for (place_id, sku, _), units in here.items() if units}
        now = self._journal.now(tx)
        restart_rows(tx, [one for one in wanted if (one[0].place_id, one[1]) not in filled], now)
        keep_rows(tx, [one for one in wanted if (one[0].place_id, one[1]) in filled], now)

    def transfers_out(self, sku: str, picks: Sequence[Pick]) -> list[Transfer]:
        """Committed units leave the places they were picked from: to be posted in one entry, in both books."""
        gone = outside(SHIPPED, sku)
        return [one for place, units in picks for one in move(units, of=committed_at(place, sku), to=gone)]

    def _take(
        self,
        reader: Reader,
        rows: Sequence[PlaceRow],
        sku: str,
        state: StockState,
        units: int,
        taken: Taken,
    ) -> tuple[list[Pick], int]:
        there = self._units(reader, (state,), {row.place.place_id for row in rows}, (sku,)) if rows else {}
        picks, left = [], units
        for row in rows:
            key = (row.place.place_id, sku, state)
            taking = min(left, there.get(key, 0) - taken.get(key, 0))
            if taking > 0:
                picks.append((row.place, taking))
                left -= taking
        return picks, left

    def _units(
        self,
        reader: Reader,
        states: Collection[StockState] | None,
        place_ids: Collection[str] | None,
        skus: Collection[str] | None,
    ) -> dict[tuple[str, str, StockState], int]:
        kinds = tuple(states or StockState)
        return {
            (one.account.holder, one.account.unit, StockState(one.account.kind)): one.posted
            for one in self._journal.balances(reader, Book.PLACES, kinds, place_ids, skus)
        }


def _first_to_go(row: PlaceRow) -> tuple[date, object, str]:
    return (row.place.expires_on or date.max, row.since, row.place.place_id)


def _refuse_unknown_lots(rows: Sequence[PlaceRow], site_id: str, sku: str, lots: Collection[str]) -> None:
    violations = Violations()
    known, remedy = {row.place.lot for row in rows}, f"{site_id} never had such a lot of {sku}; name one it has"
    for position, lot in enumerate(lots):
        violations.require(lot in known, f"lots[{position}]", lot, remedy)
    violations.refuse_any("the lots to pick from")
