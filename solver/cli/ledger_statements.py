"""The commands of statements and matching, and what they take."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

# argparse names this class nowhere in public.
Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_statements(actions: Actions, add_target: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add the commands of statements, matching and chains; `add_target` adds the option that names the service."""
    _add_reconcile(actions, add_target)
    forms = actions.add_parser("forms", help="list the formats of statements that can be read")
    forms.set_defaults(run=_forms)
    importing = actions.add_parser("import-statement", help="check a statement, and write its rows as CSV")
    importing.add_argument("file", type=Path, help="as the platform or bank wrote it")
    importing.add_argument("--format", required=True, help="one of `ledger forms`, or a form of your own (.yaml)")
    importing.add_argument(
        "--out", type=Path, metavar="FILE", help="where the rows go; without it they are only checked"
    )
    importing.add_argument("--encoding", default="", help="read it in this encoding (default: found out)")
    importing.set_defaults(run=_import)
    chaining = actions.add_parser("chain", help="hold payments, invoices and shipments against orders, by files")
    chaining.add_argument("orders", type=Path, help="what was ordered, as plain CSV (form `csv`)")
    for kind in ("payments", "invoices", "shipments"):
        chaining.add_argument(f"--{kind}", type=Path, metavar="FILE", help=f"{kind} of any of them, as plain CSV")
    chaining.add_argument("--rules", type=Path, metavar="FILE", help="keys, days, fees; see docs/reconciliation.md")
    chaining.add_argument("--out", type=Path, metavar="FILE", help="a row for each order, as CSV")
    chaining.set_defaults(run=_chain)
    matching = actions.add_parser("match", help="hold two files against each other")
    matching.add_argument("ours", type=Path, help="what our books say")
    matching.add_argument("theirs", type=Path, help="what the platform or bank says")
    matching.add_argument("--ours-format", default="csv", help="format of ours (default: csv)")
    matching.add_argument("--mapping", "--format", dest="theirs_format", default="csv", help="format of theirs (csv)")
    matching.add_argument("--rules", type=Path, metavar="FILE", help="keys, days, fees; see docs/reconciliation.md")
    matching.add_argument("--net", action="store_true", help="compare what reached the account, after fees on the row")
    matching.add_argument("--out", type=Path, metavar="FILE", help="the report: .csv or .json")
    matching.set_defaults(run=_match)
    for one in (importing, matching):
        one.add_argument("--anyway", action="store_true", help="take the rows that can be read though others cannot")


def _add_reconcile(actions: Actions, add_target: Callable[[argparse.ArgumentParser], None]) -> None:
    reconcile = actions.add_parser("reconcile", help="reconciliations that are kept (docs/reconciliation.md)")
    ways = reconcile.add_subparsers(title="ways", required=True, metavar="WAY")
    helps = {
        "add": "take in the records of a statement; those that are there are left alone",
        "run": "match what is open; differences become tickets",
        "matches": "matches as they stand",
        "questions": "what a person is asked, each with its candidates",
        "decide": "answer a question by a candidate, or by none",
    }
    of_way = {way: ways.add_parser(way, help=told) for way, told in helps.items()}
    for way, one in of_way.items():
        one.add_argument("set_id", metavar="SET", help="the reconciliation: one account of one platform, say")
        one.add_argument("--books", metavar="WHERE", help="a folder or the URL of a database, without a service")
        add_target(one)
        one.add_argument("--json", action="store_true", help="print JSON")
        one.set_defaults(run=_reconcile, way=way)
    add, running, decide = of_way["add"], of_way["run"], of_way["decide"]
    add.add_argument("file", type=Path, metavar="FILE", help="as the platform or bank wrote it, or the plain form")
    add.add_argument("--side", choices=("ours", "theirs"), required=True, help="whose records they are")
    add.add_argument("--format", default="csv", help="one of `ledger forms`, or a form of your own (default: csv)")
    add.add_argument("--net", action="store_true", help="take what reached the account, after fees on the row")
    add.add_argument("--anyway", action="store_true", help="take the rows that can be read though others cannot")
    running.add_argument("--rules", type=Path, metavar="FILE", help="keys, days, fees; see docs/reconciliation.md")
    running.add_argument("--platform", default="", metavar="PARTY", help="post fees that rules know to its account")
    running.add_argument("--entity", default="", metavar="CODE", help="whose books (default: the one at home)")
    decide.add_argument("question_id", metavar="QUESTION", help="as `questions` shows it")
    decide.add_argument(
        "match_id", metavar="MATCH", nargs="?", default="", help="the candidate; left out: none of them"
    )
    decide.add_argument("--reason", required=True, help="why")
    for one in (running, decide):
        one.add_argument("--actor", required=True, metavar="WHO", help="who does it")


def _reconcile(options: argparse.Namespace) -> int:
    from solver.cli import ledger_reconciling

    return ledger_reconciling.run(options)


def _forms(_: argparse.Namespace) -> int:
    from solver.cli import ledger_reconcile  # and with it the matcher: other commands start without waiting for it

    return ledger_reconcile.run_forms()


def _import(options: argparse.Namespace) -> int:
    from solver.cli import ledger_reconcile

    return ledger_reconcile.run_import(
        options.file, options.format, options.out, options.encoding, anyway=options.anyway
    )


def _chain(options: argparse.Namespace) -> int:
    from solver.cli import ledger_chain

    return ledger_chain.run(options)


def _match(options: argparse.Namespace) -> int:
    from solver.cli import ledger_reconcile

    return ledger_reconcile.run_match(
        options.ours,
        options.theirs,
        (options.ours_format, options.theirs_format),
        options.rules,
        options.out,
        anyway=options.anyway,
        net=options.net,
    )
