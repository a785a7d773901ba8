"""How combinations nest: cycles, depth, size, and what is fixed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from solver.catalog.combinations.model import AllOf, Combination, Item, Node, Period, Primitive
from solver.catalog.combinations.walk import below, nested_ids, tops
from solver.errors import Violations

MOST_DEPTH = 24  # nodes from the top to the bottom, through all nested combinations
MOST_PIECES = 2_000  # places of materials in one unit, all options and chances counted


def check_nesting(
    combination: Combination, known: Mapping[str, Combination], path: str, violations: Violations
) -> bool:
    """None contains itself, nor is too deep or too large to be unfolded; returns whether it is sound.

    Of one within it that contains itself nothing is said here: that one is at fault.
    """
    before = len(violations.found)
    for cycle_path, cycle in _cycles(combination, known):
        shown = " -> ".join(cycle)
        remedy = f"the combination contains itself: {shown}; take one of them out of the other"
        violations.add(f"{path}.{cycle_path}", cycle[-1], remedy)
    inside = [known[one] for _, one in contained_ids(combination, known)]
    if any(next(_cycles(one, known), None) for one in inside):
        return False
    if len(violations.found) == before:
        size = _Size(known)
        depth, pieces = size.of(combination)
        remedy = f"{depth} levels deep; nest at most {MOST_DEPTH}"
        violations.require(depth <= MOST_DEPTH, path, combination.combination_id, remedy)
        remedy = f"it unfolds to {pieces:,} places; make it smaller, at most {MOST_PIECES:,}"
        violations.require(pieces <= MOST_PIECES, path, combination.combination_id, remedy)
    return len(violations.found) == before


def is_fixed(node: Node, known: Mapping[str, Combination]) -> bool:
    """True where neither buyer, stock nor chance has anything to decide below it. No combination contains itself."""
    return all(_is_fixed(primitive, known) for _, primitive in node.given)


def _is_fixed(primitive: Primitive, known: Mapping[str, Combination]) -> bool:
    match primitive:
        case Item():
            nested = known.get(primitive.item_id)
            inside = True if nested is None or nested.goods is None else is_fixed(nested.goods, known)
            return inside and not primitive.substitutes
        case AllOf() | Period():
            return all(is_fixed(node, known) for _, node in below(primitive))
        case _:
            return False


def holders_of(ids: Collection[str], known: Mapping[str, Combination]) -> list[Combination]:
    """All combinations that have one of these within them, at any depth, except these themselves."""
    direct: dict[str, list[str]] = {}
    for holder in known.values():
        for _, inner in nested_ids(holder, known):
            direct.setdefault(inner, []).append(holder.combination_id)
    found = dict.fromkeys(ids)
    waiting = list(ids)
    while waiting:
        for one in direct.get(waiting.pop(), ()):
            if one not in found:
                found[one] = None
                waiting.append(one)
    return [known[one] for one in found if one not in ids]


def contained_ids(combination: Combination, known: Mapping[str, Combination]) -> Iterator[tuple[str, str]]:
    """All combinations within one, at any depth, with the path where it is named in the outermost."""
    seen: set[str] = {combination.combination_id}
    for path, nested_id in nested_ids(combination, known):
        waiting = [nested_id]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                yield path, one
                waiting += [inner for _, inner in nested_ids(known[one], known)]


def _cycles(combination: Combination, known: Mapping[str, Combination]) -> Iterator[tuple[str, list[str]]]:
    """The shortest way back to itself from each place where a combination is named, with the path of the place."""
    top = combination.combination_id
    within = {**known, top: combination}
    for path, first in nested_ids(combination, within):
        came_from = {first: top}
        waiting = [first]
        while waiting and top not in came_from:
            one = waiting.pop(0)
            for _, inner in nested_ids(within[one], within) if one != top else ():
                if inner not in came_from:
                    came_from[inner] = one
                    waiting.append(inner)
        if first == top:
            yield path, [top, top]
        elif top in came_from:
            way = [top]
            while way[-1] != first:
                way.append(came_from[way[-1]])
            yield path, [top, *reversed(way)]


@dataclass(slots=True)
class _Size:
    """Depth and places of materials of combinations, each counted once. None contains itself."""

    known: Mapping[str, Combination]
    found: dict[str, tuple[int, int]] = field(default_factory=dict)

    def of(self, combination: Combination) -> tuple[int, int]:
        if combination.combination_id not in self.found:
            sizes = [self._node(node) for _, node in tops(combination)]
            self.found[combination.combination_id] = _summed(sizes)
        return self.found[combination.combination_id]

    def _node(self, node: Node) -> tuple[int, int]:
        depth, pieces = _summed([self._primitive(primitive) for _, primitive in node.given])
        return depth + 1, pieces

    def _primitive(self, primitive: Primitive) -> tuple[int, int]:
        match primitive:
            case Item():
                nested = self.known.get(primitive.item_id)
                depth, pieces = (0, 1) if nested is None or nested.goods is None else self.of(nested)
                return depth, pieces + len(primitive.substitutes)
            case Period():
                depth, pieces = self._node(primitive.goods)
                return depth, pieces * max(1, primitive.times)
            case _:
                return _summed([self._node(node) for _, node in below(primitive)])


def _summed(sizes: list[tuple[int, int]]) -> tuple[int, int]:
    """The deepest, and all places together."""
    return max((depth for depth, _ in sizes), default=0), sum(pieces for _, pieces in sizes)
