"""An explosion as lines that can be sourced: each with what a unit is made of and what each part has of its price.

The units of a line are alike but for what was drawn and for odd minor units of the price. What was drawn is dealt out
to them in turn, the larger prices go to the first; units that come out alike stand on one line. So a unit ships whole,
as it was sold. Goods that leave together have a line of their own; so has what is due later; and gifts, whose want must
not keep the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.model import Combination
from solver.catalog.combinations.outcome import Explosion, LineOutcome, Piece, Role
from solver.catalog.combinations.walk import nodes_of
from solver.catalog.sharing.model import NOT_KNOWN, Basis, Stake, Worth
from solver.catalog.sharing.nested import shared_among
from solver.errors import FieldViolation, InvalidRequest
from solver.orders.model import OrderPart


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplodedLine:
    """A line of an exploded order; `of_line_id` is the order's line, or the combination whose offer gave it.

    A line with `ships_together` leaves from one source. `due_days` is how many days after the order it is wanted.
    """

    line_id: str
    of_line_id: str
    item_id: str
    quantity: int
    unit_price_minor: int
    parts: tuple[OrderPart, ...]
    role: Role = Role.SOLD
    ships_together: bool = False
    due_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Worths:
    """What each material is worth, by SKU, in the order's currency."""

    of: Mapping[str, Worth] = field(default_factory=dict)
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplodedOrder:
    """What comes of an order, and the same as lines."""

    explosion: Explosion
    lines: tuple[ExplodedLine, ...]


def exploded_lines(explosion: Explosion, book: Book, worths: Worths) -> tuple[ExplodedLine, ...]:
    """All lines, those of each of the order's in sequence. Their prices sum to the order's exactly.

    Raises InvalidRequest, with the path to every part, where a price cannot be shared out.
    """
    pieces_of: dict[str, list[Piece]] = {outcome.line_id: [] for outcome in explosion.lines}
    for piece in explosion.pieces:
        pieces_of[piece.line_id].append(piece)
    taken = set(pieces_of)
    lines: list[ExplodedLine] = []
    violations: list[FieldViolation] = []
    for position, outcome in enumerate(explosion.lines):
        combination = book.combinations.get(outcome.item_id)
        basis = combination.share_by if combination is not None else Basis.STAND_ALONE_PRICE
        weights = _share_weights(combination) if combination is not None and basis is Basis.WEIGHT else {}
        sharing = _Sharing(
            worths=worths, basis=basis, weights=weights, path=f"lines[{position}]", is_plain=combination is None
        )
        try:
            made = [*_lines_of(outcome, pieces_of[outcome.line_id], sharing)]
        except InvalidRequest as refused:
            violations += refused.violations
            continue
        lines += _numbered(made, taken)
    if violations:
        raise InvalidRequest("the order", violations)
    return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sharing:
    """How a line's money is shared out."""

    worths: Worths
    basis: Basis
    weights: Mapping[str, int]  # by the path of a node
    path: str
    is_plain: bool  # a sales item of which parts' worths are not known goes unshared

    def shares(self, price_minor: int, content: Sequence[Piece]) -> list[int]:
        """What each piece has of the price of the unit that they make."""
        if price_minor == 0 or len(content) == 1:
            return [price_minor, *(0 for _ in content[1:])]
        if self.is_plain and any(self._stake(piece).worth.price_minor is None for piece in content):
            return [0] * len(content)
        if self.basis is not Basis.WEIGHT:
            stakes, at = [self._stake(piece) for piece in content], [*range(len(content))]
        else:
            stakes, at = self._weighted(content)
        found = shared_among(price_minor, stakes, self.basis, currency=self.worths.currency, path=f"{self.path}.parts")
        shares = [0] * len(content)
        for number, share in zip(at, found, strict=True):
            shares[number] = share.share_minor
        return shares

    def _stake(self, piece: Piece) -> Stake:
        return Stake(part_id=piece.sku, units=piece.units, worth=self.worths.of.get(piece.sku, NOT_KNOWN))

    def _weighted(self, content: Sequence[Piece]) -> tuple[list[Stake], list[int]]:
        """A stake for each node that has a weight, and where its pieces stand; the rest has a weight of 0."""
        below: dict[str, list[int]] = {}
        for number, piece in enumerate(content):
            nodes = [node for node in self.weights if piece.path.startswith(node)]
            below.setdefault(max(nodes, key=len, default=""), []).append(number)
        stakes = [
            Stake(
                part_id=node or "without a weight",
                worth=Worth(weight=self.weights.get(node, 0)),
                within=tuple(self._stake(content[number]) for number in numbers) if node and numbers[1:] else (),
            )
            for node, numbers in below.items()
        ]
        return stakes, [number for node, numbers in below.items() for number in (numbers if node else numbers[:1])]


