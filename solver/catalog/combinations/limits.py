"""How many of a gift can be given: limits first, then stock."""

from collections.abc import Iterable
from typing import NamedTuple

from solver.catalog.combinations.draws import Shelf, Where, draw_units
from solver.catalog.combinations.flat import Flat, FlatDraw
from solver.catalog.combinations.outcome import Withheld


class Limit(NamedTuple):
    """At most so many (0: no limit), of which some are given; and why more are withheld."""

    most: int
    given: int
    reason: Withheld


def allowed_units(wished: int, limits: Iterable[Limit]) -> tuple[int, Withheld | None]:
    """What the limits leave of a wish, and the one that leaves least; among equals the first."""
    allowed, reason = wished, None
    for limit in limits:
        left = max(0, limit.most - limit.given) if limit.most else wished
        if left < allowed:
            allowed, reason = left, limit.reason
    return allowed, reason


def in_stock(flat: Flat, wished: int, where: Where, shelf: Shelf) -> int:
    """How many of so many units are there whole, with what is drawn within; they are taken from the shelf."""
    units = wished
    if shelf.available is not None and flat.needs:
        units = min(wished, shelf.wholes(flat.needs))
    shelf.take(flat.needs, units)
    for draw in flat.openings if shelf.available is not None else ():
        assert isinstance(draw, FlatDraw), "sound gifts have draws within, and nothing else that is open"
        there = Where(seed=where.seed, order_id=where.order_id, line_id=where.line_id, path=draw.path)
        before = dict(shelf.taken)
        drawn = draw_units(draw, units * draw.units, there, shelf, only_available=True)
        units = sum(taken.units for taken in drawn.taken) // draw.count // draw.units
        shelf.taken = before  # a gift of which only a part was drawn is not given
        draw_units(draw, units * draw.units, there, shelf)
    return units
