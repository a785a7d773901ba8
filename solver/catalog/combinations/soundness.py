"""Which of the combinations in force cannot be unfolded as their parts are now, and why.

Each was sound when it was kept; what it nests may have changed since.
"""

from collections.abc import Iterator, Mapping

from solver.catalog.combinations.check_primitives import NodeCheck
from solver.catalog.combinations.flat import Goods
from solver.catalog.combinations.model import Combination
from solver.catalog.combinations.nesting import check_nesting, contained_ids
from solver.catalog.combinations.walk import nodes
from solver.errors import Violations


def unsound(known: Mapping[str, Combination], goods: Goods) -> dict[str, str]:
    """Why, by the id of each that is not sound, or has one within it that is not."""
    faults = {one: fault for one, combination in known.items() if (fault := _fault(combination, known, goods))}
    for one, combination in known.items() if faults else ():
        within = next((inner for _, inner in contained_ids(combination, known) if inner in faults), None)
        if one not in faults and within is not None:
            faults[one] = f"{within} within it is not sound: {faults[within]}"
    return faults


def _fault(combination: Combination, known: Mapping[str, Combination], goods: Goods) -> str:
    """The first fault of a combination by itself; "" where there is none."""
    violations = Violations()
    missing = next((item_id for item_id in _named(combination) if item_id not in known and item_id not in goods), None)
    if missing is not None:
        return f"there is no {missing} any more"
    if check_nesting(combination, known, combination.combination_id, violations):
        NodeCheck(known=known, goods=goods, violations=violations).fixed_where_asked(
            combination, combination.combination_id
        )
    return str(violations.found[0]) if violations.found else ""


def _named(combination: Combination) -> Iterator[str]:
    for _, node in nodes(combination):
        if node.item is not None:
            yield node.item.item_id
            yield from node.item.substitutes
