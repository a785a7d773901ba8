"""`diagnose`: where money leaks, what to change, and what the run made again with the change saves."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from rich.console import Console

from solver.catalog.catalog import Catalog
from solver.cli.ids import shortener
from solver.cli.named_policy import policy_named
from solver.cli.run_progress import change_bar
from solver.cli.words import counted
from solver.diagnosis.changes import (
    Change,
    HandOverSooner,
    LeaveService,
    LeaveTerm,
    MoveAll,
    OpenService,
    RemoveStock,
    ReorderAll,
    told,
)
from solver.diagnosis.diagnose import diagnose as found_in
from solver.diagnosis.diagnose import replayed
from solver.diagnosis.findings import Valued
from solver.errors import XunyuanError
from solver.money import format_minor
from solver.network.network import Network
from solver.replay.history import history_outcomes
from solver.replay.outcome import Outcome
from solver.replay.run_files import RUN_FILE, RunKind, digest_of, read_outcomes, read_run
from solver.scenario.check_combined import refuse_combined
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario
from solver.sourcing.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What is looked at; `base` None: the outcomes themselves are what changes are compared with."""

    scenario: Scenario
    policy: Policy
    seed: int
    outcomes: Sequence[Outcome]
    base: Sequence[Outcome] | None


def diagnose(options: argparse.Namespace) -> int:
    """Show every finding with its value; `--out` writes them as JSON."""
    looked = _run(options.what) if (options.what / RUN_FILE).is_file() else _scenario(options)
    scenario = replace(looked.scenario, policy=looked.policy)
    with change_bar(Console(stderr=True)) as bar:
        task = bar.add_task("changes", total=None)
        found = found_in(
            scenario,
            looked.outcomes,
            lambda changed: replayed(changed, changed.policy, seed=looked.seed),
            base=looked.base,
            most=options.top,
            lead_days=options.lead_days,
            tell=lambda done, of: bar.update(task, completed=done, total=of),
        )
    lines = list(_told(found, scenario))
    shorten = shortener(lines)
    for line in lines:
        sys.stdout.write(f"{shorten(line)}\n")
    if options.out:
        rows = [_plain(one) for one in found]
        told_all = {"scenario": looked.scenario.name, "currency": looked.scenario.currency, "findings": rows}
        options.out.write_bytes(msgspec.json.format(msgspec.json.encode(told_all), indent=2) + b"\n")
    return 0


def _run(folder: Path) -> _Looked:
    run = read_run(folder)
    if run.wave or run.kind not in (RunKind.POLICY, RunKind.HISTORY):
        raise XunyuanError(f"{folder}: only runs of a policy that decided one by one, and of history, are diagnosed")
    scenario = with_orders(read_scenario(Path(run.scenario_folder)))
    if digest_of(scenario) != run.scenario_digest:
        raise XunyuanError(f"{run.scenario_folder} is no longer what {folder} was run on: replay it again")
    policy = msgspec.convert(run.policy_values, Policy) if run.policy_values else scenario.policy
    base = replayed(scenario, policy, seed=run.seed) if run.kind is RunKind.HISTORY else None
    return _Looked(scenario=scenario, policy=policy, seed=run.seed, outcomes=tuple(read_outcomes(folder)), base=base)


def _scenario(options: argparse.Namespace) -> _Looked:
    scenario = with_orders(read_scenario(options.what))
    if not scenario.orders:
        raise XunyuanError(f"{options.what} has no orders: there is nothing to look at")
    refuse_combined(scenario, "a diagnosis")
    policy = _policy(options, scenario)
    outcomes = replayed(scenario, policy, seed=options.seed)
    if not options.history:
        return _Looked(scenario=scenario, policy=policy, seed=options.seed, outcomes=outcomes, base=None)
    if not scenario.history:
        raise XunyuanError(f"{options.what} does not say what was really shipped: leave out --history")
    network = Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
        calendars=scenario.calendars,
        transfers=scenario.transfers,
    )
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    shipped = tuple(history_outcomes(scenario.orders, scenario.history, network, catalog))
    return _Looked(scenario=scenario, policy=policy, seed=options.seed, outcomes=shipped, base=outcomes)


