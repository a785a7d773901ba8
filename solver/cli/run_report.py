"""Runs as a page, a workbook or Parquet; and the whole explanation of one of their orders."""

import argparse
import sys
import time
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape

from solver.cli.explain import reasons
from solver.cli.replay import policies_of
from solver.cli.report_page import write_page
from solver.money import format_minor
from solver.replay.run_files import Run, read_run
from solver.report.content import gather
from solver.report.explaining import explain_order, policy_of, refuse_unexplained
from solver.report.exporting import write_parquet, write_workbook
from solver.report.page import Language
from solver.report.tables import tables_of
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.policy import Policy

_SECONDS = 20.0  # for all questions of an explanation together
_OWN = "scenario"  # the name of a run under the scenario's own policy


def report(options: argparse.Namespace) -> int:
    """Write what is asked for, and say where."""
    console = Console()
    read = gather(options.runs)
    write_page(options.out, read, Language(options.language), console)
    if options.xlsx:
        sheets = write_workbook(options.xlsx, tables_of(read), read.runs[0].currency)
        console.print(escape(f"{options.xlsx}: sheets {', '.join(sheets)}"))
    if options.parquet:
        names = write_parquet(options.parquet, tables_of(read))
        console.print(escape(f"{options.parquet}: {', '.join(names)}"))
    return 0


def explain(options: argparse.Namespace) -> int:
    """Decide an order of a run again and print why."""
    folder = Path(options.plan_id)
    run = read_run(folder)
    where = options.scenario or Path(run.scenario_folder or f"scenarios/{run.scenario}")
    scenario = with_orders(read_scenario(where))
    refuse_unexplained(folder, run, scenario)
    explanation = explain_order(
        folder,
        options.order_id,
        scenario,
        _policy(run, scenario, where),
        seconds=_SECONDS,
        stopwatch=time.monotonic,
    )
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(explanation)).decode() + "\n")
        return 0
    console = Console()
    console.print(escape(_heading(explanation, run.policy, chinese=options.chinese)))
    console.print(escape(explanation.why_zh if options.chinese else explanation.why))
    for part in reasons(explanation, chinese=options.chinese):
        console.print(part)
    return 0


def _heading(explanation: Explanation, policy: str, *, chinese: bool) -> str:
    """What the order comes to under its policy: what is not shipped has its price in it."""
    money = f"{format_minor(explanation.total_minor, explanation.currency)} {explanation.currency}"
    if chinese:
        return f"订单 {explanation.order_id}，策略 {policy}：{money}（含缺货计价）"
    return f"order {explanation.order_id} under {policy}: {money}, unfilled units priced"


def _policy(run: Run, scenario: Scenario, folder: Path) -> Policy:
    """The policy as the run keeps it; of runs that keep none, by its name."""
    kept = policy_of(run)
    if kept is not None:
        return kept
    if run.policy == _OWN:
        return scenario.policy
    return policies_of(scenario, folder, [run.policy])[0][1]
