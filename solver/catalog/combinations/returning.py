"""What comes back of an order of combinations: what is kept is priced by the combinations' own rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from solver.catalog.combinations.basket import Basket, BasketLine
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.lines import ExplodedLine, Worths, exploded_lines
from solver.catalog.combinations.outcome import Decision, Explosion, Role
from solver.catalog.sharing.returns import Kept, PaidPart, Refund, Sale, refund
from solver.catalog.sharing.shares import share_of_first
from solver.errors import InvalidRequest, Violations
from solver.validation import MOST_UNITS, check_between


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedUnits:
    """Units of a material of one of the order's lines that come back."""

    line_id: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """An order as it was bought, with what was decided for it."""

    basket: Basket
    decisions: tuple[Decision, ...] = ()


def quoted_return(
    bought: Bought,
    book: Book,
    worths: Worths,
    returned: Sequence[ReturnedUnits],
    *,
    before: Sequence[ReturnedUnits] = (),
    refunded_minor: int = 0,
) -> Refund:
    """What is given back. Parts are named `line/SKU`.

    Whole units of a line that are kept cost what their combinations and all offers ask for so many; parts of units that
    are not whole any more keep their shares. So a tier or an offer that is no longer reached is taken back. A gift that
    is no longer earned and is kept costs what it costs alone, where that is known. Raises InvalidRequest.
    """
    explosion = explode(bought.basket, book, decisions=bought.decisions)
    lines = exploded_lines(explosion, book, worths)
    sale = Sale.of(_paid(lines))
    violations = Violations()
    for line in lines:
        shared = sum(part.price_minor for part in line.parts) == line.unit_price_minor
        remedy = "its price cannot be shared out: the prices of its parts alone are not known; give them"
        violations.require(shared, f"order.lines[{line.of_line_id}]", line.item_id, remedy)
    back = _by_part(returned, "returned", violations)
    earlier = _by_part(before, "returned_before", violations)
    for part_id, units in earlier.items():
        check_between(units, 0, sale.kept.get(part_id, 0), f"returned_before[{part_id}]", violations)
    check_between(refunded_minor, 0, sale.paid_minor, "refunded_minor", violations)
    violations.refuse_any("the return")
    kept = {part_id: units - earlier.get(part_id, 0) for part_id, units in sale.kept.items()}
    pricing = _Pricing(basket=bought.basket, book=book, worths=worths, lines=lines, sale=sale)
    return refund(replace(sale, kept=kept, refunded_minor=refunded_minor), back, pricing.price_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pricing:
    """Prices what is kept."""

    basket: Basket
    book: Book
    worths: Worths
    lines: Sequence[ExplodedLine]
    sale: Sale

    def price_of(self, kept: Kept) -> int:
        """Whole units by the rules, and the rest by their shares."""
        whole = {line.line_id: self._whole(line, kept) for line in self.basket.lines}
        left = tuple(replace(line, quantity=whole[line.line_id]) for line in self.basket.lines if whole[line.line_id])
        rest = dict(kept)
        price_minor = 0
        if left:
            again = self._exploded(replace(self.basket, lines=left))
            price_minor = sum(outcome.price_minor for outcome in again.lines)
            for piece in again.pieces:
                if piece.role is Role.GIFT:
                    part_id = f"{piece.line_id}/{piece.sku}"
                    rest[part_id] = max(0, rest.get(part_id, 0) - piece.units)
        for line_id, part_id, units in self._in_whole(whole):
            if line_id in whole:
                rest[part_id] -= units
        return price_minor + self._loose(rest)

    def _exploded(self, basket: Basket) -> Explosion:
        """Without what was chosen in offers, should one of them not be reached any more."""
        try:
            return explode(basket, self.book)
        except InvalidRequest:
            return explode(replace(basket, chosen=()), self.book)

    def _whole(self, line: BasketLine, kept: Kept) -> int:
        """How many units of a line are kept whole: of each of its exploded lines as many as all of its parts allow."""
        of_line = [one for one in self.lines if one.of_line_id == line.line_id and one.role is not Role.GIFT]
        needed: dict[str, int] = {}
        for one in of_line:
            for part in one.parts:
                part_id = f"{one.of_line_id}/{part.sku}"
                needed[part_id] = needed.get(part_id, 0) + one.quantity * part.units
        return min((line.quantity * kept[part_id] // units for part_id, units in needed.items()), default=0)

    def _in_whole(self, whole: Mapping[str, int]) -> Iterable[tuple[str, str, int]]:
        """What whole units are made of, as far as it is the same in all of them."""
        quantity = {line.line_id: line.quantity for line in self.basket.lines}
        totals: dict[tuple[str, str], int] = {}
        for one in self.lines:
            if one.role is not Role.GIFT and one.of_line_id in quantity:
                for part in one.parts:
                    key = (one.of_line_id, f"{one.of_line_id}/{part.sku}")
                    totals[key] = totals.get(key, 0) + one.quantity * part.units
        for (line_id, part_id), units in totals.items():
            yield line_id, part_id, -(-units * whole[line_id] // quantity[line_id])

    def _loose(self, rest: Mapping[str, int]) -> int:
        """Shares of what is not in whole units; a gift of no order line costs what it costs alone."""
        total = 0
        for part in self.sale.bought:
            units = rest[part.part_id]
            if part.share_minor:
                first = share_of_first(part.share_minor, part.units, part.units - units)
                total += part.share_minor - first
            else:
                alone = self.worths.of.get(part.part_id.rpartition("/")[2])
                total += units * (alone.price_minor or 0) if alone is not None else 0
        return total


def _paid(lines: Sequence[ExplodedLine]) -> list[PaidPart]:
    """What was paid for each part, over all lines of one of the order's."""
    units: dict[str, int] = {}
    minor: dict[str, int] = {}
    for line in lines:
        for part in line.parts:
            part_id = f"{line.of_line_id}/{part.sku}"
            units[part_id] = units.get(part_id, 0) + line.quantity * part.units
            minor[part_id] = minor.get(part_id, 0) + line.quantity * part.price_minor
    return [PaidPart(part_id=part_id, units=count, share_minor=minor[part_id]) for part_id, count in units.items()]


def _by_part(rows: Sequence[ReturnedUnits], path: str, violations: Violations) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, row in enumerate(rows):
        check_between(row.units, 1, MOST_UNITS, f"{path}[{position}].units", violations)
        part_id = f"{row.line_id}/{row.sku}"
        found[part_id] = found.get(part_id, 0) + row.units
    return found
