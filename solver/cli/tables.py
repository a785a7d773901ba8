"""Plans, sums and books as tables on a screen."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from solver.cli.ids import shortened_rows
from solver.cli.summary import Summary
from solver.client import FulfilmentPlan, Plan, PlanState, Term
from solver.ledger.model import TrialBalanceRow
from solver.money import format_minor
from solver.sourcing.plan import Engine, Package, RunnerUp, Stop

WIDE = 110  # characters that a row of plans takes with everything in it
LEAST_ID_WIDTH = 12
SOURCES_NAMED = 2
_WHOLE = 400  # characters


def print_whole(table: Table) -> None:
    """Print a table in all its width, also on a narrow screen: ids are to be named to the next command."""
    console = Console()
    whole = console.measure(table, options=console.options.update_width(_WHOLE)).maximum
    Console(width=max(console.width, whole)).print(table)


def plans_table(standing: Sequence[FulfilmentPlan], shown: int, width: int) -> Table:
    """One row for each plan: who ships, with whom, at what cost, when, and why.

    On a narrow screen each package's source and service stand in one column, one below the other. Here as in all tables
    unreadable ids are shortened.
    """
    narrow = width < WIDE
    title = f"{min(shown, len(standing))} of {len(standing)} plans"
    table = Table(title=title, title_justify="left", pad_edge=False)
    table.add_column("order", overflow="fold", min_width=LEAST_ID_WIDTH)
    if narrow:
        table.add_column("ships, by", no_wrap=True)
    else:
        table.add_column("source", overflow="fold", min_width=LEAST_ID_WIDTH)
        table.add_column("carrier, service", overflow="fold", min_width=LEAST_ID_WIDTH)
        table.add_column("packages", justify="right")
    table.add_column("cost", justify="right")
    table.add_column("arrives (UTC)", no_wrap=True)
    table.add_column("why", ratio=1, overflow="fold")
    rows = [
        (
            plan.order_id,
            *(_narrow_packages(plan) if narrow else _packages(plan)),
            plan.money(plan.total_minor - plan.cost_minor[Term.UNFILLED]),
            _arrival(plan.packages),
            _why(plan),
        )
        for plan in (one.plan for one in standing[:shown])
    ]
    for row in shortened_rows(rows):
        table.add_row(*map(escape, row))
    return table


def _packages(plan: Plan) -> tuple[str, str, str]:
    sources = "\n".join(package.source_id for package in plan.packages)
    services = "\n".join(_service(package) for package in plan.packages)
    return sources or "-", services or "-", str(len(plan.packages))


def _narrow_packages(plan: Plan) -> tuple[str]:
    return ("\n".join(f"{package.source_id}\n  {_service(package)}" for package in plan.packages) or "-",)


def _service(package: Package) -> str:
    """Carrier and service, the carrier's name once."""
    return f"{package.carrier_id} {package.service_id.removeprefix(package.carrier_id + '-')}"


def _arrival(packages: Sequence[Package]) -> str:
    if not packages:
        return "-"
    last = max(packages, key=lambda package: package.arrives_at)
    late = max(package.late_minutes for package in packages)
    return f"{last.arrives_at:%m-%d %H:%M}" + (f"\n{late / 60:.0f} h late" if late else "")


def _why(plan: Plan) -> str:
    words = ["cheapest" if plan.is_proven else f"at most {plan.money(plan.gap_minor)} too dear"]
    if plan.runner_up is not None:
        words.append(_next_best(plan.runner_up, plan.money))
    for line in plan.lines:
        words.extend(f"{line.unfilled_units} unfilled: {reason.text}" for reason in line.reasons)
    return "; ".join(words)


def _next_best(runner_up: RunnerUp, money: Callable[[int], str]) -> str:
    sources = runner_up.source_ids
    if not sources:
        return f"nothing ships without {runner_up.without_source_id}"
    names = ", ".join(sources[:SOURCES_NAMED]) + (
        f" and {len(sources) - SOURCES_NAMED} more" if len(sources) > SOURCES_NAMED else ""
    )
    return f"next {names} {'+' if runner_up.extra_minor >= 0 else ''}{money(runner_up.extra_minor)}"


