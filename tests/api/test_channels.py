"""Logical warehouses, channels, quotas and shops over the wire: once each, refused with every wrong field."""

from collections.abc import Callable

import pytest

from solver.client import Client
from solver.gen.xunyuan.stock.v1 import channels_pb2 as pb
from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.shops import Listing, Shop
from tests.running import HOST, SECONDS, Running, fresh_id, refusal

# TEA: 10 at W-EAST, 3 at S-EAST, 50 at W-WEST; a GIFT is a POT and two CUPs; POT: 2 and 5; CUP: 4, 1 and 20.
ONLINE = pb.LogicalWarehouse(logical_id="ONLINE", feeds=[pb.Feed(site_id="W-EAST", share_permille=600)])


def warehouses(service: Running, *nouns: pb.LogicalWarehouse, request_id: str = "") -> None:
    request = pb.SetLogicalWarehousesRequest(request_id=request_id or fresh_id(), warehouses=nouns)
    service.channels.SetLogicalWarehouses(request, timeout=SECONDS)


def channels(service: Running, *nouns: pb.Channel) -> None:
    service.channels.SetChannels(pb.SetChannelsRequest(request_id=fresh_id(), channels=nouns), timeout=SECONDS)


def quotas(service: Running, *rows: pb.Quota) -> None:
    service.channels.SetQuotas(pb.SetQuotasRequest(request_id=fresh_id(), quotas=rows), timeout=SECONDS)


def hold(service: Running, units: int, channel: str = "", site: str = "W-EAST", name: str = "cart") -> None:
    claims = [stock_pb2.Claim(site_id=site, sku="TEA", units=units)]
    request = stock_pb2.HoldStockRequest(request_id=fresh_id(), hold_id=name, claims=claims, channel=channel)
    service.stock.HoldStock(request, timeout=SECONDS)


def sellable(service: Running, *channel_ids: str, sku: str = "TEA") -> list[int]:
    request = pb.GetSellableStockRequest(channel_ids=channel_ids, skus=[sku])
    return [one.units for one in service.channels.GetSellableStock(request, timeout=SECONDS).units]


def test_a_hold_through_a_channel_is_bounded_by_its_quota_and_tells_the_numbers(service: Running) -> None:
    channels(service, pb.Channel(channel_id="TMALL"), pb.Channel(channel_id="JD"))
    quotas(service, pb.Quota(channel_id="TMALL", sku="TEA", exclusive_units=60))
    assert sellable(service, "TMALL", "JD") == [63, 3]
    short = refusal(lambda: hold(service, 4, "JD"))
    assert (short.code, short.reason) == ("FAILED_PRECONDITION", "STOCK_SHORT")
    assert short.metadata == {"W-EAST/TEA": "wanted 4, available 3"}
    hold(service, 4, "TMALL")
    assert sellable(service, "TMALL", "JD") == [59, 3]
    assert service.discrepancies() == []


def test_a_ceiling_counts_what_is_held_and_what_is_sold_and_not_what_is_given_back(service: Running) -> None:
    channels(service, pb.Channel(channel_id="JD"))
    quotas(service, pb.Quota(channel_id="JD", sku="TEA", ceiling_units=5))
    hold(service, 3, "JD", name="sold")
    service.stock.ConfirmHold(stock_pb2.ConfirmHoldRequest(request_id=fresh_id(), hold_id="sold"), timeout=SECONDS)
    hold(service, 2, "JD", name="held")
    assert sellable(service, "JD") == [0]
    below = refusal(lambda: quotas(service, pb.Quota(channel_id="JD", sku="TEA", ceiling_units=4)))
    assert below.fields == {
        "quotas[0].ceiling_units": "4: JD has 5 of TEA held or sold; give at least that, or let it count anew"
    }
    service.stock.ReleaseHold(stock_pb2.ReleaseHoldRequest(request_id=fresh_id(), hold_id="held"), timeout=SECONDS)
    assert sellable(service, "JD") == [2]


