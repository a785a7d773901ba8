"""What `ledger invoice` does: of a service, of books that it opens itself, or of files alone."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.ledger_access import application_of
from solver.cli.tables import print_whole
from solver.client.channel import new_request_id
from solver.client.invoices import InvoiceClient
from solver.errors import FieldViolation, InvalidRequest, XunyuanError
from solver.ledger.invoicing.adapters import platform_of
from solver.ledger.invoicing.drafting import drafted
from solver.ledger.invoicing.model import Invoice, InvoiceState, InvoiceWish
from solver.ledger.invoicing.reading.files import read_invoice
from solver.ledger.invoicing.reading.matching import InvoiceMatching, match_invoices
from solver.ledger.invoicing.red import TakenBack
from solver.ledger.invoicing.service import Invoicing
from solver.ledger.invoicing.tax_file import read_taxes, shipped_taxes
from solver.money import format_minor
from solver.storage.once import Request, request_for

AnyInvoices = InvoiceClient | Invoicing

_MESSAGE_CHARACTERS = 60  # of a line


def run(options: argparse.Namespace) -> int:
    """Do what the words say."""
    if options.way in _ALONE:
        return _ALONE[options.way](options)
    with _invoices_of(options) as invoices:
        return _WAYS[options.way](invoices, options)


@contextmanager
def _invoices_of(options: argparse.Namespace) -> Iterator[AnyInvoices]:
    if options.books is None:
        with connected(options) as client:
            yield client.invoices
        return
    with application_of(options) as application:
        yield application.finance.invoicing


def _compute(options: argparse.Namespace) -> int:
    taxes = shipped_taxes()
    if options.taxes is not None:
        taxes = read_taxes(options.taxes.read_text(encoding="utf-8"), str(options.taxes))
    return _print(drafted(_wish(options.wish), taxes), options)


def _read(options: argparse.Namespace) -> int:
    found = [read_invoice(content, name) for name, content in _files(options.files).items()]
    if options.json:
        return _json(found)
    table = Table("file", "number", "day", "buyer")
    for head in ("net", "tax", "gross"):
        table.add_column(head, justify="right")
    for one in found:
        amounts = (format_minor(minor, one.currency) for minor in (one.net_minor, one.tax_minor, one.gross_minor))
        table.add_row(one.origin, one.number, str(one.on), one.buyer_name, *amounts)
    print_whole(table)
    return 0


def _issue(options: argparse.Namespace) -> int:
    """Drive to the end of patience; 1 where some are under way still."""
    with application_of(options) as application:
        left = application.finance.invoicing.issuing(platform_of(options.platform)).drive(time.sleep, options.patience)
        states = [one.state for one in application.finance.invoicing.all()]
    counted = ", ".join(f"{states.count(state)} {state}" for state in InvoiceState if state in states)
    sys.stdout.write(f"{counted or 'no invoices'}\n")
    return 1 if left else 0


def _draft(invoices: AnyInvoices, options: argparse.Namespace) -> int:
    wish = _wish(options.wish)
    if isinstance(invoices, InvoiceClient):
        return _print(invoices.draft(wish), options)
    return _print(invoices.draft(_named(), wish), options)


def _list(invoices: AnyInvoices, options: argparse.Namespace) -> int:
    states = [_state(options.state)] if options.state else []
    return _print(invoices.all(states=states, order_id=options.order), options)


def _cancel(invoices: AnyInvoices, options: argparse.Namespace) -> int:
    said, actor = (options.invoice_id, options.reason), options.actor
    if isinstance(invoices, InvoiceClient):
        return _print([invoices.cancel(*said, actor=actor)], options)
    return _print([invoices.cancel(_named(), *said, actor=actor)], options)


def _reverse(invoices: AnyInvoices, options: argparse.Namespace) -> int:
    wanted = [_taken_back(text) for text in options.line]
    more = {"red_id": options.red_id, "reason": options.reason}
    if isinstance(invoices, InvoiceClient):
        return _print([invoices.reverse(options.invoice_id, wanted, **more)], options)
    return _print([invoices.reverse(_named(), options.invoice_id, wanted, **more)], options)


def _match(invoices: AnyInvoices, options: argparse.Namespace) -> int:
    """1 where something does not agree."""
    files = _files(options.files)
    found: InvoiceMatching
    if isinstance(invoices, InvoiceClient):
        found = invoices.find(files)
    else:
        found = match_invoices([read_invoice(content, name) for name, content in files.items()], invoices.all())
    if options.json:
        _json(found)
    else:
        lines = [f"{one.read.origin}: {one.invoice_id}, {one.reason}" for one in found.matches]
        lines += [f"{one.kind}: {one.evidence}" for one in found.differences]
        sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found.differences else 0


_ALONE: dict[str, Callable[[argparse.Namespace], int]] = {"compute": _compute, "read": _read, "issue": _issue}
_WAYS: dict[str, Callable[[AnyInvoices, argparse.Namespace], int]] = {
    "draft": _draft,
    "list": _list,
    "cancel": _cancel,
    "reverse": _reverse,
    "match": _match,
}


def _wish(path: Path) -> InvoiceWish:
    try:
        return msgspec.json.decode(path.read_bytes(), type=InvoiceWish)
    except OSError as error:
        raise _wrong(str(path), str(error), "name a file that can be read") from error
    except msgspec.MsgspecError as error:
        raise _wrong(str(path), str(error), "write a wish as docs/invoices.md shows one") from error


def _files(paths: Sequence[Path]) -> dict[str, bytes]:
    try:
        return {str(path): path.read_bytes() for path in paths}
    except OSError as error:
        raise _wrong("files", str(error), "name files that can be read") from error


def _state(text: str) -> InvoiceState:
    known = [str(state) for state in InvoiceState]
    if text not in known:
        raise _wrong("--state", text, f"give one of {', '.join(known)}")
    return InvoiceState(text)


def _taken_back(text: str) -> TakenBack:
    line, _, minor = text.partition("=")
    if not (line.isascii() and line.isdecimal() and minor.isascii() and minor.isdecimal()):
        raise _wrong("--line", text, "give N=MINOR, such as 1=1130 for 11.30 of the first line")
    return TakenBack(line=int(line), amount_minor=int(minor))


def _print(invoices: Iterable[Invoice], options: argparse.Namespace) -> int:
    listed = list(invoices)
    if options.json:
        return _json(listed)
    table = Table("invoice", "state", "number", "buyer", "orders")
    for head in ("net", "tax", "gross"):
        table.add_column(head, justify="right")
    table.add_column("message", max_width=_MESSAGE_CHARACTERS)
    for one in listed:
        amounts = (format_minor(minor, one.currency) for minor in (one.net_minor, one.tax_minor, one.gross_minor))
        orders = ", ".join(one.order_ids[:3]) + (" ..." if len(one.order_ids) > 3 else "")
        table.add_row(one.invoice_id, one.state, one.number, one.buyer.name, orders, *amounts, one.message)
    print_whole(table)
    return 0


def _json(noun: object) -> int:
    sys.stdout.write(msgspec.json.encode(noun).decode() + "\n")
    return 0


def _wrong(field: str, value: str, remedy: str) -> XunyuanError:
    return InvalidRequest("the command", [FieldViolation(field=field, value=value, remedy=remedy)])


def _named() -> Request:
    """A command makes its change once; it is told from others by an id of its own."""
    return request_for("ledger invoice", new_request_id())
