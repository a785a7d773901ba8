"""Compilation ahead of the first orders that are decided together, for a server's start."""

from datetime import UTC, datetime

from solver.network.lanes import Lane
from solver.network.model import Band, RateCard
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Line, LinePart, Offer, Problem
from solver.sourcing.promising.warm import warm as warm_promising
from solver.sourcing.snapshot.warm import small_snapshots
from solver.sourcing.snapshot.warm import warm as warm_snapshot
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.single_source.warm import warm as warm_single_source
from solver.waves.solve import solve_wave
from solver.waves.wave import Wave

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def warm() -> None:
    """Compile, or load from disk, all that any decision runs, on one order or on many together.

    It takes some minutes the first time and a few seconds afterwards; without numba there is nothing to do.
    """
    warm_snapshot()
    if IS_COMPILED:
        warm_single_source()
        warm_promising()
        solve_wave(Wave(orders=tuple(_order(price_minor) for price_minor in (100, 200, 300))))
        for snapshot, order in small_snapshots():
            lay_out_orders(snapshot, [order])


def _order(price_minor: int) -> Problem:
    """Two units or none of what the only source has three of: several such orders contend, and no prices settle it."""
    card = RateCard(bands=(Band(up_to_grams=None, base_minor=price_minor),))
    return Problem(
        order_id=str(price_minor),
        currency="CNY",
        lines=(Line(line_id="1", sku="A", quantity=2, parts=(LinePart(sku="A", units=1),)),),
        items={"A": Item(sku="A", weight_grams=1)},
        offers=(Offer(source_id="S", available={"A": 3}, on_hand={"A": 3}),),
        lanes=(Lane(source_id="S", service_id="V", carrier_id="C", distance_meters=0, arrives_at=_NOW, card=card),),
        policy=Policy(),
        placed_at=_NOW,
        ships_complete=True,
    )
