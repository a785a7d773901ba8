"""`ledger tickets`, `ageing`, `invoice`, `sheet`, `erp`: what they take; the work is in modules of their own."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

from solver.cli.argument_kinds import day

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddTarget: TypeAlias = Callable[[argparse.ArgumentParser], None]


def add_desk(actions: Commands, add_target: AddTarget) -> None:
    """Add the actions; `add_target` adds the option that names the service."""
    _add_tickets(actions, add_target)
    _add_invoices(actions, add_target)
    _add_sheets(actions)


def _add_tickets(actions: Commands, add_target: AddTarget) -> None:
    tickets = actions.add_parser("tickets", help="differences that somebody looks after (docs/differences.md)")
    ways = tickets.add_subparsers(title="ways", required=True, metavar="WAY")
    listing = _run_by(ways.add_parser("list", help="open tickets, or all"), "tickets", "list")
    listing.add_argument("--owner", default="", metavar="WHO", help="only those of this owner")
    listing.add_argument("--all", action="store_true", help="closed ones too")
    show = _run_by(ways.add_parser("show", help="a ticket with everything that happened to it"), "tickets", "show")
    show.add_argument("ticket_id", metavar="ID", help="the ticket")
    assign = _run_by(ways.add_parser("assign", help="let another one look after it"), "tickets", "assign")
    assign.add_argument("ticket_id", metavar="ID", help="the ticket")
    assign.add_argument("owner", metavar="WHO", help="who shall look after it")
    assign.add_argument("--text", default="", help="why")
    comment = _run_by(ways.add_parser("comment", help="add a remark"), "tickets", "comment")
    comment.add_argument("ticket_id", metavar="ID", help="the ticket")
    comment.add_argument("text", help="the remark")
    post = _run_by(ways.add_parser("post", help="close it by a voucher"), "tickets", "post")
    post.add_argument("ticket_id", metavar="ID", help="the ticket")
    post.add_argument("amounts", nargs="*", metavar="CHARGE=MINOR", help="what is posted (default: what it suggests)")
    post.add_argument("--party", default="", help="whose account (default: the ticket's)")
    post.add_argument("--on", type=day, default=None, metavar="DAY", help="the business date (default: today)")
    post.add_argument("--text", default="", help="why")
    close = _run_by(ways.add_parser("close", help="close it without a voucher"), "tickets", "close")
    close.add_argument("ticket_id", metavar="ID", help="the ticket")
    close.add_argument("reason", help="why nothing is posted")
    ageing = _run_by(actions.add_parser("ageing", help="how old open differences are"), "tickets", "ageing")
    ageing.add_argument("--aim-days", type=int, default=3, metavar="N", help="what is late (default: 3)")
    for one in (assign, comment, post, close):
        one.add_argument("--actor", required=True, metavar="WHO", help="who does it")
    for one in (listing, show, assign, comment, post, close, ageing):
        _add_where(one, add_target)
        one.add_argument("--json", action="store_true", help="print JSON")
        one.add_argument("--chinese", action="store_true", help="causes in Chinese")


def _add_invoices(actions: Commands, add_target: AddTarget) -> None:
    invoice = actions.add_parser("invoice", help="invoices with their tax (docs/invoices.md)")
    ways = invoice.add_subparsers(title="ways", required=True, metavar="WAY")
    compute = _run_by(
        ways.add_parser("compute", help="the invoices of a wish, from its file alone"), "invoices", "compute"
    )
    compute.add_argument("--taxes", type=Path, default=None, metavar="FILE", help="a table of taxes of your own")
    draft = _run_by(ways.add_parser("draft", help="keep the invoices of a wish"), "invoices", "draft")
    for one in (compute, draft):
        one.add_argument("wish", type=Path, metavar="WISH", help="a JSON file, see docs/invoices.md")
    listing = _run_by(ways.add_parser("list", help="invoices and how far they are"), "invoices", "list")
    listing.add_argument("--state", default="", metavar="STATE", help="only those: ready, asking, pending, issued, ...")
    listing.add_argument("--order", default="", metavar="ID", help="only those about this order")
    cancel = _run_by(
        ways.add_parser("cancel", help="give up one that the platform does not have"), "invoices", "cancel"
    )
    cancel.add_argument("invoice_id", metavar="ID", help="the invoice")
    cancel.add_argument("--actor", required=True, metavar="WHO", help="who gives it up")
    reverse = _run_by(ways.add_parser("reverse", help="take an issued one back (红字发票)"), "invoices", "reverse")
    reverse.add_argument("invoice_id", metavar="ID", help="the invoice")
    reverse.add_argument("red_id", metavar="RED_ID", help="the name of the red-letter invoice")
    reverse.add_argument("--line", action="append", default=[], metavar="N=MINOR", help="only so much of a line")
    for one in (cancel, reverse):
        one.add_argument("--reason", required=True, help="why")
    issue = _run_by(
        ways.add_parser("issue", help="drive invoices to their numbers through a platform"), "invoices", "issue"
    )
    issue.add_argument("--books", required=True, metavar="WHERE", help="a folder or the URL of a database")
    issue.add_argument("--platform", required=True, metavar="WHICH", help="module:function that makes one, or practice")
    issue.add_argument("--patience", type=float, default=600.0, metavar="SECONDS", help="then stop (default: 600)")
    reading = _run_by(ways.add_parser("read", help="read e-invoices, OFD or XML, from files alone"), "invoices", "read")
    match = _run_by(
        ways.add_parser("match", help="read e-invoices and say which of ours they are"), "invoices", "match"
    )
    for one in (reading, match):
        one.add_argument("files", type=Path, nargs="+", metavar="FILE", help="OFD or XML")
    for one in (draft, listing, cancel, reverse, match):
        _add_where(one, add_target)
    for one in (compute, draft, listing, cancel, reverse, reading, match):
        one.add_argument("--json", action="store_true", help="print JSON")


def _add_sheets(actions: Commands) -> None:
    sheet = actions.add_parser("sheet", help="a workbook that adds itself up (needs the extra `tables`)")
    kinds = sheet.add_subparsers(title="sheets", required=True, metavar="SHEET")
    balance = _run_by(kinds.add_parser("trial-balance", help="every account"), "sheets", "trial-balance")
    balance.add_argument("--from", dest="from_period", default="", metavar="YYYY-MM", help="the first month that moves")
    balance.add_argument("--until", dest="until_period", default="", metavar="YYYY-MM", help="the last month")
    statement = _run_by(kinds.add_parser("statement", help="one account, line by line"), "sheets", "statement")
    statement.add_argument("account", help="as the trial balance shows it, such as receivable/tmall")
    statement.add_argument("--entity", default="", metavar="CODE", help="whose (default: the one at home)")
    statement.add_argument("--currency", default="CNY", metavar="CODE", help="in which currency (default: CNY)")
    ageing = _run_by(kinds.add_parser("ageing", help="open differences by age"), "sheets", "ageing")
    ageing.add_argument("--aim-days", type=int, default=3, metavar="N", help="what is late (default: 3)")
    settlement = _run_by(kinds.add_parser("settlement", help="a settlement run, item by item"), "sheets", "settlement")
    settlement.add_argument("run_id", metavar="RUN", help="as `ledger settlements` shows it")
    erp = _run_by(actions.add_parser("erp", help="lines of vouchers as CSV for an ERP system"), "sheets", "erp")
    erp.add_argument("--bom", action="store_true", help="begin with the mark by which spreadsheets know UTF-8")
    for one in (statement, erp):
        one.add_argument("--since", type=day, default=date(1970, 1, 1), metavar="DAY", help="the first day")
        one.add_argument("--until", type=day, default=date(2199, 12, 31), metavar="DAY", help="the last day")
    for one in (balance, statement, ageing, settlement, erp):
        where = one.add_mutually_exclusive_group(required=True)
        where.add_argument(
            "--books", metavar="WHERE", help="a folder or the URL of a database that no service has open"
        )
        where.add_argument("--data", type=Path, metavar="FOLDER", help="a service's data; it may be running: only read")
        where.add_argument("--url", metavar="URL", help="a service's database; it may be running: only read")
        one.add_argument("--to", type=Path, required=True, metavar="FILE", help="the file to write")


def _add_where(command: argparse.ArgumentParser, add_target: AddTarget) -> None:
    command.add_argument("--books", metavar="WHERE", help="a folder or the URL of a database, without a service")
    add_target(command)


def _run_by(command: argparse.ArgumentParser, module: str, way: str) -> argparse.ArgumentParser:
    command.set_defaults(run=_RUNS[module], way=way)
    return command


def _tickets(options: argparse.Namespace) -> int:
    from solver.cli import ledger_tickets  # other commands start without it

    return ledger_tickets.run(options)


def _invoices(options: argparse.Namespace) -> int:
    from solver.cli import ledger_invoices

    return ledger_invoices.run(options)


def _sheets(options: argparse.Namespace) -> int:
    from solver.cli import ledger_sheets

    return ledger_sheets.run(options)


_RUNS = {"tickets": _tickets, "invoices": _invoices, "sheets": _sheets}
