"""Orders into invoices: merged, split, checked."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.errors import InvalidRequest
from solver.ledger.invoicing.checking import refuse_wrong_tax
from solver.ledger.invoicing.drafting import drafted
from solver.ledger.invoicing.model import Buyer, InvoiceKind, InvoiceWish
from tests.ledger.invoicing.sales import HAI, TAXES, sold, wish


def faults(one: InvoiceWish) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as refused:
        drafted(one, TAXES)
    return [(fault.field, fault.remedy) for fault in refused.value.violations]


def test_many_orders_become_one_invoice() -> None:
    [invoice] = drafted(wish(sold("O1", 11_300), sold("O2", 1_090, tax_item="farm_produce")), TAXES)
    assert invoice.order_ids == ("O1", "O2")
    assert (invoice.net_minor, invoice.tax_minor, invoice.gross_minor) == (11_000, 1_390, 12_390)
    assert [(line.number, line.net_minor, line.tax_minor) for line in invoice.lines] == [
        (1, 10_000, 1_300),
        (2, 1_000, 90),
    ]


def test_one_order_becomes_many_invoices_where_the_limit_asks_for_it() -> None:
    made = drafted(wish(sold("O1", 113_000, units=10), most_net_minor=30_000), TAXES)
    assert [one.invoice_id for one in made] == ["W1-1", "W1-2", "W1-3", "W1-4"]
    assert [[(line.units, line.basis_minor) for line in one.lines] for one in made] == [
        [(3, 33_900)],
        [(3, 33_900)],
        [(2, 22_600)],
        [(2, 22_600)],
    ]
    assert all(one.net_minor <= 30_000 for one in made)


def test_an_invoice_ends_before_the_line_that_would_be_too_many() -> None:
    lines = [sold(f"O{number}", 1_130) for number in range(5)]
    assert [len(one.lines) for one in drafted(wish(*lines, most_lines=2), TAXES)] == [2, 2, 1]


def test_a_unit_dearer_than_the_limit_is_told() -> None:
    [(field, remedy)] = faults(wish(sold("O1", 113_000), most_net_minor=30_000))
    assert field == "lines[O1/1].amount_minor"
    assert "single unit exceeds" in remedy


@settings(max_examples=40)
@given(
    lines=st.lists(
        st.tuples(st.integers(min_value=1, max_value=9), st.integers(min_value=100, max_value=5_000)),
        min_size=1,
        max_size=5,
    ),
    limit=st.integers(min_value=6_000, max_value=20_000),
    included=st.booleans(),
)
def test_no_cent_is_lost_by_a_split(lines: list[tuple[int, int]], limit: int, included: bool) -> None:
    asked = wish(
        *(
            sold(f"O{number}", units * price, units=units, tax_included=included)
            for number, (units, price) in enumerate(lines)
        ),
        most_net_minor=limit,
    )
    made = drafted(asked, TAXES)
    for invoice in made:
        refuse_wrong_tax(invoice, TAXES)
        assert invoice.net_minor <= limit
    for line in asked.lines:
        parts = [one for invoice in made for one in invoice.lines if one.order_id == line.order_id]
        assert sum(part.units for part in parts) == line.units
        assert sum(part.basis_minor for part in parts) == line.amount_minor


def test_every_fault_of_a_wish_is_named_at_once_in_both_languages() -> None:
    bad = wish(
        sold("O1", 0),
        sold("O2", 100, tax_item="good"),
        sold("O3", 100, goods_tax_item="farm_produce"),
        sold("O4", 100, tax_item="vegetables"),
        sold("O5", 100, classification="30"),
        kind=InvoiceKind.SPECIAL,
        currency="EUR",
    )
    assert faults(bad) == [
        ("buyer.tax_id", "a special invoice needs the buyer's taxpayer number (专票须填购买方纳税人识别号)"),
        ("currency", "an invoice of Mainland China is in CNY (币种不符)"),
        ("lines[0].amount_minor", "must lie between 1 and 1,000,000,000,000"),
        ("lines[1].tax_item", "there is no such tax item in Mainland China; did you mean goods? (税目不存在)"),
        ("lines[2].tax_item", "TEA is farm_produce; correct the line or the goods (税目与商品不符)"),
        ("lines[3].tax_item", "what is exempt goes on an ordinary invoice (免税、不征税项目不得开具专用发票)"),
        ("lines[4].classification", "give 19 digits that begin with 1 for goods (税收分类编码不符)"),
    ]


def test_a_taxpayers_number_has_a_known_length() -> None:
    [(field, _)] = faults(wish(sold("O1", 100), buyer=replace(HAI, tax_id="123")))
    assert field == "buyer.tax_id"
    assert drafted(wish(sold("O1", 100), buyer=HAI, kind=InvoiceKind.SPECIAL), TAXES)
    assert drafted(
        wish(sold("O1", 100), place="DE", currency="EUR", buyer=Buyer(name="Tee GmbH", tax_id="DE123456789")), TAXES
    )


def test_a_line_named_twice_is_refused() -> None:
    [(field, remedy)] = faults(wish(sold("O1", 100), sold("O1", 100)))
    assert (field, remedy) == ("lines[1]", "stands twice; name it once")


def test_an_item_without_a_rate_on_the_day_is_refused() -> None:
    [(_, remedy)] = faults(wish(sold("O1", 100, tax_item="courier"), on=date(2010, 1, 1)))
    assert remedy == "it has no rate on 2010-01-01 (该日期无适用税率)"


def test_an_invoice_at_yesterdays_rate_is_refused_before_it_is_issued() -> None:
    [old] = drafted(wish(sold("O1", 11_600), on=date(2019, 3, 31)), TAXES)
    with pytest.raises(InvalidRequest) as refused:
        refuse_wrong_tax(replace(old, on=date(2019, 4, 1)), TAXES)
    assert [(one.field, one.remedy) for one in refused.value.violations] == [
        ("lines[0].rate_basis_points", "on 2019-04-01 the rate of goods is 13% taxed (税率与税目不符)")
    ]


def test_an_invoice_whose_lines_do_not_sum_to_it_is_refused() -> None:
    [sound] = drafted(wish(sold("O1", 11_300)), TAXES)
    spoiled = replace(sound, tax_minor=1_299, lines=(replace(sound.lines[0], tax_minor=1_310),))
    with pytest.raises(InvalidRequest) as refused:
        refuse_wrong_tax(spoiled, TAXES)
    assert [one.field for one in refused.value.violations] == ["lines[0].tax_minor", "tax_minor"]
