"""What `ledger reconcile` does: reconciliations of a service, or of books that it opens itself."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

import msgspec
from rich.table import Column, Table

from solver.cli.connecting import connected
from solver.cli.ledger_access import application_of
from solver.cli.ledger_reconcile import lots_of
from solver.cli.tables import print_whole
from solver.client.channel import new_request_id
from solver.client.reconciliation import ReconciliationClient
from solver.ledger.matching.model import Item, Side
from solver.ledger.reconciling.model import Imported, KeptMatch, MatchState, RunResult
from solver.ledger.reconciling.service import Reconciling
from solver.money import format_minor
from solver.storage.once import Request, request_for

_WHY_CHARACTERS = 60  # of a line


class _LocalReconciliations:
    """What `ReconciliationClient` does, without a service."""

    def __init__(self, there: Reconciling) -> None:
        self._there = there

    def add(self, set_id: str, side: Side, items: Sequence[Item]) -> Imported:
        return self._there.add(_named("AddRecords"), set_id, side, items)

    def run(self, set_id: str, *, actor: str, rules: str, entity: str, platform: str) -> RunResult:
        named = _named("RunReconciliation")
        return self._there.run(named, set_id, rules=rules, actor=actor, entity=entity, platform=platform)

    def matches(self, set_id: str, states: Sequence[MatchState] = ()) -> Sequence[KeptMatch]:
        return self._there.matches(set_id, states)

    def decide(self, set_id: str, question_id: str, match_id: str, *, actor: str, reason: str) -> Sequence[KeptMatch]:
        named = _named("DecideRecordMatch")
        return self._there.decide(named, set_id, question_id, match_id, actor=actor, reason=reason)


_There: TypeAlias = ReconciliationClient | _LocalReconciliations


def run(options: argparse.Namespace) -> int:
    """Do what the words say."""
    with _there(options) as there:
        return _WAYS[options.way](there, options)


@contextmanager
def _there(options: argparse.Namespace) -> Iterator[_There]:
    if options.books is None:
        with connected(options) as client:
            yield client.reconciliations
        return
    with application_of(options) as application:
        yield _LocalReconciliations(application.finance.reconciling)


def _add(there: _There, options: argparse.Namespace) -> int:
    """Nothing is taken of a statement with any fault; calls that were made before one failed stay, and are known."""
    added = known = 0
    with lots_of(options.file, options.format, anyway=options.anyway, net=options.net) as lots:
        for lot in lots:
            taken = there.add(options.set_id, Side(options.side), lot)
            added, known = added + taken.added, known + taken.known
    return _told(Imported(added=added, known=known), f"{added:,} records added, {known:,} known before", options)


def _run(there: _There, options: argparse.Namespace) -> int:
    rules = "" if options.rules is None else options.rules.read_text("utf-8")
    result = there.run(
        options.set_id, actor=options.actor, rules=rules, entity=options.entity, platform=options.platform
    )
    told = (
        f"{result.sure:,} matches, {result.questions:,} questions, {result.tickets:,} tickets opened, "
        f"{result.closed_tickets:,} closed, {result.vouchers:,} fees posted; "
        f"open: {result.open_ours:,} of ours, {result.open_theirs:,} of theirs"
    )
    return _told(result, told, options)


def _matches(there: _There, options: argparse.Namespace) -> int:
    return _show(there.matches(options.set_id, (MatchState.SURE, MatchState.DECIDED)), options)


def _questions(there: _There, options: argparse.Namespace) -> int:
    offered = there.matches(options.set_id, (MatchState.OFFERED,))
    return _show(sorted(offered, key=lambda one: (one.question_id, -one.match.confidence_permille)), options)


def _decide(there: _There, options: argparse.Namespace) -> int:
    said = options.set_id, options.question_id, options.match_id
    return _show(there.decide(*said, actor=options.actor, reason=options.reason), options)


def _show(found: Sequence[KeptMatch] | Iterator[KeptMatch], options: argparse.Namespace) -> int:
    kept = list(found)
    if options.json:
        return _told([{"match_id": one.match_id, **msgspec.to_builtins(one)} for one in kept], "", options)
    table = Table("question", "match", "state", "ours", "theirs", Column("why", max_width=_WHY_CHARACTERS))
    for one in kept:
        match = one.match
        why = "; ".join(
            filter(None, (one.why, match.reason, *(each.evidence for each in match.differences), one.reason))
        )
        ours, theirs = ("\n".join(map(_said, records)) for records in (one.our_records, one.their_records))
        table.add_row(one.question_id, one.match_id, one.state, ours, theirs, why)
    print_whole(table)
    return 0


def _said(record: Item) -> str:
    """A record by its id, with when, how much and who."""
    amount = f"{format_minor(record.amount_minor, record.currency)} {record.currency}"
    return " ".join(filter(None, (record.item_id, f"{record.on:%m-%d}", amount, record.party)))


_WAYS: dict[str, Callable[[_There, argparse.Namespace], int]] = {
    "add": _add,
    "run": _run,
    "matches": _matches,
    "questions": _questions,
    "decide": _decide,
}


def _told(noun: object, text: str, options: argparse.Namespace) -> int:
    sys.stdout.write((msgspec.json.encode(noun).decode() if options.json else text) + "\n")
    return 0


def _named(method: str) -> Request:
    """A command makes each change once; it is told from others by an id of its own."""
    return request_for(method, new_request_id())
