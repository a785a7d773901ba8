"""`foresight`: which stock of a scenario or a service is about to run out, and what to order."""

import argparse
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import msgspec
from rich.console import Console
from rich.table import Table

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.clock import SystemClock
from solver.errors import XunyuanError
from solver.foresight.buyers import Cycle, cycles
from solver.foresight.history import Place, daily_demand, nearest_sources
from solver.foresight.kinds import Floats
from solver.foresight.shortages import Proposal, Settings, Shortage, Standing, proposals, shortages
from solver.fulfilment.valuing.model import StockValues
from solver.fulfilment.valuing.valuing import values_kept
from solver.importers.service.standing import standing_now
from solver.network.network import Network
from solver.orders.model import Order
from solver.scenario.check_combined import refuse_combined
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.model import Inbound, OpeningStock, Scenario
from solver.schema import STEPS
from solver.storage.url import open_existing

_DAY = timedelta(days=1)
_SHOWN = 40


def foresight(options: argparse.Namespace) -> int:
    """Show warnings, proposals, or both; `--out` writes them as JSON."""
    scenario, values = _looked_at(options)
    settings = Settings(lead_days=options.lead_days, review_days=options.review_days, service=options.service / 100)
    series, standing = what_is_known(scenario, options.at, frozenset(options.b2b))
    both = options.warnings == options.proposals
    warned = shortages(series, standing, settings) if options.warnings or both else ()
    proposed = proposals(series, standing, settings) if options.proposals or both else ()
    console = Console()
    if options.warnings or both:
        console.print(_warnings(warned))
    if options.proposals or both:
        console.print(_proposals(proposed))
    if options.values:
        for one in values:
            console.print(_values(one))
    if options.out:
        told = {"at": standing.now, "warnings": warned, "proposals": proposed, "values": values}
        options.out.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
    return 0


def _looked_at(options: argparse.Namespace) -> tuple[Scenario, tuple[StockValues, ...]]:
    """Orders as past, stock as now; and of a service what it reckons that stock to be worth."""
    if options.scenario is not None:
        scenario = with_orders(read_scenario(options.scenario))
        if not scenario.orders:
            raise XunyuanError(f"{options.scenario} has no orders to learn from")
        refuse_combined(scenario, "a look at orders of the past")
        if options.values:
            raise XunyuanError("a scenario has no values of stock: they are a service's (--data or --url)")
        return scenario, ()
    database = open_existing(options.url or options.data, STEPS)
    try:
        kept = values_kept(database, SystemClock()).nouns.values() if options.values else ()
        known = sorted(kept, key=lambda one: (one.policy_id, one.policy_version, one.policy_digest))
        return standing_now(database, "service"), tuple(known)
    finally:
        database.close()


def what_is_known(scenario: Scenario, at: datetime | None, b2b: frozenset[str]) -> tuple[dict[Place, Floats], Standing]:
    """Daily series of what was ordered until `at` (None: the day after the last order), and what stands there then.

    The scenario's stock is taken as what is there now. Orders of the channels `b2b` are those of buyers, told apart by
    their address; where they come regularly their cycles stand in for the forecast.
    """
    now = at or _midnight_after(max(order.placed_at for order in scenario.orders))
    past = [order for order in scenario.orders if order.placed_at < now]
    if not past:
        raise XunyuanError(f"there are no orders before {now}")
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    network = Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
        calendars=scenario.calendars,
        transfers=scenario.transfers,
    )
    rows: tuple[OpeningStock | Inbound, ...] = (*scenario.stock, *scenario.inbound)
    serves = nearest_sources(
        network, [(row.source_id, row.sku) for row in rows], {order.destination.region_id for order in past}
    )
    found = cycles(_bought([order for order in past if order.channel in b2b], catalog))
    regular = {(cycle.buyer, cycle.sku) for cycle in found}
    days = (now - min(order.placed_at for order in past)) // _DAY + 1
    loose = [order for order in past if not (order.channel in b2b and _is_regular(order, catalog, regular))]
    series = daily_demand(loose, catalog, serves, now, days)
    units: dict[Place, int] = defaultdict(int)
    for row in scenario.stock:
        units[row.source_id, row.sku] += row.units
    arrivals: dict[Place, list[tuple[datetime, int]]] = defaultdict(list)
    for coming in scenario.inbound:
        arrivals[coming.source_id, coming.sku].append((coming.arrives_at, coming.units))
    of_place: dict[Place, list[Cycle]] = defaultdict(list)
    for cycle in found:
        keeper = serves.get((cycle.sku, cycle.buyer.partition(" ")[0]))
        if keeper is not None:
            of_place[keeper, cycle.sku].append(cycle)
    return series, Standing(now=now, units=units, arrivals=arrivals, cycles=of_place)


