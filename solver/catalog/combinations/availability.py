"""How many whole units of a combination the stock makes (可售量): choices, draws and nesting included.

Each unit needs one way through the combination that stock suffices for; different buyers may choose differently. So the
answer is the most units for which options can be chosen and chances drawn such that no material is used twice:

- N units of a choice of `least` take `least x N` options in all, none of them more than `most x N` times;
- of options that exclude each other only one is in a unit: each unit has one of the sets that may be chosen;
- a draw counts what can be given at best, as it falls only on what is there;
- gifts are given while stocks last, and limit nothing; of a subscription the first delivery counts;
- what leaves together leaves from one site: such units are counted site by site.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement, islice

from solver.catalog.catalog import Catalog
from solver.catalog.combinations.model import AllOf, Choose, Combination, Draw, Item, Node, Option, Upgrade
from solver.catalog.combinations.whole_program import WholeProgram
from solver.validation import MOST_UNITS

Stock = Mapping[str, Mapping[str, int]]  # SKU -> site -> units
MOST_SETS = 2_000
ANYWHERE = ""
BETTER, BASE = "better", "base"


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinationAvailability:
    """`units` can be sold from what there is. `short_skus` are materials of which more would make more, as far as one
    alone does. Not `is_proven`: there may be more, the search was ended.
    """

    combination_id: str
    units: int
    is_proven: bool
    short_skus: tuple[str, ...] = ()


def availability_of(
    combination: Combination, catalog: Catalog, combinations: Mapping[str, Combination], stock: Stock
) -> CombinationAvailability:
    """Of a sound combination that is sold. `combinations` has those that are nested in it. KeyError for unknown ids."""
    units, proven = _most(combination, catalog, combinations, stock)
    skus = _Layout(catalog, combinations, stock).laid(combination).needed
    more = (sku for sku in sorted(skus) if _most(combination, catalog, combinations, _plus_one(stock, sku))[0] > units)
    return CombinationAvailability(
        combination_id=combination.combination_id,
        units=units,
        is_proven=proven,
        short_skus=tuple(more) if units < MOST_UNITS else (),
    )


def _most(
    combination: Combination, catalog: Catalog, combinations: Mapping[str, Combination], stock: Stock
) -> tuple[int, bool]:
    return _Layout(catalog, combinations, stock).laid(combination).most()


def _plus_one(stock: Stock, sku: str) -> Stock:
    """A whole unit's worth more of one SKU at every site, to see whether that would help."""
    of = stock.get(sku, {ANYWHERE: 0})
    return {**stock, sku: {site: units + MOST_UNITS for site, units in of.items()}}


