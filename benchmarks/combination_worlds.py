"""Random materials, combinations that nest, and orders of them, from a seed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from solver.catalog.combinations.basket import Basket, BasketLine, Chosen, Given, Seen
from solver.catalog.combinations.features import features_of
from solver.catalog.combinations.kinds import kinds
from solver.catalog.combinations.model import (
    Accepted,
    AllOf,
    Chance,
    Choose,
    Combination,
    Draw,
    Exclusion,
    Gift,
    Item,
    Measure,
    Node,
    Offer,
    Option,
    Period,
    PreSale,
    Step,
    TradeIn,
    Upgrade,
)
from solver.catalog.combinations.prices import Band, Bands, Cases, Cycle, Fixed, OfParts, Price
from solver.catalog.combinations.walk import below, nodes
from solver.catalog.model import Part

MATERIALS, SALES_ITEMS, SOLD, OFFERS = 14, 4, 12, 5
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Recipes:
    """Materials and sales items by what they are made of."""

    parts: Mapping[str, tuple[Part, ...]]

    def __contains__(self, item_id: object) -> bool:
        return item_id in self.parts

    def explode(self, item_id: str) -> Sequence[Part]:
        return self.parts[item_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomWorld:
    recipes: Recipes
    prices: Mapping[str, int]
    combinations: Mapping[str, Combination]

    @property
    def sold(self) -> list[str]:
        return [*self.recipes.parts, *(one for one, known in self.combinations.items() if known.goods is not None)]


def random_world(rng: random.Random, offers: int = OFFERS) -> RandomWorld:
    """Each combination may nest those before it."""
    skus = [f"M{at}" for at in range(MATERIALS)]
    parts: dict[str, tuple[Part, ...]] = {sku: (Part(sku=sku, units=1),) for sku in skus}
    for at in range(SALES_ITEMS):
        parts[f"S{at}"] = tuple(Part(sku=sku, units=rng.randint(1, 3)) for sku in rng.sample(skus, rng.randint(1, 3)))
    prices = {sku: rng.randint(1, 9_999) for sku in skus}
    prices |= {f"S{at}": rng.randint(1, 9_999) for at in range(SALES_ITEMS) if rng.random() < 0.5}
    known: dict[str, Combination] = {}
    for at in range(SOLD):
        made = _Maker(rng, list(parts), known)
        one = Combination(combination_id=f"C{at}", kind="", goods=made.node(DEEPEST), price=made.price())
        known[one.combination_id] = _of_some_kind(one, known)
    goods = [*parts, *known]
    for at in range(offers):
        made = _Maker(rng, list(parts), {})
        one = Combination(combination_id=f"F{at}", kind="", offer=made.offer(goods))
        known[one.combination_id] = _of_some_kind(one, known)
    return RandomWorld(recipes=Recipes(parts), prices=prices, combinations=known)


def _of_some_kind(combination: Combination, known: Mapping[str, Combination]) -> Combination:
    """The first kind whose features it has; the first of all where it has none's."""
    has = features_of(combination, known)
    fitting = (name for name, kind in kinds().items() if kind.features <= has)
    values = {name: getattr(combination, name) for name in ("combination_id", "goods", "price", "offer")}
    return Combination(kind=next(fitting, "fixed_bundle"), **values)


def random_seen(rng: random.Random, world: RandomWorld) -> Seen:
    """Little stock of most materials, or none known; some gifts given before."""
    skus = [item_id for item_id in world.recipes.parts if item_id.startswith("M")]
    known = rng.random() < 0.8
    available = {sku: rng.randint(0, 25) for sku in skus if rng.random() < 0.9}
    given = {
        f"{one.combination_id}:{path.split('.', 1)[-1] if one.goods else path[6:]}.gift": Given(
            to_customer=rng.randint(0, 2), in_total=rng.randint(0, 4)
        )
        for one in world.combinations.values()
        for path, node in nodes(one)
        if node.gift is not None and rng.random() < 0.5
    }
    return Seen(available=available if known else None, given=given)


