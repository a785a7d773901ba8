"""What everybody has of an order, to the cent, worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from solver.errors import InvalidRequest, StateConflict
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.facts import Refund, RefundedLine, SettledLine, SettledOrder, ShippedPackage
from solver.ledger.contracts.in_turn import Shared
from solver.ledger.contracts.model import Role
from solver.ledger.contracts.rounding import Rounding, rate_of, rounded, shared_out, shown_rate
from solver.ledger.contracts.sentences import in_chinese, in_english
from solver.ledger.contracts.share import share
from solver.ledger.contracts.sharing import Sharing, change
from tests.ledger.contracts.agreed import CARRIER, DEALER, PLATFORM, STORE, an_order

ALL = (PLATFORM, DEALER, STORE, CARRIER)


def book(*texts: str) -> ContractBook:
    return ContractBook(parse(text, "contract.yaml") for text in texts or ALL)


def shares(sharing: Sharing) -> dict[str, int]:
    return {one.party or one.role.value: one.amount_minor for one in sharing.shares}


def test_every_party_has_its_share_and_the_company_the_rest() -> None:
    sharing = share(an_order(), book())
    # tea 3.5 % of 80.00, pot 5 % of 20.00, fee 0.60; carriers 85 % of 12.00, and of 9.00 but 8.00 at least, 0.20 each;
    # dealer 60 % of 90.00 less half of 10.00 and a quarter of 10.40; store 70 % of 20.00 - 1.00 - 0.12.
    assert shares(sharing) == {"tax": 920, "mall": 440, "sf": 1_860, "wang": 4_640, "S-9": 1_322, "company": 1_618}
    assert sum(one.amount_minor for one in sharing.shares) == sharing.paid_minor == 10_800
    assert sum(one.amount_minor for one in sharing.steps) == 10_800


def test_each_step_says_its_rule_its_base_its_rate_and_why() -> None:
    steps = {(one.rule, one.party, one.line_id): one for one in share(an_order(), book()).steps}
    tea = steps["commission", "mall", "1"]
    assert (tea.contract, tea.base, tea.base_minor, tea.rate, tea.amount_minor) == (
        "mall-2026 v1", "paid", 8_000, "3.5%", 280
    )  # fmt: skip
    assert in_english(tea, "CNY") == "mall takes 3.5% of the paid price 80.00 (1): 2.80 CNY."
    assert in_chinese(tea, "CNY") == "mall 按实付价 80.00 的 3.5% 收取佣金（1）：2.80 CNY。"
    assert steps["logistics_minimum", "sf", "P-2"].amount_minor == 35
    borne = steps["discount_borne", "wang", "1"]
    assert in_english(borne, "CNY") == "wang bears 50% of the discount 10.00 (1): -5.00 CNY."
    assert all(in_english(one, "CNY") and in_chinese(one, "CNY") for one in steps.values())


def test_a_settlement_price_goes_before_every_rate() -> None:
    cups = SettledLine(line_id="1", sku="CUP", units=3, list_minor=6_000, paid_minor=6_000, source_id="D-1")
    order = an_order(lines=(cups,), packages=(), freight_paid_minor=0, paid_minor=6_000)
    assert shares(share(order, book(DEALER))) == {"wang": 3_600, "company": 2_400}


@pytest.mark.parametrize(
    ("category", "level", "meters", "expected"),
    [("", "", 2_999, 7_000), ("", "", 3_000, 7_500), ("", "express", 3_000, 9_000)],
)
def test_a_store_has_a_share_by_service_level_or_else_by_distance(
    category: str, level: str, meters: int, expected: int
) -> None:
    line = SettledLine(
        line_id="1", sku="TEA", units=1, list_minor=10_000, paid_minor=10_000, source_id="S-9", category=category,
        service_level=level, distance_meters=meters,
    )  # fmt: skip
    order = an_order(lines=(line,), packages=(), freight_paid_minor=0, paid_minor=10_000)
    assert share(order, book(STORE)).of(Role.STORE, "S-9") == expected


@pytest.mark.parametrize(("paid", "commission"), [(1_000, 100), (10_000, 500), (200_000, 5_000)])
def test_commission_has_a_minimum_and_a_cap(paid: int, commission: int) -> None:
    line = SettledLine(line_id="1", sku="POT", units=1, list_minor=paid, paid_minor=paid)
    order = an_order(lines=(line,), packages=(), freight_paid_minor=0, paid_minor=paid)
    assert share(order, book(PLATFORM)).of(Role.PLATFORM, "mall") == commission + 60


TIERED = """\
contract: mall-2026
version: 1
role: platform
party: mall
currency: CNY
from: 2026-01-01
commission:
  tiers:
    over: {over}
    marginal: {marginal}
    bands:
      - {{from: 0, to: 100.00 CNY, rate: 10%}}
      - {{from: 100.00 CNY, rate: 4%}}
