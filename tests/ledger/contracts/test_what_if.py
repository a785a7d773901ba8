"""Past orders under other contracts, and what partners are due for whole periods."""

from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.model import Role
from solver.ledger.contracts.rebates import Volume, guarantee_steps, rebate_steps
from solver.ledger.contracts.what_if import Difference, instead, what_if
from tests.ledger.contracts.agreed import PLATFORM, an_order

HEAD = """\
contract: wang
version: 1
role: dealer
party: wang
currency: CNY
from: 2026-01-01
"""
BANDS = "bands: [{from: 0, to: 1000.00 CNY, rate: 1%}, {from: 1000.00 CNY, rate: 3%}]"


def test_another_contract_over_past_orders_shows_who_gains_what_another_loses() -> None:
    before = ContractBook([parse(PLATFORM, "a")])
    after = instead(before.contracts.values(), [parse(PLATFORM.replace("rate: 5%", "rate: 7%"), "b")])
    table = what_if([an_order(), an_order(order_id="O-2", channel="other")], before, after)
    changed = [one for one in table.differences if one.difference_minor]
    assert changed == [
        Difference(
            currency="CNY", role=Role.COMPANY, party="", before_minor=2 * 7_340, after_minor=2 * 7_300, orders_changed=2
        ),
        Difference(
            currency="CNY", role=Role.PLATFORM, party="mall", before_minor=880, after_minor=960, orders_changed=2
        ),
    ]
    assert (table.orders, table.orders_changed) == (2, 2)
    assert sum(one.difference_minor for one in table.differences) == 0


def test_the_same_contracts_change_nothing() -> None:
    book = ContractBook([parse(PLATFORM, "a")])
    table = what_if([an_order()], book, instead(book.contracts.values(), []))
    assert table.orders_changed == 0
    assert all(one.difference_minor == 0 for one in table.differences)


def test_a_rebate_is_of_the_step_that_the_volume_reaches() -> None:
    contract = parse(f"{HEAD}rebate: {{period: month, {BANDS}}}\n", "c")
    due = [
        sum(one.amount_minor for one in rebate_steps(contract, Volume(amount_minor=minor)))
        for minor in (99_999, 100_000)
    ]
    assert due == [1_000, 3_000]


def test_a_marginal_rebate_gives_each_band_its_own_rate() -> None:
    contract = parse(f"{HEAD}rebate: {{period: month, marginal: yes, {BANDS}}}\n", "c")
    [step] = rebate_steps(contract, Volume(amount_minor=150_000))
    assert (step.amount_minor, step.rate) == (1_000 + 1_500, "1% / 3%")


def test_growth_over_the_period_before_is_rewarded_on_top() -> None:
    growth = "growth: [{from: 0%, to: 20%, rate: 0%}, {from: 20%, rate: 2%}]"
    contract = parse(f"{HEAD}rebate: {{period: month, {BANDS}, {growth}}}\n", "c")
    [_, step] = rebate_steps(contract, Volume(amount_minor=120_000, before_minor=100_000))
    assert (step.rule, step.amount_minor) == ("rebate_growth", 2_400)
    assert len(rebate_steps(contract, Volume(amount_minor=119_999, before_minor=100_000))) == 1
    assert len(rebate_steps(contract, Volume(amount_minor=120_000))) == 1  # nothing to have grown from


def test_a_rebate_may_be_by_units() -> None:
    bands = "bands: [{from: 0, to: 100, rate: 0%}, {from: 100, rate: 1%}]"
    contract = parse(f"{HEAD}rebate: {{period: year, counts: units, {bands}}}\n", "c")
    assert rebate_steps(contract, Volume(amount_minor=50_000, units=99)) == []
    assert rebate_steps(contract, Volume(amount_minor=50_000, units=100))[0].amount_minor == 500


def test_a_guarantee_fills_up_what_a_period_brought() -> None:
    contract = parse(f"{HEAD}guarantee: {{period: month, minimum: 500.00 CNY}}\n", "c")
    assert [one.amount_minor for one in guarantee_steps(contract, Volume(amount_minor=0, share_minor=30_000))] == [
        20_000
    ]
    assert [one.amount_minor for one in guarantee_steps(contract, Volume(amount_minor=0, share_minor=-5))] == [50_005]
    assert guarantee_steps(contract, Volume(amount_minor=0, share_minor=50_000)) == []
