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
        least = min([self.left(sku) // count for sku, count in needs], default=0)
        return least if least > 0 else 0

    def take(self, needs: Needs, units: int) -> None:
        """Take so many units; a negative number puts them back."""
        if self.available is None:
            return
        taken = self.taken
        for sku, count in needs:
            taken[sku] = taken.get(sku, 0) + units * count

    def seen(self, options: Sequence[FlatOption]) -> dict[str, int]:
        """What is left of all that the options need; nothing where stock is not known."""
        if self.available is None:
            return {}
        seen: dict[str, int] = {}
        for option in options:
            for sku, _ in option.flat.needs:
                left = self.left(sku)
                seen[sku] = left if left > 0 else 0
        return seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What a draw is of; `seed` makes the chance."""

    seed: str
    order_id: str
    line_id: str
    path: str

    @property
    def text(self) -> str:
        """What every ticket of this place begins with."""
        return f"{self.seed}|{self.order_id}|{self.line_id}|{self.path}|"


def ticket(text: str, number: int, total: int) -> int:
    """A whole number from 0 to below `total`, of the draw with this number; `text` is that of its place."""
    return int.from_bytes(blake2b(f"{text}{number}".encode(), digest_size=8).digest()) * total >> 64


def draw_units(draw: FlatDraw, units: int, where: Where, shelf: Shelf, *, only_available: bool = False) -> Decision:
    """Draw for so many units, and take what was drawn from the shelf.

    Where nothing is available, it is drawn among all; or with `only_available` no further unit is drawn, so that there
    may be fewer.
    """
    seen = shelf.seen(draw.chances)
    drawing = _Drawing(draw, where.text, shelf)
    left_out = drawing.left_out
    if draw.is_plain and not only_available:
        is_short = drawing.many(units * draw.count)
    else:
        is_short = drawing.units(units, only_available=only_available)
    return Decision(
        line_id=where.line_id,
        path=where.path,
        primitive="draw",
        taken=drawing.taken,
        seed=where.seed,
        weights=draw.weights,
        available=seen,
        left_out=left_out,
        is_short=is_short,
    )


def audit(draw: FlatDraw, decision: Decision, order_id: str) -> bool:
    """Whether a recorded draw is what its seed, its weights and the stock that it saw give."""
    total = sum(taken.units for taken in decision.taken)
    if decision.weights != draw.weights or total % draw.count:
        return False
    is_stock_known = bool(decision.available)
    shelf = Shelf(available=decision.available if is_stock_known else None)
    where = Where(seed=decision.seed, order_id=order_id, line_id=decision.line_id, path=decision.path)
    return draw_units(draw, total // draw.count, where, shelf) == decision


class _Drawing:
    """A draw at work: `left` is how often each chance is still there, None where stock is not known."""

    __slots__ = ("_draw", "_shelf", "_text", "_weights", "counts", "left")

    def __init__(self, draw: FlatDraw, text: str, shelf: Shelf) -> None:
        self._draw, self._text, self._shelf = draw, text, shelf
        self._weights = [chance.weight for chance in draw.chances]
        self.counts = [0] * len(draw.chances)
        self.left = self._there()

    @property
    def left_out(self) -> tuple[str, ...]:
        """The chances that are not there."""
        if self.left is None or min(self.left) > 0:
            return ()
        return tuple(one.code for one, left in zip(self._draw.chances, self.left, strict=True) if left <= 0)

    @property
    def taken(self) -> tuple[Taken, ...]:
        """What was drawn."""
        counts = zip(self._draw.chances, self.counts, strict=True)
        return tuple([Taken(code=chance.code, units=count) for chance, count in counts if count])

    def many(self, picks: int) -> bool:
        """So many draws that only the end of a chance's stock changes; returns whether any was not available."""
        counts, left, text = self.counts, self.left, self._text
        weights = self._available()
        total = sum(weights)
        is_short = False
        for number in range(picks):
            if not total:
                is_short, left, weights = True, None, self._weights
                total = sum(weights)
            rest, at = ticket(text, number, total), 0
            while rest >= weights[at]:
                rest -= weights[at]
                at += 1
            counts[at] += 1
            if left is not None:
                left[at] -= 1
                if not left[at]:
                    weights = self._available()
                    total = sum(weights)
        for at, count in enumerate(counts):
            if count:
                self._shelf.take(self._draw.chances[at].flat.needs, count)
        return is_short

    def units(self, units: int, *, only_available: bool) -> bool:
        """So many units one by one; returns whether any was not available. See `draw_units`."""
        is_short = False
        for number in range(units):
            drawn, short = self._one_unit(number * self._draw.count)
            if short and only_available:
                for at in drawn:
                    self._take(at, -1)
                break
            is_short = is_short or short
        return is_short

    def _one_unit(self, number: int) -> tuple[list[int], bool]:
        """Positions drawn for one unit, from the ticket with this number on; and whether any was not available."""
        draw, is_short = self._draw, False
        drawn: list[int] = []
        for pick in range(draw.count):
            weights = self._barring(drawn, self._available())
            total = sum(weights)
            if not total:
                is_short = True
                weights = self._barring(drawn, self._weights)
                total = sum(weights)
            rest, at = ticket(self._text, number + pick, total), 0
            while rest >= weights[at]:
                rest -= weights[at]
                at += 1
            drawn.append(at)
            self._take(at, 1)
        return drawn, is_short

    def _available(self) -> list[int]:
        if self.left is None:
            return self._weights
        pairs = zip(self._weights, self.left, strict=True)
        if self._draw.by_stock:
            return [weight * there if there > 0 else 0 for weight, there in pairs]
        return [weight if there > 0 else 0 for weight, there in pairs]

    def _barring(self, drawn: list[int], weights: list[int]) -> list[int]:
        if not (drawn and self._draw.distinct):
            return weights
        return [0 if at in drawn else weight for at, weight in enumerate(weights)]

    def _take(self, at: int, units: int) -> None:
        self.counts[at] += units
        self._shelf.take(self._draw.chances[at].flat.needs, units)
        if self._draw.is_disjoint and self.left is not None:
            self.left[at] -= units
        else:
            self.left = self._there()

    def _there(self) -> list[int] | None:
        if self._shelf.available is None:
            return None
        return [self._shelf.wholes(chance.flat.needs) for chance in self._draw.chances]
