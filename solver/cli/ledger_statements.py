"""The commands of statements and matching, and what they take."""

import argparse
from pathlib import Path
from typing import TypeAlias

# argparse names this class nowhere in public.
Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_statements(actions: Actions) -> None:
    """Add `forms`, `import-statement` and `match`."""
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


def _forms(_: argparse.Namespace) -> int:
    from solver.cli import ledger_reconcile  # and with it the matcher: other commands start without waiting for it

    return ledger_reconcile.run_forms()


def _import(options: argparse.Namespace) -> int:
    from solver.cli import ledger_reconcile

    return ledger_reconcile.run_import(
        options.file, options.format, options.out, options.encoding, anyway=options.anyway
    )


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
