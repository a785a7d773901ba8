"""From combinations as data to their flat form. Only those that can be unfolded (`soundness.py`) are flattened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from solver.catalog.combinations.flat import (
    Book,
    Flat,
    FlatAccepted,
    FlatChoice,
    FlatDraw,
    FlatGift,
    FlatOption,
    FlatPart,
    FlatStock,
    FlatTradeIn,
    Goods,
    Opening,
    flat_item,
    needs_of,
)
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
    TradeIn,
    Upgrade,
)
from solver.catalog.combinations.outcome import Role
from solver.catalog.combinations.reach import limited_gifts
from solver.catalog.combinations.soundness import unsound


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a node stands: what holds for all that is below it. `units` are those in one unit of the top.

    `is_priced`: a combination on the way has a list price of its own, which covers what is chosen within.
    """

    root_id: str
    path: str = ""
    slots: str = ""
    units: int = 1
    role: Role = Role.SOLD
    group: str = ""
    due_days: int = 0
    is_priced: bool = False

    def below(self, step: str) -> "Place":
        """One step further down."""
        return replace(self, path=f"{self.path}{step}")


@dataclass(slots=True)
class _Sum:
    """A flat form that is being added up."""

    parts: list[FlatPart] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    list_minor: int | None = 0
    deposit_minor: int = 0
    bonus_minor: int = 0

    def add(self, flat: Flat) -> None:
        self.parts += flat.parts
        self.openings += flat.openings
        self.add_list(flat.list_minor)
        self.deposit_minor += flat.deposit_minor
        self.bonus_minor += flat.bonus_minor

    def add_list(self, list_minor: int | None) -> None:
        known = self.list_minor is not None and list_minor is not None
        self.list_minor = (self.list_minor or 0) + (list_minor or 0) if known else None

    def flat(self) -> Flat:
        return Flat(
            parts=tuple(self.parts),
            needs=needs_of(self.parts),
            openings=tuple(self.openings),
            list_minor=self.list_minor,
            deposit_minor=self.deposit_minor,
            bonus_minor=self.bonus_minor,
        )


def compile_book(combinations: Iterable[Combination], goods: Goods, prices: Mapping[str, int] | None = None) -> Book:
    """The flat form of all combinations. `prices` are list prices by id, in minor units.

    One that cannot be unfolded as its parts are now is left out, and the book says why.
    """
    known = {combination.combination_id: combination for combination in combinations}
    faults = unsound(known, goods)
    sound = [one for one in known.values() if one.combination_id not in faults]
    flattening = _Flattening(known, goods, prices or {})
    offers = sorted(
        (one for one in sound if one.offer is not None),
        key=lambda one: (one.offer.rank if one.offer else 0, one.combination_id),
    )
    flats = {
        one.combination_id: flattening.flat(one.goods, Place(root_id=one.combination_id))
        for one in sound
        if one.goods is not None
    }
    steps = tuple((one, flattening.steps(one)) for one in offers)
    tops = [*((one, (flat,)) for one, flat in flats.items()), *((one.combination_id, of) for one, of in steps)]
    return Book(
        goods=goods,
        prices=flattening.prices,
        combinations=known,
        flats=flats,
        offers=steps,
        unsound=faults,
        limited_gifts={one: found for one, of in tops if (found := tuple(limited_gifts(of)))},
    )


