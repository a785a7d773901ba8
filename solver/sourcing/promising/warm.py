"""Compilation ahead of the first promise, for a server's start."""

from typing import NoReturn

from solver.sourcing.promising.basket import Basket, DearestPackages, Names, Ways
from solver.sourcing.promising.options import Masks, Only, kind_numbers, leading
from solver.sourcing.snapshot.warm import small_snapshots


def warm() -> None:
    """Compile, or load from disk, what tells a basket's options; what else decides is warmed with the snapshot."""
    for snapshot, order in small_snapshots():
        encoded, ground = snapshot.timed(order, snapshot.shelves)
        network, masks = snapshot.network, Masks.of(snapshot.network, [Only()])
        ways = Ways(leading(network), kind_numbers(network), masks, _no_views, DearestPackages().of)
        Basket(Names.of(snapshot), order, encoded, ground, snapshot.shelves.units, network, ways)


def _no_views() -> NoReturn:
    raise AssertionError("one unit from one source needs no second look")
