"""Compilation ahead of the first order, for a server's start."""

from collections.abc import Iterator
from datetime import UTC, datetime

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material
from solver.network.lanes import lanes_to
from solver.network.model import Band, DistanceZone, RateCard, Region, Service, Source, SourceKind, ZoneRate
from solver.network.network import Network
from solver.orders.model import Address, Order, OrderLine
from solver.sourcing.exact import warm as warm_exact
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Line, LinePart, Offer, Problem
from solver.sourcing.snapshot.shelves import UnitsBySource
from solver.sourcing.snapshot.snapshot import Snapshot

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_STOCK = {"A": {"S": 1, "T": 1}}


def warm() -> None:
    """Compile, or load from disk, all that any decision from a snapshot runs, the exact engine's part included.

    It takes some minutes the first time and about a second afterwards; without numba there is nothing to do.
    """
    warm_exact()
    for snapshot, order in small_snapshots():
        snapshot.decide(order)
        snapshot.decide_all([order])
        snapshot.prepared([order]).run_both(snapshot.stock)


def small_snapshots() -> Iterator[tuple[Snapshot, Order]]:
    """Snapshots under policies of every kind that is compiled for, each with an order of two units."""
    network = Network.of(
        regions=[Region(region_id="R", name="", latitude=0.0, longitude=0.0)],
        sources=[_source("S"), _source("T")],
        services=[_service()],
    )
    for policy in (Policy(), Policy(settings={"source_minor": 1}), Policy(max_packages=1)):

        def ask(order: Order, network: Network, available: UnitsBySource, policy: Policy = policy) -> Problem:
            return _problem(order, network, available, policy)

        catalog = Catalog.of([Material(sku="A", name="", weight_grams=1)])
        snapshot = Snapshot.of(network=network, catalog=catalog, available=_STOCK, policy=policy, ask=ask)
        yield snapshot, _order()


def _source(source_id: str) -> Source:
    return Source(source_id=source_id, name="", kind=SourceKind.STORE, region_id="R", latitude=0.0, longitude=1.0)


def _service() -> Service:
    card = RateCard(bands=(Band(up_to_grams=None, base_minor=1),))
    return Service(
        service_id="V",
        carrier_id="C",
        name="",
        currency="CNY",
        rates=(ZoneRate(zone="Z", card=card, transit_minutes=60),),
        distance_zones=(DistanceZone(up_to_meters=None, zone="Z"),),
    )


def _order() -> Order:
    return Order(
        order_id="",
        currency="CNY",
        placed_at=_NOW,
        promised_at=_NOW,
        destination=Address(region_id="R"),
        lines=(OrderLine(line_id="1", sku="A", quantity=2),),
    )


def _problem(order: Order, network: Network, available: UnitsBySource, policy: Policy) -> Problem:
    lanes, _ = lanes_to(
        network, network.place(order.destination), placed_at=order.placed_at, source_ids=network.source_ids
    )
    return Problem(
        order_id="",
        currency=order.currency,
        lines=tuple(
            Line(line_id=line.line_id, sku="A", quantity=line.quantity, parts=(LinePart(sku="A", units=1),))
            for line in order.lines
        ),
        items={"A": Item(sku="A", weight_grams=1)},
        offers=tuple(
            Offer(source_id=one, available={"A": units}, on_hand={"A": units}) for one, units in available["A"].items()
        ),
        lanes=lanes,
        policy=policy,
    )
