"""What shops show: buffers, multiples, caps, tiers, kits; and when that may have changed."""

from collections.abc import Callable

import pytest

from solver.catalog.model import Part, SalesItem
from solver.journal.journal import Journal
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.layers.shops import Listing, Shop, put_listings, put_shops, shops
from solver.stock.layers.shown import Shopfront
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.divided_world import Divided

PAIR = SalesItem(item_id="pair", name="Two teas", parts=(Part(sku="tea", units=2),))
SET = SalesItem(item_id="set", name="Tea and cup", parts=(Part(sku="tea", units=1), Part(sku="cup", units=1)))


@pytest.mark.parametrize(
    ("buffer", "multiple", "cap", "shown"),
    [
        (0, 1, None, 17),
        (3, 1, None, 14),
        (17, 1, None, 0),
        (18, 1, None, 0),
        (0, 5, None, 15),
        (3, 5, None, 10),
        (0, 5, 12, 12),
        (0, 1, 0, 0),
    ],
)
def test_a_shop_keeps_its_buffer_back_rounds_down_and_stops_at_its_cap(
    buffer: int, multiple: int, cap: int | None, shown: int
) -> None:
    shop = Shop(shop_id="s", channel_id="c", buffer_units=buffer, multiple_units=multiple, cap_units=cap)
    assert shop.shows(17) == shown


class World(Divided):
    """17 teas; channels web and app; a shop of web, one of its second tier, and one of app."""

    def __init__(self, database: Database, stock: Stock, journal: Journal) -> None:
        super().__init__(database, stock, journal)
        self.offer(PAIR, SET)
        self.front = Shopfront(journal, lambda: self.kits)
        self.receive(17)
        self.channels(Channel(channel_id="web"), Channel(channel_id="app"))
        with database.write() as tx:
            put_shops(
                tx,
                [
                    Shop(shop_id="flagship", channel_id="web", tier=2),
                    Shop(shop_id="outlet", channel_id="web"),
                    Shop(shop_id="phone", channel_id="app"),
                ],
            )

    def lists(self, *pairs: tuple[str, str], ends: bool = False) -> None:
        with self.database.write() as tx:
            put_listings(tx, [Listing(shop_id=shop, sku=sku, ends=ends) for shop, sku in pairs])

    def offer(self, *kits: SalesItem) -> None:
        self.kits = {kit.item_id: kit for kit in kits}

    def shown(self, *skus: str) -> dict[tuple[str, str], int]:
        with self.database.read() as reader:
            return self.front.shown(reader, skus)

    def revision(self) -> object:
        with self.database.read() as reader:
            return self.front.revision(reader)


@pytest.fixture
def world(database: Database, stock: Stock, journal: Journal) -> World:
    return World(database, stock, journal)


def test_only_listed_pairs_are_shown_each_by_what_its_channel_and_tier_may_sell(world: World) -> None:
    world.lists(("flagship", "tea"), ("outlet", "tea"), ("phone", "tea"))
    world.quotas(Quota(channel_id="web", shop_tier=2, sku="tea", exclusive_units=10))
    assert world.shown("tea", "cup") == {("flagship", "tea"): 17, ("outlet", "tea"): 7, ("phone", "tea"): 7}
    world.hold("cart", 4, "web#2")
    assert world.shown("tea") == {("flagship", "tea"): 13, ("outlet", "tea"): 7, ("phone", "tea"): 7}
    world.lists(("outlet", "tea"), ends=True)
    assert world.shown("tea") == {("flagship", "tea"): 13, ("phone", "tea"): 7}


def test_a_kit_is_shown_as_often_as_it_is_whole_and_one_without_a_part_not_at_all(world: World) -> None:
    world.lists(("phone", "pair"), ("outlet", "pair"), ("phone", "set"))
    assert world.shown("pair", "set") == {("phone", "pair"): 8, ("outlet", "pair"): 8, ("phone", "set"): 0}
    world.hold("kit sold by phone", 2, "app")
    assert world.shown("pair") == {("phone", "pair"): 7, ("outlet", "pair"): 7}


def test_what_a_change_of_a_part_touches_are_the_part_and_the_kits_that_are_listed(world: World) -> None:
    world.lists(("phone", "tea"), ("phone", "pair"))
    with world.database.read() as reader:
        assert world.front.showing(reader, ["tea"]) == {"tea", "pair"}
        assert world.front.showing(reader, ["cup"]) == set()
        assert world.front.listed(reader) == {"tea", "pair"}
        assert world.front.shops(reader) == {"flagship": "web", "outlet": "web", "phone": "app"}
        assert list(shops(reader)) == ["flagship", "outlet", "phone"]
        assert sorted(world.front.channels(reader)) == ["app", "web"]


def test_the_revision_changes_with_what_no_entry_of_the_journal_tells_and_with_nothing_else(world: World) -> None:
    first = world.revision()
    world.receive(5)
    world.hold("cart", 1, "web")
    assert world.revision() == first
    seen = [first]
    changes: list[Callable[[], None]] = [
        lambda: world.lists(("phone", "tea")),
        lambda: world.lists(("phone", "tea"), ends=True),
        lambda: world.channels(Channel(channel_id="web", overflow=("app",))),
        lambda: world.offer(PAIR),
    ]
    for change in changes:
        change()
        assert world.revision() not in seen
        seen.append(world.revision())
