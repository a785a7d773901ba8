"""What a sound combination is: every fault with its path and what to do. `check_primitives.py` has the nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from solver.catalog.combinations.check_offers import check_offer
from solver.catalog.combinations.check_primitives import NodeCheck
from solver.catalog.combinations.features import features_of
from solver.catalog.combinations.flat import Goods
from solver.catalog.combinations.kinds import kinds
from solver.catalog.combinations.model import Combination
from solver.catalog.combinations.nesting import check_nesting, contained_ids, holders_of
from solver.catalog.combinations.prices import Bands, Cases, Cycle, Fixed, OfParts, Price
from solver.catalog.combinations.pricing import PERMILLE, rule_of
from solver.catalog.combinations.walk import nodes, tops
from solver.catalog.sharing.model import Basis
from solver.errors import Violations
from solver.validation import MOST_MINOR, MOST_UNITS, check_between, check_id, check_unique, unknown

MOST_ROWS = 50


def check_combination(
    combination: Combination, known: Mapping[str, Combination], goods: Goods, path: str, violations: Violations
) -> None:
    """A combination over the others that are known, over materials and sales items."""
    before = len(violations.found)
    check_id(combination.combination_id, f"{path}.combination_id", violations)
    taken = combination.combination_id in goods
    remedy = "a material or sales item has this id; take another"
    violations.require(not taken, f"{path}.combination_id", combination.combination_id, remedy)
    either = (combination.goods is None) != (combination.offer is None)
    violations.require(either, path, combination.combination_id, "give goods that are sold, or an offer; one of them")
    check = NodeCheck(known=known, goods=goods, violations=violations)
    for at, node in tops(combination):
        check.node(node, f"{path}.{at}")
    check_slots(combination, path, violations)
    _check_terms(combination, known, goods, path, violations)
    if len(violations.found) == before and check_nesting(combination, known, path, violations):
        check.fixed_where_asked(combination, path)
        _check_exclusions(combination, known, path, violations)
        _check_kind(combination, known, path, violations)


def check_holders(
    paths: Mapping[str, str], known: Mapping[str, Combination], goods: Goods, violations: Violations
) -> None:
    """What nests one of those that are written stays sound; `paths` are theirs by id, `known` all as they are now."""
    for holder in holders_of(paths, known):
        found = Violations()
        check_combination(holder, known, goods, holder.combination_id, found)
        if found.found:
            inner = next(one for _, one in contained_ids(holder, known) if one in paths)
            remedy = f"{holder.combination_id} has it within, and would not be sound: {found.found[0]}"
            violations.add(paths[inner], inner, remedy)


def check_slots(combination: Combination, path: str, violations: Violations) -> None:
    """What the buyer chooses has a slot, and each slot is there once."""
    seen: dict[str, str] = {}
    for at, node in nodes(combination):
        asks = node.choose is not None or node.trade_in is not None or node.upgrade is not None
        slot_path = f"{path}.{at}.slot"
        if asks:
            check_id(node.slot, slot_path, violations)
            violations.require("/" not in node.slot, slot_path, node.slot, "leave out the stroke: it divides slots")
            remedy = f"stands at {seen.get(node.slot)} before; name each slot once"
            violations.require(node.slot not in seen, slot_path, node.slot, remedy)
            seen[node.slot] = at
        else:
            violations.require(not node.slot, slot_path, node.slot, "nothing is chosen here; leave it out")


def _check_terms(
    combination: Combination, known: Mapping[str, Combination], goods: Goods, path: str, violations: Violations
) -> None:
    """Price, offer, and by what the money is shared out."""
    if combination.price is not None:
        sold = combination.offer is None
        violations.require(sold, f"{path}.price", "given", "an offer reduces prices by its steps; leave it out")
        check_price(combination.price, f"{path}.price", violations)
    if combination.offer is not None:
        check_offer(combination.offer, known, goods, f"{path}.offer", violations)
    if combination.share_by is Basis.WEIGHT and combination.goods is not None:
        parts = [part.share_weight for at, part in nodes(combination) if at != "goods"]
        remedy = "all weights are 0; give share_weight to the parts, or share out by price or cost"
        violations.require(not parts or any(parts), f"{path}.share_by", combination.share_by.value, remedy)


def check_price(price: Price, path: str, violations: Violations) -> None:
    """One rule, with amounts and thousandths within their limits."""
    given = [rule.name for rule in fields(price) if getattr(price, rule.name) is not None]
    if not violations.require(len(given) == 1, path, given, "give exactly one rule"):
        return
    rule, at = rule_of(price), f"{path}.{given[0]}"
    match rule:
        case Fixed():
            check_between(rule.unit_minor, 0, MOST_MINOR, f"{at}.unit_minor", violations)
        case OfParts():
            check_between(rule.keep_permille, 0, PERMILLE, f"{at}.keep_permille", violations)
            check_between(rule.off_minor, 0, MOST_MINOR, f"{at}.off_minor", violations)
        case Bands():
            _check_bands(rule, at, violations)
        case Cases():
            check_between(rule.units, 2, MOST_UNITS, f"{at}.units", violations)
            check_between(rule.keep_permille, 0, PERMILLE, f"{at}.keep_permille", violations)
        case Cycle():
            check_rows_of(rule.keep_permilles, f"{at}.keep_permilles", violations)
            for position, permille in enumerate(rule.keep_permilles):
                check_between(permille, 0, PERMILLE, f"{at}.keep_permilles[{position}]", violations)


def check_rows_of(rows: Sequence[object], path: str, violations: Violations) -> None:
    """One row at least, and no more than anybody can read."""
    violations.require(1 <= len(rows) <= MOST_ROWS, path, f"{len(rows)} rows", f"give 1 to {MOST_ROWS}")


def _check_bands(rule: Bands, path: str, violations: Violations) -> None:
    check_rows_of(rule.bands, f"{path}.bands", violations)
    check_unique([str(band.least_units) for band in rule.bands], f"{path}.bands", violations)
    for at, band in enumerate(rule.bands):
        check_between(band.least_units, 1, MOST_UNITS, f"{path}.bands[{at}].least_units", violations)
        check_between(band.unit_minor, 0, MOST_MINOR, f"{path}.bands[{at}].unit_minor", violations)


def _check_exclusions(
    combination: Combination, known: Mapping[str, Combination], path: str, violations: Violations
) -> None:
    """Others that exist; and nothing within it that excludes it, or something else within it."""
    top = combination.combination_id
    for at, other in enumerate(combination.excludes):
        there = other in known and other != top
        remedy = (
            "a combination does not exclude itself" if other == top else unknown(other, known, "combination", "add it")
        )
        violations.require(there, f"{path}.excludes[{at}]", other, remedy)
    check_unique(combination.excludes, f"{path}.excludes", violations)
    inside = list(contained_ids(combination, known))
    ids = {top, *(one for _, one in inside)}
    for where, one in inside:
        barred = ids & set(known[one].excludes) | ({one} & set(combination.excludes))
        if barred:
            remedy = f"{one} and {', '.join(sorted(barred - {one}) or [top])} exclude each other; take one of them out"
            violations.add(f"{path}.{where}", one, remedy)


def _check_kind(combination: Combination, known: Mapping[str, Combination], path: str, violations: Violations) -> None:
    """The kind is one of the 36, and the combination has what makes one of it."""
    kind = kinds().get(combination.kind)
    if kind is None:
        remedy = unknown(combination.kind, list(kinds()), "kind", "docs/combinations.md has them all")
        violations.add(f"{path}.kind", combination.kind, remedy)
        return
    missing = sorted(kind.features - features_of(combination, known))
    remedy = f"it has no {', '.join(missing)}, which makes {kind.name}; add that, or name another kind"
    violations.require(not missing, f"{path}.kind", combination.kind, remedy)