def _bought(orders: list[Order], catalog: Catalog) -> dict[tuple[str, str], list[tuple[datetime, int]]]:
    bought: dict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
    for order in orders:
        for line in order.lines:
            for part in parts_of(line, catalog):
                bought[_buyer(order), part.sku].append((order.placed_at, part.units * line.quantity))
    return bought


def _is_regular(order: Order, catalog: Catalog, regular: set[tuple[str, str]]) -> bool:
    return all((_buyer(order), part.sku) in regular for line in order.lines for part in parts_of(line, catalog))


def _buyer(order: Order) -> str:
    return f"{order.destination.region_id} {order.destination.text}".strip()


def _midnight_after(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC) + _DAY


def _warnings(found: tuple[Shortage, ...]) -> Table:
    table = Table("source", "SKU", "units", "a day", "days of cover", "until", "runs out", "by", title="early warnings")
    _whole(table)
    for one in found[:_SHOWN]:
        cover = "" if one.cover_days is None else f"{one.cover_days:.1f}"
        until = f"{one.until:%Y-%m-%d}" + ("" if one.next_arrival else " (lead time)")
        table.add_row(
            one.source_id,
            one.sku,
            str(one.units),
            f"{one.daily_units:.2f}",
            cover,
            until,
            f"{one.chance:.0%}",
            one.method,
        )
    table.caption = _more(len(found))
    return table


def _proposals(found: tuple[Proposal, ...]) -> Table:
    table = Table(
        "source",
        "SKU",
        "order",
        "there",
        "coming",
        "up to",
        "for regular buyers",
        "by",
        title="replenishment proposals",
    )
    _whole(table)
    for one in found[:_SHOWN]:
        counts = (one.units, one.available_units, one.coming_units, one.up_to_units, one.due_units)
        table.add_row(one.source_id, one.sku, *map(str, counts), one.method)
    table.caption = _more(len(found))
    return table


def _values(found: StockValues) -> Table:
    name = f"{found.policy_id} {found.policy_version}" if found.policy_id else "a policy without a name"
    table = Table("source", "SKU", "units", "a unit is worth, in minor units", title=f"values of stock under {name}")
    _whole(table)
    rows = sorted(
        (-minor, source_id, sku) for sku, of_sources in found.values.items() for source_id, minor in of_sources.items()
    )
    for minor, source_id, sku in rows[:_SHOWN]:
        table.add_row(source_id, sku, str(found.units.get(sku, {}).get(source_id, 0)), str(-minor))
    more = _more(len(rows))
    table.caption = (
        f"version {found.version}, reckoned at {found.reckoned_at:%Y-%m-%d %H:%M} UTC of {found.orders_seen:,} orders, "
        f"trusted by {found.trusted_permille / 10:g} %" + (f"; {more}" if more else "")
    )
    return table


def _whole(table: Table) -> None:
    """Let cells go on in the next line of a narrow screen rather than cut ids and dates off."""
    for column in table.columns:
        column.overflow = "fold"


def _more(number: int) -> str | None:
    return f"{number - _SHOWN:,} more; --out has all" if number > _SHOWN else None
