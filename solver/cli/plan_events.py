"""`events watch`, `events list` and `events endpoints`: what becomes of plans."""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from datetime import timedelta

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.tables import LEAST_ID_WIDTH
from solver.client import PlanAudience, PlanEvent, PlanEventKind, PlanEventPage


def run_watch(options: argparse.Namespace) -> int:
    """Print events as they come; resume with the number of the last line that says `through`."""
    heartbeat = timedelta(seconds=options.heartbeat_seconds)
    audience = _audience(options)
    with connected(options) as client, contextlib.suppress(KeyboardInterrupt):
        for page in client.plan_events.watch(audience, after_number=options.after, heartbeat=heartbeat):
            for line in _json_lines(page) if options.json else _lines(page):
                sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
            if options.once and page.events:
                break
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Print the events that are kept, after a number; the same lines as `watch`."""
    with connected(options) as client:
        for event in client.plan_events.events(_audience(options), after_number=options.after or 0):
            sys.stdout.write(f"{_json(event) if options.json else _line(event)}\n")
    return 0


def run_endpoints(options: argparse.Namespace) -> int:
    """Where events are sent, what waits for each, and what could not be sent."""
    with connected(options) as client:
        endpoints = client.plan_events.endpoints()
    if options.json:
        sys.stdout.write(f"{msgspec.json.encode(endpoints).decode()}\n")
        return 0
    if not endpoints:
        sys.stdout.write("events are sent to no endpoint\n")
        return 0
    table = Table(pad_edge=False)
    for heading in ("endpoint", "url", "state"):
        table.add_column(heading, overflow="fold", min_width=LEAST_ID_WIDTH)
    for heading in ("sent through", "waiting", "dead"):
        table.add_column(heading, justify="right")
    for one in endpoints:
        state = f"disabled: {one.disabled_why}".removesuffix(": ") if one.disabled else "enabled"
        numbers = (str(number) for number in (one.queued_number, one.waiting, one.dead))
        table.add_row(*map(escape, (one.endpoint_id, one.url, state)), *numbers)
    Console().print(table)
    return 0


def _audience(options: argparse.Namespace) -> PlanAudience:
    return PlanAudience(
        channels=frozenset(options.channel),
        brands=frozenset(options.brand),
        order_ids=frozenset(options.order),
        kinds=frozenset(PlanEventKind(one) for one in options.kind),
    )


def _lines(page: PlanEventPage) -> Iterator[str]:
    """Events, and the number to resume after; signs of life are left out but for the first, where the stream begins."""
    yield from map(_line, page.events)
    yield f"through {page.through_number}"


def _json_lines(page: PlanEventPage) -> Iterator[str]:
    yield msgspec.json.encode(page).decode()


def _json(event: PlanEvent) -> str:
    return msgspec.json.encode(event).decode()


def _line(event: PlanEvent) -> str:
    new = f" -> {event.new_plan_id}" if event.new_plan_id else ""
    why = f"  {event.reason}" if event.reason else ""
    told = f"{event.number}  {event.at:%Y-%m-%dT%H:%M:%SZ}  {event.kind}  {event.order_id}  {event.plan_id}{new}"
    return f"{told}  {event.state}{why}"
