"""Settled orders from files: sound ones one by one, faults with their lines and remedies."""

from datetime import date

import pytest

from solver.errors import InvalidRequest
from solver.ledger.contracts.facts import SettledLine, SettledOrder, ShippedPackage
from solver.ledger.contracts.order_file import read_orders

HEAD = (
    "order_id,placed_on,channel,currency,paid_minor,freight_paid_minor,line_id,sku,units,list_minor,line_paid_minor,"
    "tax_minor,source_id,package_id,carrier_id,tariff_minor\n"
)
ROWS = (
    "O-1,2026-03-02,mall,CNY,10800,800,1,TEA,2,9000,8000,920,D-1,P-1,sf,1200\n",
    "O-1,2026-03-02,mall,CNY,10800,800,2,POT,1,2000,2000,0,D-1,P-1,sf,1200\n",
    "O-2,2026-03-03,mall,CNY,500,0,1,TEA,1,500,500,0,,,,\n",
)


def read(*rows: str) -> list[SettledOrder]:
    return list(read_orders([HEAD, *rows], "o.csv"))


def test_rows_of_an_order_make_one_order() -> None:
    first, second = read(*ROWS)
    assert [line.line_id for line in first.lines] == ["1", "2"]
    assert first.lines[0] == SettledLine(
        line_id="1", sku="TEA", units=2, list_minor=9_000, paid_minor=8_000, tax_minor=920, source_id="D-1"
    )
    assert first.packages == (ShippedPackage(package_id="P-1", carrier_id="sf", source_id="D-1", tariff_minor=1_200),)
    assert (first.placed_on, first.paid_minor, first.freight_paid_minor) == (date(2026, 3, 2), 10_800, 800)
    assert second.packages == ()


@pytest.mark.parametrize(
    ("row", "old", "new", "fault"),
    [
        (0, "10800,800,1", "10801,800,1", "o.csv:3: paid_minor: '10800': line 2 says '10801'"),
        (2, "500,0,1,TEA", "501,0,1,TEA", "o.csv:4: paid_minor: 501: lines and freight come to 500"),
        (1, "2000,2000,0", "2000,-2000,0", "o.csv:3: line_paid_minor: -2000: must lie between 0 and"),
        (1, "2000,2000,0", "2000,20.00,0", "o.csv:3: line_paid_minor: '20.00': write a whole number"),
        (1, "2000,2000,0", "2000,2000,2001", "o.csv:3: tax_minor: 2001: must lie between 0 and 2,000"),
        (2, ",CNY,", ",RMB¥,", "o.csv:4: currency: 'RMB¥': give an ISO 4217 code"),
        (2, "2026-03-03", "03/03/2026", "o.csv:4: placed_on: '03/03/2026': write a day as YYYY-MM-DD"),
        (1, ",sf,1200", ",sf,1300", "o.csv:3: package_id: 'P-1': line 2 has the same package otherwise"),
        (2, ",,,,", ",,,", "o.csv:4: '16 columns': give as many values"),
        (2, "O-2", "O-1", "o.csv:4: placed_on: '2026-03-03': line 2 says"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_do(row: int, old: str, new: str, fault: str) -> None:
    rows = list(ROWS)
    assert old in rows[row]
    rows[row] = rows[row].replace(old, new)
    with pytest.raises(InvalidRequest) as refused:
        read(*rows)
    told = [f"{one.field}: {one.value}: {one.remedy}" for one in refused.value.violations]
    assert [one for one in told if one.startswith(fault)], told


def test_an_order_whose_rows_are_torn_apart_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="keep an order's rows together"):
        read(ROWS[0], ROWS[2], ROWS[1])


def test_a_column_that_is_unknown_or_missing_is_told_before_any_row() -> None:
    with pytest.raises(InvalidRequest) as refused:
        list(read_orders([HEAD.replace("sku", "skuu"), ROWS[0]], "o.csv"))
    assert [(one.field, one.remedy) for one in refused.value.violations] == [
        ("o.csv:1: skuu", "there is no such column; did you mean sku?"),
        ("o.csv:1: sku", "this column is needed"),
    ]


def test_every_fault_of_a_file_is_told_not_just_the_first() -> None:
    rows = [ROWS[2].replace("O-2", f"O-{number}").replace("500,500", "500,-1") for number in range(5)]
    with pytest.raises(InvalidRequest) as refused:
        read(*rows)
    assert [one.field for one in refused.value.violations if "line_paid" in one.field] == [
        f"o.csv:{line}: line_paid_minor" for line in range(2, 7)
    ]
