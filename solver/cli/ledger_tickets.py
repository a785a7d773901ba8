"""What `ledger tickets` and `ledger ageing` do: of a service, or of books that they open themselves."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.ledger_access import application_of
from solver.cli.tables import print_whole
from solver.client.channel import new_request_id
from solver.client.differences import DifferenceClient
from solver.errors import FieldViolation, InvalidRequest
from solver.ledger.differences.ageing import bucket_names
from solver.ledger.differences.model import ClosingAmount, Ticket, TicketState
from solver.ledger.differences.service import DifferenceDesk
from solver.money import format_minor
from solver.storage.once import Request, request_for

_CAUSE_CHARACTERS = 60  # of a line


class _Asking:
    """Tickets of a service or of a desk, asked in the same words."""

    def __init__(self, there: DifferenceClient | DifferenceDesk, today: object) -> None:
        self.there, self.today = there, today

    def change(self, of_client: Callable[[DifferenceClient], Ticket], of_desk: Callable[..., Ticket]) -> Ticket:
        if isinstance(self.there, DifferenceClient):
            return of_client(self.there)
        return of_desk(self.there, _named())


def run(options: argparse.Namespace) -> int:
    """Do what the words say."""
    with _tickets_of(options) as asking:
        return _WAYS[options.way](asking, options)


@contextmanager
def _tickets_of(options: argparse.Namespace) -> Iterator[_Asking]:
    if options.books is None:
        with connected(options) as client:
            yield _Asking(client.differences, None)
        return
    with application_of(options) as application:
        yield _Asking(application.finance.differences, application.clock.now().date())


def _list(asking: _Asking, options: argparse.Namespace) -> int:
    states = () if options.all else (TicketState.OPEN,)
    owners = (options.owner,) if options.owner else ()
    tickets = tuple(asking.there.all(states=states, owners=owners))
    if options.json:
        return _json(tickets)
    table = Table("ticket", "state", "owner", "kind", "since")
    table.add_column("amount", justify="right")
    table.add_column("likely cause", max_width=_CAUSE_CHARACTERS)
    for one in sorted(tickets, key=lambda one: (one.opened_at, one.ticket_id)):
        cause = one.suggestion.cause_zh if options.chinese else one.suggestion.cause
        amount = f"{format_minor(one.amount_minor, one.currency)} {one.currency}"
        table.add_row(one.ticket_id, one.state, one.owner, one.kind, f"{one.opened_at:%Y-%m-%d}", amount, cause)
    print_whole(table)
    return 0


def _show(asking: _Asking, options: argparse.Namespace) -> int:
    return _print(asking.there.get(options.ticket_id), options)


def _assign(asking: _Asking, options: argparse.Namespace) -> int:
    said = (options.ticket_id, options.owner)
    more = {"actor": options.actor, "text": options.text}
    ticket = asking.change(lambda to: to.assign(*said, **more), lambda to, named: to.assign(named, *said, **more))
    return _print(ticket, options)


def _comment(asking: _Asking, options: argparse.Namespace) -> int:
    said, actor = (options.ticket_id, options.text), options.actor
    ticket = asking.change(
        lambda to: to.comment(*said, actor=actor), lambda to, named: to.comment(named, *said, actor=actor)
    )
    return _print(ticket, options)


def _post(asking: _Asking, options: argparse.Namespace) -> int:
    amounts = [_amount(text, options.party) for text in options.amounts]
    more = {"actor": options.actor, "text": options.text}
    ticket = asking.change(
        lambda to: to.close_by_posting(options.ticket_id, amounts, on=options.on, **more),
        lambda to, named: to.close_by_posting(named, options.ticket_id, amounts, on=options.on or asking.today, **more),
    )
    return _print(ticket, options)


def _close(asking: _Asking, options: argparse.Namespace) -> int:
    said, actor = (options.ticket_id, options.reason), options.actor
    ticket = asking.change(
        lambda to: to.close_with_reason(*said, actor=actor),
        lambda to, named: to.close_with_reason(named, *said, actor=actor),
    )
    return _print(ticket, options)


def _ageing(asking: _Asking, options: argparse.Namespace) -> int:
    report = asking.there.ageing(options.aim_days)
    if options.json:
        return _json(report)
    table = Table("owner", "kind", *bucket_names(), "late", "oldest")
    table.add_column("amount", justify="right")
    for row in report.rows:
        amount = f"{format_minor(row.amount_minor, row.currency)} {row.currency}"
        table.add_row(
            row.owner, row.kind, *(str(one) for one in row.buckets), str(row.late), f"{row.oldest_days} d", amount
        )
    print_whole(table)
    sys.stdout.write(
        f"{report.open_tickets} open, {report.late} of them for more than {report.aim_days} days; "
        f"{report.closed_within_aim} of {report.closed_tickets} closed within that\n"
    )
    return 0


_WAYS: dict[str, Callable[[_Asking, argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "assign": _assign,
    "comment": _comment,
    "post": _post,
    "close": _close,
    "ageing": _ageing,
}


def _amount(text: str, party: str) -> ClosingAmount:
    charge, _, minor = text.partition("=")
    if not minor.removeprefix("-").isdecimal() or not minor.isascii():
        remedy = "give CHARGE=MINOR, such as fee_difference=60 for 0.60"
        raise InvalidRequest("the posting", [FieldViolation(field="amounts", value=text, remedy=remedy)])
    return ClosingAmount(charge=charge, amount_minor=int(minor), party=party)


def _print(ticket: Ticket, options: argparse.Namespace) -> int:
    if options.json:
        return _json(ticket)
    suggestion = ticket.suggestion
    amount = f"{format_minor(ticket.amount_minor, ticket.currency)} {ticket.currency}"
    lines = [
        f"{ticket.ticket_id}  {ticket.kind}  {amount}  {ticket.state}  {ticket.owner}",
        f"{', '.join(ticket.refs)}: {ticket.evidence}",
        suggestion.cause_zh if options.chinese else suggestion.cause,
    ]
    if suggestion.charge:
        lines.append(f"could be posted: {suggestion.charge}={suggestion.amount_minor}")
    lines += [
        f"{note.at:%Y-%m-%d %H:%M}  {note.actor}  {note.event}  {note.text} {note.voucher_id}".rstrip()
        for note in ticket.notes
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _json(noun: object) -> int:
    sys.stdout.write(msgspec.json.encode(noun).decode() + "\n")
    return 0


def _named() -> Request:
    """A command makes its change once; it is told from others by an id of its own."""
    return request_for("ledger tickets", new_request_id())
