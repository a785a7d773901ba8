"""Contracts and settlement over the wire, as the client speaks to them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from solver.client import CallFailed, Client
from solver.clock import ManualClock
from solver.ledger.contracts.facts import Refund, RefundedLine, SettledLine, SettledOrder
from solver.ledger.contracts.model import Role
from solver.ledger.contracts.what_if import Difference
from solver.ledger.settlement.model import SettlementState
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, Running

DEALER = """\
contract: wang
version: 1
role: dealer
party: wang
currency: CNY
from: 2025-01-01
share: {rate: 60%}
"""
JANUARY = date(2026, 1, 10)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One service for all tests, each of which has orders and parties of its own."""
    folder: Path = tmp_path_factory.mktemp("settlement")
    running = Running(folder / "data", ManualClock(MONDAY_AT_8))
    with Client(f"{HOST}:{running.server.port}") as opened:
        opened.contracts.upsert([DEALER, DEALER.replace("wang", "li"), DEALER.replace("wang", "zhao")])
        yield opened
    running.close()


def order(order_id: str, source_id: str, paid: int = 10_000) -> SettledOrder:
    line = SettledLine(line_id="1", sku="TEA", units=1, list_minor=paid, paid_minor=paid, source_id=source_id)
    return SettledOrder(order_id=order_id, currency="CNY", placed_on=JANUARY, lines=(line,), paid_minor=paid)


def test_contracts_are_kept_and_read_back_as_written(client: Client) -> None:
    assert client.contracts.get("wang").text == DEALER
    assert [one.contract_id for one in client.contracts.list()] == ["li", "wang", "zhao"]
    with pytest.raises(CallFailed) as refused:
        client.contracts.get("nobody")
    assert refused.value.code == "NOT_FOUND"


def test_a_contract_that_is_wrong_is_refused_with_its_line(client: Client) -> None:
    with pytest.raises(CallFailed) as refused:
        client.contracts.upsert([DEALER.replace("60%", "160%")])
    assert refused.value.code == "INVALID_ARGUMENT"
    assert [one.field for one in refused.value.violations] == ["documents[0]:7: share.rate"]


def test_orders_are_shared_out_and_compared_without_being_stored(client: Client) -> None:
    [sharing] = client.contracts.share([order("W-1", "wang")])
    assert (sharing.of(Role.DEALER, "wang"), sharing.of(Role.COMPANY)) == (6_000, 4_000)
    assert [step.rule for step in sharing.steps] == ["source_share", "remainder"]
    differences = client.contracts.what_if([order("W-1", "wang")], [DEALER.replace("60%", "70%")])
    assert differences[1] == Difference(
        currency="CNY", role=Role.DEALER, party="wang", before_minor=6_000, after_minor=7_000, orders_changed=1
    )
    with pytest.raises(CallFailed) as refused:
        client.settlements.sharing("W-1")
    assert refused.value.code == "NOT_FOUND"


def test_a_period_is_settled_with_its_statement_items_and_payments(client: Client) -> None:
    assert client.settlements.record_orders([order("L-1", "li"), order("L-2", "li", 5_000)]) == 2
    back = Refund(
        refund_id="B-1", order_id="L-2", on=JANUARY, lines=(RefundedLine(line_id="1", units=1, refund_minor=5_000),)
    )
    assert client.settlements.record_refunds([back]) == 1
    assert client.settlements.sharing("L-2").of(Role.DEALER, "li") == 0
    assert ("li", "CNY") in client.settlements.parties()
    statement = client.settlements.run("li", "CNY", JANUARY)
    assert (statement.state, statement.payout_minor) == (SettlementState.CLOSED, 6_000)
    assert client.settlements.statement(statement.run_id) == statement
    assert list(client.settlements.statements("li")) == [statement]
    items = list(client.settlements.items(statement.run_id))
    assert [(one.order_id, one.refund_id, one.amount_minor) for one in items] == [
        ("L-1", "", 6_000), ("L-2", "", 3_000), ("L-2", "B-1", -3_000)
    ]  # fmt: skip
    payments = client.settlements.payments(date(2026, 1, 1), date(2026, 1, 31))
    assert [(one.party, one.amount_minor) for one in payments if one.party == "li"] == [("li", 6_000)]
    accounts = {row.account: row.balance_minor for row in client.trial_balance()}
    assert accounts["dealer_share_expense"] == -accounts["bank"] == 6_000


def test_orders_that_do_not_add_up_are_refused_with_their_fields(client: Client) -> None:
    line = SettledLine(line_id="1", sku="TEA", units=1, list_minor=5, paid_minor=-5, source_id="zhao")
    wrong = SettledOrder(order_id="Z-1", currency="CNY", placed_on=JANUARY, lines=(line,), paid_minor=5)
    with pytest.raises(CallFailed) as refused:
        client.settlements.record_orders([wrong])
    assert refused.value.code == "INVALID_ARGUMENT"
    assert [one.field for one in refused.value.violations] == [
        "orders[0].lines[0].paid_minor", "orders[0].paid_minor"
    ]  # fmt: skip
    assert ("zhao", "CNY") not in client.settlements.parties()


def test_a_period_that_is_not_over_is_not_settled(client: Client) -> None:
    with pytest.raises(CallFailed) as refused:
        client.settlements.run("wang", "CNY", date(2026, 3, 1))
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "PERIOD_NOT_OVER")
