"""A reconciliation over the wire, from records to a person's decision."""

from collections.abc import Iterator
from datetime import date

import pytest

from solver.client import CallFailed, Client
from solver.client.client import BULK_SECONDS
from solver.clock import ManualClock
from solver.ledger.matching.model import DifferenceKind, Item, Side, Stage
from solver.ledger.reconciling.model import Imported, MatchState
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, Running


@pytest.fixture
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    running = Running(tmp_path_factory.mktemp("reconciling"), ManualClock(MONDAY_AT_8))
    with Client(f"{HOST}:{running.server.port}", bulk_seconds=BULK_SECONDS) as made:
        yield made
    running.close()


def item(name: str, amount_minor: int, order: str) -> Item:
    keys = {"order": order, "payment": name}
    return Item(item_id=name, on=date(2026, 3, 2), amount_minor=amount_minor, currency="CNY", keys=keys, line=7)


def test_records_are_matched_asked_about_and_decided_over_the_wire(client: Client) -> None:
    calls = client.reconciliations
    ours = [item("A", 1_000, "a93f20c7d1"), item("B", 2_000, "07be55d210"), item("C", 3_000, "f4410c9e7a")]
    theirs = [item("X", 1_000, "a93f20c7d1"), item("Y", 1_500, "07be55d210"), item("Z", 2_925, "f4410c9e7a")]
    assert calls.add("alipay", Side.OURS, ours) == Imported(added=3, known=0)
    assert calls.add("alipay", Side.THEIRS, theirs) == Imported(added=3, known=0)
    rules = "keys: {order: order}\nfees: [{name: card, rate: 2.5%}]\n"
    result = calls.run("alipay", actor="program", rules=rules, platform="alipay")
    assert (result.sure, result.questions, result.vouchers, result.tickets) == (2, 1, 1, 0)
    sure = {one.match.ours: one for one in calls.matches("alipay", [MatchState.SURE])}
    assert set(sure) == {("A",), ("C",)}
    assert sure["A",].match.stage is Stage.EXACT_KEY
    assert sure["C",].voucher_id
    [offered] = calls.matches("alipay", [MatchState.OFFERED])
    assert offered.match.differences[0].kind is DifferenceKind.SHORT
    [decided] = calls.decide("alipay", offered.question_id, offered.match.match_id, actor="li", reason="half was paid")
    assert (decided.state, decided.match.ours, decided.actor) == (MatchState.DECIDED, ("B",), "li")
    [ticket] = client.differences.all()
    assert (ticket.kind, ticket.amount_minor) == (DifferenceKind.SHORT, -500)
    with pytest.raises(CallFailed) as caught:
        calls.decide("alipay", offered.question_id, "", actor="han", reason="no")
    assert caught.value.reason == "QUESTION_ANSWERED"


def test_rules_that_cannot_be_read_are_refused_with_their_lines(client: Client) -> None:
    client.reconciliations.add("bank", Side.OURS, [item("A", 1_000, "a93f20c7d1")])
    with pytest.raises(CallFailed, match="did you mean fees"):
        client.reconciliations.run("bank", actor="program", rules="fee: []")
