"""The life of a ticket."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from solver.errors import InvalidRequest, NotFound, RequestIdReused, StateConflict
from solver.ledger.differences.model import ClosingAmount, TicketEvent, TicketState
from solver.ledger.matching.model import Difference, DifferenceKind, Side
from solver.storage.once import Request, request_for
from tests.ledger.differences.conftest import Books

Asked = Callable[..., Request]
ON = date(2026, 3, 2)
FEE = Difference(
    kind=DifferenceKind.FEE,
    side=Side.THEIRS,
    refs=("ours/P1", "theirs/4711"),
    amount_minor=-60,
    currency="CNY",
    on=ON,
    cause="fee_at_known_rate",
    evidence="they show 99.40, we booked 100.00; 0.6 % of it is 0.60",
    party="alipay",
    channel="tmall",
)


def opened(books: Books, asked: Asked, difference: Difference = FEE) -> str:
    [ticket] = books.desk.open(asked(), [difference], actor="reconciliation")
    return ticket.ticket_id


def test_a_ticket_names_its_owner_by_rule_and_says_what_it_probably_is(books: Books, asked: Asked) -> None:
    ticket = books.desk.get(opened(books, asked))
    assert (ticket.owner, ticket.rule, ticket.state) == ("channel_operations", "fees", TicketState.OPEN)
    assert (ticket.suggestion.charge, ticket.suggestion.amount_minor) == ("fee_difference", 60)
    assert ticket.suggestion.cause_zh == "手续费未入账，或费率与合同不符。"
    assert [(note.event, note.actor, note.text) for note in ticket.notes] == [
        (TicketEvent.OPENED, "reconciliation", FEE.evidence)
    ]


@pytest.mark.parametrize(
    ("change", "owner", "rule"),
    [
        ({"amount_minor": -1_000_000}, "finance_lead", "large"),
        ({"kind": DifferenceKind.TAX}, "tax", "tax"),
        ({"kind": DifferenceKind.CURRENCY}, "treasury", "currency"),
        ({"kind": DifferenceKind.MISSING}, "reconciliation", "everything"),
    ],
)
def test_the_first_rule_that_fits_names_the_owner(
    books: Books, asked: Asked, change: dict[str, object], owner: str, rule: str
) -> None:
    ticket = books.desk.get(opened(books, asked, replace(FEE, **change)))  # type: ignore[arg-type]  # any field
    assert (ticket.owner, ticket.rule) == (owner, rule)


def test_what_is_found_again_is_the_same_ticket(books: Books, asked: Asked) -> None:
    first = books.desk.get(opened(books, asked))
    before = books.rows()
    assert books.desk.get(opened(books, asked)) == first
    assert books.rows() == before


def test_another_amount_changes_an_open_ticket_and_opens_a_closed_one_again(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked)
    opened(books, asked, replace(FEE, amount_minor=-70))
    assert books.desk.get(ticket_id).suggestion.amount_minor == 70
    books.desk.close_by_posting(asked(), ticket_id, [], on=ON, actor="li")
    opened(books, asked, replace(FEE, amount_minor=-80))
    ticket = books.desk.close_by_posting(asked(), ticket_id, [], on=ON, actor="li", text="the rest of it")
    assert [note.event for note in ticket.notes] == [
        TicketEvent.OPENED,
        TicketEvent.CHANGED,
        TicketEvent.CLOSED_BY_POSTING,
        TicketEvent.REOPENED,
        TicketEvent.CLOSED_BY_POSTING,
    ]
    assert ticket.notes[1].text.startswith("-0.60 -> -0.70 CNY: ")


def test_a_ticket_is_closed_by_a_voucher_that_is_linked_to_it(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked)
    ticket = books.desk.close_by_posting(asked(), ticket_id, [], on=ON, actor="li")
    assert (ticket.state, ticket.closed_at) == (TicketState.CLOSED, books.clock.now())
    assert books.balances() == {"payment_fee_expense": 60, "platform_clearing/alipay": -60}
    with books.database.read() as reader:
        [voucher] = books.ledger.vouchers(reader, f"difference/{ticket_id}")
    assert voucher.voucher_id == ticket.voucher_id == ticket.notes[-1].voucher_id


def test_a_posting_accounts_for_the_whole_difference(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked)
    before = books.rows()
    with pytest.raises(InvalidRequest, match=r"whole difference of 0\.60 CNY"):
        part = ClosingAmount(charge="fee_difference", amount_minor=50)
        books.desk.close_by_posting(asked(), ticket_id, [part], on=ON, actor="li")
    assert books.rows() == before
    split = [
        ClosingAmount(charge="fee_difference", amount_minor=50),
        ClosingAmount(charge="clearing_write_off", amount_minor=10),
    ]
    books.desk.close_by_posting(asked(), ticket_id, split, on=ON, actor="li")
    assert books.balances() == {
        "payment_fee_expense": 50,
        "platform_clearing/alipay": -60,
        "write_off_expense": 10,
    }


def test_a_posting_that_the_books_refuse_leaves_the_ticket_open(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked)
    before = books.rows()
    with pytest.raises(InvalidRequest):
        books.desk.close_by_posting(
            asked(), ticket_id, [ClosingAmount(charge="no such charge", amount_minor=60)], on=ON, actor="li"
        )
    assert books.rows() == before


def test_a_ticket_is_closed_without_a_posting_only_for_a_reason(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked)
    with pytest.raises(InvalidRequest):
        books.desk.close_with_reason(asked(), ticket_id, " ", actor="li")
    ticket = books.desk.close_with_reason(asked(), ticket_id, "their file of 3 March has it", actor="li")
    assert (ticket.state, ticket.reason, ticket.voucher_id) == (
        TicketState.CLOSED,
        "their file of 3 March has it",
        "",
    )
    assert books.balances() == {}


def test_what_has_no_suggested_posting_needs_one_to_be_named(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked, replace(FEE, kind=DifferenceKind.DUPLICATE))
    with pytest.raises(InvalidRequest, match="nothing is suggested"):
        books.desk.close_by_posting(asked(), ticket_id, [], on=ON, actor="li")


def test_a_closed_ticket_takes_comments_alone(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked)
    books.desk.close_with_reason(asked(), ticket_id, "seen", actor="li")
    acts: tuple[Callable[[], object], ...] = (
        lambda: books.desk.close_with_reason(asked(), ticket_id, "again", actor="li"),
        lambda: books.desk.close_by_posting(asked(), ticket_id, [], on=ON, actor="li"),
        lambda: books.desk.assign(asked(), ticket_id, "han", actor="li"),
    )
    for act in acts:
        with pytest.raises(StateConflict) as refused:
            act()
        assert refused.value.reason == "TICKET_CLOSED"
    assert books.desk.comment(asked(), ticket_id, "for the auditor", actor="han").notes[-1].text == "for the auditor"


def test_who_looks_after_it_is_kept_with_who_said_so(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked)
    books.clock.advance(timedelta(hours=1))
    ticket = books.desk.assign(asked(), ticket_id, "han", actor="li", text="knows the contract")
    assert ticket.owner == "han"
    assert ticket.notes[-1].text == "channel_operations -> han: knows the contract"
    assert ticket.notes[-1].at == books.clock.now()
    assert [one.ticket_id for one in books.desk.all(owners=["han"])] == [ticket_id]
    assert books.desk.all(states=[TicketState.CLOSED]) == ()


def test_a_repeated_request_posts_nothing_again(books: Books, asked: Asked) -> None:
    ticket_id = opened(books, asked)
    request = request_for("Close", "r1", ticket_id)
    first = books.desk.close_by_posting(request, ticket_id, [], on=ON, actor="li")
    before = books.rows()
    assert books.desk.close_by_posting(request, ticket_id, [], on=ON, actor="li") == first
    assert books.rows() == before
    with pytest.raises(RequestIdReused):
        books.desk.comment(request_for("Close", "r1", "another"), ticket_id, "hm", actor="li")


def test_bad_differences_are_refused_together_and_nothing_is_kept(books: Books, asked: Asked) -> None:
    bad = [FEE, replace(FEE, refs=(), currency="yuan", evidence="")]
    with pytest.raises(InvalidRequest) as refused:
        books.desk.open(asked(), bad, actor="reconciliation")
    assert [one.field for one in refused.value.violations] == [
        "differences[1].refs",
        "differences[1].currency",
        "differences[1].evidence",
    ]
    assert books.desk.all() == ()
    with pytest.raises(NotFound):
        books.desk.get(FEE.difference_id)
