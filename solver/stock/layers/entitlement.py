"""What a hold takes in dispatch and channels: so much as whom it is for may take, guarded in the same entry."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from solver.journal.journal import Journal
from solver.journal.model import Book, ByUnit, Transfer
from solver.stock.layers.accounts import (
    ALLOTTED,
    EXCLUSIVE,
    REST,
    SHARED,
    UNALLOTTED,
    Pool,
    channel_pool,
    site_pool,
)
from solver.stock.layers.channel_model import ANYWHERE, Channel, channel_of, lineage
from solver.stock.layers.channel_rows import channels
from solver.stock.layers.draft import Draft
from solver.stock.rows import Place, UnitsBySite, stock_short
from solver.storage.database import Reader

# place, wanted, available
Short = tuple[Place, int, int]
NO_END = 2**62
DIVIDED: Mapping[Book, tuple[str, ...]] = {Book.DISPATCH: (UNALLOTTED, ALLOTTED), Book.CHANNEL: (SHARED, EXCLUSIVE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is to be held in dispatch and channels, and every place where the seller may take less than it wants."""

    transfers: list[Transfer]
    short: list[Short]


def transfers(journal: Journal, reader: Reader, seller: str, wanted: Mapping[Place, int]) -> list[Transfer]:
    """What is to be held in one entry with so many sellable units of sites, by site and SKU.

    `seller` is a channel, or its shops of one tier (`tmall#2`), or nobody (""): then only what is no one's own may be
    taken. Nothing where no one shares in these units. Raises StockShort naming every place where the seller may take
    less, with the numbers. Sweep before.
    """
    drawn = Layers(journal, reader, wanted).draw(seller, wanted)
    if drawn.short:
        raise stock_short("the hold", f"for {seller or 'no channel'}", drawn.short)
    return drawn.transfers


def owed(journal: Journal, reader: Reader, seller: str, place: Place, units: int) -> tuple[int, list[Transfer]]:
    """How many of so many free units that were promised to a seller it may not take, and what is posted with the rest.

    A promise counts against no ceiling: it was made whatever the quotas are now. Sweep before.
    """
    site_id, sku = place
    if not journal.any_account(reader, DIVIDED, (sku,)):
        return 0, []
    draft = Draft.of_free(journal, reader, (sku,), (site_id,))
    missing = Drawing(draft, seller, channels(reader) if seller else {}, capped=False).take(place, units)
    return missing, draft.drawn()


class Layers:
    """What the layers above these places have, of which holds take one after the other. Sweep before."""

    def __init__(self, journal: Journal, reader: Reader, places: Collection[Place]) -> None:
        skus = {sku for _, sku in places}
        self._reader = reader
        self._known: Mapping[str, Channel] | None = None
        self._draft = None
        if journal.any_account(reader, DIVIDED, skus):
            self._draft = Draft.of_free(journal, reader, skus, {site_id for site_id, _ in places})

    def draw(self, seller: str, wanted: Mapping[Place, int]) -> Drawn:
        """As `transfers`, with what is short told instead of raised; what is drawn is gone for the next hold."""
        draft = self._draft
        if draft is None:
            return Drawn(transfers=[], short=[])
        before = len(draft.drawn())
        drawing = Drawing(draft, seller, self._channels() if seller else {})
        missing = {place: drawing.take(place, wanted[place]) for place in drawing.sequence(wanted)}
        short = [(place, units, units - missing[place]) for place, units in wanted.items() if missing[place]]
        return Drawn(transfers=draft.drawn()[before:], short=short)

    def put_back(self, drawn: Drawn) -> None:
        """Undo what was drawn last."""
        if self._draft is not None:
            self._draft.undraw(len(drawn.transfers))

    def _channels(self) -> Mapping[str, Channel]:
        if self._known is None:
            self._known = channels(self._reader)
        return self._known


def available(
    journal: Journal,
    reader: Reader,
    seller: str,
    there: UnitsBySite,
    wanted: Mapping[str, int] | None = None,
    before: Sequence[tuple[str, Mapping[Place, int]]] = (),
) -> UnitsBySite:
    """Of what is available by SKU and site, how much the seller may take after those who take `before` it.

    Where it may take less of a SKU in all than is `wanted` (None: than any number), what is told sums to what it may
    take: as much as possible where most lies. Otherwise it is told for each site alone.
    """
    if not journal.any_account(reader, DIVIDED, there):
        return there
    known = channels(reader) if seller else {}
    drafts = [Draft.of_free(journal, reader, there) for _ in range(2)]
    for draft, (other, taken) in product(drafts, before):
        earlier = Drawing(draft, other, channels(reader) if other else {})
        for place in earlier.sequence(taken):
            earlier.take(place, taken[place])
    alone, together = (Drawing(draft, seller, known) for draft in drafts)
    told: ByUnit = {}
    for sku, sites in there.items():
        most_first = sorted(sites, key=lambda site_id: (-there[sku][site_id], site_id))
        had = {one: sites[one] - together.take((one, sku), sites[one]) for one in most_first}
        if wanted is not None and wanted.get(sku, 0) <= sum(had.values()):
            told[sku] = {site_id: min(units, alone.most((site_id, sku))) for site_id, units in sites.items()}
        else:
            told[sku] = {site_id: had[site_id] for site_id in sites}
    return told


