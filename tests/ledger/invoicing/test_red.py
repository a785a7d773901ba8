"""Red-letter invoices take back what they shall, to the cent."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.errors import InvalidRequest, StateConflict
from solver.ledger.invoicing.model import Invoice, InvoiceState
from solver.ledger.invoicing.red import TakenBack, red_letter
from tests.ledger.invoicing.sales import issued, sold, wish

BLUE = issued(wish(sold("O1", 10_000, units=3), sold("O2", 999)))


def red(reds: list[Invoice], *wanted: TakenBack) -> Invoice:
    return red_letter(BLUE, reds, wanted, invoice_id=f"R{len(reds) + 1}", on=BLUE.on, reason="returned by the buyer")


def test_a_whole_invoice_is_taken_back_with_its_signs_turned() -> None:
    whole = red([])
    assert (whole.net_minor, whole.tax_minor) == (-BLUE.net_minor, -BLUE.tax_minor)
    assert (whole.red_of, whole.state, whole.number) == ("W1-1", InvoiceState.READY, "")
    assert [line.units for line in whole.lines] == [-3, -1]


def test_parts_of_a_line_take_its_tax_to_the_cent() -> None:
    reds: list[Invoice] = []
    for amount in (3_333, 3_333):
        reds.append(red(reds, TakenBack(line=1, amount_minor=amount, units=1)))
    reds.append(red(reds))
    assert [(one.net_minor, one.tax_minor) for one in reds] == [(-2_950, -383), (-2_949, -384), (-3_835, -498)]
    assert sum(one.net_minor for one in reds) == -BLUE.net_minor
    assert sum(one.tax_minor for one in reds) == -BLUE.tax_minor
    assert sum(line.units for one in reds for line in one.lines) == -4


@settings(max_examples=40)
@given(parts=st.lists(st.integers(min_value=1, max_value=2_000), max_size=4))
def test_any_refunds_and_the_rest_make_the_whole(parts: list[int]) -> None:
    reds: list[Invoice] = []
    for part in parts:
        reds.append(red(reds, TakenBack(line=1, amount_minor=part)))
        assert all(line.tax_minor <= 0 and line.net_minor <= 0 for line in reds[-1].lines)
    reds.append(red(reds))
    assert sum(one.net_minor for one in reds) == -BLUE.net_minor
    assert sum(one.tax_minor for one in reds) == -BLUE.tax_minor


def test_more_than_is_left_is_refused() -> None:
    first = red([], TakenBack(line=1, amount_minor=9_000, units=3))
    with pytest.raises(InvalidRequest) as refused:
        red([first], TakenBack(line=1, amount_minor=1_001, units=1), TakenBack(line=3, amount_minor=1))
    assert [(one.field, one.remedy) for one in refused.value.violations] == [
        ("lines[0].amount_minor", "1000 is left of this line; take back 1 to that (超过可冲红余额)"),
        ("lines[0].units", "0 are left of this line"),
        ("lines[1].line", "must lie between 1 and 2"),
    ]


def test_what_was_given_up_took_nothing_back() -> None:
    given_up = replace(red([]), state=InvoiceState.CANCELLED)
    assert red([given_up]).net_minor == -BLUE.net_minor


def test_nothing_is_taken_back_twice_or_before_it_was_issued() -> None:
    with pytest.raises(StateConflict) as refused:
        red([red([])])
    assert refused.value.reason == "INVOICE_TAKEN_BACK"
    ready = replace(BLUE, state=InvoiceState.PENDING)
    with pytest.raises(StateConflict) as refused:
        red_letter(ready, [], [], invoice_id="R1", on=BLUE.on, reason="returned")
    assert refused.value.reason == "INVOICE_NOT_ISSUED"
