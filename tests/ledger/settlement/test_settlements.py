"""Runs that settle with parties: once, to the cent, on where they were interrupted."""

from collections.abc import Callable
from datetime import date

import pytest

from solver.errors import InvalidRequest, RequestIdReused, StateConflict
from solver.ledger.books.model import Amount, Event
from solver.ledger.contracts.facts import Refund, RefundedLine, SettledLine, SettledOrder, ShippedPackage
from solver.ledger.settlement import settlements as module
from solver.ledger.settlement.model import ChargeSum, Payment, SettlementState, Statement
from solver.storage.once import request_for
from tests.ledger.settlement.conftest import House

DEALER = """\
contract: wang
version: 1
role: dealer
party: wang
currency: CNY
from: 2026-01-01
share: {of: paid, rate: 60%}
settlement: {period: month, holdback: 50%, return_days: 7, minimum_payout: 100.00 CNY}
"""
PLAIN = DEALER.split("settlement", maxsplit=1)[0]
MALL = """\
contract: mall
version: 1
role: platform
party: mall-co
currency: CNY
from: 2026-01-01
commission: {rate: 5%, service_fee: 1.00 CNY}
settlement: {collects: yes}
"""
MARCH, APRIL, MAY = date(2026, 3, 15), date(2026, 4, 15), date(2026, 5, 15)


def order(order_id: str, paid: int, delivered_on: date, **changes: object) -> SettledOrder:
    line = SettledLine(line_id="1", sku="TEA", units=1, list_minor=paid, paid_minor=paid, source_id="wang")
    said: dict[str, object] = {
        "order_id": order_id, "currency": "CNY", "placed_on": delivered_on, "delivered_on": delivered_on,
        "lines": (line,), "paid_minor": paid, "channel": "mall",
    }  # fmt: skip
    return SettledOrder(**(said | changes))  # type: ignore[arg-type]  # fields by name, as a test states them


def record(house: House, *orders: SettledOrder) -> int:
    request = request_for("RecordSettledOrders", f"o-{orders[0].order_id}", orders)
    return house.settlements.record_orders(request, orders)


def give_back(house: House, order_id: str, minor: int, on: date, refund_id: str = "B-1") -> int:
    lines = (RefundedLine(line_id="1", refund_minor=minor, units=1),)
    refund = Refund(refund_id=refund_id, order_id=order_id, on=on, lines=lines)
    return house.settlements.record_refunds(request_for("RecordRefunds", refund_id, refund), [refund])


def figures(one: Statement) -> tuple[int, ...]:
    """Opening, earned, held, released, paid, asked for, carried."""
    return (
        one.opening_minor, one.earned_minor, one.held_minor, one.released_minor, one.payout_minor, one.collect_minor,
        one.carried_minor,
    )  # fmt: skip


def test_a_run_pays_what_is_owed_and_posts_it(house: House) -> None:
    house.keep(PLAIN)
    record(house, order("O-1", 10_000, MARCH), order("O-2", 5_000, APRIL))
    statement = house.run("wang", MARCH)
    assert statement == Statement(
        run_id="wang.CNY.2026-03-01.2026-03-31",
        party="wang",
        currency="CNY",
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 31),
        state=SettlementState.CLOSED,
        charges=(ChargeSum(charge="dealer_share", items=1, amount_minor=6_000),),
        payout_minor=6_000,
    )
    assert house.accounts() == {"bank": 6_000, "dealer_share_expense": -6_000}
    assert house.settlements.payments(date(2026, 3, 1), date(2026, 3, 31)) == [
        Payment(run_id=statement.run_id, party="wang", currency="CNY", amount_minor=6_000, on=date(2026, 3, 31))
    ]
    assert [item.order_id for _, item in house.settlements.items(statement.run_id, 0, 10)] == ["O-1"]


