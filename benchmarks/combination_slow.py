"""The slow recomputation of whole orders: offers, chance, stock and gifts, on what `combination_oracle` grows."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from benchmarks.combination_oracle import (
    Atom,
    Place,
    Refused,
    Unit,
    World,
    grow,
    half_up,
    is_too_much,
    merge,
    named,
    ruled,
)
from solver.catalog.combinations.basket import Basket, BasketLine, Chosen, Given, Seen
from solver.catalog.combinations.model import Combination, Node, Offer, Step
from solver.catalog.combinations.outcome import Explosion

Money = tuple[str, int, int, int, int, int, int]  # line, quantity, list, price, extra, credit, deposit
Draw = tuple[bool, list[str], list[Atom]]  # whether all of it was there, the codes, what they are


@dataclass(slots=True)
class Answer:
    """What an explosion comes to, as plain values that can be compared."""

    pieces: Counter[tuple[str, Atom]] = field(default_factory=Counter)
    prices: list[Money] = field(default_factory=list)
    reductions: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    gifts: dict[tuple[str, str], tuple[int, int, str]] = field(default_factory=dict)
    incoming: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    taken: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)


def answer_of(explosion: Explosion) -> Answer:
    """An explosion in the form in which the slow recomputation answers."""
    answer = Answer()
    for one in explosion.pieces:
        answer.pieces[one.line_id, (one.sku, one.path, one.role.value, one.group, one.due_days)] += one.units
    for line in explosion.lines:
        amounts = line.list_minor, line.price_minor, line.extra_minor, line.credit_minor, line.deposit_minor
        answer.prices.append((line.line_id, line.quantity, *amounts))
        if line.reductions:
            answer.reductions[line.line_id] = [(one.combination_id, one.off_minor) for one in line.reductions]
    for gift in explosion.gifts:
        answer.gifts[gift.line_id, gift.path] = (gift.given_units, gift.withheld_units, gift.reason or "")
    for old in explosion.incoming:
        answer.incoming[old.line_id, old.item_id, old.path] += old.units
    for decision in explosion.decisions:
        answer.taken[decision.line_id, decision.path] = {one.code: one.units for one in decision.taken}
    return answer


@dataclass(slots=True)
class Slow:
    """One order on its way."""

    world: World
    basket: Basket
    seen: Seen
    seed: str
    answer: Answer = field(default_factory=Answer)
    used: Counter[str] = field(default_factory=Counter)
    opens: dict[tuple[str, str], tuple[str, Node, Place, int]] = field(default_factory=dict)
    root: dict[str, str] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)
    grown: dict[tuple[Place, Node], list[Atom]] = field(default_factory=dict)

    def run(self) -> Answer:
        """Raises Refused where the basket does not fit."""
        bills = [self._line(line) for line in self.basket.lines]
        money = [
            max(
                0,
                ruled(self.world.combinations.get(line.item_id), line.quantity, unit.list_minor)
                + unit.extra_minor
                - unit.credit_minor
                - unit.bonus_minor,
            )
            for line, unit in zip(self.basket.lines, bills, strict=True)
        ]
        offer_lines = self._offers(money)
        for line, unit, price in zip(self.basket.lines, bills, money, strict=True):
            deposit = min(unit.deposit_minor, price)
            self.answer.prices.append(
                (line.line_id, line.quantity, unit.list_minor or 0, price, unit.extra_minor, unit.credit_minor, deposit)
            )
        self.answer.prices += offer_lines
        for what in (("item", "draw", "upgrade"), ("gift",)):
            for (line_id, _), (kind, node, place, units) in list(self.opens.items()):
                if kind in what:
                    getattr(self, f"_{kind}")(line_id, node, place, units)
        return self.answer

    def _line(self, line: BasketLine) -> Unit:
        slots: set[str] = set()
        whole = Unit()
        combination = self.world.combinations.get(line.item_id)
        for _ in range(line.quantity):
            place = Place("", chosen=_wishes(line.chosen))
            if combination is None:
                merge(whole, named(self.world, line.item_id, place.at("item"), slots))
            else:
                assert combination.goods is not None
                if is_too_much(self.world, combination.goods):
                    raise Refused("item_id")
                merge(whole, grow(self.world, combination.goods, place, slots))
        if any(one.slot not in slots for one in line.chosen):
            raise Refused("chosen")
        self._put(line.line_id, line.item_id, whole)
        if line.unit_price_minor:
            whole.list_minor = line.quantity * line.unit_price_minor
        return whole

    def _put(self, line_id: str, root: str, unit: Unit) -> None:
        self.root[line_id] = root
        for atom in unit.atoms:
            self._have(line_id, atom)
        for item_id, path in unit.incoming:
            self.answer.incoming[line_id, item_id, path] += 1
        for kind, node, place in unit.opens:
            units = self.opens[line_id, place.path][3] if (line_id, place.path) in self.opens else 0
            self.opens[line_id, place.path] = (kind, node, place, units + 1)

    def _have(self, line_id: str, atom: Atom) -> None:
        self.answer.pieces[line_id, atom] += 1
        self.used[atom[0]] += 1

    def _fits(self, atoms: Sequence[Atom], times: int = 1) -> bool:
        stock = self.seen.available
        if stock is None:
            return True
        wants = Counter(atom[0] for atom in atoms)
        return all(stock.get(sku, 0) - self.used[sku] >= times * units for sku, units in wants.items())

    def _atoms(self, node: Node, place: Place) -> list[Atom]:
        if (place, node) not in self.grown:
            self.grown[place, node] = grow(self.world, node, place, set()).atoms
        return self.grown[place, node]

    def _item(self, line_id: str, node: Node, place: Place, units: int) -> None:
        assert node.item is not None
        paths = [place.path, *(f"{place.path}.substitutes[{at}]" for at in range(len(node.item.substitutes)))]
        codes = (node.item.item_id, *node.item.substitutes)
        ways = [
            (code, named(self.world, code, place.at(path), set()).atoms)
            for code, path in zip(codes, paths, strict=True)
        ]
        self._first(line_id, place, ways, units)

    def _upgrade(self, line_id: str, node: Node, place: Place, units: int) -> None:
        assert node.upgrade is not None
        base = self._atoms(node.upgrade.base, place.at(f"{place.path}.base."))
        better = self._atoms(node.upgrade.better, place.at(f"{place.path}.better."))
        self._first(line_id, place, [("base", base), ("better", better)], units)

    def _first(self, line_id: str, place: Place, ways: list[tuple[str, list[Atom]]], units: int) -> None:
        code, atoms = next((way for way in ways if self._fits(way[1], units)), ways[0])
        for _ in range(units):
            for atom in atoms:
                self._have(line_id, atom)
        self.answer.taken[line_id, place.path] = {code: units}

    def _draw(self, line_id: str, node: Node, place: Place, units: int) -> None:
        for number in range(units):
            _, drawn, atoms = self._drawn(line_id, node, place, number)
            taken = self.answer.taken.setdefault((line_id, place.path), {})
            for code in drawn:
                taken[code] = taken.get(code, 0) + 1
            for atom in atoms:
                self._have(line_id, atom)

    def _drawn(self, line_id: str, node: Node, place: Place, number: int) -> Draw:
        """One unit of a draw; nothing is taken yet."""
        draw = node.draw
        assert draw is not None
        role = place.role if place.role == "gift" else "drawn"
        goods = {
            chance.code: self._atoms(chance.goods, place.at(f"{place.path}.chances[{at}].goods.", role=role))
            for at, chance in enumerate(draw.chances)
        }
        drawn: list[str] = []
        mine: list[Atom] = []
        there = True
        for pick in range(draw.count):
            weights = {}
            for chance in draw.chances:
                if draw.distinct and chance.code in drawn:
                    continue
                fitting = 0
                limit = 1 if not draw.by_stock else 10**9
                while fitting < limit and self._fits(mine + goods[chance.code] * (fitting + 1)):
                    fitting += 1
                    if self.seen.available is None:
                        break
                weights[chance.code] = chance.weight * fitting
            if not sum(weights.values()):
                there = False
                weights = {one.code: one.weight for one in draw.chances if not (draw.distinct and one.code in drawn)}
            key = f"{self.seed}|{self.basket.order_id}|{line_id}|{place.path}|{number * draw.count + pick}"
            chance_of = Fraction(int(hashlib.blake2b(key.encode(), digest_size=8).hexdigest(), 16), 2**64)
            below = Fraction(0)
            for code, weight in weights.items():
                below += weight
                if chance_of * sum(weights.values()) < below:
                    drawn.append(code)
                    mine += goods[code]
                    break
        return there, drawn, mine

    def _gift(self, line_id: str, node: Node, place: Place, wished: int) -> None:
        gift = node.gift
        assert gift is not None
        gift_id = f"{self.root[line_id]}:{place.path}"
        before = self.seen.given.get(gift_id)
        ways = [("goods", gift.goods), *((f"instead[{at}]", one) for at, one in enumerate(gift.instead))]
        taken: dict[str, int] = {}
        reason, refused = "", 0
        for _ in range(wished):
            refused_by = self._limit(gift_id, node, before or Given())
            code = "" if refused_by else self._give_one(line_id, ways, place, taken)
            if code:
                taken[code] = taken.get(code, 0) + 1
                self.given[gift_id] += 1
            else:
                refused += 1
                reason = reason or refused_by or "out_of_stock"
        self.answer.taken[line_id, place.path] = taken
        self.answer.gifts[line_id, place.path] = (wished - refused, refused, reason)

    def _limit(self, gift_id: str, node: Node, before: Given) -> str:
        gift = node.gift
        assert gift is not None
        here = self.given[gift_id]
        left = [
            (gift.most_per_order - here, "order_limit", gift.most_per_order),
            (gift.most_per_customer - here - before.to_customer, "customer_limit", gift.most_per_customer),
            (gift.most_in_total - here - before.in_total, "total_limit", gift.most_in_total),
        ]
        least = min((max(0, rest) for rest, _, most in left if most), default=1)
        return next((why for rest, why, most in left if most and max(0, rest) == least), "") if least == 0 else ""

    def _give_one(self, line_id: str, ways: list[tuple[str, Node]], place: Place, taken: dict[str, int]) -> str:
        """The first way that is there and not behind one that took its place; goods are taken."""
        last = max((at for at, (code, _) in enumerate(ways) if code in taken), default=0)
        for code, goods in ways[last:]:
            here = place.at(f"{place.path}.{code}.", role="gift")
            if goods.draw is None:
                atoms = self._atoms(goods, here)
                if self._fits(atoms):
                    self._take(line_id, atoms)
                    return code
                continue
            inner = here.at(here.path + "draw")
            number = taken.get(code, 0) * goods.units
            drawn = [self._drawn_and_held(line_id, goods, inner, number + at) for at in range(goods.units)]
            if all(there for there, _, _ in drawn):
                for _, codes, _ in drawn:
                    noted = self.answer.taken.setdefault((line_id, inner.path), {})
                    for one in codes:
                        noted[one] = noted.get(one, 0) + 1
                for _, _, atoms in drawn:
                    for atom in atoms:
                        self.answer.pieces[line_id, atom] += 1
                return code
            for _, _, atoms in drawn:
                self.used.subtract(Counter(atom[0] for atom in atoms))
        return ""

    def _drawn_and_held(self, line_id: str, node: Node, place: Place, number: int) -> Draw:
        there, codes, atoms = self._drawn(line_id, node, place, number)
        self.used.update(atom[0] for atom in atoms)
        return there, codes, atoms

    def _take(self, line_id: str, atoms: list[Atom]) -> None:
        for atom in atoms:
            self._have(line_id, atom)

    def _offers(self, money: list[int]) -> list[Money]:
        offers = [one for one in self.world.combinations.values() if one.offer is not None]
        offers.sort(key=lambda one: (_offer(one).rank, one.combination_id))
        lines: list[Money] = []
        done: set[str] = set()
        slots: set[str] = set()
        for offer in offers:
            group = _offer(offer).group
            if group and group in done:
                continue
            done.add(group)
            rivals = [one for one in offers if one is offer or (group and _offer(one).group == group)]
            reached = [(one, *found) for one in rivals if (found := self._reached(_offer(one), money)) is not None]
            if not reached:
                continue
            best, step, times, off = max(reached, key=lambda one: sum(one[3]))
            for at, part in enumerate(off):
                money[at] -= part
                if part:
                    noted = self.answer.reductions.setdefault(self.basket.lines[at].line_id, [])
                    noted.append((best.combination_id, part))
            lines += self._goods(best, step, times, slots)
        if any(one.slot not in slots for one in self.basket.chosen):
            raise Refused("chosen")
        return lines

    def _goods(self, offer: Combination, step: int, times: int, slots: set[str]) -> list[Money]:
        node = _offer(offer).steps[step].goods
        if node is None:
            return []
        top = offer.combination_id
        whole = Unit()
        for _ in range(times):
            place = Place(f"steps[{step}].goods.", slots=f"{top}/", chosen=_wishes(self.basket.chosen))
            merge(whole, grow(self.world, node, place, slots))
        self._put(top, top, whole)
        if not whole.atoms and not whole.opens:
            return []
        price = max(0, whole.extra_minor - whole.credit_minor)
        return [(top, times, whole.list_minor or 0, price, whole.extra_minor, whole.credit_minor, 0)]

    def _reached(self, offer: Offer, money: list[int]) -> tuple[int, int, list[int]] | None:
        if offer.customer_tiers and self.basket.customer_tier not in offer.customer_tiers:
            return None
        about = [
            at for at, line in enumerate(self.basket.lines) if not offer.item_ids or line.item_id in offer.item_ids
        ]
        counts: Counter[str] = Counter()
        for at in about:
            counts[self.basket.lines[at].item_id] += self.basket.lines[at].quantity
        measured = {
            "units": counts.total(),
            "amount": sum(money[at] for at in about),
            "sets": min((counts[one] for one in offer.item_ids), default=0),
            "orders": 1 if about else 0,
        }[offer.measure.value]
        reached = sorted((step.least, at) for at, step in enumerate(offer.steps) if step.least <= measured)
        if not reached:
            return None
        least, at = reached[-1]
        times = measured // least if offer.repeats else 1
        times = min(times, offer.most_times) if offer.most_times else times
        return at, times, self._off(offer.steps[at], times, about, money)

    def _off(self, step: Step, times: int, about: list[int], money: list[int]) -> list[int]:
        left = [money[at] for at in about]
        quantities = [self.basket.lines[at].quantity for at in about]
        if step.free_units:
            cheapest = sorted(_units(left, quantities))[: times * step.free_units]
            for price, at in cheapest:
                left[at] -= price
        if step.price_minor is not None:
            dearest = sorted(_units(left, quantities), key=lambda unit: (-unit[0], unit[1]))[: times * step.least]
            worth = [sum(price for price, at in dearest if at == line) for line in range(len(left))]
            _spread(left, max(0, sum(worth) - times * step.price_minor), worth)
        if step.keep_permille != 1000:
            kept = half_up(Fraction(sum(left) * step.keep_permille, 1000))
            _spread(left, sum(left) - kept, list(left))
        _spread(left, min(sum(left), times * step.off_minor), list(left))
        off = [0] * len(money)
        for at, rest in zip(about, left, strict=True):
            off[at] = money[at] - rest
        return off


def _offer(combination: Combination) -> Offer:
    assert combination.offer is not None
    return combination.offer


def _wishes(chosen: Sequence[Chosen]) -> tuple[tuple[str, str, int], ...]:
    return tuple((one.slot, one.option, one.units) for one in chosen)


def _units(left: list[int], quantities: list[int]) -> list[tuple[int, int]]:
    """The price of each single unit with its line."""
    return [
        (amount // quantity + (1 if number < amount % quantity else 0), at)
        for at, (amount, quantity) in enumerate(zip(left, quantities, strict=True))
        for number in range(quantity)
    ]


def _spread(left: list[int], total: int, weights: list[int]) -> None:
    """Take a total off by weight, largest remainder."""
    if not total:
        return
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [int(one) for one in exact]
    while sum(parts) < total:
        at = max(range(len(exact)), key=lambda one: (exact[one] - parts[one], -one))
        parts[at] += 1
    for at, part in enumerate(parts):
        left[at] -= part
