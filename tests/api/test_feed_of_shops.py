"""The whole way: from a receipt and a hold over the wire to what a shop is told to show."""

import time
from collections.abc import Sequence
from datetime import timedelta

from solver.catalog.model import Part, SalesItem
from solver.client import Client, Pusher, PushFailed
from solver.clock import ManualClock
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc, stock_pb2
from solver.stock.feed.model import ShownValue
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import set_quotas
from solver.stock.layers.shops import Listing, Shop, put_listings, put_shops
from solver.stock.model import Claim
from tests.api.test_master_data import upsert
from tests.running import HOST, SECONDS, Running, fresh_id

PAIR = SalesItem(item_id="TWO-TEAS", name="Two teas", parts=(Part(sku="TEA", units=2),))


def shown(service: Running) -> dict[tuple[str, str], int]:
    stub = feed_pb2_grpc.FeedServiceStub(service.channel)
    answer = stub.GetAvailability(feed_pb2.GetAvailabilityRequest(), timeout=SECONDS)
    return {(value.shop_id, value.sku): value.units for value in answer.values}


def assert_comes_to_show(service: Running, expected: dict[tuple[str, str], int]) -> None:
    ends_at = time.monotonic() + SECONDS
    while (now := shown(service)) != expected and time.monotonic() < ends_at:
        time.sleep(0.01)
    assert now == expected


def open_shops(service: Running) -> None:
    """Two channels sell TEA from 63 units; `tmall` alone owns 10 of them, and the flagship keeps 3 back."""
    upsert(service, "sales_items", PAIR)
    application = service.application
    with application.database.write() as tx:
        put_channels(tx, [Channel(channel_id="tmall"), Channel(channel_id="jd")])
        set_quotas(application.journal, tx, [Quota(channel_id="tmall", sku="TEA", exclusive_units=10)], "season")
        put_shops(
            tx,
            [
                Shop(shop_id="flagship", channel_id="tmall", buffer_units=3, multiple_units=5),
                Shop(shop_id="outlet", channel_id="jd", cap_units=40),
            ],
        )
        put_listings(
            tx,
            [
                Listing(shop_id="flagship", sku="TEA"),
                Listing(shop_id="outlet", sku="TEA"),
                Listing(shop_id="outlet", sku="TWO-TEAS"),
            ],
        )


def test_shops_show_what_their_channels_may_sell_and_kits_follow_their_parts(
    service: Running, clock: ManualClock
) -> None:
    open_shops(service)
    assert_comes_to_show(service, {("flagship", "TEA"): 60, ("outlet", "TEA"): 40, ("outlet", "TWO-TEAS"): 26})
    hold = stock_pb2.HoldStockRequest(request_id=fresh_id(), hold_id="cart")
    hold.claims.add(site_id="W-WEST", sku="TEA", units=50)
    hold.hold_for.FromTimedelta(timedelta(minutes=15))
    service.stock.HoldStock(hold, timeout=SECONDS)
    assert_comes_to_show(service, {("flagship", "TEA"): 10, ("outlet", "TEA"): 3, ("outlet", "TWO-TEAS"): 1})
    clock.advance(timedelta(minutes=15))
    assert_comes_to_show(service, {("flagship", "TEA"): 60, ("outlet", "TEA"): 40, ("outlet", "TWO-TEAS"): 26})


def test_a_platform_that_is_pushed_to_shows_what_the_shop_shows(service: Running) -> None:
    open_shops(service)
    shows: dict[str, int] = {}
    failures = iter([True, True])

    def push(values: Sequence[ShownValue]) -> None:
        if next(failures, False):
            raise PushFailed
        shows.update({one.sku: one.units for one in values})

    with Client(f"{HOST}:{service.server.port}") as client:
        pusher = Pusher(push, most=1, rest_seconds=0.01)
        numbers = pusher.run(client.feed.watch(["jd"]))
        while shows != {"TEA": 40, "TWO-TEAS": 26}:
            next(numbers)
        client.hold_stock("cart", [Claim(site_id="W-WEST", sku="TEA", units=30)])
        while shows != {"TEA": 23, "TWO-TEAS": 11}:
            next(numbers)
    assert next(failures, None) is None


def test_a_listing_that_ends_is_shown_no_longer(service: Running) -> None:
    open_shops(service)
    with service.application.database.write() as tx:
        put_listings(tx, [Listing(shop_id="outlet", sku="TEA", ends=True)])
    assert_comes_to_show(service, {("flagship", "TEA"): 60, ("outlet", "TWO-TEAS"): 26})


def test_a_lot_that_expires_is_shown_no_longer_though_nobody_writes(service: Running, clock: ManualClock) -> None:
    open_shops(service)
    receipt = stock_pb2.ReceiveStockRequest(request_id=fresh_id(), reference="delivery")
    receipt.movements.add(site_id="W-WEST", sku="TEA", units=20, lot="L1", expires_on="2026-03-04")
    service.stock.ReceiveStock(receipt, timeout=SECONDS)
    assert_comes_to_show(service, {("flagship", "TEA"): 80, ("outlet", "TEA"): 40, ("outlet", "TWO-TEAS"): 36})
    clock.advance(timedelta(days=3))
    assert_comes_to_show(service, {("flagship", "TEA"): 60, ("outlet", "TEA"): 40, ("outlet", "TWO-TEAS"): 26})