def test_a_ceiling_is_taken_away_by_leaving_it_out_and_may_count_anew(service: Running) -> None:
    channels(service, pb.Channel(channel_id="JD"))
    quotas(service, pb.Quota(channel_id="JD", sku="TEA", ceiling_units=5))
    hold(service, 5, "JD", name="sold")
    service.stock.ConfirmHold(stock_pb2.ConfirmHoldRequest(request_id=fresh_id(), hold_id="sold"), timeout=SECONDS)
    quotas(service, pb.Quota(channel_id="JD", sku="TEA"))
    assert sellable(service, "JD") == [58]
    assert list(service.channels.ListQuotas(pb.ListQuotasRequest(), timeout=SECONDS).quotas) == []
    again = pb.Quota(channel_id="JD", sku="TEA", ceiling_units=4, counts_anew=True)
    quotas(service, again)
    assert sellable(service, "JD") == [4]
    (kept,) = service.channels.ListQuotas(pb.ListQuotasRequest(), timeout=SECONDS).quotas
    assert (kept.ceiling_units, kept.counts_anew) == (4, False)
    assert service.discrepancies() == []


def test_a_channel_that_sells_from_one_logical_warehouse_sees_no_other_unit_there(service: Running) -> None:
    warehouses(service, ONLINE)
    channels(service, pb.Channel(channel_id="WEB", logical_ids=["ONLINE"]), pb.Channel(channel_id="SHOP"))
    assert sellable(service, "WEB", "SHOP") == [6 + 3 + 50, 63]
    request = pb.GetSellableStockRequest(channel_ids=["WEB"], skus=["TEA"], logical_id="ONLINE")
    assert [one.units for one in service.channels.GetSellableStock(request).units] == [6]
    assert refusal(lambda: hold(service, 7, "WEB")).metadata == {"W-EAST/TEA": "wanted 7, available 6"}
    hold(service, 7, "SHOP")
    assert sellable(service, "WEB") == [3 + 3 + 50]
    assert service.discrepancies() == []


def test_repeated_requests_change_nothing_and_lists_say_what_was_set(service: Running) -> None:
    for _ in range(2):
        warehouses(service, ONLINE, request_id="once")
    before = service.contents()
    warehouses(service, ONLINE, request_id="once")
    assert service.contents() == before
    channels(
        service, pb.Channel(channel_id="B", tier=2), pb.Channel(channel_id="A", tier=2), pb.Channel(channel_id="C")
    )
    quotas(service, pb.Quota(channel_id="B", sku="TEA", shop_tier=2, exclusive_permille=100, ceiling_units=0))
    with Client(f"{HOST}:{service.server.port}") as client:
        assert client.channels.warehouses() == (
            LogicalWarehouse(logical_id="ONLINE", feeds=(Feed(site_id="W-EAST", share_permille=600),)),
        )
        assert [one.channel_id for one in client.channels.all()] == ["C", "A", "B"]
        assert list(client.channels.quotas()) == [
            Quota(channel_id="B", sku="TEA", shop_tier=2, exclusive_permille=100, ceiling_units=0)
        ]
        client.channels.set_quotas([Quota(channel_id="B", sku="TEA", shop_tier=2)])
        assert list(client.channels.quotas(["TEA"])) == []
        assert client.channels.sellable(["B", "B#2"], ["TEA"]) == {("B", "TEA"): 63, ("B#2", "TEA"): 63}