def test_what_may_still_be_returned_is_held_back_and_released_later(house: House) -> None:
    house.keep(DEALER)
    record(house, order("O-1", 20_000, date(2026, 3, 10)), order("O-2", 50_000, date(2026, 3, 28)))
    # Of O-1 the days to return it are over in March, of O-2 half of 300.00 is held until the 4th of April.
    assert figures(house.run("wang", MARCH)) == (0, 42_000, 15_000, 0, 27_000, 0, 0)
    assert house.accounts()["holdback_payable/wang"] == 15_000
    assert figures(house.run("wang", APRIL)) == (0, 0, 0, 15_000, 15_000, 0, 0)
    assert house.accounts() == {"bank": 42_000, "dealer_share_expense": -42_000}


def test_a_balance_below_the_minimum_is_carried_forward(house: House) -> None:
    house.keep(DEALER)
    record(house, order("O-1", 10_000, date(2026, 3, 1)), order("O-2", 15_000, date(2026, 4, 1)))
    assert figures(house.run("wang", MARCH)) == (0, 6_000, 0, 0, 0, 0, 6_000)
    assert figures(house.run("wang", APRIL)) == (6_000, 9_000, 0, 0, 15_000, 0, 0)


def test_a_refund_after_settlement_leaves_a_debt_that_is_carried_and_worked_off(house: House) -> None:
    house.keep(PLAIN)
    record(house, order("O-1", 10_000, date(2026, 3, 1)))
    house.run("wang", MARCH)
    give_back(house, "O-1", 10_000, APRIL)
    assert figures(house.run("wang", APRIL)) == (0, -6_000, 0, 0, 0, 0, -6_000)
    assert house.accounts() == {"bank": 6_000, "settlement_payable/wang": -6_000}
    record(house, order("O-2", 20_000, MAY))
    assert figures(house.run("wang", MAY)) == (-6_000, 12_000, 0, 0, 6_000, 0, 0)
    assert house.accounts() == {"bank": 12_000, "dealer_share_expense": -12_000}


def test_a_refund_while_something_is_held_takes_its_part_of_that(house: House) -> None:
    house.keep(DEALER)
    record(house, order("O-1", 50_000, date(2026, 3, 28)))
    assert figures(house.run("wang", MARCH)) == (0, 30_000, 15_000, 0, 15_000, 0, 0)
    give_back(house, "O-1", 50_000, date(2026, 4, 2))
    assert figures(house.run("wang", APRIL)) == (0, -30_000, 0, 15_000, 0, 0, -15_000)
    assert house.settlements.sharing("O-1").paid_minor == 0


def test_a_platform_that_collects_owes_what_buyers_paid_less_what_it_takes(house: House) -> None:
    house.keep(MALL)
    record(house, order("O-1", 10_000, MARCH))
    statement = house.run("mall-co", MARCH)
    assert figures(statement) == (0, -9_400, 0, 0, 0, 9_400, 0)
    assert [(one.charge, one.amount_minor) for one in statement.charges] == [
        ("collected", -10_000), ("commission", 500), ("service_fee", 100)
    ]  # fmt: skip
    assert house.accounts() == {
        "commission_expense": -500,
        "platform_clearing/mall-co": -9_400,
        "receivable/mall": 10_000,
        "service_fee_expense": -100,
    }
    assert [one.amount_minor for one in house.settlements.payments(MARCH, APRIL)] == [-9_400]


def test_what_a_dealer_owes_us_in_the_books_is_netted(house: House) -> None:
    house.keep(PLAIN)
    record(house, order("O-1", 10_000, MARCH))
    goods = Amount(charge="sale", amount_minor=2_500, party="wang")
    with house.database.write() as tx:
        house.ledger.post(
            tx, Event(kind="shipped", entity="", currency="CNY", on=MARCH, source="plan/P", amounts=(goods,))
        )
    statement = house.run("wang", MARCH)
    assert (statement.receivable_netted_minor, statement.payout_minor) == (2_500, 3_500)
    assert "receivable/wang" not in house.accounts()
    assert "settlement_payable/wang" not in house.accounts()


