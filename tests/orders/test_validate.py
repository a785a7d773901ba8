"""Lines that are passed at a glance are those that nothing is wrong with when they are looked at point by point."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from solver.errors import FieldViolation, Violations
from solver.orders import validate
from solver.orders.model import Address, Chosen, Order, OrderLine, OrderPart
from solver.orders.validate import check_destination, check_order, is_plain
from solver.validation import MOST_MINOR, MOST_UNITS

MONDAY, LONG_AGO = datetime(2026, 3, 2, tzinfo=UTC), datetime(1950, 1, 1, tzinfo=UTC)
NUMBERS: st.SearchStrategy[Any] = st.sampled_from(
    [0, 1, 2, 3, 600, -1, MOST_UNITS, MOST_UNITS + 1, MOST_MINOR, MOST_MINOR + 1, True, False, 1.0, 0.5, float("nan")]
)
IDS = st.sampled_from(["1", "2", "", " 1", "a\n", "x" * 128, "x" * 129])
SKUS = ("TEA", "CUP")
LINES = st.builds(
    OrderLine,
    line_id=IDS,
    sku=st.sampled_from([*SKUS, "nothing", ""]),
    quantity=NUMBERS,
    unit_price_minor=NUMBERS,
    list_minor=NUMBERS,
    tax_minor=NUMBERS,
    chosen=st.just(()) | st.just((Chosen(slot="", option="red"),)),
    parts=st.just(()) | st.just((OrderPart(sku="CUP", units=2),)) | st.just((OrderPart(sku="none", units=0),)),
)
ORDERS = st.builds(
    Order,
    order_id=IDS,
    currency=st.sampled_from(["CNY", "EUR", "cny", ""]),
    placed_at=st.sampled_from([MONDAY, MONDAY.replace(tzinfo=None), LONG_AGO]),
    destination=st.just(Address(region_id="here")),
    lines=st.lists(LINES, max_size=3).map(tuple),
)


def faults_of(order: Order) -> list[FieldViolation]:
    violations = Violations()
    check_order(order, SKUS, "CNY", "orders[7]", violations, materials=SKUS)
    return violations.found


def test_an_order_has_the_same_faults_whether_lines_are_passed_at_a_glance_or_not(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    @hypothesis_seed(seed)
    @settings(max_examples=300, database=None)
    @given(ORDERS)
    def compare(order: Order) -> None:
        found = faults_of(order)
        with monkeypatch.context() as patched:
            patched.setattr(validate, "is_plain", lambda *_: False)
            assert faults_of(order) == found

    compare()


@pytest.mark.parametrize(
    ("changed", "plain"),
    [
        ({}, True),
        ({"quantity": MOST_UNITS, "unit_price_minor": 0, "tax_minor": MOST_MINOR}, True),
        ({"tax_minor": 1_200}, True),
        ({"tax_minor": 1_201}, False),
        ({"quantity": 0}, False),
        ({"quantity": True}, False),
        ({"list_minor": -1}, False),
        ({"sku": "nothing"}, False),
        ({"line_id": " 1"}, False),
        ({"parts": (OrderPart(sku="TEA", units=1),)}, False),
    ],
)
def test_most_lines_are_plain(changed: dict[str, Any], plain: bool) -> None:
    line = {"line_id": "1", "sku": "TEA", "quantity": 2, "unit_price_minor": 600, **changed}
    assert is_plain(OrderLine(**line), SKUS) is plain


def test_every_fault_of_an_order_is_told_with_its_path() -> None:
    order = Order(
        order_id="", currency="EUR", placed_at=LONG_AGO, promised_at=MONDAY,
        destination=Address(region_id="here"), customer_id=" me",
        lines=(OrderLine(line_id="1", sku="TEA", quantity=1), OrderLine(line_id="1", sku="none", quantity=0)),
    )  # fmt: skip
    assert [one.field for one in faults_of(order)] == [
        "orders[7].order_id", "orders[7].currency", "orders[7].placed_at", "orders[7].lines[1]",
        "orders[7].lines[1].sku", "orders[7].lines[1].quantity", "orders[7].customer_id",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (Address(region_id="here"), []),
        (Address(region_id="here", latitude=0.0, longitude=0.0), []),
        (Address(region_id="there", latitude=91.0), ["to.region_id", "to", "to.latitude"]),
        (Address(region_id="here", longitude=181.0, latitude=0.0), ["to.longitude"]),
    ],
)
def test_a_destination_is_known_and_on_the_globe(address: Address, fields: list[str]) -> None:
    violations = Violations()
    check_destination(address, {"here"}, "to", violations)
    assert [one.field for one in violations.found] == fields
