"""A reconciliation that is kept: records once, runs that leave alone what stands, a person's decisions, fees posted."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, RequestIdReused, StateConflict
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.differences.model import TicketEvent, TicketState
from solver.ledger.differences.rows import DIFFERENCE_SCHEMA, all_tickets, each_ticket, find
from solver.ledger.differences.tickets import Tickets
from solver.ledger.ledger import Ledger
from solver.ledger.matching.model import DifferenceKind, Item, Side, Stage
from solver.ledger.reconciling.model import Imported, MatchState
from solver.ledger.reconciling.rows import RECONCILIATION_SCHEMA
from solver.ledger.reconciling.service import Reconciling
from solver.storage.database import Database
from solver.storage.once import Request, request_for
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database

RULES = "fees:\n  - {name: card, rate: 2.5%}\n"
TABLES = ("reconciliation", "reconciliation_item", "reconciliation_match", "difference_ticket", "journal_entry")


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    schema = (REQUEST_SCHEMA, JOURNAL_SCHEMA, LEDGER_SCHEMA, DIFFERENCE_SCHEMA, RECONCILIATION_SCHEMA)
    opened = open_database(store_url, ["".join(schema)])
    yield opened
    opened.close()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(Journal(ManualClock(datetime(2026, 3, 9, tzinfo=UTC))))


@pytest.fixture
def service(database: Database, ledger: Ledger) -> Reconciling:
    clock = ManualClock(datetime(2026, 3, 9, tzinfo=UTC))
    return Reconciling(database=database, clock=clock, posting=ledger, tickets=Tickets(ledger, clock))


@pytest.fixture
def asked() -> Callable[..., Request]:
    numbers = itertools.count()
    return lambda *body: request_for("test", f"r{next(numbers)}", *body)


def item(name: str, amount_minor: int, order: str = "", day: int = 2) -> Item:
    keys = {"order": order} if order else {}
    return Item(item_id=name, on=date(2026, 3, day), amount_minor=amount_minor, currency="CNY", keys=keys, party="shop")


def contents(database: Database) -> list[object]:
    with database.read() as reader:
        return [reader.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]


def test_records_sent_again_are_recognised_and_changed_ones_refused(
    service: Reconciling, database: Database, asked: Callable[..., Request]
) -> None:
    first = [item("A", 1_000), item("B", 2_000)]
    assert service.add(asked(), "alipay", Side.THEIRS, first) == Imported(added=2, known=0)
    assert service.add(asked(), "alipay", Side.THEIRS, [*first, item("C", 5)]) == Imported(added=1, known=2)
    before = contents(database)
    with pytest.raises(InvalidRequest, match="is there and says something else"):
        service.add(asked(), "alipay", Side.THEIRS, [item("D", 1), item("A", 999)])
    assert contents(database) == before


def test_a_run_matches_posts_fees_opens_tickets_and_is_done_once(
    service: Reconciling, database: Database, ledger: Ledger, asked: Callable[..., Request]
) -> None:
    service.add(asked(), "s", Side.OURS, [item("A", 10_000, "O-1"), item("B", 4_000, "O-2"), item("C", 700, "O-3", 1)])
    service.add(asked(), "s", Side.THEIRS, [item("X", 9_750, "O-1"), item("Y", 4_000, "O-2"), item("Z", 70, "O-9", 20)])
    request = asked("run")
    result = service.run(request, "s", rules=RULES, actor="li", platform="alipay")
    assert (result.sure, result.questions, result.tickets, result.vouchers) == (2, 0, 2, 1)
    assert (result.open_ours, result.open_theirs) == (1, 1)
    with database.read() as reader:
        balances = {row.account: row.balance_minor for row in ledger.trial_balance(reader)}
        tickets = all_tickets(reader)
    assert balances == {"payment_fee_expense": 250, "platform_clearing/alipay": -250}
    assert {(ticket.kind, ticket.party) for ticket in tickets} == {(DifferenceKind.MISSING, "shop")}
    before = contents(database)
    assert service.run(request, "s", rules=RULES, actor="li", platform="alipay") == result
    assert contents(database) == before
    again = service.run(asked(), "s", rules=RULES, actor="li", platform="alipay")
    assert (again.sure, again.tickets, again.vouchers) == (0, 2, 0)
    with database.read() as reader:
        assert len(all_tickets(reader)) == 2
    with pytest.raises(RequestIdReused):
        service.run(request_for("test", request.request_id, "another"), "s", rules="", actor="li")


def test_a_ticket_of_a_record_that_shows_nobody_is_the_platforms(
    service: Reconciling, database: Database, asked: Callable[..., Request]
) -> None:
    service.add(asked(), "s", Side.OURS, [item("A", 700, "O-3", 1), replace(item("B", 800, "O-4", 1), party="")])
    service.add(asked(), "s", Side.THEIRS, [item("Z", 70, "O-9", 20)])
    service.run(asked(), "s", rules=RULES, actor="li", platform="alipay")
    with database.read() as reader:
        parties = {ticket.refs: ticket.party for ticket in all_tickets(reader)}
    assert parties == {("ours/A",): "shop", ("ours/B",): "alipay", ("theirs/Z",): "shop"}


def test_a_ticket_of_a_missing_record_is_closed_by_the_match_with_the_partner_that_comes_later(
    service: Reconciling, database: Database, asked: Callable[..., Request]
) -> None:
    service.add(asked(), "s", Side.OURS, [item("A", 4_000, "O-1", 1), item("B", 700, "O-2", 1)])
    service.add(asked(), "s", Side.THEIRS, [item("Z", 70, "O-9", 20)])
    first = service.run(asked(), "s", rules="", actor="li")
    assert (first.tickets, first.closed_tickets) == (3, 0)
    service.add(asked(), "s", Side.THEIRS, [item("X", 4_000, "O-1", 2)])
    second = service.run(asked(), "s", rules="", actor="han")
    assert (second.sure, second.tickets, second.closed_tickets) == (1, 2, 1)
    [match] = service.matches("s")
    with database.read() as reader:
        [closed] = all_tickets(reader, states=[TicketState.CLOSED])
        assert len(all_tickets(reader, states=[TicketState.OPEN])) == 2
    assert closed.refs == ("ours/A",)
    assert closed.reason == f"its partner came: {match.match_id} (exact_key): {match.match.reason}"
    assert [(note.event, note.actor) for note in closed.notes] == [
        (TicketEvent.OPENED, "li"),
        (TicketEvent.CLOSED_BY_MATCH, "han"),
    ]
    assert closed.voucher_id == ""
    assert service.run(asked(), "s", rules="", actor="han").closed_tickets == 0


def test_a_ticket_that_was_closed_before_its_partner_came_is_told_so(
    service: Reconciling, database: Database, asked: Callable[..., Request], ledger: Ledger
) -> None:
    service.add(asked(), "s", Side.OURS, [item("A", 10_000, "O-1", 1)])
    service.add(asked(), "s", Side.THEIRS, [item("Z", 70, "O-9", 20)])
    service.run(asked(), "s", rules="", actor="li")
    tickets = Tickets(ledger, ManualClock(datetime(2026, 3, 9, tzinfo=UTC)))
    with database.write() as tx:
        [ours] = [one for one in all_tickets(tx) if one.refs == ("ours/A",)]
        tickets.close_with_reason(tx, ours.ticket_id, "given up", actor="han")
    service.add(asked(), "s", Side.THEIRS, [item("X", 8_000, "O-1", 2)])
    service.run(asked(), "s", rules="", actor="li")
    [offered] = service.matches("s")
    service.decide(asked(), "s", offered.question_id, offered.match_id, actor="li", reason="seen")
    with database.read() as reader:
        told = find(reader, ours.ticket_id)
    assert (told.state, told.reason) == (TicketState.CLOSED, "given up")
    assert told.notes[-1].event is TicketEvent.COMMENTED
    assert told.notes[-1].text.startswith(f"its partner came: {offered.match_id}")


def test_matches_and_tickets_are_read_a_page_at_a_time(
    service: Reconciling, database: Database, asked: Callable[..., Request]
) -> None:
    service.add(asked(), "s", Side.OURS, [item(f"A{n}", 100 + n, f"O-{n}", 1) for n in range(5)])
    theirs = [item(f"X{n}", 100 + n, f"O-{n}", 1) for n in range(3)]
    service.add(asked(), "s", Side.THEIRS, [*theirs, item("Z", 7, "", 20)])
    service.run(asked(), "s", rules="", actor="li")
    whole = service.matches("s")
    assert service.matches("s", most=2) == whole[:2]
    assert service.matches("s", after=whole[1].match_id, most=2) == whole[2:]
    with database.read() as reader:
        tickets = all_tickets(reader)
        assert len(tickets) == 3
        assert all_tickets(reader, after=tickets[0].ticket_id, most=1) == tickets[1:2]
        assert [one.ticket_id for one in each_ticket(reader)] == [one.ticket_id for one in tickets]


def test_a_person_takes_a_candidate_and_its_difference_becomes_a_ticket(
    service: Reconciling, database: Database, asked: Callable[..., Request]
) -> None:
    service.add(asked(), "s", Side.OURS, [item("A", 10_000, "O-1")])
    service.add(asked(), "s", Side.THEIRS, [item("X", 8_000, "O-1")])
    assert service.run(asked(), "s", rules="", actor="program").questions == 1
    [offered] = service.matches("s", [MatchState.OFFERED])
    decide = asked("decide")
    [decided] = service.decide(decide, "s", offered.question_id, offered.match_id, actor="li", reason="seen")
    assert (decided.state, decided.match.stage, decided.actor) == (MatchState.DECIDED, Stage.PERSON, "li")
    assert service.decide(decide, "s", offered.question_id, offered.match_id, actor="li", reason="seen") == (decided,)
    with database.read() as reader:
        [ticket] = all_tickets(reader)
    assert (ticket.kind, ticket.amount_minor) == (DifferenceKind.SHORT, -2_000)
    with pytest.raises(StateConflict):
        service.decide(asked(), "s", offered.question_id, "", actor="han", reason="no")
    assert service.run(asked(), "s", rules="", actor="program").open_ours == 0


def test_a_refused_candidate_is_not_offered_again(service: Reconciling, asked: Callable[..., Request]) -> None:
    service.add(asked(), "s", Side.OURS, [item("A", 10_000, "O-1")])
    service.add(asked(), "s", Side.THEIRS, [item("X", 8_000, "O-1")])
    service.run(asked(), "s", rules="", actor="program")
    [offered] = service.matches("s")
    service.decide(asked(), "s", offered.question_id, "", actor="li", reason="another order")
    assert service.run(asked(), "s", rules="", actor="program").questions == 0
    assert [one.state for one in service.matches("s")] == [MatchState.REFUSED]


def test_what_is_not_there_or_not_said_is_refused(
    service: Reconciling, database: Database, asked: Callable[..., Request]
) -> None:
    before = contents(database)
    with pytest.raises(NotFound):
        service.run(asked(), "nothing", rules="", actor="li")
    with pytest.raises(InvalidRequest, match="did you mean fees"):
        service.run(asked(), "nothing", rules="fee: []", actor="li")
    with pytest.raises(InvalidRequest, match="reason"):
        service.decide(asked(), "s", "Q1", "", actor="li", reason=" ")
    assert contents(database) == before
