"""Random lives of stock with logical warehouses and quotas, beside a model that counts sites, holds and ceilings alone.

Whatever is done in whatever order: no layer goes below zero, every layer sums to the one below, nobody sells more than
its ceiling, and nobody takes another's exclusive units.
"""

import random
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, StateConflict, StockShort
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, EntryState
from solver.stock.layers import entitlement
from solver.stock.layers.accounts import channel_pool
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import put_channels, quotas
from solver.stock.layers.dividing import rebalance_all, set_quotas, set_warehouses
from solver.stock.layers.draft import Draft
from solver.stock.layers.entitlement import Drawing
from solver.stock.layers.sellable import sellable
from solver.stock.model import Claim, Movement
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader

SITES = ("s1", "s2")
SKUS = ("tea", "cup")
WAREHOUSES = ("east", "west")
CHANNELS = (
    Channel(channel_id="tmall", tier=1, overflow=("shop",)),
    Channel(channel_id="jd", tier=2, logical_ids=("east",)),
    Channel(channel_id="shop", tier=3),
)
SELLERS = ("tmall", "tmall#2", "jd", "shop", "")
MINUTE = timedelta(minutes=1)


class Life:
    """Does things at random, each of which may be refused, and counts what the model must hold then."""

    def __init__(self, database: Database, stock: Stock, journal: Journal, clock: ManualClock, seed: int) -> None:
        self.database, self.stock, self.journal, self.clock = database, stock, journal, clock
        self.draw = random.Random(seed)
        self.good: Counter[tuple[str, str]] = Counter()  # on hand and not committed
        self.holds: dict[str, tuple[int, str, dict[tuple[str, str], int]]] = {}  # step, seller, units
        self.sold: dict[str, int] = {}  # when
        self.counts_anew: Counter[tuple[str, str]] = Counter()  # as `ceilings`: after which step
        self.ceilings: dict[tuple[str, str], int] = {}  # of all sites, by seller and SKU: since which step
        self.number = 0

    def step(self) -> None:
        self.number += 1
        act = self.draw.choice(
            (self.receive, self.fall, self.hold, self.hold, self.hold, self.end, self.end, self.feed, self.quota,
             self.quota, self.rebalance, self.wait)
        )  # fmt: skip
        act()

    def receive(self) -> None:
        site, sku, units = self.draw.choice(SITES), self.draw.choice(SKUS), self.draw.randint(1, 60)
        with self.database.write() as tx:
            self.stock.receive(tx, [Movement(site_id=site, sku=sku, units=units)], "po")
        self.good[site, sku] += units

    def fall(self) -> None:
        site, sku, units = self.draw.choice(SITES), self.draw.choice(SKUS), self.draw.randint(1, 15)
        with self.database.read() as reader:
            free = self.stock.available(reader, [sku])[sku].get(site, 0)
        with suppress(StockShort), self.database.write() as tx:
            self.stock.adjust(tx, [Movement(site_id=site, sku=sku, units=-units)], "count")
            assert units <= free
            self.good[site, sku] -= units
            return
        assert units > free

    def hold(self) -> None:
        seller, name = self.draw.choice(SELLERS), f"hold-{self.number}"
        places = self.draw.sample([(site, sku) for site in SITES for sku in SKUS], self.draw.randint(1, 2))
        wanted = {place: self.draw.randint(1, 9) for place in places}
        claims = [Claim(site_id=site, sku=sku, units=units) for (site, sku), units in wanted.items()]
        before = self.exclusives()
        try:
            with self.database.write() as tx:
                expires_at = self.stock.now(tx) + self.draw.randint(1, 9) * MINUTE
                self.stock.hold(tx, name, claims, expires_at, seller)
        except StockShort:
            return
        self.holds[name] = (self.number, seller, wanted)
        for owner, units in self.exclusives().items():
            mine = seller.partition("#")[0] == owner.partition("#")[0] or (
                seller.startswith("tmall") and owner == "shop"
            )
            assert mine or units >= before[owner], f"{seller} took exclusive units of {owner}"

    def end(self) -> None:
        if not self.holds:
            return
        name = self.draw.choice(list(self.holds))
        confirms = self.draw.random() < 0.5
        with suppress(StateConflict), self.database.write() as tx:
            (self.stock.confirm if confirms else self.stock.release)(tx, name)
            if confirms:
                self.sold[name] = self.number
                self.good.subtract(self.holds[name][2])

    def feed(self) -> None:
        feeds = []
        for site in SITES:
            kind = self.draw.choice(("none", "share", "share", "units"))
            if kind == "share":
                feeds.append(Feed(site_id=site, share_permille=self.draw.choice((100, 333, 500, 667))))
            elif kind == "units":
                feeds.append(Feed(site_id=site, sku=self.draw.choice(SKUS), units=self.draw.randint(1, 20)))
        noun = LogicalWarehouse(
            logical_id=self.draw.choice(WAREHOUSES),
            feeds=tuple(feeds),
            rank=self.draw.randint(1, 2),
            rebalances=self.draw.random() < 0.3,
        )
        with suppress(InvalidRequest), self.database.write() as tx:
            set_warehouses(self.journal, tx, [noun], "setting")

    def quota(self) -> None:
        kind = self.draw.choice(("units", "units", "share", "ceiling", "none"))
        row = Quota(
            channel_id=self.draw.choice(CHANNELS).channel_id,
            shop_tier=self.draw.choice((0, 0, 2)),
            logical_id=self.draw.choice(("", "", *WAREHOUSES)),
            sku=self.draw.choice(SKUS),
            exclusive_units=self.draw.randint(1, 20) if kind == "units" else 0,
            exclusive_permille=self.draw.choice((100, 250, 400)) if kind == "share" else 0,
            ceiling_units=self.draw.randint(0, 30) if kind == "ceiling" or self.draw.random() < 0.2 else None,
            rebalances=self.draw.random() < 0.3,
            counts_anew=self.draw.random() < 0.2,
        )
        with suppress(InvalidRequest), self.database.write() as tx:
            held = {account: draft.pending(account) for draft in [self.drafted(tx)] for account in known(draft)}
            set_quotas(self.journal, tx, [row], "setting")
            if row.logical_id == "" and row.ceiling_units is not None:
                self.ceilings.setdefault((row.seller, row.sku), self.number)
            if row.logical_id == "" and row.counts_anew:
                self.counts_anew[row.seller, row.sku] = self.number
            after = self.drafted(tx)
            assert all(after.pending(account) >= units for account, units in held.items()), "a quota took what is held"

    def rebalance(self) -> None:
        with self.database.write() as tx:
            rebalance_all(self.journal, tx, "night")
            assert rebalance_all(self.journal, tx, "again") == 0

    def wait(self) -> None:
        self.clock.advance(self.draw.randint(1, 6) * MINUTE)
        self.stock.sweep_if_due(self.database)

    def drafted(self, reader: Reader) -> Draft:
        return Draft(self.journal, reader, SKUS)

    def exclusives(self) -> Counter[str]:
        with self.database.read() as reader:
            draft = self.drafted(reader)
        units: Counter[str] = Counter()
        for pool in draft.pools(Book.CHANNEL):
            units.update({name: draft.free(pool.account(name)) for name in draft.parts(pool)})
        return units

    def check(self) -> None:
        with self.database.read() as reader:
            assert self.journal.audit(reader) == ()
            assert self.stock.audit(reader) == ()
            standing = {name for name in self.holds if self.stock.hold_state(reader, name) is EntryState.HELD}
            draft = self.drafted(reader)
            for book in (Book.DISPATCH, Book.CHANNEL):
                for pool in draft.pools(book):
                    assert all(draft.free(pool.account(part)) >= 0 for part in ("", *draft.parts(pool)))
            for level in self.stock.levels(reader):
                place = (level.site_id, level.sku)
                held = sum(self.holds[name][2].get(place, 0) for name in standing)
                assert (level.available + level.held, level.held) == (self.good[place], held)
            for one in quotas(reader):
                if one.ceiling_units is not None:
                    pool = channel_pool(one.logical_id, one.sku)
                    used = draft.pending(pool.may_take(one.seller)) + draft.posted(pool.has_taken(one.seller))
                    assert used <= one.ceiling_units
                    if one.logical_id == "":
                        assert used == self.taken(one.seller, one.sku, standing)

    def promised(self) -> None:
        """What is told as sellable is what a hold is given at a site, and not a unit more in all."""
        with self.database.read() as reader:
            there = self.stock.available(reader, SKUS)
            table = sellable(self.journal, reader, SELLERS, SKUS)
            for row, seller in enumerate(SELLERS):
                at_sites = entitlement.available(self.journal, reader, seller, there)
                for column, sku in enumerate(SKUS):
                    most = max((units for units in at_sites[sku].values()), default=0)
                    assert most <= table[row, column] <= sum(at_sites[sku].values())
                    self.try_all(reader, seller, sku, int(table[row, column]), at_sites[sku])

    def try_all(self, reader: Reader, seller: str, sku: str, units: int, at_sites: Mapping[str, int]) -> None:
        """So many units can be had, site after site; one more cannot be had at any."""
        drawing = Drawing(self.drafted(reader), seller, {one.channel_id: one for one in CHANNELS})
        left, missing = dict(self.stock.available(reader, [sku])[sku]), units
        for site_id in at_sites:
            asked = min(missing, left[site_id])
            had = asked - drawing.take((site_id, sku), asked)
            missing, left[site_id] = missing - had, left[site_id] - had
        assert missing == 0
        assert {min(free, drawing.most((site_id, sku))) for site_id, free in left.items()} <= {0}

    def taken(self, seller: str, sku: str, standing: set[str]) -> int:
        """What a seller, or its shops of any tier, held since its first ceiling, and sold since it counts anew."""
        return sum(
            units
            for name, (number, by, wanted) in self.holds.items()
            if name in standing or self.sold.get(name, 0) > self.counts_anew[seller, sku]
            if number > self.ceilings[seller, sku] and seller in (by, by.partition("#")[0])
            for (_, of), units in wanted.items()
            if of == sku
        )


def known(draft: Draft) -> list[AccountKey]:
    return [
        pool.account(part)
        for book in (Book.DISPATCH, Book.CHANNEL)
        for pool in draft.pools(book)
        for part in ("", *draft.parts(pool))
    ]


@pytest.mark.parametrize("life", range(6))
def test_whatever_is_done_every_layer_keeps_its_sums_and_its_guards(
    database: Database, stock: Stock, journal: Journal, clock: ManualClock, seed: int, life: int
) -> None:
    with database.write() as tx:
        put_channels(tx, CHANNELS)
    lived = Life(database, stock, journal, clock, 1_000 * seed + life)
    for _ in range(60):
        lived.step()
        lived.check()
        if lived.number % 4 == 0:
            lived.promised()
