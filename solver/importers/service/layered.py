"""What a service's plans could be given besides what lay there: shares of channels, backorders, goods on their way.

Amounts are those that were free just before the first plan, as the opening stock is; what was said of them, such as
ceilings and tiers, stands as it is now.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.journal.since import Flow, flows_since, free_before, last_moments
from solver.scenario.model import Consigned
from solver.stock.accounts import BACKORDERABLE, INCOMING
from solver.stock.expected.backorders import KEPT
from solver.stock.expected.consignment_model import Consignment, ConsignmentKind, ConsignmentState
from solver.stock.expected.consignments import ARRIVED, SENT, Consignments
from solver.stock.layers.accounts import ALLOTTED, EXCLUSIVE, MAY_TAKE, SHARED
from solver.stock.layers.channel_model import ANYWHERE, Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import channels, quotas, warehouses
from solver.stock.model import BackorderLimit
from solver.stock.rows import Place
from solver.stock.stock import Stock
from solver.storage.database import Reader
from solver.validation import MOST_UNITS

_NEXT_MOMENT = timedelta(microseconds=1)
_WHOLE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The entry that the log begins with, what was `free` just before it, and where anything `came` later."""

    entry_id: int
    free: Mapping[Place, int]
    came: Collection[Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layered:
    """The rows of a scenario. `untold` counts quotas and warehouses of later, which are left out."""

    logical_warehouses: tuple[LogicalWarehouse, ...] = ()
    channels: tuple[Channel, ...] = ()
    quotas: tuple[Quota, ...] = ()
    backorders: tuple[BackorderLimit, ...] = ()
    consignments: tuple[Consigned, ...] = ()
    untold: int = 0

    @property
    def is_anything(self) -> bool:
        """Whether there is more than what lay there."""
        return bool(self.logical_warehouses or self.quotas or self.backorders or self.consignments)

    def of(self, skus: Mapping[str, object]) -> "Layered":
        """Only what concerns these SKUs."""
        fed = (
            replace(one, feeds=tuple(feed for feed in one.feeds if feed.sku in skus)) for one in self.logical_warehouses
        )
        return replace(
            self,
            logical_warehouses=tuple(one for one in fed if one.feeds),
            quotas=tuple(one for one in self.quotas if one.sku in skus),
            backorders=tuple(one for one in self.backorders if one.sku in skus),
            consignments=tuple(one for one in self.consignments if one.sku in skus),
        )

    def assumptions(self) -> Iterator[str]:
        """What a reader must know of them."""
        if self.logical_warehouses or self.quotas:
            yield (
                "Logical warehouses and quotas have what was free of them just before the first plan; where more of a "
                "SKU came later, warehouses have their share of it, from the beginning."
            )
        if self.untold:
            yield f"{self.untold:,} logical warehouses and quotas are left out: they had nothing to divide then."
        if self.consignments:
            yield (
                "Goods on their way are expected when that was first said, and arrive whole when the last of them did; "
                "cancelled ones are left out."
            )


def layered(reader: Reader, begun: Beginning, first_at: datetime, last_at: datetime) -> Layered:
    """As it was at the beginning; consignments also of later. Plans were made from `first_at` to `last_at`."""
    limits = free_before(reader, Book.STOCK, BACKORDERABLE, begun.entry_id)
    found = Layered(
        backorders=tuple(
            BackorderLimit(site_id=site_id, sku=sku, units=min(units, MOST_UNITS))
            for (site_id, sku), units in sorted(limits.items())
            if units > 0
        ),
        consignments=tuple(_consigned(reader, begun.entry_id, first_at, last_at)),
    )
    said = warehouses(reader), tuple(quotas(reader, None))
    return _shared_out(reader, begun, found, *said) if any(said) else found


def without_layers(flows: Iterable[Flow], found: Layered, plan_ids: Collection[str]) -> Iterator[Flow]:
    """The flows that these do not tell: without consignments, and without backorders of these plans."""
    told = {one.consignment_id for one in found.consignments}
    for flow in flows:
        is_told = flow.kind in (SENT, ARRIVED) and flow.subject in told
        if not (is_told or (flow.kind == KEPT and flow.subject in plan_ids)):
            yield flow


def _shared_out(
    reader: Reader,
    begun: Beginning,
    found: Layered,
    said: Mapping[str, LogicalWarehouse],
    of_channels: tuple[Quota, ...],
) -> Layered:
    allotted = free_before(reader, Book.DISPATCH, ALLOTTED, begun.entry_id)
    exclusive, shared, may_take = (
        free_before(reader, Book.CHANNEL, kind, begun.entry_id) for kind in (EXCLUSIVE, SHARED, MAY_TAKE)
    )
    divided = {(holder.partition("@")[2], sku) for holder, sku in exclusive} | set(shared)
    feeds = _feeds(said, allotted, begun.came)
    fed = tuple(replace(one, feeds=tuple(feeds[name])) for name, one in said.items() if name in feeds)
    left = _pools(feeds, begun.free)
    told = [
        _quota(one, exclusive, may_take, left)
        for one in of_channels
        if (one.logical_id, one.sku) in divided and (not one.logical_id or one.logical_id in feeds)
    ]
    sellers = tuple(
        replace(one, logical_ids=tuple(name for name in one.logical_ids if name in feeds))
        for one in channels(reader).values()
    )
    kept = tuple(one for one in told if not one.says_nothing)
    return replace(
        found,
        logical_warehouses=fed,
        channels=sellers if fed or kept else (),
        quotas=kept,
        untold=len(said) - len(fed) + len(of_channels) - len(told),
    )


def _feeds(
    said: Mapping[str, LogicalWarehouse], allotted: Mapping[Place, int], came: Collection[Place]
) -> dict[str, list[Feed]]:
    """What each warehouse had of each SKU; where more came, the share that it gets."""
    feeds: dict[str, list[Feed]] = {}
    places = set(allotted)
    for name, one in said.items():
        sites = {feed.site_id for feed in one.feeds}
        places |= {(f"{name}@{site_id}", sku) for site_id, sku in came if site_id in sites}
    for holder, sku in sorted(places):
        logical_id, _, site_id = holder.partition("@")
        shares = {one.sku: one.share_permille for one in said[logical_id].feeds if one.site_id == site_id}
        share = shares.get(sku, shares.get("", 0)) if (site_id, sku) in came else 0
        units = 0 if share else min(allotted.get((holder, sku), 0), MOST_UNITS)
        if share or units > 0:
            fed = Feed(site_id=site_id, sku=sku, share_permille=share, units=units)
            feeds.setdefault(logical_id, []).append(fed)
    return feeds


def _pools(feeds: Mapping[str, Iterable[Feed]], free: Mapping[Place, int]) -> dict[Place, int]:
    """How much of each SKU there is to be given to channels, of each warehouse and of all sites."""
    units: dict[Place, int] = {}
    for (_, sku), count in free.items():
        units[ANYWHERE, sku] = units.get((ANYWHERE, sku), 0) + count
    for logical_id, of_one in feeds.items():
        for feed in of_one:
            fed = feed.units or free.get((feed.site_id, feed.sku), 0) * feed.share_permille // _WHOLE
            units[logical_id, feed.sku] = units.get((logical_id, feed.sku), 0) + fed
    return units


def _quota(
    quota: Quota, exclusive: Mapping[Place, int], may_take: Mapping[Place, int], left: dict[Place, int]
) -> Quota:
    """With what the seller had, at most what is left of the pool, which becomes less."""
    key, pool = (f"{quota.seller}@{quota.logical_id}", quota.sku), (quota.logical_id, quota.sku)
    units = min(exclusive.get(key, 0), left.get(pool, 0))
    left[pool] = left.get(pool, 0) - units
    ceiling = None if quota.ceiling_units is None else may_take.get(key, 0)
    return replace(quota, exclusive_units=units, exclusive_permille=0, ceiling_units=ceiling, counts_anew=False)


def _consigned(reader: Reader, entry_id: int, first_at: datetime, last_at: datetime) -> Iterator[Consigned]:
    journal = Journal(SystemClock())
    papers = {one.consignment_id: one for one in Consignments(journal, Stock(journal)).all(reader)}
    if not papers:
        return
    units = free_before(reader, Book.STOCK, INCOMING, entry_id)
    later: dict[tuple[str, str], int] = {}
    for flow in flows_since(reader, Book.STOCK, INCOMING, entry_id):
        if flow.kind == SENT:
            later[flow.holder, flow.unit] = later.get((flow.holder, flow.unit), 0) + flow.amount
    arrivals = last_moments(reader, ARRIVED, entry_id)
    for (consignment_id, sku), count in sorted((units | later).items()):
        paper = papers[consignment_id]
        if paper.state is ConsignmentState.CANCELLED or paper.first_expected_at <= first_at or count <= 0:
            continue
        is_sent = (consignment_id, sku) in later
        yield Consigned(
            consignment_id=consignment_id,
            source_id=paper.site_id,
            sku=sku,
            units=min(count, MOST_UNITS),
            expected_at=paper.first_expected_at,
            arrives_at=_arrives_at(paper, arrivals.get(consignment_id), last_at),
            sent_at=paper.opened_at if is_sent else None,
            from_source_id=paper.from_site_id if is_sent and paper.kind is ConsignmentKind.TRANSFER else "",
        )


def _arrives_at(paper: Consignment, arrived_at: datetime | None, last_at: datetime) -> datetime | None:
    """When the last of it came; what has not come yet comes when it is expected now, but after `last_at`."""
    came = arrived_at or max(paper.expected_at, last_at + _NEXT_MOMENT)
    return None if came == paper.first_expected_at else came
