"""Holds and limits of backorders over the wire: once each, refused with every wrong field, changing nothing then."""

from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.gen.xunyuan.stock.v1 import stock_pb2 as pb
from tests.made_world import MONDAY_AT_8
from tests.running import SECONDS, Running, fresh_id, refusal


def hold_request(
    units: int = 2, *, request_id: str = "", hold_id: str = "cart", minutes: int = 0
) -> pb.HoldStockRequest:
    request = pb.HoldStockRequest(
        request_id=request_id or fresh_id(),
        hold_id=hold_id,
        claims=[pb.Claim(site_id="S-EAST", sku="TEA", units=units)],
    )
    if minutes:
        request.hold_for.FromTimedelta(timedelta(minutes=minutes))
    return request


def hold(service: Running, request: pb.HoldStockRequest) -> pb.StockHold:
    return service.stock.HoldStock(request, timeout=SECONDS).hold


def test_a_hold_without_a_time_stands_for_a_quarter_of_an_hour(service: Running) -> None:
    placed = hold(service, hold_request())
    assert placed.state == pb.HOLD_STATE_HELD
    assert placed.expires_at.ToDatetime() == (MONDAY_AT_8 + timedelta(minutes=15)).replace(tzinfo=None)
    assert service.levels("TEA")["S-EAST", "TEA"] == (1, 2, 0)


def test_a_repeated_request_changes_nothing_and_answers_with_the_hold_as_it_stands(
    service: Running, clock: ManualClock
) -> None:
    request = hold_request(minutes=7)
    hold(service, request)
    clock.advance(timedelta(minutes=5))
    before = service.contents()
    again = hold(service, request)
    assert again.expires_at.ToDatetime() == (MONDAY_AT_8 + timedelta(minutes=7)).replace(tzinfo=None)
    assert service.contents() == before
    other = refusal(lambda: hold(service, hold_request(1, request_id=request.request_id)))
    assert (other.code, other.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")


def test_confirming_and_releasing_are_done_once(service: Running) -> None:
    hold(service, hold_request(3))
    part = pb.ReleaseHoldRequest(
        request_id=fresh_id(), hold_id="cart", claims=[pb.Claim(site_id="S-EAST", sku="TEA", units=1)]
    )
    for _ in range(2):
        released = service.stock.ReleaseHold(part, timeout=SECONDS).hold
        assert [one.units for one in released.contents] == [2]
    confirm = pb.ConfirmHoldRequest(request_id=fresh_id(), hold_id="cart")
    for _ in range(2):
        assert service.stock.ConfirmHold(confirm, timeout=SECONDS).hold.state == pb.HOLD_STATE_CONFIRMED
    assert service.levels("TEA")["S-EAST", "TEA"] == (1, 0, 2)
    read = service.stock.GetHold(pb.GetHoldRequest(hold_id="cart"), timeout=SECONDS).hold
    assert (read.state, read.hold_id) == (pb.HOLD_STATE_CONFIRMED, "cart")
    assert service.discrepancies() == []


def test_every_wrong_field_of_a_hold_is_named(service: Running) -> None:
    before = service.contents()
    request = pb.HoldStockRequest(
        request_id=fresh_id(),
        claims=[pb.Claim(site_id="nowhere", sku="nothing", units=0), pb.Claim(site_id="S-EAST", sku="TEA", units=-1)],
    )
    request.hold_for.FromTimedelta(timedelta(days=7, seconds=1))
    refused = refusal(lambda: hold(service, request))
    assert refused.code == "INVALID_ARGUMENT"
    assert set(refused.fields) == {
        "hold_id", "claims[0].site_id", "claims[0].sku", "claims[0].units", "claims[1].units", "hold_for",
    }  # fmt: skip
    nothing = refusal(lambda: hold(service, pb.HoldStockRequest(request_id=fresh_id(), hold_id="cart")))
    assert set(nothing.fields) == {"claims"}
    assert service.contents() == before


def test_a_channel_that_was_never_set_is_refused_and_nothing_is_held(service: Running) -> None:
    before = service.contents()
    request = hold_request()
    request.channel = "TMALL"
    refused = refusal(lambda: hold(service, request))
    assert refused.code == "INVALID_ARGUMENT"
    assert refused.fields == {"channel": "'TMALL': there is no such channel; name one that exists, or add it first"}
    assert service.contents() == before


def test_what_is_short_is_refused_by_place(service: Running) -> None:
    refused = refusal(lambda: hold(service, hold_request(4)))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "STOCK_SHORT")
    assert refused.metadata == {"S-EAST/TEA": "wanted 4, available 3"}


@pytest.mark.parametrize("end", ["confirm", "release"])
def test_a_hold_that_no_longer_stands_is_neither_confirmed_nor_released(
    service: Running, clock: ManualClock, end: str
) -> None:
    def call(hold_id: str) -> object:
        if end == "confirm":
            return service.stock.ConfirmHold(pb.ConfirmHoldRequest(request_id=fresh_id(), hold_id=hold_id))
        return service.stock.ReleaseHold(pb.ReleaseHoldRequest(request_id=fresh_id(), hold_id=hold_id))

    hold(service, hold_request(minutes=7))
    clock.advance(timedelta(minutes=7))
    expired, unknown = refusal(lambda: call("cart")), refusal(lambda: call("other"))
    assert (expired.code, expired.reason) == ("FAILED_PRECONDITION", "HOLD_EXPIRED")
    assert (unknown.code, unknown.metadata) == ("NOT_FOUND", {"hold_id": "other"})


def test_limits_of_backorders_are_shown_with_the_levels_and_every_wrong_one_is_named(service: Running) -> None:
    def limits(*rows: tuple[str, str, int]) -> pb.SetBackorderLimitsRequest:
        return pb.SetBackorderLimitsRequest(
            request_id=fresh_id(),
            limits=[pb.BackorderLimit(site_id=site, sku=sku, units=units) for site, sku, units in rows],
        )

    service.stock.SetBackorderLimits(limits(("S-EAST", "TEA", 5), ("W-WEST", "RARE", 2)), timeout=SECONDS)
    hold(service, hold_request(4))
    answer = service.stock.ListStockLevels(pb.ListStockLevelsRequest(skus=["TEA", "RARE"]), timeout=SECONDS)
    shown = {(one.site_id, one.sku): (one.on_hand, one.backordered, one.backorderable) for one in answer.levels}
    assert shown["S-EAST", "TEA"] == (3, 1, 4)
    assert shown["W-WEST", "RARE"] == (0, 0, 2)
    wrong = limits(("nowhere", "TEA", 1), ("S-EAST", "TEA", -1))
    refused = refusal(lambda: service.stock.SetBackorderLimits(wrong, timeout=SECONDS))
    assert set(refused.fields) == {"limits[0].site_id", "limits[1].units"}
    twice = limits(("S-EAST", "TEA", 1), ("S-EAST", "TEA", 2))
    assert set(refusal(lambda: service.stock.SetBackorderLimits(twice, timeout=SECONDS)).fields) == {"limits[1]"}
    promised = refusal(lambda: service.stock.SetBackorderLimits(limits(("S-EAST", "TEA", 0)), timeout=SECONDS))
    assert (promised.reason, promised.metadata) == ("STOCK_SHORT", {"S-EAST/TEA": "wanted 5, available 4"})