def _share_weights(combination: Combination) -> dict[str, int]:
    """The weight of each node that has one, by how the paths of its pieces begin."""
    found = nodes_of(combination.goods, "") if combination.goods is not None else ()
    return {f"{path.removeprefix('.')}.": node.share_weight for path, node in found if path and node.share_weight}


def _lines_of(outcome: LineOutcome, pieces: Sequence[Piece], sharing: _Sharing) -> Iterator[ExplodedLine]:
    """The lines of one of the order's lines, not numbered yet."""
    paid = [piece for piece in pieces if piece.role is not Role.GIFT]
    for content, count, price_minor in _units(outcome, paid):
        shares = sharing.shares(price_minor, content)
        parts = sorted(zip(content, shares, strict=True), key=lambda one: (one[0].due_days, one[0].group))
        for (due_days, group), same in groupby(parts, key=lambda one: (one[0].due_days, one[0].group)):
            line = _line(outcome, [*same], count, due_days=due_days, ships_together=bool(group))
            yield replace(line, unit_price_minor=price_minor) if sharing.is_plain else line
    gifts = [piece for piece in pieces if piece.role is Role.GIFT]
    for piece in gifts:
        yield replace(
            _line(outcome, [(replace(piece, units=1), 0)], piece.units, due_days=piece.due_days), role=Role.GIFT
        )


def _units(outcome: LineOutcome, pieces: Sequence[Piece]) -> Iterator[tuple[list[Piece], int, int]]:
    """What units of the line are made of, how many are alike, and the price of each; the first units first."""
    if not pieces:
        return
    quantity = outcome.quantity
    each, odd = divmod(outcome.price_minor, quantity)
    cuts, dealt = {0, odd, quantity}, 0
    for piece in pieces:
        if piece.units % quantity:
            cuts |= {dealt % quantity, (dealt + piece.units) % quantity}
            dealt += piece.units
    for first, end in pairwise(sorted(cuts)):
        yield _content(pieces, quantity, first), end - first, each + (first < odd)


def _content(pieces: Sequence[Piece], quantity: int, unit: int) -> list[Piece]:
    """What is in one unit: its part of what all have alike, and what it is dealt of the rest."""
    content, dealt = [], 0
    for piece in pieces:
        units, rest = divmod(piece.units, quantity)
        if rest:
            units = _before(dealt + piece.units, quantity, unit) - _before(dealt, quantity, unit)
            dealt += piece.units
        if units:
            content.append(replace(piece, units=units))
    return content


def _before(dealt: int, quantity: int, unit: int) -> int:
    """How many of the first so many that are dealt out in turn the unit gets."""
    return (dealt - unit + quantity - 1) // quantity if dealt > unit else 0


def _line(
    outcome: LineOutcome,
    parts: Iterable[tuple[Piece, int]],
    quantity: int,
    *,
    due_days: int,
    ships_together: bool = False,
) -> ExplodedLine:
    units: dict[str, int] = {}
    minor: dict[str, int] = {}
    drawn = False
    for piece, share in parts:
        units[piece.sku] = units.get(piece.sku, 0) + piece.units
        minor[piece.sku] = minor.get(piece.sku, 0) + share
        drawn |= piece.role is Role.DRAWN
    return ExplodedLine(
        line_id=outcome.line_id,
        of_line_id=outcome.line_id,
        item_id=outcome.item_id,
        quantity=quantity,
        unit_price_minor=sum(minor.values()),
        parts=tuple(OrderPart(sku=sku, units=count, price_minor=minor[sku]) for sku, count in units.items()),
        role=Role.DRAWN if drawn else Role.SOLD,
        ships_together=ships_together,
        due_days=due_days,
    )


def _numbered(lines: Sequence[ExplodedLine], taken: set[str]) -> list[ExplodedLine]:
    """With ids of their own where there are several; ids that the order has already are passed over."""
    if len(lines) == 1:
        return [*lines]
    named, number = [], 0
    for line in lines:
        number += 1
        while f"{line.of_line_id}/{number}" in taken:
            number += 1
        named.append(replace(line, line_id=f"{line.of_line_id}/{number}"))
        taken.add(named[-1].line_id)
    return named