class _Layout:
    """Lays a combination out as a program. Variable 0 is how many units of it there are."""

    def __init__(self, catalog: Catalog, combinations: Mapping[str, Combination], stock: Stock) -> None:
        self._catalog = catalog
        self._combinations = combinations
        self._stock = stock
        self._program = WholeProgram()
        self._is_whole = True  # False once too many sets could be chosen to look at all of them
        self._used: dict[tuple[str, str], dict[int, int]] = {}  # (SKU, site) -> units that each variable takes

    @property
    def needed(self) -> set[str]:
        """Every SKU that may be used."""
        return {sku for sku, _ in self._used}

    def laid(self, combination: Combination) -> "_Layout":
        """With the combination's goods."""
        self._program.limit({0: 1}, MOST_UNITS)
        assert combination.goods is not None, "an offer is not sold"
        self._node(combination.goods, 0, 1, ANYWHERE)
        return self

    def most(self) -> tuple[int, bool]:
        """How many units there are at most, and whether that is proven."""
        self._limit_stock()
        units, proven = self._program.most()
        return units, proven and self._is_whole

    def _limit_stock(self) -> None:
        """What there is of each material, in all and at each site that must do alone."""
        for sku in sorted(self.needed):
            of = self._stock.get(sku, {})
            everywhere: dict[int, int] = {}
            for (name, site), row in sorted(self._used.items()):
                if name != sku:
                    continue
                if site != ANYWHERE:
                    self._program.limit(row, max(0, of.get(site, 0)))
                for variable, units in row.items():
                    everywhere[variable] = everywhere.get(variable, 0) + units
            self._program.limit(everywhere, sum(max(0, units) for units in of.values()))

    def _node(self, node: Node, variable: int, times: int, site: str) -> None:
        """`times` of the node for each unit of the variable, taken at a site."""
        units = times * node.units
        if node.item is not None:
            self._item(node.item, variable, units, site)
        elif node.all_of is not None:
            self._all_of(node.all_of, variable, units, site)
        elif node.choose is not None:
            self._choose(node.choose, variable, units, site)
        elif node.draw is not None:
            self._draw(node.draw, variable, units, site)
        elif node.upgrade is not None:
            self._upgrade(node.upgrade, variable, units, site)
        else:
            within = node.period or node.pre_sale or node.trade_in
            if within is not None:  # a gift needs nothing to be there
                self._node(within.goods, variable, units, site)

    def _item(self, item: Item, variable: int, units: int, site: str) -> None:
        if not item.substitutes:
            self._goods(item.item_id, variable, units, site)
            return
        each = {}
        for item_id in (item.item_id, *item.substitutes):
            one = each[item_id] = self._program.variable()
            self._goods(item_id, one, units, site)
        self._sum_to(each.values(), variable, 1)

    def _goods(self, item_id: str, variable: int, units: int, site: str) -> None:
        nested = self._combinations.get(item_id)
        if nested is not None:
            assert nested.goods is not None, "an offer is not nested"
            self._node(nested.goods, variable, units, site)
            return
        for part in self._catalog.explode(item_id):
            row = self._used.setdefault((part.sku, site), {})
            row[variable] = row.get(variable, 0) + units * part.units

    def _all_of(self, all_of: AllOf, variable: int, units: int, site: str) -> None:
        if not all_of.together or site != ANYWHERE:
            for part in all_of.parts:
                self._node(part, variable, units, site)
            return
        sites = sorted({one for of in self._stock.values() for one, count in of.items() if count > 0})
        groups = [self._program.variable() for _ in sites]
        for group, one in zip(groups, sites, strict=True):
            for part in all_of.parts:
                self._node(part, group, 1, one)
        self._sum_to(groups, variable, units)

    def _choose(self, choose: Choose, variable: int, units: int, site: str) -> None:
        if not choose.least:
            return
        if choose.exclusions:
            self._choose_sets(choose, variable, units, site)
            return
        each = []
        for option in choose.options:
            one = self._program.variable()
            self._node(option.goods, one, units, site)
            self._program.limit({one: 1, variable: -option.most}, 0)
            each.append(one)
        self._sum_to(each, variable, choose.least)

    def _choose_sets(self, choose: Choose, variable: int, units: int, site: str) -> None:
        """A variable for each set of options that may be chosen."""
        found = (one for one in _sets(choose.options, choose.least) if _may_be_chosen(one, choose))
        sets = list(islice(found, MOST_SETS + 1))
        self._is_whole &= len(sets) <= MOST_SETS
        each = []
        for options in sets:
            one = self._program.variable()
            for option in options:
                self._node(option.goods, one, units, site)
            each.append(one)
        self._sum_to(each, variable, 1)

    def _draw(self, draw: Draw, variable: int, units: int, site: str) -> None:
        each = []
        for chance in draw.chances:
            if not chance.weight:
                continue
            one = self._program.variable()
            self._node(chance.goods, one, 1, site)
            if draw.distinct:
                self._program.limit({one: 1, variable: -units}, 0)
            each.append(one)
        self._sum_to(each, variable, units * draw.count)

    def _upgrade(self, upgrade: Upgrade, variable: int, units: int, site: str) -> None:
        each = [self._program.variable() for _ in (BASE, BETTER)]
        for one, goods in zip(each, (upgrade.base, upgrade.better), strict=True):
            self._node(goods, one, units, site)
        self._sum_to(each, variable, 1)

    def _sum_to(self, each: Iterable[int], variable: int, times: int) -> None:
        """Together at least `times` of the variable."""
        self._program.limit({variable: times, **dict.fromkeys(each, -1)}, 0)


def _sets(options: tuple[Option, ...], least: int) -> Iterator[tuple[Option, ...]]:
    for numbers in combinations_with_replacement(range(len(options)), least):
        if all(numbers.count(one) <= options[one].most for one in set(numbers)):
            yield tuple(options[one] for one in numbers)


def _may_be_chosen(chosen: tuple[Option, ...], choose: Choose) -> bool:
    codes = {option.code for option in chosen}
    return all(len(codes.intersection(exclusion.codes)) <= 1 for exclusion in choose.exclusions)
