"""What is converted by hand is what the codec makes of it."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from solver.errors import Violations
from solver.fulfilment.hold_model import HoldOutcome, HoldWish
from solver.gen.xunyuan.stock.v1 import stock_pb2 as pb
from solver.journal.model import EntryState
from solver.stock.model import Claim, HeldUnits, StockHold
from solver.wire.codec import from_proto, to_proto
from solver.wire.holds import fill_hold, fill_outcome, wish_of

ids = st.text(min_size=0, max_size=5)
units = st.integers(0, 2**31 - 1)
times = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given below


def built(noun: type[Any], **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Every field drawn: one that is new has no strategy here, which fails."""
    return st.builds(noun, **{one.name: known[one.name] for one in fields(noun)})


claims = built(Claim, site_id=ids, sku=ids, units=units, consignment_id=ids)
held = built(HeldUnits, site_id=ids, sku=ids, units=units, backordered_units=units, consignment_id=ids)
holds = built(
    StockHold,
    hold_id=ids,
    state=st.sampled_from(EntryState),
    expires_at=times,
    contents=st.lists(held, max_size=3).map(tuple),
    channel=ids,
    order_id=ids,
)
wishes = built(
    HoldWish,
    hold_id=ids,
    claims=st.lists(claims, max_size=3).map(tuple),
    hold_for=st.timedeltas(timedelta(0), timedelta(days=30)),
    channel=ids,
    order_id=ids,
)
outcomes = built(
    HoldOutcome,
    hold_id=ids,
    hold=holds | st.none(),
    refused_reason=ids,
    refused_text=ids,
    refused_metadata=st.dictionaries(ids, ids, max_size=2),
)


@given(holds)
def test_a_hold_is_written_as_the_codec_writes_it(hold: StockHold) -> None:
    message = pb.StockHold()
    fill_hold(hold, message)
    assert message == to_proto(hold, pb.StockHold)


@given(outcomes)
def test_an_outcome_is_written_as_the_codec_writes_it(outcome: HoldOutcome) -> None:
    message = pb.HoldOutcome()
    fill_outcome(outcome, message)
    assert message == to_proto(outcome, pb.HoldOutcome)


@given(wishes, st.booleans(), st.booleans())
def test_a_wish_is_read_as_the_codec_reads_it(wish: HoldWish, is_alone: bool, is_timed: bool) -> None:
    message = to_proto(wish, pb.HoldStockRequest) if is_alone else to_proto(wish, pb.HoldWish)
    if not is_timed:
        message.ClearField("hold_for")
    violations = Violations()
    assert wish_of(message, "", violations) == from_proto(message, HoldWish, "", violations)
    assert not violations.found


def test_a_duration_that_no_calendar_holds_is_a_violation_of_its_field() -> None:
    message = pb.HoldWish(hold_id="cart")
    message.hold_for.seconds = 10**15
    violations = Violations()
    assert wish_of(message, "wishes[3]", violations) is None
    assert [one.field for one in violations.found] == ["wishes[3].hold_for"]
