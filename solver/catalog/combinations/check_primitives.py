"""What each primitive asks of its data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from solver.catalog.combinations.nesting import is_fixed
from solver.catalog.combinations.walk import below, nodes
from solver.errors import Violations
from solver.validation import MOST_DAYS, MOST_MINOR, MOST_UNITS, check_between, check_id, check_unique, unknown

MOST_ROWS = 50
MOST_TIMES = 120
MOST_WEIGHT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCheck:
    """Checks nodes over the combinations, materials and sales items that there are."""

    known: Mapping[str, Combination]
    goods: Goods
    violations: Violations

    def node(self, node: Node, path: str) -> None:
        """A node and all below it."""
        check_between(node.units, 1, MOST_UNITS, f"{path}.units", self.violations)
        check_between(node.share_weight, 0, MOST_MINOR, f"{path}.share_weight", self.violations)
        names = [name for name, _ in node.given]
        if not self.violations.require(len(names) == 1, path, names, "give exactly one primitive"):
            return
        ((name, primitive),) = node.given
        self._primitive(primitive, f"{path}.{name}")
        for step, inner in below(primitive):
            self.node(inner, f"{path}.{name}.{step}")

    def _primitive(self, primitive: Primitive, path: str) -> None:
        match primitive:
            case Item():
                self._item(primitive, path)
            case AllOf():
                self._rows(primitive.parts, f"{path}.parts")
            case Choose():
                self._choose(primitive, path)
            case Draw():
                self._draw(primitive, path)
            case Gift():
                for name in ("most_per_order", "most_per_customer", "most_in_total"):
                    check_between(getattr(primitive, name), 0, MOST_MINOR, f"{path}.{name}", self.violations)
            case TradeIn():
                self._trade_in(primitive, path)
            case Period() | PreSale() | Upgrade():
                self._terms(primitive, path)

    def _item(self, item: Item, path: str) -> None:
        self.names_goods(item.item_id, f"{path}.item_id")
        check_unique((item.item_id, *item.substitutes), f"{path}.substitutes", self.violations)
        if item.substitutes and item.item_id in self.known:
            remedy = "a combination has no substitutes; give them to the items within it"
            self.violations.add(f"{path}.substitutes", item.substitutes, remedy)
        for at, substitute in enumerate(item.substitutes):
            remedy = "name a material or a sales item that exists"
            self.violations.require(substitute in self.goods, f"{path}.substitutes[{at}]", substitute, remedy)

    def names_goods(self, item_id: str, path: str) -> None:
        """An id of something that can be had."""
        combination = self.known.get(item_id)
        if combination is not None:
            remedy = "it is an offer, which has no goods of its own; name goods"
            self.violations.require(combination.goods is not None, path, item_id, remedy)
            return
        otherwise = "name a material, a sales item or a combination that exists, or add it first"
        remedy = unknown(item_id, list(self.known), "item", otherwise) if item_id not in self.goods else ""
        self.violations.require(item_id in self.goods, path, item_id, remedy)

    def _choose(self, choose: Choose, path: str) -> None:
        self._rows(choose.options, f"{path}.options")
        self._codes([option.code for option in choose.options], f"{path}.options")
        for at, option in enumerate(choose.options):
            check_between(option.extra_minor, 0, MOST_MINOR, f"{path}.options[{at}].extra_minor", self.violations)
            check_between(option.most, 1, MOST_UNITS, f"{path}.options[{at}].most", self.violations)
        check_between(choose.most, 1, MOST_UNITS, f"{path}.most", self.violations)
        check_between(choose.least, 0, max(0, choose.most), f"{path}.least", self.violations)
        self._exclusions(choose, path)
        there = _choosable(choose)
        remedy = f"there are {there} at most to choose; ask for fewer, or add options"
        self.violations.require(choose.most <= there, f"{path}.most", choose.most, remedy)

    def _exclusions(self, choose: Choose, path: str) -> None:
        codes = [option.code for option in choose.options]
        excluded = [code for exclusion in choose.exclusions for code in exclusion.codes]
        for at, exclusion in enumerate(choose.exclusions):
            remedy = "name two options at least"
            several = len(exclusion.codes) > 1
            self.violations.require(several, f"{path}.exclusions[{at}].codes", exclusion.codes, remedy)
            for position, code in enumerate(exclusion.codes):
                where = f"{path}.exclusions[{at}].codes[{position}]"
                otherwise = f"give one of {', '.join(codes)}"
                self.violations.require(code in codes, where, code, unknown(code, codes, "option", otherwise))
                twice = "stands in several places; name each option in one exclusion"
                self.violations.require(excluded.count(code) == 1, where, code, twice)

    def _draw(self, draw: Draw, path: str) -> None:
        self._rows(draw.chances, f"{path}.chances")
        self._codes([chance.code for chance in draw.chances], f"{path}.chances")
        for at, chance in enumerate(draw.chances):
            check_between(chance.weight, 0, MOST_WEIGHT, f"{path}.chances[{at}].weight", self.violations)
        remedy = "the weights sum to 0, so that nothing can be drawn; give one of them a weight above 0"
        weighted = [chance for chance in draw.chances if chance.weight > 0]
        self.violations.require(bool(weighted), f"{path}.chances", "weights of 0", remedy)
        check_between(draw.count, 1, MOST_ROWS, f"{path}.count", self.violations)
        enough = not draw.distinct or draw.count <= len(weighted)
        remedy = f"there are {len(weighted)} different ones to draw; draw fewer, or let them come twice"
        self.violations.require(enough, f"{path}.count", draw.count, remedy)

    def _trade_in(self, trade_in: TradeIn, path: str) -> None:
        self._rows(trade_in.accepts, f"{path}.accepts")
        self._codes([one.code for one in trade_in.accepts], f"{path}.accepts")
        for at, one in enumerate(trade_in.accepts):
            self.names_goods(one.item_id, f"{path}.accepts[{at}].item_id")
            check_between(one.units, 1, MOST_UNITS, f"{path}.accepts[{at}].units", self.violations)
            check_between(one.credit_minor, 0, MOST_MINOR, f"{path}.accepts[{at}].credit_minor", self.violations)

    def _terms(self, primitive: Period | PreSale | Upgrade, path: str) -> None:
        match primitive:
            case Period():
                check_between(primitive.times, 1, MOST_TIMES, f"{path}.times", self.violations)
                check_between(primitive.every_days, 1, MOST_DAYS, f"{path}.every_days", self.violations)
            case PreSale():
                check_between(primitive.deposit_minor, 0, MOST_MINOR, f"{path}.deposit_minor", self.violations)
                check_between(primitive.ships_after_days, 0, MOST_DAYS, f"{path}.ships_after_days", self.violations)
                worth = primitive.worth_minor
                sound = worth == 0 or primitive.deposit_minor <= worth <= MOST_MINOR
                remedy = "a deposit counts for what it is at least; give 0 or more than the deposit"
                self.violations.require(sound, f"{path}.worth_minor", worth, remedy)
            case Upgrade():
                check_between(primitive.extra_minor, 0, MOST_MINOR, f"{path}.extra_minor", self.violations)

    def fixed_where_asked(self, combination: Combination, path: str) -> None:
        """Chances, gifts and free upgrades have goods in which nothing is open; a gift may be one draw."""
        for at, node in nodes(combination):
            for name, primitive in node.given:
                for step, inner in below(primitive):
                    asks, remedy = _asks_fixed(primitive, step)
                    one_draw = name == "gift" and step == "goods" and inner.draw is not None
                    sound = not asks or one_draw or is_fixed(inner, self.known)
                    self.violations.require(sound, f"{path}.{at}.{name}.{step}", "open goods", remedy)

    def _rows(self, rows: Sequence[object], path: str) -> None:
        self.violations.require(1 <= len(rows) <= MOST_ROWS, path, f"{len(rows)} rows", f"give 1 to {MOST_ROWS}")

    def _codes(self, codes: Sequence[str], path: str) -> None:
        for at, code in enumerate(codes):
            check_id(code, f"{path}[{at}].code", self.violations)
        check_unique(codes, path, self.violations)


def _choosable(choose: Choose) -> int:
    """The most units that can be chosen: of options that exclude each other only one."""
    most = {option.code: option.most for option in choose.options}
    best_of = [max((most.pop(code, 0) for code in exclusion.codes), default=0) for exclusion in choose.exclusions]
    return sum(most.values()) + sum(best_of)


def _asks_fixed(primitive: Primitive, step: str) -> tuple[bool, str]:
    match primitive:
        case Draw():
            return True, "what is drawn has nothing to choose or draw within; draw among fixed goods"
        case Gift():
            return True, "a gift is fixed goods or a single draw; make it one of these"
        case Upgrade(when_short=True):
            return True, "stock decides on fixed goods alone; leave out what is open, or when_short"
    return False, step