"""


@pytest.mark.parametrize(
    ("over", "marginal", "first", "second"),
    [
        ("line", "no", 600 + 480, 600 + 480),  # 60.00 at 10 %, 120.00 at 4 %
        ("line", "yes", 600 + 1_080, 600 + 1_080),
        ("order", "no", 720, 720),
        ("order", "yes", 1_320, 1_320),  # 100.00 at 10 %, 80.00 at 4 %
        ("period", "no", 720, 720),
        ("period", "yes", 1_320, 720),  # the second order is all beyond the first 100.00 of the month
    ],
)
def test_tiers_are_counted_over_a_line_an_order_or_the_period(
    over: str, marginal: str, first: int, second: int
) -> None:
    lines = tuple(
        SettledLine(line_id=line_id, sku="POT", units=1, list_minor=paid, paid_minor=paid)
        for line_id, paid in (("1", 6_000), ("2", 12_000))
    )
    in_turn = Shared(book(TIERED.format(over=over, marginal=marginal)))
    taken = [
        in_turn.share(
            an_order(order_id=order_id, lines=lines, packages=(), freight_paid_minor=0, paid_minor=18_000, placed_on=on)
        ).of(Role.PLATFORM, "mall")
        for order_id, on in (("O-1", date(2026, 3, 1)), ("O-2", date(2026, 3, 31)), ("O-3", date(2026, 4, 1)))
    ]
    assert taken == [first, second, first]


def test_a_new_month_begins_tiers_anew_and_an_earlier_one_counts() -> None:
    lines = (SettledLine(line_id="1", sku="POT", units=1, list_minor=8_000, paid_minor=8_000),)
    in_turn = Shared(book(TIERED.format(over="period", marginal="no")))
    taken = [
        in_turn.share(an_order(lines=lines, packages=(), freight_paid_minor=0, paid_minor=8_000, placed_on=on)).of(
            Role.PLATFORM, "mall"
        )
        for on in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 1))
    ]
    assert taken == [800, 320, 800]


def test_a_version_counts_on_its_days_and_the_highest_wins() -> None:
    until = PLATFORM.replace("from: 2026-01-01", "from: 2026-01-01\nuntil: 2026-03-31")
    later = (
        PLATFORM.replace("version: 1", "version: 2").replace("2026-01-01", "2026-03-03").replace("rate: 5%", "rate: 8%")
    )
    contracts = book(until, later)
    on = {
        day: share(an_order(placed_on=day, delivered_on=None), contracts).of(Role.PLATFORM, "mall")
        for day in (date(2025, 12, 31), date(2026, 3, 2), date(2026, 3, 3))
    }
    assert list(on.values()) == [0, 440, 500]


def test_two_contracts_for_the_same_are_refused_and_never_guessed() -> None:
    other = PLATFORM.replace("mall-2026", "another")
    with pytest.raises(StateConflict) as refused:
        share(an_order(), book(PLATFORM, other))
    assert refused.value.reason == "CONTRACTS_OVERLAP"
    assert "another v1, mall-2026 v1" in str(refused.value)
    named = other.replace("commission:", "applies_to: {channels: [mall]}\ncommission:").replace("rate: 5%", "rate: 6%")
    assert share(an_order(), book(PLATFORM, named)).of(Role.PLATFORM, "mall") == 460


def test_a_contract_in_another_currency_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="mall-2026 v1 is in EUR"):
        share(an_order(), book(PLATFORM.replace("CNY", "EUR")))


def refund(number: int, *lines: RefundedLine, freight: int = 0, back: bool = False) -> Refund:
    packages = (ShippedPackage(package_id=f"R-{number}", carrier_id="sf", source_id="D-1", tariff_minor=1_000),)
    return Refund(
        refund_id=f"R-{number}", order_id="O-1", on=date(2026, 3, 9), lines=lines, freight_minor=freight,
        packages=packages if back else (),
    )  # fmt: skip


def test_a_refund_takes_back_what_is_not_kept_and_charges_the_way_back() -> None:
    half = refund(1, RefundedLine(line_id="1", units=1, refund_minor=4_000, tax_minor=460), back=True)
    before, after = share(an_order(), book()), share(an_order(), book(), refunds=[half])
    # The dealer: 60 % of 45.00, less half of 5.00, a quarter of 10.40 and all of the way back, 8.50 and 0.20.
    assert after.of(Role.DEALER, "wang") == 2_700 - 250 - 260 - 870
    assert after.of(Role.PLATFORM, "mall") == 140 + 100 + 60
    assert after.paid_minor == 6_800 == sum(one.amount_minor for one in after.shares)
    changed = change(before, after)
    assert sum(one.amount_minor for one in changed.shares) == changed.paid_minor == -4_000
    assert sum(one.amount_minor for one in changed.steps) == -4_000
    assert shares(changed)["wang"] == 1_320 - 4_640


def test_a_whole_refund_leaves_the_fee_that_is_kept_and_the_carriers() -> None:
    whole = refund(
        1,
        RefundedLine(line_id="1", units=2, refund_minor=8_000, tax_minor=920),
        RefundedLine(line_id="2", units=1, refund_minor=2_000),
        freight=800,
    )
    left = share(an_order(), book(), refunds=[whole])
    assert {party: minor for party, minor in shares(left).items() if minor} == {
        "mall": 60, "sf": 1_860, "wang": -260, "company": -1_660
    }  # fmt: skip
    assert left.paid_minor == 0


def test_refunds_in_parts_come_to_what_one_refund_comes_to() -> None:
    parts = [
        refund(1, RefundedLine(line_id="1", units=1, refund_minor=3_999, tax_minor=460)),
        refund(2, RefundedLine(line_id="1", units=1, refund_minor=4_001, tax_minor=460)),
    ]
    at_once = refund(1, RefundedLine(line_id="1", units=2, refund_minor=8_000, tax_minor=920))
    assert shares(share(an_order(), book(), refunds=parts)) == shares(share(an_order(), book(), refunds=[at_once]))


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        (RefundedLine(line_id="1", units=3, refund_minor=100), "only 2 are left"),
        (RefundedLine(line_id="1", units=1, refund_minor=8_001), "only 8000 of what was paid is left"),
        (RefundedLine(line_id="9", refund_minor=100), "has no such line"),
        (RefundedLine(line_id="1", refund_minor=8_000, tax_minor=0), "must remain sound"),
    ],
)
def test_more_than_was_paid_is_not_refunded(line: RefundedLine, remedy: str) -> None:
    with pytest.raises(InvalidRequest, match=remedy):
        share(an_order(), book(), refunds=[refund(1, line)])


def test_cents_rounded_per_order_are_shared_out_by_largest_remainder() -> None:
    lines = tuple(
        SettledLine(line_id=str(number), sku="PIN", units=1, list_minor=33, paid_minor=33) for number in range(3)
    )
    order: SettledOrder = an_order(lines=lines, packages=(), freight_paid_minor=0, paid_minor=99)
    plain = TIERED.split("commission:", maxsplit=1)[0] + "commission: {rate: 5%}\n"
    per_line = share(order, book(plain))
    per_order = share(order, book(plain.replace("commission:", "rounded: per_order\ncommission:")))
    assert [one.amount_minor for one in per_line.steps if one.rule == "commission"] == [2, 2, 2]  # 1.65 each
    assert [one.amount_minor for one in per_order.steps if one.rule == "commission"] == [2, 2, 1]  # 4.95 in all


@pytest.mark.parametrize(("rounding", "expected"), [(Rounding.HALF_UP, 3), (Rounding.HALF_EVEN, 2), (Rounding.DOWN, 2)])
def test_half_a_cent_is_rounded_as_the_contract_says(rounding: Rounding, expected: int) -> None:
    assert rounded(50 * rate_of("5%"), rounding) == expected


def test_one_rate_may_be_written_in_four_ways() -> None:
    assert {rate_of(text) for text in ("5.25%", "525 bp", "52.5‰", "0.0525")} == {rate_of("5.25 %")}
    assert shown_rate(rate_of("0.0525")) == "5.25%"


def test_what_is_shared_out_sums_to_the_amount_and_the_first_of_equals_wins() -> None:
    assert shared_out(100, [1, 1, 1]) == [34, 33, 33]
    assert shared_out(-100, [1, 1, 1]) == [-34, -33, -33]
    assert shared_out(7, [0, 0]) == [7, 0]
    assert shared_out(0, []) == []


def test_the_order_of_an_empty_book_is_all_the_companys() -> None:
    order = replace(an_order(), packages=())
    assert shares(share(order, ContractBook(()))) == {"tax": 920, "company": 9_880}
