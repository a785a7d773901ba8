"""The inverse view: from units of materials back to whole items of an order. It reads the data, not the flat form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from solver.catalog.combinations.basket import Basket, Chosen
from solver.catalog.combinations.flat import Goods
from solver.catalog.combinations.model import (
    AllOf,
    Choose,
    Combination,
    Draw,
    Gift,
    Item,
    Node,
    Period,
    PreSale,
    Primitive,
    TradeIn,
    Upgrade,
)
from solver.catalog.combinations.outcome import Explosion, GiftOutcome, Piece

Pool = dict[tuple[str, str, int], int]  # units by path, SKU and day


@dataclass(frozen=True, slots=True)
class Wholes:
    """How many whole units the pieces may be of: from `least` to `most` (no limit: infinite). No number: none fits."""

    least: int = 0
    most: float = inf

    def both(self, other: "Wholes") -> "Wholes":
        """What fits both."""
        return Wholes(max(self.least, other.least), min(self.most, other.most))

    def of(self, units: int) -> "Wholes":
        """How many of so many units each: only what comes out even."""
        most = self.most if self.most == inf else int(self.most) // units
        return Wholes(-(-self.least // units), most)

    def __contains__(self, count: int) -> bool:
        return self.least <= count <= self.most


ANY = Wholes()
NONE = Wholes(1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassembled:
    """What a line's pieces make: `wholes` of what it names; `left` are units that belong to nothing."""

    line_id: str
    item_id: str
    wholes: Wholes
    left: Mapping[str, int]


def reassemble(
    explosion: Explosion, basket: Basket, combinations: Mapping[str, Combination], goods: Goods
) -> tuple[Reassembled, ...]:
    """The lines of an order again, from the pieces alone and the buyer's choices; the lines of offers after them.

    A unit that was lost makes a number that is not the line's, or none that fits; one that was invented is left.
    """
    pools: dict[str, Pool] = {}
    for piece in explosion.pieces:
        _pour(pools.setdefault(piece.line_id, {}), piece)
    lines = {line.line_id: line for line in basket.lines}
    made = []
    for outcome in explosion.lines:
        line = lines.get(outcome.line_id)
        pool = pools.pop(outcome.line_id, {})
        assembly = _Assembly(
            pool,
            combinations,
            goods,
            basket.chosen if line is None else line.chosen,
            {gift.path: gift for gift in explosion.gifts if gift.line_id == outcome.line_id},
        )
        wholes = assembly.line(outcome.item_id)
        made.append(Reassembled(line_id=outcome.line_id, item_id=outcome.item_id, wholes=wholes, left=_left(pool)))
    made += [Reassembled(line_id=line_id, item_id="", wholes=NONE, left=_left(pool)) for line_id, pool in pools.items()]
    return tuple(made)


def _pour(pool: Pool, piece: Piece) -> None:
    key = (piece.path, piece.sku, piece.due_days)
    pool[key] = pool.get(key, 0) + piece.units


def _left(pool: Pool) -> dict[str, int]:
    left: dict[str, int] = {}
    for (_, sku, _), units in pool.items():
        if units:
            left[sku] = left.get(sku, 0) + units
    return left