REFUSED: list[tuple[str, Callable[[Running], None], set[str]]] = [
    (
        "a feed of what is unknown, of both, of nothing, twice",
        lambda service: warehouses(
            service,
            pb.LogicalWarehouse(
                logical_id="A@B",
                feeds=[
                    pb.Feed(site_id="nowhere", share_permille=1001),
                    pb.Feed(site_id="W-EAST", sku="nothing", units=-1),
                ],
            ),
        ),
        {"warehouses[0].feeds[0].site_id", "warehouses[0].feeds[1].sku"},
    ),
    (
        "shares above all",
        lambda service: warehouses(
            service, ONLINE, pb.LogicalWarehouse(logical_id="X", feeds=[pb.Feed(site_id="W-EAST", share_permille=401)])
        ),
        {"warehouses[0].feeds[0].share_permille", "warehouses[1].feeds[0].share_permille"},
    ),
    (
        "an amount above what is there",
        lambda service: warehouses(
            service, pb.LogicalWarehouse(logical_id="X", feeds=[pb.Feed(site_id="W-EAST", sku="TEA", units=11)])
        ),
        {"warehouses[0].feeds[0].units"},
    ),
    (
        "neither or both",
        lambda service: warehouses(
            service,
            pb.LogicalWarehouse(
                logical_id="X",
                feeds=[
                    pb.Feed(site_id="W-EAST", sku="TEA", units=1, share_permille=1),
                    pb.Feed(site_id="W-EAST"),
                    pb.Feed(site_id="W-EAST", units=1),
                ],
            ),
        ),
        {"warehouses[0].feeds[0]", "warehouses[0].feeds[1]", "warehouses[0].feeds[2]", "warehouses[0].feeds[2].sku"},
    ),
    (
        "channels of nothing",
        lambda service: channels(
            service, pb.Channel(channel_id="A#1", logical_ids=["no"], overflow=["B", "B"], tier=-1)
        ),
        {"channels[0].channel_id", "channels[0].logical_ids[0]", "channels[0].overflow[0]", "channels[0].overflow[1]",
         "channels[0].tier"},
    ),
    (
        "a quota of what is unknown",
        lambda service: quotas(service, pb.Quota(channel_id="no", sku="TEA", logical_id="no", exclusive_permille=1001)),
        {"quotas[0].channel_id", "quotas[0].logical_id", "quotas[0].exclusive_permille"},
    ),
    (
        "a quota above what is there, and of an unknown SKU",
        lambda service: quotas(service, pb.Quota(channel_id="no", sku="nothing", exclusive_units=64)),
        {"quotas[0].sku"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("call", "fields"), [pytest.param(call, wrong, id=what) for what, call, wrong in REFUSED])
def test_every_wrong_field_is_named_and_nothing_is_written(
    service: Running, call: Callable[[Running], None], fields: set[str]
) -> None:
    before = service.contents()
    refused = refusal(lambda: call(service))
    assert refused.code == "INVALID_ARGUMENT"
    assert set(refused.fields) == fields
    assert service.contents() == before


def test_a_quota_above_what_is_there_is_refused_with_the_numbers(service: Running) -> None:
    channels(service, pb.Channel(channel_id="TMALL"), pb.Channel(channel_id="JD"))
    quotas(service, pb.Quota(channel_id="TMALL", sku="TEA", exclusive_units=40))
    hold(service, 5, name="anyone")
    before = service.contents()
    refused = refusal(lambda: quotas(service, pb.Quota(channel_id="JD", sku="TEA", exclusive_units=19)))
    assert refused.fields == {
        "quotas[0].exclusive_units": "19: of 63 TEA in all sites no more than 18 can be given to JD: "
        "others hold or have the rest"
    }
    assert service.contents() == before
    quotas(service, pb.Quota(channel_id="JD", sku="TEA", exclusive_units=18))
    assert sellable(service, "TMALL", "JD") == [40, 18]


def test_rebalancing_brings_free_units_back_to_what_was_said(service: Running) -> None:
    warehouses(service, ONLINE)
    channels(service, pb.Channel(channel_id="WEB", logical_ids=["ONLINE"]))
    hold(service, 6, "WEB")
    service.stock.ConfirmHold(stock_pb2.ConfirmHoldRequest(request_id=fresh_id(), hold_id="cart"), timeout=SECONDS)
    request = pb.RebalanceRequest(request_id=fresh_id(), skus=["TEA"], site_ids=["W-EAST"])
    assert [service.channels.Rebalance(request).moved_units for _ in range(2)] == [2, 2]  # 600 of 1000 of the 4 left
    again = pb.RebalanceRequest(request_id=fresh_id())
    assert service.channels.Rebalance(again).moved_units == 0
    wrong = pb.RebalanceRequest(request_id=fresh_id(), skus=["nothing"], site_ids=["nowhere"])
    assert set(refusal(lambda: service.channels.Rebalance(wrong)).fields) == {"skus[0]", "site_ids[0]"}
    assert service.discrepancies() == []


def shown_of(client: Client, sku: str) -> dict[tuple[str, str], tuple[int, int]]:
    found = client.channels.picture(sku).shops
    return {(one.shop_id, one.sku): (one.sellable_units, one.shown_units) for one in found}


def test_shops_show_whole_kits_of_what_is_left_of_their_parts(service: Running) -> None:
    with Client(f"{HOST}:{service.server.port}") as client:
        client.channels.set_channels([Channel(channel_id="TMALL"), Channel(channel_id="JD")])
        client.channels.set_shops(
            [
                Shop(shop_id="flagship", channel_id="TMALL", buffer_units=1),
                Shop(shop_id="outlet", channel_id="JD", multiple_units=4, cap_units=8),
            ]
        )
        assert [one.shop_id for one in client.channels.shops()] == ["flagship", "outlet"]
        pairs = [("flagship", "GIFT"), ("outlet", "GIFT"), ("outlet", "CUP")]
        client.channels.set_listings([Listing(shop_id=shop, sku=sku) for shop, sku in pairs])
        shown = shown_of(client, "CUP")
        assert shown == {("flagship", "GIFT"): (7, 6), ("outlet", "GIFT"): (7, 4), ("outlet", "CUP"): (25, 8)}
        # A kit sold in one channel: its parts are fewer everywhere.
        claims = [stock_pb2.Claim(site_id="W-WEST", sku=sku, units=units) for sku, units in (("POT", 4), ("CUP", 8))]
        service.stock.HoldStock(
            stock_pb2.HoldStockRequest(request_id=fresh_id(), hold_id="kit", claims=claims, channel="JD"),
            timeout=SECONDS,
        )
        shown = shown_of(client, "CUP")
        assert shown == {("flagship", "GIFT"): (3, 2), ("outlet", "GIFT"): (3, 0), ("outlet", "CUP"): (17, 8)}
        client.channels.set_listings([Listing(shop_id="outlet", sku="CUP", ends=True)])
        assert {one.sku for one in client.channels.picture("CUP").shops} == {"GIFT"}
        assert client.channels.picture("SAFE").shops == ()


def test_shops_and_listings_of_what_is_unknown_are_refused(service: Running) -> None:
    channels(service, pb.Channel(channel_id="TMALL"))
    before = service.contents()
    shop = pb.Shop(shop_id="", channel_id="no", tier=-1, buffer_units=-1, multiple_units=0, cap_units=-1)
    refused = refusal(
        lambda: service.channels.SetShops(pb.SetShopsRequest(request_id=fresh_id(), shops=[shop]), timeout=SECONDS)
    )
    names = ("shop_id", "channel_id", "tier", "buffer_units", "multiple_units", "cap_units")
    assert set(refused.fields) == {f"shops[0].{name}" for name in names}
    listing = pb.SetListingsRequest(request_id=fresh_id(), listings=[pb.Listing(shop_id="no", sku="nothing")])
    unknown = refusal(lambda: service.channels.SetListings(listing, timeout=SECONDS))
    assert set(unknown.fields) == {"listings[0].shop_id", "listings[0].sku"}
    question = pb.GetSellableStockRequest(channel_ids=["no"], skus=["nothing"], logical_id="no")
    asked = refusal(lambda: service.channels.GetSellableStock(question, timeout=SECONDS))
    assert set(asked.fields) == {"channel_ids[0]", "skus[0]", "logical_id"}
    lost = refusal(lambda: service.channels.GetStockPicture(pb.GetStockPictureRequest(sku="nothing"), timeout=SECONDS))
    assert (lost.code, lost.metadata) == ("NOT_FOUND", {"sku": "nothing"})
    assert service.contents() == before