def test_without_netting_what_is_owed_and_what_is_due_go_apart(house: House) -> None:
    house.keep(f"{PLAIN}settlement: {{netting: no}}\n")
    record(house, order("O-1", 10_000, date(2026, 3, 1)), order("O-2", 20_000, date(2026, 3, 2)))
    give_back(house, "O-1", 10_000, MARCH)
    assert figures(house.run("wang", MARCH)) == (0, 12_000, 0, 0, 18_000, 6_000, 0)


def test_a_rebate_and_a_guarantee_come_at_the_end_of_their_period(house: House) -> None:
    bands = "bands: [{from: 0, to: 200.00 CNY, rate: 0%}, {from: 200.00 CNY, rate: 5%}]"
    house.keep(f"{PLAIN}rebate: {{period: quarter, {bands}}}\nguarantee: {{period: month, minimum: 70.00 CNY}}\n")
    record(house, order("O-1", 10_000, date(2026, 2, 10)), order("O-2", 20_000, MARCH))
    february = house.run("wang", date(2026, 2, 1))
    assert [(one.charge, one.amount_minor) for one in february.charges] == [
        ("dealer_share", 6_000),
        ("guarantee", 1_000),
    ]
    assert february.steps == ("wang is guaranteed 70.00 for the period: 10.00 CNY more.",)
    march = house.run("wang", MARCH)
    assert [(one.charge, one.amount_minor) for one in march.charges] == [("dealer_share", 12_000), ("rebate", 1_500)]
    assert march.steps == ("wang is given back 5% of the amount of the period 300.00: 15.00 CNY.",)
    assert march.steps_zh == ("wang 按期间金额 300.00 的 5% 返利：15.00 CNY。",)


def test_freight_that_was_booked_with_the_plan_is_booked_once(house: House) -> None:
    house.keep(
        "contract: sf\nversion: 1\nrole: carrier\nparty: sf\ncurrency: CNY\nfrom: 2026-01-01\nlogistics: {rate: 80%}\n"
    )
    booked = Amount(charge="freight", amount_minor=1_000, party="sf")
    with house.database.write() as tx:
        house.ledger.post(
            tx, Event(kind="plan_confirmed", entity="", currency="CNY", on=MARCH, source="P-1", amounts=(booked,))
        )
    package = ShippedPackage(package_id="P", carrier_id="sf", source_id="wang", tariff_minor=1_000, booked_minor=1_000)
    record(house, order("O-1", 10_000, MARCH, packages=(package,)))
    assert house.run("sf", MARCH).payout_minor == 800
    assert house.accounts() == {"bank": 800, "freight_expense": -800}


def test_a_run_is_made_once_and_told_again(house: House) -> None:
    house.keep(PLAIN)
    record(house, order("O-1", 10_000, MARCH))
    first = house.run("wang", MARCH, "once")
    accounts = house.accounts()
    record(house, order("O-2", 10_000, MARCH))  # comes too late for March
    assert house.run("wang", MARCH, "once") == house.run("wang", date(2026, 3, 31)) == first
    assert house.accounts() == accounts
    with pytest.raises(RequestIdReused):
        house.run("wang", APRIL, "once")
    assert house.run("wang", APRIL).earned_minor == 6_000


