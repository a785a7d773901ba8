"""What callers get wrong about stock: told alike over the wire and in this process, and nothing is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from google.protobuf.duration_pb2 import Duration

from solver.app import Application
from solver.errors import InvalidRequest, StateConflict, XunyuanError
from solver.fulfilment.hold_model import HoldWish
from solver.gen.xunyuan.stock.v1 import channels_pb2, commitments_pb2, stock_pb2
from solver.stock.feed.model import Audience
from solver.stock.holding.commitment_model import CommitmentRow
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.model import Claim, Movement
from solver.storage.once import request_for
from tests.running import SECONDS, Running, fresh_id, refusal

ADD_IT = "name one that exists, or add it first"
UNITS = "must lie between 1 and 1,000,000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """The same mistake made at both ends, and what either is told: by field, the value and the remedy."""

    wire: Callable[[Running], object]
    here: Callable[[Application], object]
    told: dict[str, str]


def receive(service: Running, **row: object) -> object:
    movement = stock_pb2.Movement(**{"site_id": "S-EAST", "sku": "TEA", "units": 1, **row})  # type: ignore[arg-type]  # of mixed types
    request = stock_pb2.ReceiveStockRequest(request_id=fresh_id(), reference="po", movements=[movement])
    return service.stock.ReceiveStock(request, timeout=SECONDS)


def receive_here(application: Application, **row: object) -> object:
    movement = Movement(**{"site_id": "S-EAST", "sku": "TEA", "units": 1, **row})  # type: ignore[arg-type]
    return application.stockroom.receive(request_for("Receive", fresh_id(), row), [movement], "po")


def hold(service: Running, *, channel: str = "", minutes: int = 9, **claim: object) -> object:
    wanted = stock_pb2.Claim(**{"site_id": "S-EAST", "sku": "TEA", "units": 1, **claim})  # type: ignore[arg-type]
    request = stock_pb2.HoldStockRequest(
        request_id=fresh_id(), hold_id="cart", claims=[wanted], channel=channel, hold_for=Duration(seconds=60 * minutes)
    )
    return service.stock.HoldStock(request, timeout=SECONDS)


def hold_here(application: Application, *, channel: str = "", minutes: int = 9, **claim: object) -> object:
    wanted = Claim(**{"site_id": "S-EAST", "sku": "TEA", "units": 1, **claim})  # type: ignore[arg-type]
    wish = HoldWish(hold_id="cart", claims=(wanted,), channel=channel, hold_for=timedelta(minutes=minutes))
    return application.holding.hold(request_for("Hold", fresh_id(), claim), wish)


def feed(service: Running, *shares: int) -> object:
    nouns = [
        channels_pb2.LogicalWarehouse(
            logical_id=f"L{number}", feeds=[channels_pb2.Feed(site_id="S-EAST", share_permille=share)]
        )
        for number, share in enumerate(shares)
    ]
    request = channels_pb2.SetLogicalWarehousesRequest(request_id=fresh_id(), warehouses=nouns)
    return service.channels.SetLogicalWarehouses(request, timeout=SECONDS)


def feed_here(application: Application, *shares: int) -> None:
    nouns = [
        LogicalWarehouse(logical_id=f"L{number}", feeds=(Feed(site_id="S-EAST", share_permille=share),))
        for number, share in enumerate(shares)
    ]
    application.channels.set_warehouses(request_for("Feed", fresh_id(), shares), nouns)


def quota(service: Running, channel_id: str = "app", **figures: int) -> object:
    row = channels_pb2.Quota(channel_id=channel_id, sku="TEA", **figures)  # type: ignore[arg-type]
    request = channels_pb2.SetQuotasRequest(request_id=fresh_id(), quotas=[row])
    return service.channels.SetQuotas(request, timeout=SECONDS)


def quota_here(application: Application, channel_id: str = "app", **figures: int) -> None:
    rows = [Quota(channel_id=channel_id, sku="TEA", **figures)]  # type: ignore[arg-type]
    application.channels.set_quotas(request_for("Quota", fresh_id(), figures), rows)


WRONG = {
    "an unknown SKU is received": Wrong(
        wire=lambda it: receive(it, sku="NO"),
        here=lambda it: receive_here(it, sku="NO"),
        told={"movements[0].sku": f"'NO': there is no such material; {ADD_IT}"},
    ),
    "an unknown SKU is held": Wrong(
        wire=lambda it: hold(it, sku="NO"),
        here=lambda it: hold_here(it, sku="NO"),
        told={"claims[0].sku": f"'NO': there is no such material; {ADD_IT}"},
    ),
    "goods are received at an unknown site": Wrong(
        wire=lambda it: receive(it, site_id="NO"),
        here=lambda it: receive_here(it, site_id="NO"),
        told={"movements[0].site_id": f"'NO': there is no such source; {ADD_IT}"},
    ),
    "goods are held at an unknown site": Wrong(
        wire=lambda it: hold(it, site_id="NO"),
        here=lambda it: hold_here(it, site_id="NO"),
        told={"claims[0].site_id": f"'NO': there is no such source; {ADD_IT}"},
    ),
    "a hold is for an unknown channel": Wrong(
        wire=lambda it: hold(it, channel="NO"),
        here=lambda it: hold_here(it, channel="NO"),
        told={"channel": f"'NO': there is no such channel; {ADD_IT}"},
    ),
    "a quota is for an unknown channel": Wrong(
        wire=lambda it: quota(it, "NO", exclusive_units=1),
        here=lambda it: quota_here(it, "NO", exclusive_units=1),
        told={"quotas[0].channel_id": f"'NO': there is no such channel; {ADD_IT}"},
    ),
    "fewer than no goods are received": Wrong(
        wire=lambda it: receive(it, units=-3),
        here=lambda it: receive_here(it, units=-3),
        told={"movements[0].units": f"-3: {UNITS}"},
    ),
    "no goods are received": Wrong(
        wire=lambda it: receive(it, units=0),
        here=lambda it: receive_here(it, units=0),
        told={"movements[0].units": f"0: {UNITS}"},
    ),
    "shares of a site sum to more than all": Wrong(
        wire=lambda it: feed(it, 700, 301),
        here=lambda it: feed_here(it, 700, 301),
        told={
            f"warehouses[{at}].feeds[0].share_permille": (
                f"{share}: all shares of S-EAST sum to 1001; leave at most 1000"
            )
            for at, share in enumerate((700, 301))
        },
    ),
    "shares of a channel sum to more than all": Wrong(
        wire=lambda it: quota(it, exclusive_permille=501),
        here=lambda it: quota_here(it, exclusive_permille=501),
        told={"quotas[0].exclusive_permille": "501: all shares of TEA sum to 1001; leave at most 1000"},
    ),
    "a quota is above what exists": Wrong(
        wire=lambda it: quota(it, exclusive_units=64),
        here=lambda it: quota_here(it, exclusive_units=64),
        told={
            "quotas[0].exclusive_units": "64: of 63 TEA in all sites no more than 31 can be given to app: "
            "others hold or have the rest"
        },
    ),
    "a hold has expired when it begins": Wrong(
        wire=lambda it: hold(it, minutes=-1),
        here=lambda it: hold_here(it, minutes=-1),
        told={"hold_for": "'-60 s': give more than 0 and up to 7 days"},
    ),
    "goods that have expired are received as good": Wrong(
        wire=lambda it: receive(it, lot="L1", expires_on="2026-03-01"),
        here=lambda it: receive_here(it, lot="L1", expires_on=date(2026, 3, 1)),
        told={
            "movements[0].expires_on": "'2026-03-01': it is 2026-03-02 there: what has expired cannot be good; "
            "say frozen or defective"
        },
    ),
    "an unknown lot is shipped": Wrong(
        wire=lambda it: ship(it, lots=["L9"]),
        here=lambda it: ship_here(it, lots=("L9",)),
        told={"lots[0]": "'L9': S-EAST never had such a lot of TEA; name one it has"},
    ),
}  # fmt: skip


def ship(service: Running, **row: object) -> object:
    wanted = commitments_pb2.CommitmentRow(**{"site_id": "S-EAST", "sku": "TEA", "units": 1, **row})  # type: ignore[arg-type]
    request = commitments_pb2.ShipRequest(request_id=fresh_id(), hold_id="sold", rows=[wanted])
    return service.commitments.Ship(request, timeout=SECONDS)


def ship_here(application: Application, **row: object) -> object:
    wanted = CommitmentRow(**{"site_id": "S-EAST", "sku": "TEA", "units": 1, **row})  # type: ignore[arg-type]
    return application.committing.ship(request_for("Ship", fresh_id(), row), [wanted], hold_id="sold")


@pytest.fixture
def shop(service: Running) -> Running:
    """Two channels, of which the web has half of all tea; and one tea that is sold."""
    application = service.application
    channels = [Channel(channel_id="app"), Channel(channel_id="web")]
    application.channels.set_channels(request_for("c", "opening"), channels)
    rows = [Quota(channel_id="web", sku="TEA", exclusive_permille=500)]
    application.channels.set_quotas(request_for("q", "opening"), rows)
    claims = (Claim(site_id="S-EAST", sku="TEA", units=1),)
    application.holding.hold(request_for("h", "opening"), HoldWish(hold_id="sold", claims=claims))
    application.holding.confirm(request_for("s", "opening"), "sold")
    receive_here(application)
    return service


def fields_of(error: InvalidRequest) -> dict[str, str]:
    return {one.field: f"{one.value}: {one.remedy}" for one in error.violations}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_with_field_value_and_remedy_at_both_ends_and_nothing_is_written(
    shop: Running, wrong: Wrong
) -> None:
    before = shop.contents()
    over_the_wire = refusal(lambda: wrong.wire(shop))
    assert (over_the_wire.code, over_the_wire.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert over_the_wire.fields == wrong.told
    with pytest.raises(InvalidRequest) as here:
        wrong.here(shop.application)
    assert fields_of(here.value) == wrong.told
    assert shop.contents() == before


@pytest.mark.parametrize("units", [1.5, 2.0, float("nan")])
def test_a_fraction_of_a_counted_unit_is_refused_here_and_cannot_be_said_on_the_wire(
    shop: Running, units: float
) -> None:
    before = shop.contents()
    calls: dict[str, Callable[[], object]] = {
        "movements[0].units": lambda: receive_here(shop.application, units=units),
        "claims[0].units": lambda: hold_here(shop.application, units=units),
        "quotas[0].exclusive_units": lambda: quota_here(shop.application, exclusive_units=units),  # type: ignore[arg-type]
        "rows[0].units": lambda: ship_here(shop.application, units=units),
    }
    for field, call in calls.items():
        with pytest.raises(InvalidRequest) as refused:
            call()
        assert fields_of(refused.value) == {field: f"{units!r}: give a whole number"}
    assert shop.contents() == before
    with pytest.raises((TypeError, ValueError)):
        stock_pb2.Movement(units=1.5)  # type: ignore[arg-type]


def test_more_than_is_committed_or_held_is_refused_with_the_numbers_at_both_ends(shop: Running) -> None:
    hold(shop, units=2)
    before = shop.contents()
    ended = refusal(lambda: ship(shop, units=2))
    assert (ended.code, ended.reason) == ("FAILED_PRECONDITION", "MORE_THAN_COMMITTED")
    assert ended.metadata == {"S-EAST/TEA": "wanted 2, committed 1"}
    with pytest.raises(StateConflict) as here:
        ship_here(shop.application, units=2)
    assert (here.value.reason, here.value.metadata) == (ended.reason, ended.metadata)

    def release() -> object:
        claims = [stock_pb2.Claim(site_id="S-EAST", sku="TEA", units=3)]
        request = stock_pb2.ReleaseHoldRequest(request_id=fresh_id(), hold_id="cart", claims=claims)
        return shop.stock.ReleaseHold(request, timeout=SECONDS)

    over_the_wire = refusal(release)
    with pytest.raises(InvalidRequest) as given_back:
        claims = [Claim(site_id="S-EAST", sku="TEA", units=3)]
        shop.application.holding.release(request_for("r", fresh_id()), "cart", claims)
    assert over_the_wire.fields == fields_of(given_back.value)
    assert over_the_wire.fields == {"claims": "3: only 2 of S-EAST/TEA are held; name no more"}
    assert shop.contents() == before


def test_a_hold_is_confirmed_once_and_never_after_its_expiry_at_both_ends(shop: Running) -> None:
    request = stock_pb2.ConfirmHoldRequest(request_id=fresh_id(), hold_id="sold")
    ended = refusal(lambda: shop.stock.ConfirmHold(request, timeout=SECONDS))
    with pytest.raises(XunyuanError) as here:
        shop.application.holding.confirm(request_for("c", fresh_id()), "sold")
    assert (ended.code, ended.reason, here.value.reason) == ("FAILED_PRECONDITION", "HOLD_CONFIRMED", "HOLD_CONFIRMED")


def test_a_feed_of_the_future_is_refused_here_as_on_the_wire(shop: Running) -> None:
    before = shop.contents()
    with pytest.raises(InvalidRequest) as refused:
        shop.application.feed.stream(Audience(), 7_000, heartbeat_seconds=1.0, wanted=lambda: True)
    (told,) = refused.value.violations
    assert (told.field, told.value) == ("after_number", "7000")
    assert told.remedy.endswith("resume from at most that, or leave it out for a snapshot")
    assert shop.contents() == before
