"""`report`: say how a carrier or a source fares, and see what counts now."""

import argparse
import sys
from datetime import UTC, datetime, timedelta

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.ids import shortened_rows
from solver.cli.tables import LEAST_ID_WIDTH
from solver.client import CarrierHealth, CarrierState
from solver.network.conditions import Conditions, SourceCondition, SourceStatus


def run_carrier(options: argparse.Namespace) -> int:
    """Report on a service, or on all services of a carrier."""
    health = CarrierHealth(
        service_id=options.service or "",
        carrier_id=options.carrier or "",
        state=CarrierState(options.state),
        extra_transit_minutes=options.later_minutes,
        packages_left=options.packages_left,
        reason=options.reason,
        expires_at=_until(options),
    )
    with connected(options) as client:
        return _show(client.conditions.report_carriers([health]), as_json=options.json)


def run_source(options: argparse.Namespace) -> int:
    """Report on a source."""
    status = SourceStatus(
        source_id=options.source_id,
        state=SourceCondition(options.state),
        extra_lead_minutes=options.later_minutes,
        orders_left=options.orders_left,
        reason=options.reason,
        expires_at=_until(options),
    )
    with connected(options) as client:
        return _show(client.conditions.report_sources([status]), as_json=options.json)


def run_list(options: argparse.Namespace) -> int:
    """Show what counts now."""
    with connected(options) as client:
        return _show(client.conditions.now(), as_json=options.json)


def _until(options: argparse.Namespace) -> datetime:
    until: datetime = options.until or datetime.now(UTC) + timedelta(hours=options.hours)
    return until


def _show(conditions: Conditions, *, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(f"{msgspec.json.encode(conditions).decode()}\n")
        return 0
    if conditions.is_usual:
        sys.stdout.write("all carriers and sources fare as usual\n")
        return 0
    table = Table(pad_edge=False)
    for heading in ("service or source", "state"):
        table.add_column(heading, overflow="fold", min_width=LEAST_ID_WIDTH)
    table.add_column("later by", justify="right")
    table.add_column("takes", justify="right")
    table.add_column("until (UTC)", no_wrap=True)
    table.add_column("why", ratio=1, overflow="fold")
    services = [
        (
            one.service_id,
            one.state,
            _minutes(one.extra_transit_minutes),
            _room(one.packages_left, "packages"),
            f"{one.expires_at:%m-%d %H:%M}",
            one.reason or ("late parcels" if one.inferred else ""),
        )
        for one in conditions.services
    ]
    sources = [
        (
            one.source_id,
            one.state,
            _minutes(one.extra_lead_minutes),
            _room(one.orders_left, "orders"),
            f"{one.expires_at:%m-%d %H:%M}",
            one.reason,
        )
        for one in conditions.sources
    ]
    for row in shortened_rows([*services, *sources]):
        table.add_row(*map(escape, row))
    Console().print(table)
    return 0


def _minutes(minutes: int) -> str:
    return f"{minutes} min" if minutes else ""


def _room(left: int | None, what: str) -> str:
    return "" if left is None else f"{left} {what}"