@dataclass(frozen=True, slots=True)
class _Assembly:
    """Takes from the pool what each node accounts for."""

    pool: Pool
    combinations: Mapping[str, Combination]
    goods: Goods
    chosen: Iterable[Chosen]
    gifts: Mapping[str, GiftOutcome]

    def line(self, item_id: str) -> Wholes:
        """How many of what a line names; of an offer, how often it was given."""
        combination = self.combinations.get(item_id)
        if combination is None:
            return self.item(item_id, "item", 0)
        if combination.goods is not None:
            return self.node(combination.goods, "", "", 0)
        wholes = ANY
        for at, step in enumerate(combination.offer.steps if combination.offer is not None else ()):
            path = f"steps[{at}].goods."
            given = any(key[0].startswith(path) for key in self.pool) or any(one.startswith(path) for one in self.gifts)
            if step.goods is not None and given:
                wholes = wholes.both(self.node(step.goods, path, f"{item_id}/", 0))
        return wholes

    def node(self, node: Node, path: str, slots: str, due_days: int) -> Wholes:
        """How many of what a node is `units` of the pool holds."""
        ((name, primitive),) = node.given
        return self._primitive(primitive, f"{path}{name}", f"{slots}{node.slot}", slots, due_days).of(node.units)

    def item(self, item_id: str, path: str, due_days: int) -> Wholes:
        """A material or sales item: all its parts the same number of times."""
        wholes = ANY
        for part in self.goods.explode(item_id):
            units = self.pool.pop((path, part.sku, due_days), 0)
            wholes = wholes.both(Wholes(units, units).of(part.units))
        return wholes

    def _primitive(self, primitive: Primitive, path: str, slot: str, slots: str, due_days: int) -> Wholes:
        match primitive:
            case Item():
                return self._item(primitive, path, slots, due_days)
            case Choose():
                return self._chosen(primitive, path, slot, slots, due_days)
            case Draw() | Gift():
                return self._by_chance(primitive, path, slots, due_days)
            case Upgrade():
                return self._upgrade(primitive, path, slot, slots, due_days)
            case AllOf():
                steps = [(f"{path}.parts[{at}].", part, due_days) for at, part in enumerate(primitive.parts)]
            case Period():
                days = primitive.every_days
                steps = [
                    (f"{path}[{at}].goods.", primitive.goods, due_days + at * days) for at in range(primitive.times)
                ]
            case PreSale():
                steps = [(f"{path}.goods.", primitive.goods, due_days + primitive.ships_after_days)]
            case TradeIn():
                steps = [(f"{path}.goods.", primitive.goods, due_days)]
        wholes = ANY
        for step, node, due in steps:
            wholes = wholes.both(self.node(node, step, slots, due))
        return wholes

    def _item(self, item: Item, path: str, slots: str, due_days: int) -> Wholes:
        nested = self.combinations.get(item.item_id)
        if nested is not None and nested.goods is not None:
            return self.node(nested.goods, f"{path}({item.item_id}).", f"{slots}{item.item_id}/", due_days)
        if not item.substitutes:
            return self.item(item.item_id, path, due_days)
        paths = [path, *(f"{path}.substitutes[{at}]" for at in range(len(item.substitutes)))]
        codes = (item.item_id, *item.substitutes)
        made = [self.item(code, at, due_days) for at, code in zip(paths, codes, strict=True)]
        found = [one for one in made if one != Wholes(0, 0)]
        return found[0] if len(found) == 1 else NONE if found else Wholes(0, 0)

    def _chosen(self, choose: Choose, path: str, slot: str, slots: str, due_days: int) -> Wholes:
        units = {one.option: one.units for one in self.chosen if one.slot == slot}
        wholes = ANY
        for at, option in enumerate(choose.options):
            made = self.node(option.goods, f"{path}.options[{at}].goods.", slots, due_days)
            if option.code in units:
                wholes = wholes.both(made.of(units[option.code]))
            elif made.least > 0:
                return NONE
        return wholes

    def _by_chance(self, primitive: Draw | Gift, path: str, slots: str, due_days: int) -> Wholes:
        """Draws come to their number in each unit; gifts to those that the explosion says are given."""
        if isinstance(primitive, Draw):
            nodes = [(f"{path}.chances[{at}].goods.", one.goods) for at, one in enumerate(primitive.chances)]
        else:
            instead = [(f"{path}.instead[{at}].", node) for at, node in enumerate(primitive.instead)]
            nodes = [(f"{path}.goods.", primitive.goods), *instead]
        made = [self.node(node, step, slots, due_days) for step, node in nodes]
        if any(one.least > one.most for one in made):
            return NONE
        total = sum(one.least for one in made)
        if isinstance(primitive, Draw):
            return Wholes(total, total).of(primitive.count)
        gift = self.gifts.get(path)
        if gift is None:
            return Wholes(total, total)
        wished = gift.given_units + gift.withheld_units
        return Wholes(wished, wished) if total == gift.given_units else NONE

    def _upgrade(self, upgrade: Upgrade, path: str, slot: str, slots: str, due_days: int) -> Wholes:
        base, better = (f"{path}.base.", upgrade.base), (f"{path}.better.", upgrade.better)
        if any(one.slot == slot for one in self.chosen):
            return self.node(better[1], better[0], slots, due_days)
        if not upgrade.when_short:
            return self.node(base[1], base[0], slots, due_days)
        taken = [one for at, node in (base, better) if (one := self.node(node, at, slots, due_days)) != Wholes(0, 0)]
        return taken[0] if len(taken) == 1 else NONE if taken else Wholes(0, 0)