def test_an_order_is_recorded_once_and_never_otherwise(house: House) -> None:
    house.keep(PLAIN)
    assert record(house, order("O-1", 10_000, MARCH)) == 1
    again = request_for("RecordSettledOrders", "another", "O-1")
    assert house.settlements.record_orders(again, [order("O-1", 10_000, MARCH)]) == 0
    with pytest.raises(StateConflict) as refused:
        house.settlements.record_orders(request_for("RecordSettledOrders", "third"), [order("O-1", 9_000, MARCH)])
    assert refused.value.reason == "ORDER_RECORDED"
    assert house.run("wang", MARCH).earned_minor == 6_000


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("posts", range(5))
def test_a_run_that_is_killed_at_any_step_goes_on_and_ends_with_the_same_cents(
    house: House, monkeypatch: pytest.MonkeyPatch, posts: int
) -> None:
    monkeypatch.setattr(module, "ITEMS_A_STEP", 2)
    house.keep(DEALER)
    record(house, *(order(f"O-{number}", 10_000 * (number + 1), date(2026, 3, 26)) for number in range(5)))
    house.run("wang", MARCH)
    record(house, *(order(f"P-{number}", 10_000, date(2026, 4, 2)) for number in range(3)))
    left, post = posts, house.ledger.post

    def post_until_killed(*said: object) -> object:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return post(*said)  # type: ignore[arg-type]  # handed on as it comes

    monkeypatch.setattr(type(house.ledger), "post", lambda _, *said: post_until_killed(*said))
    with pytest.raises(Killed):
        house.run("wang", APRIL, "april")
    monkeypatch.undo()
    assert figures(house.run("wang", APRIL, "april")) == (0, 18_000, 0, 45_000, 63_000, 0, 0)
    assert house.accounts() == {"bank": 108_000, "dealer_share_expense": -108_000}


def refused_reason(ask: Callable[[], object]) -> str:
    with pytest.raises(StateConflict) as refused:
        ask()
    return refused.value.reason


def test_runs_follow_each_other_and_wait_for_the_end_of_the_period(house: House) -> None:
    house.keep(PLAIN)
    record(house, order("O-1", 10_000, MARCH))
    assert refused_reason(lambda: house.run("wang", date(2026, 6, 1))) == "PERIOD_NOT_OVER"
    house.run("wang", MAY)
    assert refused_reason(lambda: house.run("wang", APRIL)) == "RUN_PASSED"


def test_contracts_of_a_party_that_settle_differently_are_refused(house: House) -> None:
    house.keep(
        DEALER,
        PLAIN.replace("contract: wang", "contract: wang-2").replace("share:", "applies_to: {sources: [D-2]}\nshare:"),
    )
    assert refused_reason(lambda: house.run("wang", MARCH)) == "SETTLEMENT_TERMS_DIFFER"


def test_a_closed_period_of_the_books_stops_a_run_and_it_goes_on_once_that_is_open(house: House) -> None:
    house.keep(PLAIN)
    record(house, order("O-1", 10_000, MARCH))
    with house.database.write() as tx:
        house.ledger.close_period(tx, "", "2026-03")
    assert refused_reason(lambda: house.run("wang", MARCH)) == "PERIOD_CLOSED"
    assert refused_reason(lambda: house.run("wang", APRIL)) == "RUN_OPEN"
    with house.database.write() as tx:
        house.ledger.reopen_period(tx, "", "2026-03", reason="dealers were not settled with")
    assert house.run("wang", MARCH).payout_minor == 6_000


def test_orders_that_do_not_add_up_are_refused_and_nothing_is_kept(house: House) -> None:
    house.keep(PLAIN)
    wrong = order("O-2", 10_000, MARCH, paid_minor=9_999, freight_paid_minor=-5, currency="yuan")
    with pytest.raises(InvalidRequest) as refused:
        record(house, order("O-1", 10_000, MARCH), wrong)
    assert [one.field for one in refused.value.violations] == [
        "orders[1].currency", "orders[1].freight_paid_minor", "orders[1].paid_minor"
    ]  # fmt: skip
    assert house.settlements.parties() == []
    with pytest.raises(InvalidRequest, match="record the settled order first"):
        give_back(house, "O-1", 1, MARCH)


def test_a_kept_contract_never_changes(house: House) -> None:
    house.keep(PLAIN)
    house.keep(PLAIN)
    assert refused_reason(lambda: house.keep(PLAIN.replace("60%", "61%"))) == "CONTRACT_VERSION_EXISTS"
    house.keep(PLAIN.replace("60%", "61%").replace("version: 1", "version: 2"))
    assert house.contracts.get("wang").version == 2
