"""The ageing report and the rules of the desk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from solver.errors import InvalidRequest
from solver.ledger.differences.ageing import ageing, bucket_names
from solver.ledger.differences.desk import read_desk, shipped_desk
from solver.ledger.differences.model import Suggestion, Ticket, TicketState
from solver.ledger.matching.model import DifferenceKind, Side
from tests.ledger.differences.test_tickets import FEE

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def ticket(days: float, amount_minor: int = 100, closed_after: float | None = None, owner: str = "li") -> Ticket:
    opened = NOW - timedelta(days=days)
    return Ticket(
        ticket_id=f"T{days}",
        kind=DifferenceKind.SHORT,
        side=Side.OURS,
        refs=("ours/P1",),
        amount_minor=amount_minor,
        currency="CNY",
        on=opened.date(),
        cause="short",
        evidence="short",
        party="",
        channel="",
        entity="",
        owner=owner,
        rule="everything",
        suggestion=Suggestion(cause="", cause_zh=""),
        state=TicketState.OPEN if closed_after is None else TicketState.CLOSED,
        opened_at=opened,
        closed_at=None if closed_after is None else opened + timedelta(days=closed_after),
    )


def test_open_tickets_fall_into_buckets_by_age_and_amounts_do_not_cancel_out() -> None:
    report = ageing([ticket(0.5), ticket(1), ticket(2.9, -50), ticket(3), ticket(8), ticket(45, -900)], NOW)
    [row] = report.rows
    assert bucket_names() == ("0-1 d", "1-3 d", "3-7 d", "7-30 d", "30+ d")
    assert row.buckets == (1, 2, 1, 1, 1)
    assert row.amounts_minor == (100, 150, 100, 100, 900)
    assert (row.tickets, row.amount_minor, row.oldest_days) == (6, 1_350, 45)


def test_three_days_are_the_aim_and_are_still_within_it() -> None:
    report = ageing([ticket(3), ticket(3.1), ticket(9, closed_after=3), ticket(9, closed_after=3.1)], NOW)
    assert (report.aim_days, report.open_tickets, report.late) == (3, 2, 1)
    assert (report.closed_tickets, report.closed_within_aim) == (2, 1)
    assert ageing([ticket(9)], NOW, aim_days=30).late == 0


def test_rows_stand_by_owner_kind_and_currency() -> None:
    report = ageing([ticket(1, owner="wang"), ticket(1), replace(ticket(1), currency="EUR")], NOW)
    assert [(row.owner, row.currency) for row in report.rows] == [("li", "CNY"), ("li", "EUR"), ("wang", "CNY")]


BAD = """owners:
  - {name: fees, kinds: [fees], owner: li}
  - {name: large, at_least_minor: many, currencies: [CNY], owner: li}
suggestions:
  - {kinds: [fee], side: mine, cause: a fee}
"""


def test_rules_are_refused_with_the_line_of_every_fault() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_desk(BAD, "desk.yaml")
    assert [one.field for one in refused.value.violations] == [
        "desk.yaml:2: owners[0].kinds",
        "desk.yaml:2: owners",
        "desk.yaml:3: owners[1].at_least_minor",
        "desk.yaml:5: suggestions[0].cause_zh",
        "desk.yaml:5: suggestions[0].side",
    ]


@pytest.mark.parametrize("kind", list(DifferenceKind))
@pytest.mark.parametrize("side", list(Side))
def test_every_kind_on_every_side_has_an_owner_and_a_cause_in_both_languages(kind: DifferenceKind, side: Side) -> None:
    difference = replace(FEE, kind=kind, side=side)
    suggestion = shipped_desk().suggestion(difference)
    assert shipped_desk().owner(difference).owner
    assert suggestion.cause != suggestion.cause_zh
    assert difference.evidence not in (suggestion.cause, suggestion.cause_zh)
