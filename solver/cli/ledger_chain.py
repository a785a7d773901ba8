"""What `ledger chain` does: payments, invoices and shipments of files held against orders, a row for each order."""

import argparse
import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from rich.table import Table

from solver.cli.ledger_reconcile import records_of
from solver.cli.tables import print_whole
from solver.errors import FieldViolation, InvalidRequest
from solver.ledger.matching.chain import Chain, ChainedRecords, Link, chain
from solver.ledger.matching.model import Item
from solver.ledger.matching.rules import MatchRules
from solver.ledger.matching.rules_file import load_rules
from solver.money import format_minor


def run(options: argparse.Namespace) -> int:
    """Hold what is given against the orders; 1 where an order lacks anything, waits for a person, or differs."""
    given: dict[Link, Path] = {link: path for link in Link if (path := getattr(options, f"{link}s")) is not None}
    if not given:
        violation = FieldViolation(field="--payments", value="", remedy="give payments, invoices or shipments, or more")
        raise InvalidRequest("what follows the orders", [violation])
    orders = records_of(options.orders, "csv", anyway=False, net=False)
    records = {link: records_of(path, "csv", anyway=False, net=False) for link, path in given.items()}
    rules = MatchRules() if options.rules is None else load_rules(options.rules)
    found = chain(orders, records, dict.fromkeys(Link, rules))
    table = Table("orders with", "whole", "differing", "asked about", "lacking", "records of no order")
    for link in records:
        states = [_state(one, link).split(":")[0] for one in found.chains]
        counts = (f"{states.count(state):,}" for state in ("whole", "differs", "asked", "lacking"))
        table.add_row(f"{link}s", *counts, f"{len(_strangers(found, records, link)):,}")
    print_whole(table)
    if options.out is not None:
        with options.out.open("w", encoding="utf-8-sig", newline="") as file:
            _write(file, orders, records, found)
    return int(not all(one.is_whole for one in found.chains) or any(_strangers(found, records, one) for one in records))


def _state(one: Chain, link: Link) -> str:
    if link in one.asked:
        return "asked"
    if link in one.lacking:
        return "lacking"
    differences = one.matches[link].differences
    return "differs: " + "; ".join(f"{each.kind} {each.evidence}" for each in differences) if differences else "whole"


def _strangers(found: ChainedRecords, records: Mapping[Link, Iterable[Item]], link: Link) -> list[Item]:
    """Records of a kind that belong to no order, and about which nobody is asked."""
    result = found.found[link]
    candidates = (match for question in result.questions for match in question.candidates)
    known = {item_id for match in (*result.matches, *candidates) for item_id in match.theirs}
    return [item for item in records[link] if item.item_id not in known]


def _write(file: TextIO, orders: Iterable[Item], records: Mapping[Link, list[Item]], found: ChainedRecords) -> None:
    """A row for each order, then one for each record of none."""
    writer = csv.writer(file)
    columns = [f"{link}{end}" for link in records for end in ("", "_lines")]
    writer.writerow(("kind", "line", "order", "on", "amount", "currency", *columns))
    lines = {link: {item.item_id: item.line for item in of} for link, of in records.items()}
    of_order = {one.order_id: one for one in found.chains}
    for order in orders:
        one = of_order[order.item_id]
        cells: list[str] = []
        for link in records:
            theirs = one.matches[link].theirs if link in one.matches else ()
            cells += [_state(one, link), " ".join(str(lines[link][item_id]) for item_id in theirs)]
        writer.writerow(("order", *_said(order), *cells))
    for link in records:
        for item in _strangers(found, records, link):
            writer.writerow((link, *_said(item)))


def _said(item: Item) -> tuple[str, ...]:
    amount = format_minor(item.amount_minor, item.currency)
    return str(item.line), item.keys.get("order", ""), str(item.on), amount, item.currency
