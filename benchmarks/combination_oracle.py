"""An explosion recomputed slowly, unit by unit, from the data of combinations and what docs/combinations.md says.

It shares no code with `solver.catalog.combinations`: only the dataclasses in which combinations, orders and answers are
written. Money is in exact fractions until it is rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from solver.catalog.combinations.model import Combination, Node
from solver.catalog.model import Part

Atom = tuple[str, str, str, str, int]  # SKU, path, role, group, day
Recipes = Mapping[str, tuple[Part, ...]]

MOST_LEVELS = 24
MOST_PLACES = 2_000


class Refused(Exception):
    """The order's choices do not fit."""


@dataclass(slots=True)
class World:
    """Materials and sales items as recipes, combinations, prices."""

    recipes: Recipes
    combinations: Mapping[str, Combination]
    prices: Mapping[str, int]


@dataclass(slots=True)
class Unit:
    """One unit of something: what is in it, what is open, and its money."""

    atoms: list[Atom] = field(default_factory=list)
    opens: list[tuple[str, Node, "Place"]] = field(default_factory=list)
    list_minor: int | None = 0
    extra_minor: int = 0
    credit_minor: int = 0
    deposit_minor: int = 0
    bonus_minor: int = 0
    incoming: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    path: str
    slots: str = ""
    role: str = "sold"
    group: str = ""
    day: int = 0
    chosen: tuple[tuple[str, str, int], ...] = ()
    bare: bool = False  # nothing is chosen

    def at(self, path: str, **changes: object) -> "Place":
        values = {name: getattr(self, name) for name in ("slots", "role", "group", "day", "chosen", "bare")} | changes
        return Place(path, **values)


def merge(into: Unit, other: Unit) -> None:
    into.atoms += other.atoms
    into.opens += other.opens
    unknown = into.list_minor is None or other.list_minor is None
    into.list_minor = None if unknown else (into.list_minor or 0) + (other.list_minor or 0)
    for name in ("extra_minor", "credit_minor", "deposit_minor", "bonus_minor"):
        setattr(into, name, getattr(into, name) + getattr(other, name))
    into.incoming += other.incoming


def is_too_much(world: World, node: Node) -> bool:
    """Whether it nests too deep, or is too large to be unfolded: then nobody may order it."""
    levels, places = extent(world, node)
    return levels > MOST_LEVELS or places > MOST_PLACES


def extent(world: World, node: Node) -> tuple[int, int]:
    """Nodes from here to the deepest item; and places where an item stands, whatever is chosen, drawn or given."""
    if node.item is not None:
        nested = world.combinations.get(node.item.item_id)
        inside = extent(world, nested.goods) if nested is not None and nested.goods is not None else (0, 1)
        return 1 + inside[0], inside[1] + len(node.item.substitutes)
    found = [extent(world, inner) for inner in _inside(node)]
    deliveries = node.period.times if node.period is not None else 1
    return 1 + max(levels for levels, _ in found), deliveries * sum(places for _, places in found)


def _inside(node: Node) -> list[Node]:
    found = [*(node.all_of.parts if node.all_of else ())]
    found += [option.goods for option in node.choose.options] if node.choose else []
    found += [chance.goods for chance in node.draw.chances] if node.draw else []
    found += [node.gift.goods, *node.gift.instead] if node.gift else []
    found += [one.goods for one in (node.period, node.pre_sale) if one is not None]
    found += [node.trade_in.goods] if node.trade_in else []
    return found + ([node.upgrade.base, node.upgrade.better] if node.upgrade else [])


