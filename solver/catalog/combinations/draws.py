"""Drawing (抽取) among what is available: the same seed, order, line and place give the same draw, on every machine.

The k-th draw at a place takes the first 8 bytes of BLAKE2b over `seed|order|line|path|k` as a whole number, and that
times the sum of the weights by 2^64, rounded down, is the ticket: the chance whose share of the weights, in sequence,
it falls into is drawn. No float is in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from solver.catalog.combinations.flat import FlatDraw, FlatOption, Needs
from solver.catalog.combinations.outcome import Decision, Taken


@dataclass(slots=True)
class Shelf:
    """What is left of the stock seen, as an order takes from it. `available` None: nothing is known, all is there."""

    available: Mapping[str, int] | None
    taken: dict[str, int] = field(default_factory=dict)

    def left(self, sku: str) -> int:
        """Units of a material that are left; stock must be known."""
        assert self.available is not None, "asked only where stock is known"
        return self.available.get(sku, 0) - self.taken.get(sku, 0)

    def fits(self, needs: Needs, units: int) -> bool:
        """Whether so many units of what needs these materials are left."""
        return self.available is None or all(self.left(sku) >= units * count for sku, count in needs)

    def wholes(self, needs: Needs) -> int:
        """How many of what needs these materials are left; stock must be known."""
        return max(0, min((self.left(sku) // count for sku, count in needs), default=0))

    def take(self, needs: Needs, units: int) -> None:
        """Take so many units; a negative number puts them back."""
        taken = self.taken
        for sku, count in needs:
            taken[sku] = taken.get(sku, 0) + units * count

    def seen(self, options: Sequence[FlatOption]) -> dict[str, int]:
        """What is left of all that the options need; nothing where stock is not known."""
        if self.available is None:
            return {}
        return {sku: max(0, self.left(sku)) for option in options for sku, _ in option.flat.needs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What a draw is of; `seed` makes the chance."""

    seed: str
    order_id: str
    line_id: str
    path: str

    def ticket(self, number: int, total: int) -> int:
        """A whole number from 0 to below `total`, of the draw with this number."""
        text = f"{self.seed}|{self.order_id}|{self.line_id}|{self.path}|{number}"
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) * total >> 64


def draw_units(draw: FlatDraw, units: int, where: Where, shelf: Shelf, *, only_available: bool = False) -> Decision:
    """Draw for so many units, and take what was drawn from the shelf.

    Where nothing is available, it is drawn among all; or with `only_available` no further unit is drawn, so that there
    may be fewer.
    """
    seen = shelf.seen(draw.chances)
    left_out = tuple(chance.code for chance in draw.chances if not shelf.fits(chance.flat.needs, 1))
    counts = [0] * len(draw.chances)
    is_short, number = False, 0
    for _ in range(units):
        drawn, short = _one_unit(draw, where, number, shelf)
        if short and only_available:
            for at in drawn:
                shelf.take(draw.chances[at].flat.needs, -1)
            break
        is_short = is_short or short
        number += draw.count
        for at in drawn:
            counts[at] += 1
    return Decision(
        line_id=where.line_id,
        path=where.path,
        primitive="draw",
        taken=tuple(
            Taken(code=chance.code, units=count) for chance, count in zip(draw.chances, counts, strict=True) if count
        ),
        seed=where.seed,
        weights={chance.code: chance.weight for chance in draw.chances},
        available=seen,
        left_out=left_out,
        is_short=is_short,
    )


def audit(draw: FlatDraw, decision: Decision, order_id: str) -> bool:
    """Whether a recorded draw is what its seed, its weights and the stock that it saw give."""
    total = sum(taken.units for taken in decision.taken)
    if decision.weights != {chance.code: chance.weight for chance in draw.chances} or total % draw.count:
        return False
    is_stock_known = bool(decision.available)
    shelf = Shelf(available=decision.available if is_stock_known else None)
    where = Where(seed=decision.seed, order_id=order_id, line_id=decision.line_id, path=decision.path)
    return draw_units(draw, total // draw.count, where, shelf) == decision


def _one_unit(draw: FlatDraw, where: Where, number: int, shelf: Shelf) -> tuple[list[int], bool]:
    """Positions drawn for one unit, taken from the shelf; and whether any was not available."""
    drawn: list[int] = []
    is_short = False
    for pick in range(draw.count):
        barred = drawn if draw.distinct else ()
        weights = _weights(draw, barred, shelf)
        total = sum(weights)
        if not total:
            is_short = True
            weights = [0 if at in barred else chance.weight for at, chance in enumerate(draw.chances)]
            total = sum(weights)
        ticket = where.ticket(number + pick, total)
        at = 0
        while ticket >= weights[at]:
            ticket -= weights[at]
            at += 1
        drawn.append(at)
        shelf.take(draw.chances[at].flat.needs, 1)
    return drawn, is_short


def _weights(draw: FlatDraw, barred: Sequence[int], shelf: Shelf) -> list[int]:
    """The weight of each chance that is available and not barred; 0 of the others."""
    if shelf.available is None:
        return [0 if at in barred else chance.weight for at, chance in enumerate(draw.chances)]
    if draw.by_stock:
        return [
            0 if at in barred else chance.weight * shelf.wholes(chance.flat.needs)
            for at, chance in enumerate(draw.chances)
        ]
    return [
        chance.weight if at not in barred and shelf.fits(chance.flat.needs, 1) else 0
        for at, chance in enumerate(draw.chances)
    ]
