"""Fields encoded by themselves and joined are the very message."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.clock import EPOCH
from solver.gen.xunyuan.sourcing.v1.plan_pb2 import Package, PackedUnits
from solver.gen.xunyuan.sourcing.v1.promise_pb2 import Delivery, Promise
from solver.wire.encoded import Encoded, amount, each_text, message_tag, moment, number, stated_number, text, within

NUMBERS = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-200, 40_000)
TEXTS = st.text(max_size=200)
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # zone apart


@given(st.lists(TEXTS, max_size=3), TEXTS, NUMBERS, NUMBERS, MOMENTS, st.booleans(), st.dictionaries(TEXTS, NUMBERS))
def test_fields_that_were_encoded_apart_are_joined_to_the_message(
    texts: list[str], word: str, grams: int, units: int, when: datetime, crosses: bool, cost: dict[str, int]
) -> None:
    packed = text(PackedUnits, "sku")(word) + number(PackedUnits, "units")(units)
    entry = amount(Package, "cost_minor")
    joined = [
        text(Package, "source_id")(word),
        number(Package, "weight_grams")(grams),
        moment(Package, "arrives_at")(when),
        number(Package, "crosses_province")(crosses),
        *[entry(*one) for one in cost.items()],
        within(message_tag(Package, "contents"), packed),
    ]
    said = Package.FromString(b"".join(joined))
    content = PackedUnits(sku=word, units=units)
    expected = Package(
        source_id=word, weight_grams=grams, crosses_province=crosses, cost_minor=cost, contents=[content]
    )
    expected.arrives_at.FromDatetime(when)
    assert said == expected
    note = each_text(Promise, "notes")
    assert list(Promise.FromString(b"".join(map(note, texts))).notes) == texts


@pytest.mark.parametrize("permille", [0, 1, 1000])
def test_a_number_that_may_be_absent_is_stated_though_it_is_nothing(permille: int) -> None:
    said = Delivery.FromString(stated_number(Delivery, "on_time_permille")(permille))
    assert said.HasField("on_time_permille")
    assert said.on_time_permille == permille


def test_nothing_takes_no_bytes() -> None:
    assert text(Package, "source_id")("") == number(Package, "weight_grams")(0) == b""
    assert Package.FromString(moment(Package, "arrives_at")(EPOCH)).HasField("arrives_at")


@pytest.mark.parametrize("value", [1 << 63, -(1 << 63) - 1])
def test_a_number_that_no_message_can_hold_is_not_encoded(value: int) -> None:
    with pytest.raises(OverflowError, match=f"{value} does not fit into 64 bits"):
        number(Package, "weight_grams")(value)


def test_an_encoded_answer_is_sent_as_it_is() -> None:
    assert Encoded(b"\x08\x01").SerializeToString() == b"\x08\x01"
