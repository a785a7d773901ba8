"""Random lives of holds and commitments through channels: whatever becomes of them, every layer keeps its sums."""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import XunyuanError
from solver.stock.holding.commitment_model import CommitmentRow, ShortPick
from solver.stock.holding.hold_terms import HoldTerms
from solver.stock.holding.standing import HoldName
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import rebalance_all, set_quotas, set_warehouses
from solver.stock.physical.states import StockState
from solver.storage.url import open_database
from tests.stock.hold_world import MINUTES, MONDAY, SCHEMAS, HoldWorld, tea

SITES = ("s1", "s2")
SELLERS = ("web", "web#1", "shop", "")


class Life:
    """Draws what is done next; what is refused changes nothing."""

    def __init__(self, world: HoldWorld, seed: int) -> None:
        self.world = world
        self.draw = random.Random(seed)
        self.names: list[str] = []
        self.done: list[str] = []

    def step(self) -> None:
        acts: tuple[Callable[[], None], ...] = (
            self.receive, self.place, self.place, self.place, self.extend, self.split, self.transfer, self.part_back,
            self.release, self.confirm, self.confirm, self.ship, self.short, self.reject, self.cancel, self.cancel,
            self.wait, self.feed, self.quota, self.rebalance,
        )  # fmt: skip
        act = self.draw.choice(acts)
        with suppress(XunyuanError):
            act()
            self.done.append(act.__name__)

    def receive(self) -> None:
        self.world.receive(self.draw.randint(1, 30), self.draw.choice(SITES))

    def place(self) -> None:
        name = f"hold-{len(self.names)}"
        claims = [tea(self.draw.randint(1, 6), site) for site in self.draw.sample(SITES, self.draw.randint(1, 2))]
        terms = HoldTerms(channel=self.draw.choice(SELLERS))
        self.world.place(name, *claims, minutes=self.draw.randint(2, 20), terms=terms)
        self.names.append(name)

    def extend(self) -> None:
        self.world.extend(self.name(), self.draw.randint(1, 30))

    def split(self) -> None:
        new = f"split-{len(self.names)}"
        self.world.split(self.name(), new, tea(self.draw.randint(1, 3), self.draw.choice(SITES)))
        self.names.append(new)

    def transfer(self) -> None:
        new = f"given-{len(self.names)}"
        self.world.transfer(self.name(), new)
        self.names.append(new)

    def part_back(self) -> None:
        self.world.release(self.name(), tea(self.draw.randint(1, 3), self.draw.choice(SITES)))

    def release(self) -> None:
        self.world.release(self.name())

    def confirm(self) -> None:
        self.world.confirm(self.name())

    def ship(self) -> None:
        self.world.ship(self.held(), self.row())

    def short(self) -> None:
        pick = ShortPick(site_id=self.draw.choice(SITES), sku="tea", missing_units=self.draw.randint(1, 2))
        self.world.report_short(self.held(), pick)

    def reject(self) -> None:
        self.world.reject(self.held(), self.row(), into=self.draw.choice((StockState.GOOD, StockState.FROZEN)))

    def cancel(self) -> None:
        self.world.cancel(self.held(), self.row())

    def wait(self) -> None:
        self.world.clock.advance(self.draw.randint(1, 5) * MINUTES)

    def feed(self) -> None:
        shares = [self.draw.choice((0, 300, 500, 800)) for _ in SITES]
        feeds = tuple(
            Feed(site_id=site, share_permille=share) for site, share in zip(SITES, shares, strict=True) if share
        )
        noun = LogicalWarehouse(logical_id=self.draw.choice(("east", "west")), feeds=feeds, rebalances=shares[0] == 300)
        with self.world.database.write() as tx:
            set_warehouses(self.world.journal, tx, [noun], "setting")

    def quota(self) -> None:
        row = Quota(
            channel_id=self.draw.choice(("web", "shop")),
            sku="tea",
            shop_tier=self.draw.choice((0, 1)),
            logical_id=self.draw.choice(("", "east", "west")),
            exclusive_units=self.draw.choice((0, 3, 8)),
            ceiling_units=self.draw.choice((None, 5, 20)),
        )
        with self.world.database.write() as tx:
            set_quotas(self.world.journal, tx, [row], "setting")

    def rebalance(self) -> None:
        with self.world.database.write() as tx:
            rebalance_all(self.world.journal, tx, "night")

    def name(self) -> str:
        return self.draw.choice(self.names or ["none"])

    def held(self) -> HoldName:
        return HoldName.of_caller(self.name())

    def row(self) -> CommitmentRow:
        return CommitmentRow(site_id=self.draw.choice(SITES), sku="tea", units=self.draw.randint(1, 3))


@pytest.mark.parametrize("life", range(8))
def test_whatever_becomes_of_holds_every_layer_keeps_its_sums(tmp_path: Path, seed: int, life: int) -> None:
    """Every other life has little stock, and may promise more than there is."""
    database = open_database(tmp_path / "books.db", SCHEMAS)
    world = HoldWorld.over(database, ManualClock(MONDAY))
    with database.write() as tx:
        put_channels(
            tx, [Channel(channel_id="web", logical_ids=("east",), overflow=("shop",)), Channel(channel_id="shop")]
        )
    lived = Life(world, 1_000 * seed + life)
    world.receive(12 if life % 2 else 60)
    world.receive(60, "s2")
    if life % 2:
        world.limit(10)
    for _ in range(120):
        lived.step()
        assert world.discrepancies() == (), lived.done
    assert {"place", "confirm"} <= set(lived.done)
    database.close()
