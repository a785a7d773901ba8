"""Refunds from files: sound ones, and faults with their lines."""

from datetime import date

import pytest

from solver.errors import InvalidRequest
from solver.ledger.contracts.facts import Refund, RefundedLine
from solver.ledger.contracts.refund_file import read_refunds

HEAD = "refund_id,order_id,on,line_id,units,refund_minor,tax_minor,freight_minor\n"
ROWS = ("B-1,O-1,2026-03-09,1,1,4000,460,800\n", "B-1,O-1,2026-03-09,2,,500,,800\n", "B-2,O-2,2026-03-10,1,1,700,,\n")


def test_rows_of_a_refund_make_one_refund() -> None:
    first, second = read_refunds([HEAD, *ROWS], "r.csv")
    assert first == Refund(
        refund_id="B-1",
        order_id="O-1",
        on=date(2026, 3, 9),
        lines=(
            RefundedLine(line_id="1", units=1, refund_minor=4_000, tax_minor=460),
            RefundedLine(line_id="2", refund_minor=500),
        ),
        freight_minor=800,
    )
    assert (second.refund_id, second.freight_minor) == ("B-2", 0)


@pytest.mark.parametrize(
    ("row", "old", "new", "fault"),
    [
        (0, "4000", "-4000", "r.csv:2: lines[0].refund_minor: -4000: must lie between 0 and"),
        (0, "4000", "40.00", "r.csv:2: refund_minor: '40.00': write a whole number"),
        (1, ",800", ",900", "r.csv:3: freight_minor: '900': line 2 says '800'"),
        (2, "2026-03-10", "10.3.2026", "r.csv:4: on: '10.3.2026': write a day as YYYY-MM-DD"),
        (2, ",,", ",", "r.csv:4: 'columns': give as many values as the head has"),
    ],
)
def test_a_fault_is_told_with_its_line(row: int, old: str, new: str, fault: str) -> None:
    rows = list(ROWS)
    rows[row] = rows[row].replace(old, new)
    with pytest.raises(InvalidRequest) as refused:
        read_refunds([HEAD, *rows], "r.csv")
    told = [f"{one.field}: {one.value}: {one.remedy}" for one in refused.value.violations]
    assert [one for one in told if one.startswith(fault)], told


def test_a_refund_torn_apart_and_a_head_that_is_wrong_are_told() -> None:
    with pytest.raises(InvalidRequest, match="keep its rows together"):
        read_refunds([HEAD, ROWS[0], ROWS[2], ROWS[1]], "r.csv")
    with pytest.raises(InvalidRequest, match="did you mean refund_minor"):
        read_refunds([HEAD.replace("refund_minor", "refund_mior"), *ROWS], "r.csv")