def random_basket(rng: random.Random, world: RandomWorld, order_id: str) -> Basket:
    """An order with choices that fit; seldom one for an offer that may not be reached."""
    lines = []
    for at in range(rng.randint(1, 5)):
        item_id = rng.choice(world.sold)
        combination = world.combinations.get(item_id)
        wishes: dict[str, tuple[Chosen, ...]] = {}
        if combination is not None and combination.goods is not None:
            _choose(rng, combination.goods, "", world, wishes)
        lines.append(
            BasketLine(
                line_id=f"{at}",
                item_id=item_id,
                quantity=rng.choice((1, 1, 2, 3, 5)),
                unit_price_minor=rng.randint(1, 9_999) if rng.random() < 0.5 else 0,
                chosen=tuple(one for chosen in wishes.values() for one in chosen),
            )
        )
    tier = rng.choice(("", "gold", "silver"))
    chosen = tuple(_offer_wishes(rng, world)) if rng.random() < 0.2 else ()
    return Basket(order_id=order_id, lines=tuple(lines), customer_tier=tier, chosen=chosen)


def _offer_wishes(rng: random.Random, world: RandomWorld) -> Iterator[Chosen]:
    for one in world.combinations.values():
        for path, node in nodes(one):
            if one.offer is not None and path.endswith("goods") and node.choose is not None and rng.random() < 0.3:
                code = rng.choice(node.choose.options).code
                yield Chosen(slot=f"{one.combination_id}/{node.slot}", option=code)
                break


def _choose(
    rng: random.Random, node: Node, slots: str, world: RandomWorld, wishes: dict[str, tuple[Chosen, ...]]
) -> None:
    """Choices for all that is reached below a node."""
    slot = slots + node.slot
    ((_, primitive),) = node.given
    inside = [inner for _, inner in below(primitive)]
    match primitive:
        case Item():
            nested = world.combinations.get(primitive.item_id)
            if nested is not None and nested.goods is not None:
                _choose(rng, nested.goods, f"{slots}{primitive.item_id}/", world, wishes)
        case Choose():
            if slot not in wishes:
                wishes[slot] = tuple(_picked(rng, slot, primitive))
            codes = {one.option for one in wishes[slot]}
            inside = [option.goods for option in primitive.options if option.code in codes]
        case TradeIn():
            if slot not in wishes:
                hands_in = primitive.required or rng.random() < 0.5
                code = rng.choice(primitive.accepts).code
                wishes[slot] = (Chosen(slot=slot, option=code),) if hands_in else ()
        case Upgrade():
            if slot not in wishes:
                wishes[slot] = (Chosen(slot=slot, option="better"),) if rng.random() < 0.3 else ()
            inside = [primitive.better if wishes[slot] else primitive.base]
    for inner in inside:
        _choose(rng, inner, slots, world, wishes)


def _picked(rng: random.Random, slot: str, choose: Choose) -> Iterator[Chosen]:
    options = list(choose.options)
    rng.shuffle(options)
    left = rng.randint(choose.least, choose.most)
    barred: set[str] = set()
    for option in options:
        units = 0 if option.code in barred else min(left, option.most)
        if units:
            left -= units
            yield Chosen(slot=slot, option=option.code, units=units)
            barred |= {code for one in choose.exclusions if option.code in one.codes for code in one.codes}