def summary_table(summary: Summary, title: str) -> Table:
    """Names and values of a run's figures."""
    table = Table(title=title, title_justify="left", show_header=False, pad_edge=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in summary.rows():
        table.add_row(name, value)
    return table


def comparison_table(names: Sequence[str], summaries: Sequence[Summary]) -> Table:
    """The figures of several runs side by side; a term that costs nothing in one of them is a dash there."""
    table = Table(title="the same orders under each policy", title_justify="left", pad_edge=False)
    table.add_column("figure")
    for name in names:
        table.add_column(name, justify="right", overflow="fold")
    columns = [dict(summary.rows()) for summary in summaries]
    figures = max(columns, key=len)
    for figure in [*figures, *sorted({one for column in columns for one in column} - figures.keys())]:
        table.add_row(figure, *(column.get(figure, "-") for column in columns))
    return table


def books_table(rows: Iterable[TrialBalanceRow], shown: int) -> Table:
    """The largest balances, and the sum of all, which is zero."""
    ordered = sorted(rows, key=lambda row: -abs(row.balance_minor))
    table = Table(title="the books", title_justify="left", pad_edge=False)
    table.add_column("account")
    for heading in ("debit", "credit", "balance"):
        table.add_column(heading, justify="right")
    cells = [
        (
            row.account,
            *(format_minor(minor, row.currency) for minor in (row.debit_minor, row.credit_minor, row.balance_minor)),
        )
        for row in ordered[:shown]
    ]
    for row_cells in shortened_rows(cells):
        table.add_row(*row_cells)
    if len(ordered) > shown:
        table.add_row(f"... and {len(ordered) - shown} more", "", "", "")
    if ordered:
        table.add_section()
        sums = [sum(getattr(row, name) for row in ordered) for name in ("debit_minor", "credit_minor", "balance_minor")]
        table.add_row("all accounts", *(format_minor(total, ordered[0].currency) for total in sums))
    return table


def plan_details(standing: FulfilmentPlan, width: int) -> Iterator[RenderableType]:
    """One plan in full: packages, lines with their reasons, cost by term, and the sentence."""
    plan = standing.plan
    if not standing.plan_id:
        head = f"draft of a plan for order {plan.order_id}: nothing is held"
    else:
        head = f"plan {standing.plan_id} for order {plan.order_id}: {standing.state}"
    if standing.state is PlanState.HELD and standing.hold_expires_at is not None:
        head += f", stock held until {standing.hold_expires_at:%Y-%m-%d %H:%M:%S} UTC"
    yield head
    yield from answer_details(plan, width)


def answer_details(plan: Plan, width: int, *, chinese: bool = False) -> Iterator[RenderableType]:
    """What the optimiser says of one order: the sentence, packages, reasons, cost by term, and how good it is.

    `chinese` tells the language of reasons and remarks.
    """
    yield escape(f"order {plan.order_id}: {plan.why}")
    if plan.packages:
        yield _packages_table(plan, width)
    for line in plan.lines:
        for reason in line.reasons:
            unfilled = f"{line.unfilled_units} of {line.ordered_units} {line.sku} unfilled"
            yield escape(f"line {line.line_id}: {unfilled}: {reason.text_zh if chinese else reason.text}")
    terms = ", ".join(f"{term} {plan.money(minor)}" for term, minor in plan.cost_minor.items() if minor)
    yield f"cost {plan.money(plan.total_minor)} {plan.currency}" + (f": {terms}" if terms else "")
    yield _proof(plan)
    yield from (f"{level.measure}: {level.value:,}, proven at least {level.bound:,}" for level in plan.levels)
    yield from _rules(plan)
    yield from (escape(note) for note in (plan.notes_zh if chinese else plan.notes))


def _proof(plan: Plan) -> str:
    fallback = f", after the exact search handed over ({plan.fallback_reason})" if plan.fallback_reason else ""
    bound = plan.money(plan.bound_minor)
    if plan.engine is Engine.MANUAL:
        return "decided by a person"
    if plan.is_proven:
        proof = f"proven the best; bound {bound}"
    elif plan.engine is Engine.BATCH or plan.stop is Stop.OPTIMAL:
        alone = f"; with everything to itself it would cost {bound} at least" if plan.bound_minor else ""
        proof = f"decided with other orders{alone}"
    else:
        proof = f"at most {plan.money(plan.gap_minor)} too dear ({plan.stop}); bound {bound}"
    return f"by {plan.engine}{fallback}: {proof}"


def _rules(plan: Plan) -> Iterator[str]:
    if plan.relaxed_rules:
        yield f"rules dropped to fill the order: {', '.join(map(_as_words, plan.relaxed_rules))}"
    if plan.excluded:
        closed = ", ".join(f"{_as_words(rule)} ({count})" for rule, count in plan.excluded.items())
        yield f"lanes closed by rules: {closed}"


def _as_words(rule: str) -> str:
    return rule.replace("_", " ")


def _packages_table(plan: Plan, width: int) -> Table:
    """One row for each package; on a narrow screen without carrier, weight and distance."""
    narrow = width < WIDE
    table = Table(pad_edge=False)
    for heading in ("source", "service", "contents"):
        table.add_column(heading, overflow="fold", min_width=LEAST_ID_WIDTH)
    if not narrow:
        table.add_column("weight", justify="right")
        table.add_column("distance", justify="right")
    table.add_column("arrives (UTC)", no_wrap=True)
    table.add_column("cost", justify="right")
    rows = []
    for package in plan.packages:
        measures = (f"{package.billable_grams / 1000:.2f} kg", f"{package.distance_meters / 1000:.0f} km")
        cells = (
            _shipper(package),
            package.service_id if narrow or not package.carrier_id else f"{package.carrier_id} / {package.service_id}",
            "\n".join(f"{packed.units} x {packed.sku}" for packed in package.contents),
            *(() if narrow else measures),
            f"{package.arrives_at:%m-%d %H:%M}" if narrow else f"{package.arrives_at:%Y-%m-%d %H:%M}",
            plan.money(sum(package.cost_minor.values())),
        )
        rows.append(cells)
    for row in shortened_rows(rows):
        table.add_row(*map(escape, row))
    return table


def _shipper(package: Package) -> str:
    """The source, with the way its stock takes and the stage it is in where these are not the plain ones."""
    via = f"\nvia {package.via_source_id}" if package.via_source_id else ""
    return package.source_id + via + (f"\n{package.offer_id}" if package.offer_id else "")
