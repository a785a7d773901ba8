"""What stock cost and earned, at a running service: shown as tables or JSON, and set from files."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.tables import print_whole
from solver.client.valuation import ValuationClient
from solver.ledger.valuation.files import read_costs, read_terms
from solver.ledger.valuation.margins import MarginBy
from solver.ledger.valuation.model import CostMove, InventoryValue, Margin
from solver.money import format_minor

Work = Callable[[ValuationClient, argparse.Namespace], int]
_AT_ONCE = 1_000


def run(options: argparse.Namespace) -> int:
    """Do what the action says."""
    with connected(options) as client:
        return _WORK[options.action](client.valuation, options)


def _value(client: ValuationClient, options: argparse.Namespace) -> int:
    found = list(client.values(options.entity))
    if options.json:
        return _as_json(found)
    sums: dict[str, int] = {}
    for one in found:
        sums[one.currency] = sums.get(one.currency, 0) + one.value_minor
    rows = [_value_row(one) for one in found]
    rows += [("all", "", "", "", format_minor(total, currency), currency) for currency, total in sums.items()]
    return _table(("owner", "SKU", "units", "unit cost", "value", ""), rows)


def _value_row(one: InventoryValue) -> tuple[str, ...]:
    each = format_minor(round(one.value_minor / one.units), one.currency)  # shown alone; the books keep the sum
    return (one.entity or "home", one.sku, str(one.units), each, format_minor(one.value_minor, one.currency), "")


def _moves(client: ValuationClient, options: argparse.Namespace) -> int:
    return _show_moves(client, list(client.moves(sku=options.sku, order_id=options.order)), as_json=options.json)


def _uncosted(client: ValuationClient, options: argparse.Namespace) -> int:
    return _show_moves(client, list(client.moves(is_uncosted=True)), as_json=options.json)


def _show_moves(client: ValuationClient, found: Sequence[CostMove], *, as_json: bool) -> int:
    if as_json:
        return _as_json(found)
    terms = client.terms()
    currency = "" if terms is None else terms.currency
    return _table(
        ("move", "when", "SKU", "why", "units", "value", "about", "voucher"),
        [
            (
                str(one.move_id),
                f"{one.at:%Y-%m-%d}",
                one.sku,
                one.cause.replace("_", " "),
                str(one.units),
                "not known" if one.uncosted_units else format_minor(one.value_minor, currency),
                one.order_id or one.reference,
                one.voucher_id,
            )
            for one in found
        ],
    )


def _margin(client: ValuationClient, options: argparse.Namespace) -> int:
    found = list(client.margins(MarginBy(options.by), options.since, options.until, options.entity))
    if options.json:
        return _as_json(found)
    rows = [_margin_row(one) for one in found]
    return _table((options.by, "sales", "cost", "margin", "of sales"), rows)


def _margin_row(one: Margin) -> tuple[str, ...]:
    figures = (format_minor(minor, one.currency) for minor in (one.sales_minor, one.cost_minor, one.margin_minor))
    share = f"{100 * one.margin_minor / one.sales_minor:.1f} %" if one.sales_minor > 0 else ""
    return (one.key or "(none)", *figures, share)


def _terms(client: ValuationClient, options: argparse.Namespace) -> int:
    if options.file is None:
        terms = client.terms()
    else:
        costs = () if options.costs is None else read_costs(options.costs.read_text("utf-8"), options.costs.name)
        terms = client.set_terms(read_terms(options.file.read_text("utf-8"), options.file.name), costs)
    if terms is None and not options.json:
        sys.stdout.write("stock is not valued; set terms with `ledger value-terms FILE`, see docs/valuation.md\n")
        return 0
    return _as_json(terms)


def _costs(client: ValuationClient, options: argparse.Namespace) -> int:
    costs = read_costs(options.file.read_text("utf-8"), options.file.name)
    noted = sum(client.note_costs(costs[at : at + _AT_ONCE]) for at in range(0, len(costs), _AT_ONCE))
    sys.stdout.write(f"{noted} unit costs noted\n")
    return 0


def _write_down(client: ValuationClient, options: argparse.Namespace) -> int:
    move = client.write_down(options.sku, options.amount_minor, options.reason, entity=options.entity)
    return _show_moves(client, [move], as_json=options.json)


def _cost_receipt(client: ValuationClient, options: argparse.Namespace) -> int:
    return _show_moves(client, [client.cost_receipt(options.move_id, options.unit_cost_minor)], as_json=options.json)


def _as_json(shown: Any) -> int:
    sys.stdout.write(f"{msgspec.json.encode(shown).decode()}\n")
    return 0


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    table = Table(pad_edge=False, box=SIMPLE_HEAD)
    for heading in headings:
        is_figure = heading in ("units", "unit cost", "value", "sales", "cost", "margin", "of sales")
        is_short = is_figure or heading in ("move", "when", "voucher")
        table.add_column(heading, justify="right" if is_figure else "left", overflow="fold", no_wrap=is_short)
    for row in rows:
        table.add_row(*map(escape, row))
    print_whole(table)
    return 0


_WORK: dict[str, Work] = {
    "value": _value,
    "cost-moves": _moves,
    "margin": _margin,
    "value-terms": _terms,
    "costs": _costs,
    "write-down": _write_down,
    "uncosted": _uncosted,
    "cost-receipt": _cost_receipt,
}
