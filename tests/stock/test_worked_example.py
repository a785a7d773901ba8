"""From a received pallet to the number that a shop shows: the example of docs/stock.md, which holds these numbers."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from solver.app import Application
from solver.catalog.model import Part, SalesItem
from solver.cli.stock_show import page
from solver.clock import ManualClock
from solver.fulfilment.hold_model import HoldWish
from solver.scenario.load import load
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.picture_model import StockPicture
from solver.stock.layers.shops import Listing, Shop
from solver.stock.model import Claim, Movement
from solver.stock.physical.moves import StateChange
from solver.stock.physical.states import StockState
from solver.storage.once import Request, request_for
from tests.made_world import MONDAY_AT_8, made_world

DOCUMENT = Path(__file__).parents[2] / "docs" / "stock.md"
HEADINGS = (
    "after", "on hand", "available", "held", "committed", "ONLINE", "TMALL's own", "JD's own", "shared",
    "TMALL may sell", "JD may sell", "flagship shows", "outlet shows", "flagship shows TEA-3",
)  # fmt: skip


class Example:
    """The steps in order; each is one call as a caller would make it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.rows: list[tuple[str, ...]] = []

    def set_up(self) -> None:
        channels = self.application.channels
        self.application.catalog.upsert_sales_items(
            named("kit"), [SalesItem(item_id="TEA-3", name="Three teas", parts=(Part(sku="TEA", units=3),))]
        )
        feeds = (Feed(site_id="W-EAST", share_permille=700),)
        channels.set_warehouses(named("feeds"), [LogicalWarehouse(logical_id="ONLINE", feeds=feeds)])
        channels.set_channels(
            named("channels"),
            [
                Channel(channel_id=one, tier=tier, logical_ids=("ONLINE",))
                for tier, one in enumerate(("TMALL", "JD"), 1)
            ],
        )
        channels.set_shops(
            named("shops"),
            [
                Shop(shop_id="flagship", channel_id="TMALL", buffer_units=10, multiple_units=10),
                Shop(shop_id="outlet", channel_id="JD", cap_units=50),
            ],
        )
        pairs = (("flagship", "TEA"), ("outlet", "TEA"), ("flagship", "TEA-3"))
        channels.set_listings(named("listings"), [Listing(shop_id=shop, sku=sku) for shop, sku in pairs])

    def a_pallet_of_480_is_received(self) -> None:
        lot = {"zone": "A", "bin": "A-01", "lot": "L7", "expires_on": date(2026, 12, 31)}
        movement = Movement(site_id="W-EAST", sku="TEA", units=480, **lot)  # type: ignore[arg-type]  # of mixed types
        self.application.stockroom.receive(named("pallet"), [movement], "purchase 17")

    def damaged_12_are_found(self) -> None:
        change = StateChange(
            site_id="W-EAST", sku="TEA", units=12, from_state=StockState.GOOD, to_state=StockState.DEFECTIVE
        )
        self.application.warehouse.placing.change_states(named("damage"), [change], "inspection 3")

    def tmall_is_given_150_and_jd_a_fifth(self) -> None:
        quotas = [
            Quota(channel_id="TMALL", logical_id="ONLINE", sku="TEA", exclusive_units=150),
            Quota(channel_id="JD", logical_id="ONLINE", sku="TEA", exclusive_permille=200, ceiling_units=60),
        ]
        self.application.channels.set_quotas(named("quotas"), quotas)

    def a_cart_of_jd_holds_5(self) -> None:
        self._hold("cart", 5, "JD")

    def tmall_sells_20(self) -> None:
        self._hold("sale", 20, "TMALL")
        self.application.holding.confirm(named("confirm"), "sale")

    def the_20_are_shipped(self) -> None:
        self.application.committing.ship(named("ship"), hold_id="sale")

    def tmall_sells_30_kits_of_three(self) -> None:
        self._hold("kits", 90, "TMALL")
        self.application.holding.confirm(named("confirm kits"), "kits")

    def _hold(self, hold_id: str, units: int, channel: str) -> None:
        claims = (Claim(site_id="W-EAST", sku="TEA", units=units),)
        self.application.holding.hold(named(hold_id), HoldWish(hold_id=hold_id, claims=claims, channel=channel))

    def picture(self) -> StockPicture:
        return self.application.channels.picture("TEA")

    def take(self) -> None:
        """Every step, and the figures after it."""
        steps = (
            self.a_pallet_of_480_is_received,
            self.damaged_12_are_found,
            self.tmall_is_given_150_and_jd_a_fifth,
            self.a_cart_of_jd_holds_5,
            self.tmall_sells_20,
            self.the_20_are_shipped,
            self.tmall_sells_30_kits_of_three,
        )
        for step in steps:
            step()
            self.rows.append((step.__name__.replace("_", " "), *figures(self.picture())))


def named(name: str) -> Request:
    return request_for("Example", name, name)


def figures(picture: StockPicture) -> tuple[str, ...]:
    [site] = picture.sites
    [online] = site.allotted
    own = {part.name: part.units for pool in picture.pools for part in (*pool.exclusive, pool.shared)}
    sells = {one.channel_id: one.sellable_units for one in picture.channels}
    shows = {(one.shop_id, one.sku): one.shown_units for one in picture.shops}
    parts = [f"{own[part]}" if part in own else "-" for part in ("TMALL", "JD", "")]
    shown = [f"{shows[pair]}" for pair in (("flagship", "TEA"), ("outlet", "TEA"), ("flagship", "TEA-3"))]
    at_site = (site.on_hand, site.available, site.held, site.committed, online.units, sells["TMALL"], sells["JD"])
    *below, tmall, jd = (str(units) for units in at_site)
    return (*below, *parts, tmall, jd, *shown)


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Example]:
    application = Application.open(tmp_path, ManualClock(MONDAY_AT_8))
    load(application, made_world(stock=()))
    taken = Example(application)
    taken.set_up()
    taken.take()
    yield taken
    application.close()


def test_every_number_between_the_pallet_and_the_shop(example: Example) -> None:
    assert [row[1:] for row in example.rows] == [
        # on hand, available, held, committed | ONLINE: TMALL's, JD's, shared | may sell | flagship, outlet, kits
        ("480", "480", "0", "0", "336", "-", "-", "-", "336", "336", "320", "50", "100"),
        ("468", "468", "0", "0", "336", "-", "-", "-", "336", "336", "320", "50", "100"),  # 12 of what is unallotted
        ("468", "468", "0", "0", "336", "150", "37", "149", "299", "60", "280", "50", "80"),  # 37 = 200 of 1000 of 186
        ("468", "463", "5", "0", "336", "150", "37", "149", "299", "55", "280", "50", "80"),
        ("468", "443", "5", "20", "316", "130", "37", "149", "279", "55", "260", "50", "80"),
        ("448", "443", "5", "0", "316", "130", "37", "149", "279", "55", "260", "50", "80"),  # ships what was sold
        ("448", "353", "5", "90", "226", "40", "37", "149", "189", "55", "170", "50", "50"),
    ]


def test_the_books_balance_after_the_example(example: Example) -> None:
    with example.application.database.read() as reader:
        assert example.application.journal.audit(reader) == ()
        assert example.application.stock.audit(reader) == ()


def test_the_page_holds_the_numbers_of_the_example(example: Example) -> None:
    text = DOCUMENT.read_text()
    for row in (HEADINGS, ("---", *("---:" for _ in HEADINGS[1:])), *example.rows):
        assert f"| {' | '.join(row)} |\n" in text
    assert "```text\n" + "".join(f"{line}\n" for line in page(example.picture())) + "```\n" in text