@dataclass(slots=True)
class _Maker:
    """Makes nodes; slots are numbered, so that each is there once."""

    rng: random.Random
    goods: Sequence[str]
    known: Mapping[str, Combination]
    slots: int = 0

    def node(self, depth: int) -> Node:
        """Any sound node, no deeper than so many levels."""
        rng = self.rng
        units = rng.choice((1, 1, 1, 2, 3))
        if depth == 0 or rng.random() < 0.25:
            return self._item(units)
        makes = (self._all_of, self._choose, self._draw, self._gift, self._terms, self._upgrade)
        return rng.choices(makes, (4, 3, 3, 1, 2, 1))[0](units, depth - 1)

    def _item(self, units: int) -> Node:
        if self.known and self.rng.random() < 0.4:
            return Node(units=units, item=Item(item_id=self.rng.choice(list(self.known))))
        codes = self.rng.sample(self.goods, self.rng.choice((1, 1, 1, 2, 3)))
        return Node(units=units, item=Item(item_id=codes[0], substitutes=tuple(codes[1:])))

    def _fixed(self, depth: int = 1) -> Node:
        units = self.rng.choice((1, 1, 2))
        if depth and self.rng.random() < 0.4:
            parts = tuple(self._fixed(depth - 1) for _ in range(self.rng.randint(1, 3)))
            return Node(units=units, all_of=AllOf(parts=parts, together=self.rng.random() < 0.3))
        return Node(units=units, item=Item(item_id=self.rng.choice(self.goods)))

    def _slot(self) -> str:
        self.slots += 1
        return f"slot{self.slots}"

    def _all_of(self, units: int, depth: int) -> Node:
        parts = tuple(self.node(depth) for _ in range(self.rng.randint(1, 3)))
        return Node(units=units, all_of=AllOf(parts=parts, together=self.rng.random() < 0.3))

    def _choose(self, units: int, depth: int) -> Node:
        rng, slot = self.rng, self._slot()
        options = tuple(
            Option(code=f"o{at}", goods=self.node(depth), extra_minor=rng.choice((0, 0, 990)), most=rng.randint(1, 3))
            for at in range(rng.randint(2, 4))
        )
        barred = (Exclusion(codes=("o0", "o1")),) if rng.random() < 0.3 else ()
        total = sum(one.most for one in options[2:]) + min(one.most for one in options[:2])
        most = rng.randint(1, total)
        least = rng.randint(0, min(one.most for one in options) if most else 0)
        return Node(
            units=units, slot=slot, choose=Choose(options=options, least=min(least, most), most=most, exclusions=barred)
        )

    def _draw(self, units: int, _depth: int) -> Node:
        rng = self.rng
        chances = tuple(
            Chance(code=f"d{at}", goods=self._fixed(), weight=rng.randint(0, 9) if at else rng.randint(1, 9))
            for at in range(rng.randint(1, 4))
        )
        weighted = sum(1 for chance in chances if chance.weight)
        distinct = rng.random() < 0.5
        count = rng.randint(1, weighted if distinct else 3)
        return Node(
            units=units, draw=Draw(chances=chances, count=count, distinct=distinct, by_stock=rng.random() < 0.3)
        )

    def _gift(self, units: int, depth: int) -> Node:
        rng = self.rng
        goods = self._draw(rng.choice((1, 2)), depth) if rng.random() < 0.3 else self._fixed()
        gift = Gift(
            goods=goods,
            most_per_order=rng.choice((0, 0, 2)),
            most_per_customer=rng.choice((0, 0, 3)),
            most_in_total=rng.choice((0, 0, 5)),
            instead=tuple(self._fixed() for _ in range(rng.choice((0, 0, 1, 2)))),
        )
        return Node(units=units, gift=gift)

    def _terms(self, units: int, depth: int) -> Node:
        rng = self.rng
        match rng.randrange(3):
            case 0:
                period = Period(goods=self.node(depth), times=rng.randint(1, 3), every_days=rng.choice((7, 30)))
                return Node(units=units, period=period)
            case 1:
                deposit, worth = rng.choice(((500, 0), (500, 500), (500, 1_000), (0, 200)))
                goods, days = self.node(depth), rng.choice((0, 20))
                sale = PreSale(goods=goods, deposit_minor=deposit, worth_minor=worth, ships_after_days=days)
                return Node(units=units, pre_sale=sale)
        slot = self._slot()
        accepts = tuple(
            Accepted(
                code=f"a{at}",
                item_id=rng.choice(self.goods),
                credit_minor=rng.randint(0, 3_000),
                units=rng.randint(1, 2),
            )
            for at in range(rng.randint(1, 2))
        )
        trade = TradeIn(goods=self.node(depth), accepts=accepts, required=rng.random() < 0.3)
        return Node(units=units, slot=slot, trade_in=trade)

    def _upgrade(self, units: int, depth: int) -> Node:
        slot, when_short = self._slot(), self.rng.random() < 0.5
        base, better = (self._fixed() if when_short else self.node(depth) for _ in range(2))
        upgrade = Upgrade(base=base, better=better, extra_minor=self.rng.choice((0, 2_000)), when_short=when_short)
        return Node(units=units, slot=slot, upgrade=upgrade)

    def price(self) -> Price | None:
        """Any rule, or none."""
        rng = self.rng
        permilles = tuple(rng.choice((1000, 500, 333, 0)) for _ in range(rng.randint(1, 3)))
        bands = tuple(Band(least_units=least, unit_minor=rng.randint(1, 9_999)) for least in (rng.randint(1, 2), 4))
        return rng.choice(
            (
                None,
                Price(fixed=Fixed(unit_minor=rng.randint(0, 9_999))),
                Price(of_parts=OfParts(keep_permille=rng.choice((1000, 875, 333)), off_minor=rng.choice((0, 700)))),
                Price(bands=Bands(bands=bands)),
                Price(cases=Cases(units=rng.randint(2, 4), keep_permille=rng.choice((850, 777)))),
                Price(cycle=Cycle(keep_permilles=permilles)),
            )
        )

    def offer(self, goods: Sequence[str]) -> Offer:
        """Any sound offer."""
        rng = self.rng
        measure = rng.choice(list(Measure))
        about = rng.sample(goods, rng.randint(1, 2) if measure is Measure.SETS else rng.randint(3, 8))
        tops = {Measure.UNITS: 6, Measure.AMOUNT: 60_000, Measure.SETS: 2, Measure.ORDERS: 1}
        leasts = sorted({rng.randint(1, tops[measure]) for _ in range(rng.randint(1, 3))})
        repeats = rng.random() < 0.5 and (measure is not Measure.AMOUNT or leasts[-1] > 10_000)
        return Offer(
            measure=measure,
            steps=tuple(self._step(least, measure) for least in leasts),
            item_ids=tuple(about) if measure is Measure.SETS or rng.random() < 0.6 else (),
            customer_tiers=("gold",) if rng.random() < 0.2 else (),
            repeats=repeats,
            most_times=rng.choice((0, 2)) if repeats else 0,
            group=rng.choice(("", "", "g")),
            rank=rng.randint(0, 2),
        )

    def _step(self, least: int, measure: Measure) -> Step:
        rng = self.rng
        of_units = measure is Measure.UNITS
        free = rng.randint(0, least) if of_units and rng.random() < 0.3 else 0
        price = rng.randint(1, 9_999) if of_units and rng.random() < 0.3 else None
        keep, off = rng.choice((1000, 1000, 900, 333)), rng.choice((0, 0, 777))
        nothing = not free and price is None and keep == 1000 and not off
        goods = rng.choice((self._gift, self._optional))(1, 1) if nothing or rng.random() < 0.3 else None
        return Step(least=least, free_units=free, price_minor=price, keep_permille=keep, off_minor=off, goods=goods)

    def _optional(self, units: int, _depth: int) -> Node:
        slot = self._slot()
        options = tuple(Option(code=f"o{at}", goods=self._fixed(), extra_minor=100 * at) for at in range(2))
        return Node(units=units, slot=slot, choose=Choose(options=options, least=0, most=1))
