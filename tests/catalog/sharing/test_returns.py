"""What comes back of what was sold together: shares, the price of what is kept, and sums that come out."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.catalog.sharing.returns import PaidPart, Sale, refund
from solver.errors import InvalidRequest


def sold(**parts: tuple[int, int]) -> Sale:
    return Sale.of([PaidPart(part_id=name, units=units, share_minor=share) for name, (units, share) in parts.items()])


def tiers(kept: Mapping[str, int]) -> int:
    """100.00 each; from 3 on 80.00 each."""
    units = sum(kept.values())
    return units * (8_000 if units >= 3 else 10_000)


def test_a_part_gives_back_its_share() -> None:
    back = refund(sold(machine=(1, 75_000), beans=(3, 20_000), cup=(1, 4_900)), {"beans": 1})

    assert (back.share_minor, back.repriced_minor, back.refund_minor) == (6_666, 0, 6_666)
    assert back.worth == (
        PaidPart(part_id="machine", units=1, share_minor=75_000),
        PaidPart(part_id="beans", units=2, share_minor=13_334),
        PaidPart(part_id="cup", units=1, share_minor=4_900),
    )


def test_a_tier_that_is_no_longer_reached_prices_what_remains_anew() -> None:
    first = refund(sold(shirt=(3, 24_000)), {"shirt": 1}, tiers)
    second = refund(first.sale, {"shirt": 1}, tiers)
    third = refund(second.sale, {"shirt": 1}, tiers)

    assert (first.share_minor, first.repriced_minor, first.refund_minor) == (8_000, 4_000, 4_000)
    assert [second.refund_minor, third.refund_minor] == [10_000, 10_000]
    assert first.worth == (PaidPart(part_id="shirt", units=2, share_minor=20_000),)
    assert third.worth == ()


def test_nothing_is_asked_for_where_what_is_kept_costs_more_than_all_of_it_did() -> None:
    def three_for_15(kept: Mapping[str, int]) -> int:
        return 1_500 if sum(kept.values()) == 3 else 1_000 * sum(kept.values())

    first = refund(sold(tea=(3, 1_500)), {"tea": 1}, three_for_15)
    second = refund(first.sale, {"tea": 1}, three_for_15)
    third = refund(second.sale, {"tea": 1}, three_for_15)

    assert [first.refund_minor, second.refund_minor, third.refund_minor] == [0, 500, 1_000]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_refunds_of_any_sequence_of_returns_sum_to_what_was_paid(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 9_999)), min_size=1, max_size=5))
    sale = Sale.of(
        [PaidPart(part_id=str(number), units=units, share_minor=share) for number, (units, share) in enumerate(parts)]
    )
    paid = sale.paid_minor
    prices: dict[tuple[int, ...], int] = {}

    def any_price(kept: Mapping[str, int]) -> int:
        return prices.setdefault(tuple(kept.values()), data.draw(st.integers(0, 2 * paid + 1)))

    price_of = data.draw(st.sampled_from([None, any_price]))
    given_back = 0
    while any(sale.kept.values()):
        returned = {name: data.draw(st.integers(0, units)) for name, units in sale.kept.items()}
        if not any(returned.values()):
            returned = dict(sale.kept)
        back = refund(sale, returned, price_of)
        assert back.refund_minor >= 0
        given_back += back.refund_minor
        sale = back.sale
        assert sum(part.share_minor for part in back.worth) == paid - given_back

    assert given_back == paid == sale.refunded_minor


@settings(max_examples=60, deadline=None)
@given(sequence=st.permutations(["a", "a", "b", "c", "c", "c"]))
def test_the_sequence_of_returns_does_not_matter_where_fewer_units_never_cost_more(sequence: list[str]) -> None:
    def price(kept: Mapping[str, int]) -> int:
        return 900 * kept["a"] + 500 * kept["b"] + 300 * max(0, kept["c"] - 1)

    sale = sold(a=(2, 1_800), b=(1, 500), c=(3, 600))
    for number, part_id in enumerate(sequence, start=1):
        back = refund(sale, {part_id: 1}, price)
        sale = back.sale
        assert sale.refunded_minor == 2_900 - (price(sale.kept) if number < len(sequence) else 0)


@pytest.mark.parametrize(
    ("returned", "field", "remedy"),
    [
        ({"a": 3}, "returned[a]", "must lie between 0 and 2"),
        ({"x": 1}, "returned[x]", "was not sold"),
        ({}, "returned", "name the units"),
        ({"a": 0}, "returned", "name the units"),
    ],
)
def test_what_was_not_sold_cannot_come_back(returned: dict[str, int], field: str, remedy: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        refund(sold(a=(2, 100)), returned)

    assert [one.field for one in refused.value.violations] == [field]
    assert remedy in refused.value.violations[0].remedy