def _policy(options: argparse.Namespace, scenario: Scenario) -> Policy:
    if not options.policy:
        return scenario.policy
    beside = options.what / options.policy
    document = policy_named(str(beside) if beside.is_file() else options.policy)
    if document.currency and document.currency != scenario.currency:
        raise XunyuanError(f"policy {document.policy_id} is in {document.currency}, not {scenario.currency}")
    return document.policy


def _told(found: Sequence[Valued], scenario: Scenario) -> Iterator[str]:
    """A leak in a few lines: where, in numbers; what to change; what that is worth."""
    title = f"Where {scenario.title} leaks money. What a change saves is replayed, without what it costs itself."
    yield title if found else f"{title} Nothing was found."
    leak = ""
    for one in found:
        finding = one.finding
        if finding.leak != leak:
            leak = finding.leak
            yield f"\n{leak.replace('_', ' ').capitalize()}"
        numbers = ", ".join(_number(name, count, scenario) for name, count in finding.evidence.items())
        yield f"- {finding.subject}: {numbers}"
        if finding.orders:
            yield f"    seen in {', '.join(finding.orders)}"
        if finding.change is None:
            yield "    nothing is tried"
        else:
            yield f"    {told(finding.change)}"
            yield f"    {_worth(one, scenario)}"


def _worth(one: Valued, scenario: Scenario) -> str:
    assert one.saved_minor is not None, "what is changed has a value"
    if not one.changes_anything:
        return "changes nothing"
    amount = format_minor(abs(one.saved_minor), scenario.currency)
    parts = [f"{'saves' if one.saved_minor >= 0 else 'costs'} {amount} {scenario.currency}"]
    if one.paid_saved_minor != one.saved_minor:
        paid = format_minor(abs(one.paid_saved_minor), scenario.currency)
        parts.append(f"{paid} {'less' if one.paid_saved_minor >= 0 else 'more'} is paid")
    parts.append(f"{counted(one.cheaper_orders, 'orders')} cheaper, {one.dearer_orders:,} dearer")
    if one.more_filled_units:
        more = "more" if one.more_filled_units > 0 else "fewer"
        parts.append(f"{counted(abs(one.more_filled_units), 'units')} {more} ship")
    if one.fewer_late_orders:
        fewer = "fewer" if one.fewer_late_orders > 0 else "more"
        parts.append(f"{counted(abs(one.fewer_late_orders), 'orders')} {fewer} late")
    return "; ".join(parts)


def _number(name: str, count: int, scenario: Scenario) -> str:
    if name.endswith("_minor"):
        return f"{name.removesuffix('_minor').replace('_', ' ')} {format_minor(count, scenario.currency)}"
    return counted(count, name.replace("_", " ").replace("skus", "SKUs"))


def _plain(one: Valued) -> dict[str, object]:
    finding = one.finding
    return {
        "leak": finding.leak,
        "subject": finding.subject,
        "evidence": dict(finding.evidence),
        "orders": list(finding.orders),
        "change": None if finding.change is None else {"told": told(finding.change), **_rows(finding.change)},
        "saved_minor": one.saved_minor,
        "cheaper_orders": one.cheaper_orders,
        "dearer_orders": one.dearer_orders,
        "paid_saved_minor": one.paid_saved_minor,
        "more_filled_units": one.more_filled_units,
        "fewer_late_orders": one.fewer_late_orders,
    }


def _rows(change: Change) -> dict[str, object]:
    match change:
        case MoveAll():
            return {"move": list(change.moves)}
        case ReorderAll():
            return {"reorder": list(change.orders)}
        case RemoveStock():
            return {"remove": list(change.rows)}
        case LeaveService():
            return {"leave_service": change.service_id}
        case OpenService():
            return {"open_service": change.service_id}
        case HandOverSooner():
            return {"source_id": change.source_id, "lead_minutes": change.lead_minutes}
        case LeaveTerm():
            return {"leave_term": change.term}
