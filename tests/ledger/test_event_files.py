"""Events as a table, and what is told where the table is not sound."""

from datetime import date

import pytest

from solver.errors import InvalidRequest
from solver.ledger.books.event_files import read_events
from solver.ledger.books.model import Amount, Event

HEAD = "kind,currency,on,source,charge,amount_minor,party\n"


def test_rows_of_one_kind_and_source_are_one_event() -> None:
    text = (
        "\ufeff" + HEAD + "shipped,CNY,2026-03-02,s/1,sale,100,tmall\n\n"
        "fee,CNY,2026-03-02,s/1,bank_fee,-3,\nshipped,CNY,2026-03-02,s/1,tax,13,tmall\n"
    )
    on = date(2026, 3, 2)
    sale = Amount(charge="sale", amount_minor=100, party="tmall")
    tax = Amount(charge="tax", amount_minor=13, party="tmall")
    fee = Amount(charge="bank_fee", amount_minor=-3)
    assert read_events(text, "e.csv") == (
        Event(kind="shipped", entity="", currency="CNY", on=on, source="s/1", amounts=(sale, tax)),
        Event(kind="fee", entity="", currency="CNY", on=on, source="s/1", amounts=(fee,)),
    )


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        ("fee,CNY,2026-03-02,s/1,bank_fee,3", ["e.csv:2"]),  # cut off within its last row
        ("fee,CNY,2026-03-02,s/1,bank_fee,3,,\n", ["e.csv:2"]),
        ("fee,CNY,20260302,s/1,bank_fee,3.0,\n", ["e.csv:2: on", "e.csv:2: amount_minor"]),
        (
            "fee,CNY,2026-03-02,s/1,bank_fee,3,\nfee,USD,2026-03-03,s/1,bank_fee,3,\n",
            ["e.csv:3: currency", "e.csv:3: on"],
        ),
        ('fee,CNY,2026-03-02,"s/1,bank_fee,3,\n', ["e.csv:2"]),
        ("fee,CNY,2026-03-02," + "s" * 200_000 + ",bank_fee,3,\n", ["e.csv:2"]),
    ],
)
def test_a_row_that_is_not_sound_is_told_with_its_line(rows: str, fields: list[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_events(HEAD + rows, "e.csv")
    assert [one.field for one in refused.value.violations] == fields


@pytest.mark.parametrize("head", ["kind,on\n", "", HEAD.replace("party", "kind")])
def test_a_head_that_lacks_or_repeats_columns_is_refused(head: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_events(head, "e.csv")
    assert all(one.field.startswith("e.csv:1: ") for one in refused.value.violations)


def test_a_file_full_of_faults_tells_the_first_thousand() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_events(HEAD + "fee\n" * 5_000, "e.csv")
    assert len(refused.value.violations) == 1_001
    assert "split the file" in refused.value.violations[-1].remedy
