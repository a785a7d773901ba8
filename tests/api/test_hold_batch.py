"""Many holds in one call, and holds that are changed, over the wire."""

from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.gen.xunyuan.stock.v1 import stock_pb2 as pb
from tests.made_world import MONDAY_AT_8
from tests.running import SECONDS, Running, fresh_id, refusal


def wish(hold_id: str, units: int, site_id: str = "S-EAST", sku: str = "TEA") -> pb.HoldWish:
    return pb.HoldWish(hold_id=hold_id, claims=[pb.Claim(site_id=site_id, sku=sku, units=units)])


def batch(*wishes: pb.HoldWish, all_or_none: bool = False, request_id: str = "") -> pb.HoldStockBatchRequest:
    return pb.HoldStockBatchRequest(request_id=request_id or fresh_id(), wishes=wishes, all_or_none=all_or_none)


def hold_batch(service: Running, request: pb.HoldStockBatchRequest) -> list[pb.HoldOutcome]:
    return list(service.stock.HoldStockBatch(request, timeout=SECONDS).outcomes)


def test_each_hold_of_a_batch_is_answered_by_itself(service: Running) -> None:
    """Three units lie there: the first two holds leave one, which the third cannot do with and the fourth can."""
    outcomes = hold_batch(service, batch(wish("a", 1), wish("b", 1), wish("c", 2), wish("d", 1)))
    assert [(one.hold_id, one.HasField("hold"), one.refused_reason) for one in outcomes] == [
        ("a", True, ""), ("b", True, ""), ("c", False, "STOCK_SHORT"), ("d", True, ""),
    ]  # fmt: skip
    assert dict(outcomes[2].refused_metadata) == {"S-EAST/TEA": "wanted 2, available 1"}
    assert service.levels("TEA")["S-EAST", "TEA"] == (0, 3, 0)
    assert service.discrepancies() == []


def test_all_or_none_of_a_batch_is_held_and_everything_short_is_named(service: Running) -> None:
    before = service.contents()
    request = batch(wish("a", 2), wish("b", 2), wish("c", 2), all_or_none=True)
    refused = refusal(lambda: hold_batch(service, request))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "STOCK_SHORT")
    assert refused.metadata == {
        "b: S-EAST/TEA": "wanted 2, available 1", "c: S-EAST/TEA": "wanted 2, available 1",
    }  # fmt: skip
    assert service.contents() == before
    held = hold_batch(service, batch(wish("a", 2), wish("b", 1), all_or_none=True))
    assert [one.hold.contents[0].units for one in held] == [2, 1]


def test_a_confirmed_hold_in_a_batch_is_refused_by_itself_or_ends_it(service: Running) -> None:
    hold_batch(service, batch(wish("a", 1)))
    service.stock.ConfirmHold(pb.ConfirmHoldRequest(request_id=fresh_id(), hold_id="a"), timeout=SECONDS)
    outcomes = hold_batch(service, batch(wish("a", 1), wish("b", 1)))
    assert [one.refused_reason for one in outcomes] == ["HOLD_CONFIRMED", ""]
    refused = refusal(lambda: hold_batch(service, batch(wish("c", 1), wish("a", 1), all_or_none=True)))
    assert (refused.reason, refused.metadata) == ("HOLD_CONFIRMED", {"hold_id": "a"})


def test_a_repeated_batch_has_no_second_effect_and_answers_as_before(service: Running) -> None:
    request = batch(wish("a", 2), wish("b", 2))
    first = hold_batch(service, request)
    service.stock.ReleaseHold(pb.ReleaseHoldRequest(request_id=fresh_id(), hold_id="a"), timeout=SECONDS)
    before = service.contents()
    again = hold_batch(service, request)
    assert again[0].hold.state == pb.HOLD_STATE_RELEASED
    assert again[1] == first[1]
    assert service.contents() == before


