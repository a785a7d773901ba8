"""`explain`: why a plan is as it is, and what would make it another."""

import argparse
import sys
from collections.abc import Iterator, Sequence

import msgspec
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.ids import plan_meant, shortened_rows
from solver.client import Explanation
from solver.money import format_minor
from solver.sourcing.explanation import chinese as chinese_words
from solver.sourcing.explanation import english as english_words
from solver.sourcing.explanation.model import Verdict

_VERDICTS_ZH = {
    Verdict.CHOSEN: "入选",
    Verdict.DOMINATED: "未选",
    Verdict.EXCLUDED: "被排除",
    Verdict.NO_STOCK: "无库存",
    Verdict.NO_LANE: "无线路",
    Verdict.NOT_CARRIED: "无报价",
}


def run(options: argparse.Namespace) -> int:
    """Ask a running service, print the page."""
    with connected(options) as client:
        explanation = client.explain(plan_meant(client, options.plan_id))
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(explanation)).decode() + "\n")
        return 0
    console = Console()
    for part in page(explanation, chinese=options.chinese):
        console.print(part)
    return 0


def page(explanation: Explanation, *, chinese: bool) -> Iterator[RenderableType]:
    """The sentences, every source with its verdict, what would change the plan, what binds."""
    money = format_minor(explanation.total_minor, explanation.currency)
    yield escape(f"plan {explanation.plan_id} for order {explanation.order_id}: {money} {explanation.currency}")
    yield escape(explanation.why_zh if chinese else explanation.why)
    yield from reasons(explanation, chinese=chinese)


def reasons(explanation: Explanation, *, chinese: bool) -> Iterator[RenderableType]:
    """What the page says beside its sentences."""
    yield _sources(explanation, chinese=chinese)
    for text, text_zh in _findings(explanation):
        yield escape(text_zh if chinese else text)
    if explanation.may_bind_rules:
        yield _may_bind(explanation.may_bind_rules, chinese=chinese)
    if not explanation.complete:
        yield "时间已到，解释不完整。" if chinese else "Time ran out: the explanation is not complete."


def _may_bind(names: Sequence[str], *, chinese: bool) -> str:
    if chinese:
        return f"{chinese_words.rules(names)}是否起作用尚不清楚。"
    return f"It is not known whether {english_words.rules(names, 'and')} {'binds' if len(names) == 1 else 'bind'}."


def _findings(explanation: Explanation) -> Iterator[tuple[str, str]]:
    yield from ((change.text, change.text_zh) for change in explanation.changes)
    yield from ((limit.text, limit.text_zh) for limit in explanation.limits)
    if explanation.conflict is not None:
        yield explanation.conflict.text, explanation.conflict.text_zh


def _sources(explanation: Explanation, *, chinese: bool) -> Table:
    table = Table(pad_edge=False)
    for heading in ("货源", "结论", "") if chinese else ("source", "verdict", ""):
        table.add_column(heading, overflow="fold")
    rows = [
        (
            one.source_id,
            _VERDICTS_ZH[one.verdict] if chinese else one.verdict.replace("_", " "),
            one.text_zh if chinese else one.text,
        )
        for one in explanation.candidates
    ]
    for row in shortened_rows(rows):
        table.add_row(*map(escape, row))
    return table
