"""`shadow`: plan orders beside one's own system, say what that shipped, and see the difference."""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from solver.cli.connecting import connected
from solver.cli.replay import compare
from solver.cli.words import counted
from solver.client import CallFailed, OutcomesCommand, ShadowCommand, ShadowStock
from solver.errors import InvalidRequest, Violations, XunyuanError
from solver.fulfilment.shadowing.model import ShadowedOrder
from solver.fulfilment.shadowing.rows import orders_after
from solver.importers.service.kept import kept_world
from solver.orders.shipment import Shipment
from solver.replay.shadow_run import PLANNED, SHIPPED, write_shadow
from solver.scenario.bulk import read_rows
from solver.scenario.files import read_order
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.url import open_existing
from solver.validation import MOST_ROWS

_OF_SHIPMENT = re.compile(r"shipments\[(\d+)\]\.(.+)")


def run_plan(options: argparse.Namespace) -> int:
    """Plan one order in a shadow, and show where it would ship from."""
    stock = ShadowStock.LEDGER if options.ledger else ShadowStock.REAL
    order = read_order(options.order)
    command = ShadowCommand(
        shadow_id=options.shadow_id,
        order=order,
        stock=stock,
        policy_id=options.policy,
        policy_version=options.policy_version,
    )
    with connected(options) as client:
        plan = client.shadows.plan(command).plan
    ways = "; ".join(
        f"{package.source_id} by {package.service_id}: "
        + ", ".join(f"{packed.units} {packed.sku}" for packed in package.contents)
        for package in plan.packages
    )
    sys.stdout.write(f"{order.order_id}: {ways or 'nothing ships'}; {plan.money(plan.total_minor)} {plan.currency}\n")
    return 0


def run_record(options: argparse.Namespace) -> int:
    """Say what was shipped for orders of a shadow: rows as of a scenario's history."""
    shipments = _shipments(options.file)
    recorded = 0
    with connected(options) as client:
        for portion in _portions(shipments):
            command = OutcomesCommand(shadow_id=options.shadow_id, shipments=tuple(portion))
            try:
                recorded += client.shadows.record(command)
            except CallFailed as failed:
                _refuse_rows(options.file, portion, failed)
                raise
    sys.stdout.write(f"recorded what was shipped for {counted(recorded, 'orders')} of shadow {options.shadow_id}\n")
    return 0


def _refuse_rows(file: Path, portion: Sequence[Shipment], failed: CallFailed) -> None:
    """Raise what the service says of shipments by their place in the call as what it says of orders of the file."""
    found = [(_OF_SHIPMENT.fullmatch(one.field), one) for one in failed.violations]
    if found and all(place is not None for place, _ in found):
        told = [
            replace(one, field=f"order {portion[int(place[1])].order_id}: {place[2]}") for place, one in found if place
        ]
        raise InvalidRequest(str(file), told)


def run_report(options: argparse.Namespace) -> int:
    """Keep a shadow as two runs, and show them side by side; a service may be running on the database."""
    database = open_existing(options.url or options.data, STEPS)
    try:
        shadowed = _all(database, options.shadow_id)
        world = kept_world(database, options.shadow_id, f"Shadow {options.shadow_id}")
    finally:
        database.close()
    folder: Path = options.out / options.shadow_id
    write_shadow(folder, world, shadowed)
    console = Console()
    recorded = sum(one.outcome is not None for one in shadowed)
    console.print(
        f"{counted(len(shadowed), 'orders')}, of {recorded:,} of which it is recorded what was shipped; {folder}"
    )
    return compare(argparse.Namespace(runs=[folder / SHIPPED, folder / PLANNED]))


def _all(database: Database, shadow_id: str) -> list[ShadowedOrder]:
    found: list[ShadowedOrder] = []
    with database.read() as reader:
        while rows := orders_after(reader, shadow_id, found[-1].planned.order.order_id if found else "", MOST_ROWS):
            found += rows
    if not found:
        raise XunyuanError(f"shadow {shadow_id!r} has no orders there; plan some by ShadowOrder or `shadow plan`")
    return found


def _shipments(file: Path) -> Sequence[Shipment]:
    violations = Violations()
    rows = read_rows(file.parent, file.stem, Shipment, violations)
    violations.refuse_any(f"{file}")
    if not rows.nouns:
        raise XunyuanError(f"{file} has no rows; name a file .jsonl or .csv of shipments, as a scenario's history")
    return rows.nouns


def _portions(shipments: Sequence[Shipment]) -> list[list[Shipment]]:
    """As many as one call takes; the packages of an order stay together, as the last word on it counts."""
    of_order: dict[str, list[Shipment]] = {}
    for shipment in shipments:
        of_order.setdefault(shipment.order_id, []).append(shipment)
    portions: list[list[Shipment]] = [[]]
    for packages in of_order.values():
        if len(portions[-1]) + len(packages) > MOST_ROWS:
            portions.append([])
        portions[-1] += packages
    return portions