def test_every_wrong_field_of_a_batch_is_named_and_nothing_is_held(service: Running) -> None:
    before = service.contents()
    request = batch(wish("", 1), wish("a", 0), wish("a", 1, site_id="nowhere"), wish("d", 1, sku="nothing"))
    request.wishes[3].hold_for.FromTimedelta(timedelta(days=8))
    request.wishes[3].channel = " "
    request.wishes[3].order_id = "x" * 129
    refused = refusal(lambda: hold_batch(service, request))
    assert set(refused.fields) == {
        "wishes[0].hold_id", "wishes[1].claims[0].units", "wishes[2]", "wishes[2].claims[0].site_id",
        "wishes[3].claims[0].sku", "wishes[3].hold_for", "wishes[3].channel", "wishes[3].order_id",
    }  # fmt: skip
    assert set(refusal(lambda: hold_batch(service, batch())).fields) == {"wishes"}
    many = [wish(f"h{number}", 1) for number in range(1_001)]
    assert set(refusal(lambda: hold_batch(service, batch(*many))).fields) == {"wishes"}
    assert service.contents() == before


def test_more_claims_than_fit_into_a_batch_are_refused(service: Running) -> None:
    claims = [pb.Claim(site_id="S-EAST", sku="TEA", units=1)] * 1_000
    wishes = [pb.HoldWish(hold_id=f"h{number}", claims=claims) for number in range(11)]
    assert "11,000 claims" in refusal(lambda: hold_batch(service, batch(*wishes))).fields["wishes"]


def test_a_hold_is_extended_split_and_passed_on_once(service: Running, clock: ManualClock) -> None:
    hold_batch(service, batch(wish("cart", 3)))
    clock.advance(timedelta(minutes=5))
    extend = pb.ExtendHoldRequest(request_id=fresh_id(), hold_id="cart")
    split = pb.SplitHoldRequest(
        request_id=fresh_id(), hold_id="cart", to_hold_id="part", order_id="7",
        claims=[pb.Claim(site_id="S-EAST", sku="TEA", units=1)],
    )  # fmt: skip
    transfer = pb.TransferHoldRequest(request_id=fresh_id(), hold_id="part", to_hold_id="order 8", order_id="8")
    for _ in range(2):
        extended = service.stock.ExtendHold(extend, timeout=SECONDS).hold
        assert extended.expires_at.ToDatetime() == (MONDAY_AT_8 + timedelta(minutes=20)).replace(tzinfo=None)
        parts = service.stock.SplitHold(split, timeout=SECONDS)
        assert [one.units for hold in (parts.hold, parts.to_hold) for one in hold.contents] == [2, 1]
        passed = service.stock.TransferHold(transfer, timeout=SECONDS).hold
        assert (passed.hold_id, passed.order_id, passed.state) == ("order 8", "8", pb.HOLD_STATE_HELD)
    assert service.levels("TEA")["S-EAST", "TEA"] == (0, 3, 0)
    assert service.discrepancies() == []


@pytest.mark.parametrize("hold_id", ["", "x" * 129])
def test_a_new_name_must_be_sound(service: Running, hold_id: str) -> None:
    hold_batch(service, batch(wish("cart", 3)))
    before = service.contents()
    claims = [pb.Claim(site_id="S-EAST", sku="TEA", units=0)]
    split = pb.SplitHoldRequest(request_id=fresh_id(), hold_id="cart", to_hold_id=hold_id, claims=claims)
    transfer = pb.TransferHoldRequest(request_id=fresh_id(), hold_id="cart", to_hold_id=hold_id)
    extend = pb.ExtendHoldRequest(request_id=fresh_id(), hold_id="cart")
    extend.hold_for.FromTimedelta(timedelta(0))
    assert set(refusal(lambda: service.stock.SplitHold(split)).fields) == {"to_hold_id", "claims[0].units"}
    assert set(refusal(lambda: service.stock.TransferHold(transfer)).fields) == {"to_hold_id"}
    assert set(refusal(lambda: service.stock.ExtendHold(extend)).fields) == {"hold_for"}
    assert service.contents() == before