def grow(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    """All units of a node, one by one."""
    whole = Unit()
    for _ in range(node.units):
        merge(whole, _one(world, node, place, used))
    return whole


def _one(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    for name in ("item", "all_of", "choose", "draw", "gift", "period", "pre_sale", "trade_in", "upgrade"):
        if getattr(node, name) is not None:
            here = place.at(place.path + name)
            return _GROW[name](world, node, here, used)
    raise AssertionError("a node has a primitive")


def _item(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    assert node.item is not None
    if node.item.substitutes:
        price = named(world, node.item.item_id, place, used).list_minor
        return Unit(opens=[("item", node, place)], list_minor=price)
    return named(world, node.item.item_id, place, used)


def named(world: World, item_id: str, place: Place, used: set[str]) -> Unit:
    nested = world.combinations.get(item_id)
    if nested is not None and nested.goods is not None:
        inside = place.at(f"{place.path}({item_id}).", slots=f"{place.slots}{item_id}/")
        unit = grow(world, nested.goods, inside, used)
        stated = world.prices.get(item_id)
        if stated is None and nested.price is not None and nested.price.fixed is not None:
            stated = nested.price.fixed.unit_minor
        if stated is not None:
            unit.list_minor = stated
        return unit
    unit = Unit()
    total: int | None = 0
    for part in world.recipes[item_id]:
        unit.atoms += [(part.sku, place.path, place.role, place.group, place.day)] * part.units
        price = world.prices.get(part.sku)
        total = None if total is None or price is None else total + part.units * price
    unit.list_minor = world.prices.get(item_id, total)
    return unit


def _all_of(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    assert node.all_of is not None
    group = place.path if node.all_of.together and not place.group else place.group
    unit = Unit()
    for at, part in enumerate(node.all_of.parts):
        merge(unit, grow(world, part, place.at(f"{place.path}.parts[{at}].", group=group), used))
    return unit


def _choose(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    choose = node.choose
    assert choose is not None
    if place.bare:
        return Unit()
    slot = place.slots + node.slot
    used.add(slot)
    wishes = [(option, units) for where, option, units in place.chosen if where == slot]
    options = {option.code: (at, option) for at, option in enumerate(choose.options)}
    total = sum(units for _, units in wishes)
    taken = {option for option, _ in wishes}
    clash = any(len(taken & set(exclusion.codes)) > 1 for exclusion in choose.exclusions)
    if not choose.least <= total <= choose.most or clash or any(units > options[one][1].most for one, units in wishes):
        raise Refused(slot)
    unit = Unit()
    for code, units in wishes:
        at, option = options[code]
        for _ in range(units):
            merge(unit, grow(world, option.goods, place.at(f"{place.path}.options[{at}].goods."), used))
            unit.extra_minor += option.extra_minor
    return unit


def _draw(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    assert node.draw is not None
    prices = [
        grow(world, chance.goods, place.at(f"{place.path}.chances[{at}].goods."), used).list_minor
        for at, chance in enumerate(node.draw.chances)
    ]
    known = [price for price in prices if price is not None]
    cheapest = min(known) * node.draw.count if len(known) == len(prices) else None
    return Unit(opens=[("draw", node, place)], list_minor=cheapest)


def _gift(world: World, node: Node, place: Place, used: set[str]) -> Unit:  # noqa: ARG001 - asked like the others
    return Unit(opens=[("gift", node, place)])


def _period(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    assert node.period is not None
    unit = Unit()
    for at in range(node.period.times):
        day = place.day + at * node.period.every_days
        merge(unit, grow(world, node.period.goods, place.at(f"{place.path}[{at}].goods.", day=day), used))
    return unit


def _pre_sale(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    sale = node.pre_sale
    assert sale is not None
    later = place.at(f"{place.path}.goods.", day=place.day + sale.ships_after_days)
    unit = grow(world, sale.goods, later, used)
    unit.deposit_minor += sale.deposit_minor
    unit.bonus_minor += (sale.worth_minor or sale.deposit_minor) - sale.deposit_minor
    return unit


def _trade_in(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    trade = node.trade_in
    assert trade is not None
    slot = place.slots + node.slot
    used.add(slot)
    wishes = [(option, units) for where, option, units in place.chosen if where == slot]
    if not place.bare and sum(units for _, units in wishes) not in ((1,) if trade.required else (0, 1)):
        raise Refused(slot)
    unit = grow(world, trade.goods, place.at(f"{place.path}.goods."), used)
    for accepted in trade.accepts:
        if any(option == accepted.code for option, _ in wishes):
            unit.credit_minor += accepted.credit_minor
            unit.incoming += [(accepted.item_id, place.path)] * accepted.units
    return unit


def _upgrade(world: World, node: Node, place: Place, used: set[str]) -> Unit:
    upgrade = node.upgrade
    assert upgrade is not None
    slot = place.slots + node.slot
    wishes = [] if place.bare else [units for where, _, units in place.chosen if where == slot]
    used |= set() if place.bare else {slot}
    if sum(wishes) > 1:
        raise Refused(slot)
    if wishes:
        better = grow(world, upgrade.better, place.at(f"{place.path}.better."), used)
        better.list_minor = grow(world, upgrade.base, place.at(f"{place.path}.base.", bare=True), set()).list_minor
        better.extra_minor += upgrade.extra_minor
        return better
    base = grow(world, upgrade.base, place.at(f"{place.path}.base."), used)
    if upgrade.when_short:
        return Unit(opens=[("upgrade", node, place)], list_minor=base.list_minor)
    return base


_GROW = {
    "item": _item,
    "all_of": _all_of,
    "choose": _choose,
    "draw": _draw,
    "gift": _gift,
    "period": _period,
    "pre_sale": _pre_sale,
    "trade_in": _trade_in,
    "upgrade": _upgrade,
}


def half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


def ruled(combination: Combination | None, quantity: int, list_minor: int | None) -> int:
    """The price by the rule; Refused where it asks for a list price that is not known."""
    price = combination.price if combination is not None else None
    if price is None:
        return list_minor or 0
    if price.fixed is not None:
        return quantity * price.fixed.unit_minor
    if price.bands is not None:
        reached = sorted(
            (band.least_units, band.unit_minor) for band in price.bands.bands if band.least_units <= quantity
        )
        if reached:
            return quantity * reached[-1][1]
    if list_minor is None:
        raise Refused("unit_price_minor")
    unit = Fraction(list_minor, quantity)
    if price.of_parts is not None:
        left = half_up(Fraction(list_minor * price.of_parts.keep_permille, 1000))
        return max(0, left - quantity * price.of_parts.off_minor)
    kept = [1000] * quantity
    if price.cases is not None:
        whole = quantity // price.cases.units * price.cases.units
        kept = [price.cases.keep_permille if at < whole else 1000 for at in range(quantity)]
    if price.cycle is not None:
        turns = price.cycle.keep_permilles
        kept = [turns[at % len(turns)] for at in range(quantity)]
    return half_up(sum((unit * permille / 1000 for permille in kept), Fraction(0)))