@dataclass(frozen=True, slots=True)
class _Flattening:
    known: Mapping[str, Combination]
    goods: Goods
    prices: Mapping[str, int]

    def steps(self, combination: Combination) -> tuple[Flat | None, ...]:
        """The goods of each step of an offer."""
        assert combination.offer is not None, "only offers have steps"
        top = combination.combination_id
        return tuple(
            None
            if step.goods is None
            else self.flat(step.goods, Place(root_id=top, path=f"steps[{at}].goods.", slots=f"{top}/"))
            for at, step in enumerate(combination.offer.steps)
        )

    def flat(self, node: Node, place: Place) -> Flat:
        """All units of a node at a place."""
        ((name, primitive),) = node.given
        place = replace(place, path=f"{place.path}{name}", units=place.units * node.units)
        match primitive:
            case Item():
                return self._item(primitive, place)
            case AllOf():
                return self._all_of(primitive, place)
            case Choose() | Draw() | Gift():
                return self._open(primitive, node.slot, place)
            case Upgrade():
                return self._upgrade(primitive, node.slot, place)
            case Period() | PreSale() | TradeIn():
                return self._terms(primitive, node.slot, place)

    def _item(self, item: Item, place: Place) -> Flat:
        if item.substitutes:
            top = replace(place, units=1)
            first = FlatOption(code=item.item_id, flat=self._named(item.item_id, top))
            others = (
                FlatOption(code=code, flat=self._named(code, top.below(f".substitutes[{at}]")))
                for at, code in enumerate(item.substitutes)
            )
            options = (first, *others)
            opening = FlatStock(path=place.path, units=place.units, primitive="item", options=options)
            price = first.flat.list_minor
            return _opened(opening, None if price is None else place.units * price)
        return self._named(item.item_id, place)

    def _named(self, item_id: str, place: Place) -> Flat:
        nested = self.known.get(item_id)
        if nested is None or nested.goods is None:
            return flat_item(
                self.goods,
                self.prices,
                item_id,
                units=place.units,
                path=place.path,
                role=place.role,
                group=place.group,
                due_days=place.due_days,
            )
        stated = self.prices.get(item_id)
        if stated is None and nested.price is not None and nested.price.fixed is not None:
            stated = nested.price.fixed.unit_minor
        inside = replace(
            place,
            path=f"{place.path}({item_id}).",
            slots=f"{place.slots}{item_id}/",
            is_priced=place.is_priced or stated is not None,
        )
        flat = self.flat(nested.goods, inside)
        return flat if stated is None else replace(flat, list_minor=place.units * stated)

    def _all_of(self, all_of: AllOf, place: Place) -> Flat:
        if all_of.together and not place.group:
            place = replace(place, group=place.path)
        total = _Sum()
        for at, part in enumerate(all_of.parts):
            total.add(self.flat(part, place.below(f".parts[{at}].")))
        return total.flat()

    def _open(self, primitive: Choose | Draw | Gift, slot: str, place: Place) -> Flat:
        top = replace(place, units=1)
        opening: Opening
        match primitive:
            case Choose():
                opening = FlatChoice(
                    path=place.path,
                    units=place.units,
                    slot=place.slots + slot,
                    options=self._options(primitive, top),
                    least=primitive.least,
                    most=primitive.most,
                    exclusions=tuple(frozenset(one.codes) for one in primitive.exclusions),
                )
                return _opened(opening, 0)
            case Draw():
                opening = self._draw(primitive, replace(top, role=_drawn(top.role)), place.units)
                prices = [chance.flat.list_minor for chance in opening.chances]
                known = [price for price in prices if price is not None]
                cheapest = min(known) if len(known) == len(prices) else None
                return _opened(opening, None if cheapest is None else place.units * primitive.count * cheapest)
            case Gift():
                return _opened(self._gift(primitive, replace(top, role=Role.GIFT), place.units), 0)

    def _options(self, choose: Choose, place: Place) -> dict[str, FlatOption]:
        return {
            option.code: FlatOption(
                code=option.code,
                flat=_listed(self.flat(option.goods, place.below(f".options[{at}].goods.")), place),
                extra_minor=option.extra_minor,
                most=option.most,
            )
            for at, option in enumerate(choose.options)
        }

    def _draw(self, draw: Draw, place: Place, units: int) -> FlatDraw:
        chances = tuple(
            FlatOption(
                code=chance.code,
                flat=self.flat(chance.goods, place.below(f".chances[{at}].goods.")),
                weight=chance.weight,
            )
            for at, chance in enumerate(draw.chances)
        )
        skus = [sku for chance in chances for sku, _ in chance.flat.needs]
        is_disjoint = len(skus) == len(set(skus))
        return FlatDraw(
            path=place.path,
            units=units,
            chances=chances,
            count=draw.count,
            distinct=draw.distinct,
            by_stock=draw.by_stock,
            is_disjoint=is_disjoint,
            is_plain=is_disjoint and not draw.by_stock and not (draw.distinct and draw.count > 1),
            weights={chance.code: chance.weight for chance in chances},
        )

    def _gift(self, gift: Gift, place: Place, units: int) -> FlatGift:
        goods = [("goods", gift.goods), *((f"instead[{at}]", node) for at, node in enumerate(gift.instead))]
        return FlatGift(
            path=place.path,
            units=units,
            gift_id=f"{place.root_id}:{place.path}",
            options=tuple(
                FlatOption(code=code, flat=self.flat(node, place.below(f".{code}."))) for code, node in goods
            ),
            most_per_order=gift.most_per_order,
            most_per_customer=gift.most_per_customer,
            most_in_total=gift.most_in_total,
        )

    def _upgrade(self, upgrade: Upgrade, slot: str, place: Place) -> Flat:
        base = self.flat(upgrade.base, replace(place, units=1).below(".base."))
        better = self.flat(upgrade.better, replace(place, units=1, is_priced=True).below(".better."))
        otherwise = replace(base, list_minor=0)
        if upgrade.when_short:
            options = (FlatOption(code="base", flat=base), FlatOption(code="better", flat=better))
            otherwise = _opened(FlatStock(path=place.path, units=1, primitive="upgrade", options=options), 0)
        chosen = FlatOption(code="better", flat=replace(better, list_minor=0), extra_minor=upgrade.extra_minor)
        opening = FlatChoice(
            path=place.path,
            units=place.units,
            slot=place.slots + slot,
            options={"better": chosen},
            least=0,
            most=1,
            otherwise=otherwise,
        )
        return _opened(opening, None if base.list_minor is None else place.units * base.list_minor)

    def _terms(self, primitive: Period | PreSale | TradeIn, slot: str, place: Place) -> Flat:
        match primitive:
            case Period():
                total = _Sum()
                for at in range(primitive.times):
                    later = replace(place, due_days=place.due_days + at * primitive.every_days)
                    total.add(self.flat(primitive.goods, later.below(f"[{at}].goods.")))
                return total.flat()
            case PreSale():
                later = replace(place, due_days=place.due_days + primitive.ships_after_days)
                flat = self.flat(primitive.goods, later.below(".goods."))
                bonus_minor = primitive.worth_minor - primitive.deposit_minor if primitive.worth_minor else 0
                return replace(
                    flat,
                    deposit_minor=flat.deposit_minor + place.units * primitive.deposit_minor,
                    bonus_minor=flat.bonus_minor + place.units * bonus_minor,
                )
            case TradeIn():
                flat = self.flat(primitive.goods, place.below(".goods."))
                opening = FlatTradeIn(
                    path=place.path,
                    units=place.units,
                    slot=place.slots + slot,
                    accepts={
                        one.code: FlatAccepted(item_id=one.item_id, units=one.units, credit_minor=one.credit_minor)
                        for one in primitive.accepts
                    },
                    required=primitive.required,
                )
                return replace(flat, openings=(*flat.openings, opening))


def _listed(flat: Flat, place: Place) -> Flat:
    """What may be chosen, at its list price, unless a price above covers it."""
    return replace(flat, list_minor=0) if place.is_priced else flat


def _opened(opening: Opening, list_minor: int | None) -> Flat:
    return Flat(openings=(opening,), list_minor=list_minor)


def _drawn(role: Role) -> Role:
    return role if role is Role.GIFT else Role.DRAWN
