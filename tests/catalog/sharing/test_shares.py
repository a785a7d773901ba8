"""Shares sum exactly, follow the weights, and break ties as documented."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.catalog.sharing.model import Basis, Share, Stake, Worth
from solver.catalog.sharing.nested import shared_among
from solver.catalog.sharing.shares import share_of_first, shared_out
from solver.errors import InvalidRequest

WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=8).filter(any)


@settings(max_examples=200, deadline=None)
@given(total=st.integers(0, 10**9), weights=WEIGHTS)
def test_shares_sum_to_the_total_and_lie_within_one_minor_unit_of_the_proportion(
    total: int, weights: list[int]
) -> None:
    shares = shared_out(total, weights)

    whole = sum(weights)
    assert sum(shares) == total
    assert all(abs(share * whole - total * weight) < whole for share, weight in zip(shares, weights, strict=True))
    assert all(share == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, (1, 1, 1), (34, 33, 33)),
        (200, (1, 1, 1), (67, 67, 66)),
        (1, (1, 1), (1, 0)),
        (10, (1, 2, 0), (3, 7, 0)),
        (0, (0, 0), (0, 0)),
    ],
)
def test_what_is_left_goes_to_the_largest_remainder_and_then_to_the_first(
    total: int, weights: tuple[int, ...], shares: tuple[int, ...]
) -> None:
    assert shared_out(total, weights) == shares


@pytest.mark.parametrize(("total", "weights"), [(1, (0, 0)), (1, ()), (-1, (1,)), (5, (3, -1))])
def test_what_cannot_be_shared_out_is_refused(total: int, weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="cannot be shared out"):
        shared_out(total, weights)


@settings(max_examples=100, deadline=None)
@given(total=st.integers(0, 10**6), units=st.integers(1, 50))
def test_the_first_units_hold_the_larger_shares(total: int, units: int) -> None:
    each = [share_of_first(total, units, first) for first in range(units + 1)]
    of_one = [after - before for before, after in itertools.pairwise(each)]

    assert (each[0], each[-1]) == (0, total)
    assert of_one == sorted(of_one, reverse=True)
    assert max(of_one) - min(of_one) <= 1


def priced(part_id: str, price: int | None, units: int = 1, currency: str = "CNY") -> Stake:
    return Stake(part_id=part_id, units=units, worth=Worth(price_minor=price, currency=currency))


def test_a_bundle_within_a_bundle_passes_its_share_on() -> None:
    coffee = Stake(part_id="beans-set", units=2, within=(priced("BEANS", 6_000, 3), priced("TIN", 2_000)))

    shares = shared_among(
        100_000, [priced("MACHINE", 120_000), coffee], Basis.STAND_ALONE_PRICE, currency="CNY", path="nodes"
    )

    # 120,000 of 160,000 is the machine's; of the 25,000 that are left 18 in 20 are the beans'.
    assert shares == (
        Share(path=("MACHINE",), units=1, share_minor=75_000),
        Share(path=("beans-set", "BEANS"), units=6, share_minor=22_500),
        Share(path=("beans-set", "TIN"), units=2, share_minor=2_500),
    )


def test_a_bundle_s_own_price_counts_before_the_sum_of_its_parts() -> None:
    gift_box = Stake(part_id="box", worth=Worth(price_minor=10_000), within=(priced("A", 30_000), priced("B", 10_000)))

    shares = shared_among(9_999, [gift_box, priced("C", 10_000)], Basis.STAND_ALONE_PRICE, currency="CNY")

    assert [(share.part_id, share.share_minor) for share in shares] == [("A", 3_750), ("B", 1_250), ("C", 4_999)]


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (Basis.STAND_ALONE_PRICE, (750, 250)),
        (Basis.COST, (500, 500)),
        (Basis.WEIGHT, (0, 1_000)),
    ],
)
def test_each_basis_reads_its_own_worth(basis: Basis, expected: tuple[int, int]) -> None:
    stakes = (
        Stake(part_id="A", worth=Worth(price_minor=30, cost_minor=5, weight=0)),
        Stake(part_id="B", worth=Worth(price_minor=10, cost_minor=5, weight=7)),
    )

    shares = shared_among(1_000, stakes, basis, currency="CNY")

    assert tuple(share.share_minor for share in shares) == expected


@pytest.mark.parametrize(
    ("stakes", "field", "remedy"),
    [
        ([priced("A", 0), priced("B", 0)], "parts", "all prices are 0"),
        ([priced("A", 5), priced("B", None)], "parts[1]", "its price alone is not known"),
        ([priced("A", 5), priced("B", 5, currency="USD")], "parts[1].currency", "the money is in CNY"),
        ([priced("A", 5, units=0)], "parts[0].units", "must lie between 1"),
        ([], "parts", "give at least one part"),
        (
            [Stake(part_id="set", worth=Worth(price_minor=9), within=(priced("A", 5), priced("B", None)))],
            "parts[0].within[1]",
            "its price alone is not known",
        ),
        (
            [Stake(part_id="set", worth=Worth(price_minor=9), within=(priced("A", 0),))],
            "parts[0].within",
            "all prices are 0",
        ),
        ([priced("A", 5), Stake(part_id="set", within=(priced("B", None),))], "parts[1].within[0]", "is not known"),
    ],
)
def test_money_that_cannot_be_shared_out_is_refused_with_the_path(stakes: list[Stake], field: str, remedy: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        shared_among(1_000, stakes, Basis.STAND_ALONE_PRICE, currency="CNY")

    assert [one.field for one in refused.value.violations] == [field]
    assert remedy in refused.value.violations[0].remedy
