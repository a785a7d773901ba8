"""Events and the vouchers that the posting rules make of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from solver.errors import InvalidRequest, NotFound, StateConflict
from solver.ledger.books.model import Amount, Event
from solver.ledger.ledger import Ledger
from solver.ledger.model import Leg, Voucher
from solver.storage.database import Database

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]
MARCH = date(2026, 3, 5)


def shipped(*amounts: Amount, source: str = "shipment/1", kind: str = "shipped", entity: str = "") -> Event:
    return Event(kind=kind, entity=entity, currency="CNY", on=MARCH, source=source, amounts=amounts)


SALE = Amount(charge="sale", amount_minor=10_000, party="tmall", order_id="o1", line_id="1", sku="tea", channel="tmall")
COST = Amount(charge="cost_of_goods", amount_minor=6_000, order_id="o1", line_id="1", sku="tea", channel="tmall")


def post(database: Database, ledger: Ledger, event: Event) -> Voucher:
    with database.write() as tx:
        voucher = ledger.post(tx, event)
    assert voucher is not None
    return voucher


def balances(database: Database, ledger: Ledger) -> dict[tuple[str, str, str], int]:
    with database.read() as reader:
        rows = ledger.trial_balance(reader)
    return {(row.entity, row.currency, row.account): row.balance_minor for row in rows if row.balance_minor}


def test_an_event_leaves_the_voucher_that_its_rule_says(database: Database, ledger: Ledger) -> None:
    voucher = post(database, ledger, shipped(SALE, COST))
    assert voucher.legs == (
        Leg(debit="receivable/tmall", credit="sales", amount_minor=10_000),
        Leg(debit="cost_of_goods", credit="inventory", amount_minor=6_000),
    )
    assert (voucher.subject, voucher.on) == ("shipment/1", MARCH)
    with database.read() as reader:
        assert ledger.voucher(reader, voucher.voucher_id) == voucher


def test_a_negative_amount_is_posted_the_other_way_round(database: Database, ledger: Ledger) -> None:
    discount = Amount(charge="sale", amount_minor=-500, party="tmall")
    assert post(database, ledger, shipped(discount)).legs == (
        Leg(debit="sales", credit="receivable/tmall", amount_minor=500),
    )


def test_where_both_accounts_are_kept_per_party_the_second_may_differ(database: Database, ledger: Ledger) -> None:
    paid = Amount(charge="clearing_payment", amount_minor=7, party="alipay", counterparty="tmall")
    voucher = post(database, ledger, shipped(paid, kind="payment_received"))
    assert voucher.legs == (Leg(debit="platform_clearing/alipay", credit="receivable/tmall", amount_minor=7),)


def test_an_event_whose_amounts_are_zero_leaves_nothing(database: Database, ledger: Ledger, contents: Contents) -> None:
    before = contents()
    with database.write() as tx:
        assert ledger.post(tx, shipped(Amount(charge="cost_of_goods", amount_minor=0))) is None
    assert contents() == before


def test_the_same_event_of_a_source_is_refused_unless_its_rule_lets_it_repeat(
    database: Database, ledger: Ledger, contents: Contents
) -> None:
    lower = Amount(charge="write_down", amount_minor=9)
    post(database, ledger, shipped(lower, kind="write_down"))
    before = contents()
    with pytest.raises(StateConflict) as refused, database.write() as tx:
        ledger.post_each(tx, [shipped(COST), shipped(lower, kind="write_down")])
    assert refused.value.reason == "VOUCHER_POSTED"
    assert contents() == before
    for _ in range(2):
        freight = Amount(charge="freight", amount_minor=1, party="sf")
        post(database, ledger, shipped(freight, kind="plan_changed", source="P1"))


@pytest.mark.parametrize(
    ("event", "field", "remedy"),
    [
        (shipped(COST, kind="shiped"), "kind", "did you mean shipped?"),
        (shipped(Amount(charge="sales", amount_minor=1)), "amounts[0].charge", "did you mean sale?"),
        (shipped(Amount(charge="sale", amount_minor=1)), "amounts[0].party", "receivable is kept per party"),
        (shipped(COST, source=""), "source", "give 1 to 128 printable characters"),
        (shipped(Amount(charge="cost_of_goods", amount_minor=10**16)), "amounts[0].amount_minor", "give at most"),
    ],
)
def test_what_no_rule_knows_is_refused_with_the_way_out(
    database: Database, ledger: Ledger, contents: Contents, event: Event, field: str, remedy: str
) -> None:
    before = contents()
    with pytest.raises(InvalidRequest) as refused, database.write() as tx:
        ledger.post(tx, event)
    assert [one.field for one in refused.value.violations] == [field]
    assert remedy in refused.value.violations[0].remedy
    assert contents() == before


def test_a_reversal_takes_everything_back_and_deletes_nothing(database: Database, ledger: Ledger) -> None:
    posted = post(database, ledger, shipped(SALE, COST))
    with database.write() as tx:
        reversal = ledger.reverse(tx, posted.voucher_id, on=date(2026, 4, 1), reason="wrong customer")
    assert balances(database, ledger) == {}
    assert (reversal.kind, reversal.reverses, reversal.reason) == ("reversal", posted.voucher_id, "wrong customer")
    with database.read() as reader:
        assert ledger.vouchers(reader, "shipment/1") == (posted, reversal)
    again = post(database, ledger, shipped(COST))
    assert again.subject == "shipment/1"


def test_a_voucher_is_reversed_once_and_with_a_reason(database: Database, ledger: Ledger, contents: Contents) -> None:
    posted = post(database, ledger, shipped(COST))
    with pytest.raises(InvalidRequest), database.write() as tx:
        ledger.reverse(tx, posted.voucher_id, on=MARCH, reason=" ")
    with pytest.raises(NotFound), database.write() as tx:
        ledger.reverse(tx, "V0000000009", on=MARCH, reason="x")
    with database.write() as tx:
        reversal = ledger.reverse(tx, posted.voucher_id, on=MARCH, reason="x")
    before = contents()
    for voucher_id, reason in ((posted.voucher_id, "VOUCHER_REVERSED"), (reversal.voucher_id, "IS_REVERSAL")):
        with pytest.raises(StateConflict) as refused, database.write() as tx:
            ledger.reverse(tx, voucher_id, on=MARCH, reason="x")
        assert refused.value.reason == reason
    assert contents() == before


def test_a_closed_period_refuses_postings_until_it_is_opened_again_with_a_reason(
    database: Database, ledger: Ledger
) -> None:
    posted = post(database, ledger, shipped(COST))
    with database.write() as tx:
        ledger.close_period(tx, "", "2026-03")
    for act in (
        lambda tx: ledger.post(tx, shipped(COST, source="shipment/2")),
        lambda tx: ledger.reverse(tx, posted.voucher_id, on=MARCH, reason="x"),
        lambda tx: ledger.close_period(tx, "", "2026-03"),
    ):
        with pytest.raises(StateConflict) as refused, database.write() as tx:
            act(tx)
        assert refused.value.reason == "PERIOD_CLOSED"
    with pytest.raises(InvalidRequest), database.write() as tx:
        ledger.reopen_period(tx, "", "2026-03", reason="")
    with database.write() as tx:
        ledger.reopen_period(tx, "", "2026-03", reason="a late shipment")
        assert ledger.post(tx, shipped(COST, source="shipment/2")) is not None
    with pytest.raises(StateConflict) as refused, database.write() as tx:
        ledger.reopen_period(tx, "", "2026-03", reason="again")
    assert refused.value.reason == "PERIOD_OPEN"
