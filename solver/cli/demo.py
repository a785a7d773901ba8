"""`demo`: a service, a client, and a scenario's orders from plan to books."""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from rich.console import Console

from solver.cli.load import bar, load_with_progress
from solver.cli.named_policy import policy_named
from solver.cli.process import served
from solver.cli.summary import Summary
from solver.cli.tables import books_table, comparison_table, plans_table, summary_table
from solver.client import Client, Engine, FulfilmentPlan, OptimizeCommand, Plan, Policy, PolicyDocument, StockAmount
from solver.errors import XunyuanError
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario
from solver.validation import MOST_ROWS

CONFIRMED_OF_SIX, RELEASED_OF_SIX = 4, 1  # of six plans in a row; the sixth stays held
PATIENCE_SECONDS = 120.0  # that a call may take: one slow order shall not end a run


def run(options: argparse.Namespace) -> int:
    """Show the product from end to end; 1 when the books do not balance."""
    console = Console()
    scenario = with_orders(read_scenario(options.scenario))
    orders = scenario.orders[: options.orders]
    if not orders:
        raise XunyuanError(f"{options.scenario} has no orders: write some to orders.jsonl")
    console.print(f"[bold]{scenario.title}[/bold]\n{scenario.description}\n")
    policies = [policy_named(text) for text in options.policy]
    if len(policies) > 1:
        return _compare_policies(scenario, policies, len(orders), console)
    policy = policies[0] if policies else None
    with _loaded_service(scenario, policy, console) as client:
        standing, milliseconds = _plan_all(client, scenario, policy, len(orders), console)
        console.print(plans_table(_named_first(standing), options.rows, console.width))
        plans = [one.plan for one in standing]
        console.print(summary_table(Summary.of(plans, milliseconds), "all plans"))
        _compare(client, scenario, policy, plans, console)
        balanced = _settle(client, standing, console)
    console.print("service stopped cleanly")
    return 0 if balanced else 1


class _Under(TypedDict, total=False):
    policy: Policy
    policy_id: str
    policy_version: int


def _under(scenario: Scenario, policy: PolicyDocument | None) -> _Under:
    if policy is None:
        return {"policy": scenario.policy}
    return {"policy_id": policy.policy_id, "policy_version": policy.version}


@contextmanager
def _loaded_service(scenario: Scenario, policy: PolicyDocument | None, console: Console) -> Iterator[Client]:
    console.print("starting a service; the first time it compiles the search, which takes some minutes")
    with tempfile.TemporaryDirectory(prefix="xunyuan-demo-") as folder, served(Path(folder)) as address:
        console.print(f"service on {address}, its data in a fresh folder")
        with Client(address, plan_seconds=PATIENCE_SECONDS) as client:
            load_with_progress(client, scenario, console)
            if policy is not None:
                client.upsert_policies([policy.text])
                console.print(f"policy {policy.policy_id}, version {policy.version}: {policy.title}")
            yield client


def _compare_policies(scenario: Scenario, policies: Sequence[PolicyDocument], count: int, console: Console) -> int:
    """The same orders on the same stock under each policy, by a service of its own; then their figures side by side."""
    summaries = []
    for policy in policies:
        with _loaded_service(scenario, policy, console) as client:
            standing, milliseconds = _plan_all(client, scenario, policy, count, console)
        summaries.append(Summary.of([one.plan for one in standing], milliseconds))
    console.print(comparison_table([policy.policy_id for policy in policies], summaries))
    return 0


def _plan_all(
    client: Client, scenario: Scenario, policy: PolicyDocument | None, count: int, console: Console
) -> tuple[list[FulfilmentPlan], list[float]]:
    """Every order planned and held, with the milliseconds of each call as the client saw them."""
    standing, milliseconds = [], []
    with bar(console) as progress:
        task = progress.add_task("planning orders, holding their stock", total=count)
        for order in scenario.orders[:count]:
            begun = time.perf_counter()
            standing.append(client.plan(order, **_under(scenario, policy)))
            milliseconds.append((time.perf_counter() - begun) * 1000)
            progress.advance(task)
    return standing, milliseconds


def _named_first(standing: Sequence[FulfilmentPlan]) -> list[FulfilmentPlan]:
    """Orders that a scenario's author gave a name come first: each shows something."""
    return sorted(standing, key=lambda one: one.plan.order_id.rpartition("-")[2].isdigit())


def _compare(
    client: Client, scenario: Scenario, policy: PolicyDocument | None, plans: Sequence[Plan], console: Console
) -> None:
    """The same orders in the same sequence, each from the nearest source that has something.

    Only the first of them where there are more than one call takes: both are decided in sequence, so that is fair.
    """
    compared = plans[:MOST_ROWS]
    over = "" if len(compared) == len(plans) else f"over the first {len(compared):,} orders, "
    nearest = client.optimize(
        OptimizeCommand(
            orders=scenario.orders[: len(compared)],
            **_under(scenario, policy),
            engine=Engine.NEAREST,
            sources=scenario.sources,
            services=scenario.services,
            regions=scenario.regions,
            calendars=scenario.calendars,
            transfers=scenario.transfers,
            materials=scenario.materials,
            sales_items=scenario.sales_items,
            stock=tuple(
                StockAmount(source_id=row.source_id, sku=row.sku, available_units=row.units) for row in scenario.stock
            ),
        )
    )
    ours, theirs = Summary.of(compared), Summary.of(nearest)
    more = 100 * (theirs.shipping_minor - ours.shipping_minor) / ours.shipping_minor if ours.shipping_minor else 0.0
    console.print(
        f"{over}nearest source first would pay {more:+.1f} % for shipping, in {theirs.packages} packages instead of "
        f"{ours.packages}, and leave {theirs.unfilled_units:,} units unfilled instead of {ours.unfilled_units:,}\n"
    )


def _settle(client: Client, standing: Sequence[FulfilmentPlan], console: Console) -> bool:
    """Confirm most plans, release some, leave some held; then show that the books balance."""
    states = Counter(_settle_one(client, number, one) for number, one in enumerate(standing))
    console.print("plans now: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items())))
    levels = list(client.stock_levels())
    on_hand, held = sum(level.on_hand for level in levels), sum(level.held for level in levels)
    committed, available = sum(level.committed for level in levels), sum(level.available for level in levels)
    console.print(f"stock: {on_hand:,} on hand = {available:,} available + {held:,} held + {committed:,} committed")
    console.print(books_table(client.trial_balance(), 8))
    discrepancies = client.audit_books()
    for discrepancy in discrepancies:
        console.print(f"[red]{discrepancy}[/red]")
    if not discrepancies:
        console.print("the books balance: every balance, in units and in money, was rebuilt from the journal")
    return not discrepancies


def _settle_one(client: Client, number: int, one: FulfilmentPlan) -> str:
    place = number % (CONFIRMED_OF_SIX + RELEASED_OF_SIX + 1)
    if place < CONFIRMED_OF_SIX:
        return client.confirm(one.plan_id)[0].state
    if place < CONFIRMED_OF_SIX + RELEASED_OF_SIX:
        return client.release(one.plan_id).state
    return one.state