class Drawing:
    """A seller who draws on the pools of a draft."""

    def __init__(self, draft: Draft, seller: str, known: Mapping[str, Channel], *, capped: bool = True) -> None:
        channel = known.get(channel_of(seller))
        self._draft = draft
        self._seller = seller
        self._own = lineage(seller)
        self._has_ceilings = capped
        self._sells_from = channel.logical_ids if channel else ()
        self._overflow = channel.overflow if channel else ()

    def sequence(self, wanted: Collection[Place]) -> list[Place]:
        """Who has the fewest warehouses to draw on goes first, so that others leave him his."""
        return sorted(wanted, key=lambda place: len(self._draft.parts(site_pool(*place))))

    def most(self, place: Place) -> int:
        """How many units of a SKU the seller may take at a site, if it takes no others."""
        most = self.most_of_pool(channel_pool(ANYWHERE, place[1]))
        if not self._draft.is_divided(site_pool(*place)):
            return most
        return min(most, sum(self._most_of_warehouse(place, one) for one in self._warehouses(place)))

    def most_of_pool(self, pool: Pool) -> int:
        """How many units the seller may take of a logical warehouse, or of all sites; NO_END where no quota binds."""
        if not self._draft.is_divided(pool):
            return NO_END
        free = sum(self._draft.free(pool.account(name)) for name in self._order(pool))
        return max(0, min([free, *(self._draft.free(pool.may_take(name)) for name in self._capped(pool))]))

    def take(self, place: Place, units: int) -> int:
        """Draw so many units of a SKU at a site; returns how many cannot be had."""
        anywhere = channel_pool(ANYWHERE, place[1])
        if not self._draft.is_divided(site_pool(*place)):
            taken = min(units, self.most_of_pool(anywhere))
            self._take_of_pool(anywhere, taken)
            return units - taken
        for logical_id in self._warehouses(place):
            taken = min(units, self._most_of_warehouse(place, logical_id), self.most_of_pool(anywhere))
            self._take_of_warehouse(place, logical_id, taken)
            self._take_of_pool(anywhere, taken)
            units -= taken
        return units

    def _warehouses(self, place: Place) -> Sequence[str]:
        """The logical warehouses that the seller draws on at a site, in order; the rest is what none has."""
        pool = site_pool(*place)
        parts = self._draft.parts(pool)
        return [one for one in self._sells_from if one in parts] if self._sells_from else [REST, *parts]

    def _most_of_warehouse(self, place: Place, logical_id: str) -> int:
        free = max(0, self._draft.free(site_pool(*place).account(logical_id)))
        return min(free, self.most_of_pool(channel_pool(logical_id, place[1]))) if logical_id else free

    def _take_of_warehouse(self, place: Place, logical_id: str, units: int) -> None:
        pool = site_pool(*place)
        self._draft.draw(units, of=pool.account(logical_id), to=pool.taken(logical_id))
        if logical_id:
            self._take_of_pool(channel_pool(logical_id, place[1]), units)

    def _take_of_pool(self, pool: Pool, units: int) -> None:
        if not self._draft.is_divided(pool):
            return
        for name in self._capped(pool):
            self._draft.draw(units, of=pool.may_take(name), to=pool.has_taken(name))
        for name in self._order(pool):
            taken = min(units, max(0, self._draft.free(pool.account(name))))
            self._draft.draw(taken, of=pool.account(name), to=pool.taken(self._seller))
            units -= taken

    def _order(self, pool: Pool) -> Collection[str]:
        """Whose units the seller draws on: its own, what is shared, then of those that let it."""
        known = self._draft.parts(pool)
        return [name for name in dict.fromkeys((*self._own, REST, *self._overflow)) if name == REST or name in known]

    def _capped(self, pool: Pool) -> list[str]:
        return [name for name in self._own if self._has_ceilings and self._draft.knows(pool.may_take(name))]
