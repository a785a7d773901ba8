"""Rates by date and place, and what they make of amounts."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.errors import InvalidRequest
from solver.ledger.invoicing.compute import Basis, taxed
from solver.ledger.invoicing.rounding import rounded, shared
from solver.ledger.invoicing.tax import RoundingMode, Treatment, percent
from solver.ledger.invoicing.tax_file import read_taxes
from tests.ledger.invoicing.sales import TAXES


@pytest.mark.parametrize(
    ("item", "on", "basis_points"),
    [
        ("goods", date(2018, 4, 30), 1_700),
        ("goods", date(2018, 5, 1), 1_600),
        ("goods", date(2019, 3, 31), 1_600),
        ("goods", date(2019, 4, 1), 1_300),
        ("farm_produce", date(2017, 6, 30), 1_300),
        ("farm_produce", date(2017, 7, 1), 1_100),
        ("farm_produce", date(2018, 5, 1), 1_000),
        ("farm_produce", date(2026, 1, 1), 900),
        ("delivery", date(2026, 1, 1), 900),
        ("courier", date(2026, 1, 1), 600),
        ("small_scale_goods", date(2020, 2, 29), 300),
        ("small_scale_goods", date(2021, 1, 1), 100),
        ("small_scale_goods", date(2027, 12, 31), 100),
        ("small_scale_goods", date(2028, 1, 1), 300),
        ("letting", date(2026, 1, 1), 500),
        ("vegetables", date(2011, 12, 31), 1_300),
        ("vegetables", date(2012, 1, 1), 0),
        ("fresh_meat_eggs", date(2012, 9, 30), 1_300),
        ("fresh_meat_eggs", date(2012, 10, 1), 0),
        ("own_farm_produce", date(1994, 1, 1), 0),
    ],
)
def test_a_rate_counts_from_its_day_on(item: str, on: date, basis_points: int) -> None:
    rate = TAXES["CN"].rate(item, on)
    assert rate is not None
    assert rate.basis_points == basis_points


def test_nothing_by_another_name_is_not_the_same_nothing() -> None:
    items = ("export", "own_farm_produce", "vegetables", "prepaid_card")
    treatments = {item: TAXES["CN"].rate(item, date(2026, 1, 1)) for item in items}
    assert {item: rate.treatment for item, rate in treatments.items() if rate} == {
        "export": Treatment.ZERO,
        "own_farm_produce": Treatment.EXEMPT,
        "vegetables": Treatment.EXEMPT,
        "prepaid_card": Treatment.UNTAXED,
    }


def test_an_item_has_no_rate_before_its_first() -> None:
    assert TAXES["CN"].rate("courier", date(2010, 1, 1)) is None
    assert TAXES["CN"].rate("prepaid_card", date(2016, 8, 31)) is None
    assert TAXES["CN"].rate("no such item", date(2026, 1, 1)) is None


def test_a_price_with_tax_in_it_is_taken_apart() -> None:
    [line] = taxed([Basis(amount_minor=11_300, tax_included=True, rate_basis_points=1_300)], TAXES["CN"])
    assert (line.net_minor, line.tax_minor) == (10_000, 1_300)


def test_a_price_before_tax_bears_it_on_top() -> None:
    [line] = taxed([Basis(amount_minor=9_999, tax_included=False, rate_basis_points=1_300)], TAXES["CN"])
    assert (line.net_minor, line.tax_minor) == (9_999, 1_300)


def test_lines_are_rounded_alone_or_together_as_the_place_says() -> None:
    lines = [Basis(amount_minor=3, tax_included=False, rate_basis_points=1_900)] * 3  # 0.57 each, 1.71 together
    assert [one.tax_minor for one in taxed(lines, TAXES["CN"])] == [1, 1, 1]
    assert [one.tax_minor for one in taxed(lines, TAXES["DE"])] == [1, 1, 0]
    assert [one.tax_minor for one in taxed(lines, TAXES["GB"])] == [1, 0, 0]


@pytest.mark.parametrize(
    ("mode", "expected"), [(RoundingMode.HALF_UP, 3), (RoundingMode.HALF_EVEN, 2), (RoundingMode.DOWN, 2)]
)
def test_a_half_goes_where_the_mode_says_and_a_refund_where_the_sale_went(mode: RoundingMode, expected: int) -> None:
    assert rounded(5, 2, mode) == expected
    assert rounded(-5, 2, mode) == -expected


@settings(max_examples=60)
@given(
    amounts=st.lists(st.integers(min_value=1, max_value=10**9), min_size=1, max_size=6),
    place=st.sampled_from(["CN", "DE", "GB"]),
    points=st.sampled_from([0, 100, 500, 900, 1_300, 1_750, 2_000]),
)
def test_net_and_tax_sum_to_the_price_that_includes_it(amounts: list[int], place: str, points: int) -> None:
    bases = [Basis(amount_minor=one, tax_included=True, rate_basis_points=points) for one in amounts]
    lines = taxed(bases, TAXES[place])
    assert [line.net_minor + line.tax_minor for line in lines] == amounts
    exact = sum(amounts) * points  # over 10_000 + points
    assert abs(sum(line.tax_minor for line in lines) * (10_000 + points) - exact) <= len(amounts) * (10_000 + points)


def test_what_is_shared_out_sums_to_the_whole() -> None:
    assert shared(100, [1, 1, 1]) == [34, 33, 33]
    assert shared(5, [0, 0]) == [5, 0]
    assert shared(7, [2, 5]) == [2, 5]


def test_a_rate_is_written_as_people_do() -> None:
    assert [percent(one) for one in (1_300, 1_750, 0, 5)] == ["13%", "17.5%", "0%", "0.05%"]


BAD = """places:
  FR:
    name: France
    name_zh: 法国
    currency: euro
    rounding: page
    mode: half_up
    rates:
      standard:
        - {from: 2014-01-01, percent: "120"}
        - {from: 2010-01-01, percent: "19.6"}
    items:
      goods: {name: Goods, rate: standart}
"""


def test_a_table_is_refused_with_the_line_of_every_fault() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_taxes(BAD, "fr.yaml")
    assert [(one.field, one.remedy) for one in refused.value.violations] == [
        ("fr.yaml:5: places.FR.currency", "give an ISO 4217 code, such as CNY"),
        ("fr.yaml:6: places.FR.rounding", "there is no such word; line or invoice"),
        ("fr.yaml:10: places.FR.rates.standard[0].percent", "give per cent from 0 to 100, such as 13 or 17.5"),
        ("fr.yaml:11: places.FR.rates.standard[1].from", "give each rate a later day than the one before"),
        ("fr.yaml:13: places.FR.items.goods.rate", "there is no such class of rates; did you mean standard?"),
    ]


def test_every_rate_that_ships_names_its_source_and_those_nobody_checked_say_so() -> None:
    rates = {
        (place, name, rate.since.year): rate
        for place, said in TAXES.items()
        for name, of_class in said.rates.items()
        for rate in of_class
    }
    assert all(rate.source for rate in rates.values())
    unchecked = {key for key, rate in rates.items() if not rate.is_checked}
    assert unchecked == {
        ("CN", "vegetables", 2009),
        ("CN", "vegetables", 2026),
        ("CN", "fresh_meat_eggs", 2009),
        ("CN", "fresh_meat_eggs", 2026),
    }
    assert rates["CN", "standard", 2019].source == "财政部 税务总局 海关总署公告2019年第39号"
