"""Records that share keys, gathered into groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solver.ledger.matching.keys import KeySpaces
from solver.ledger.matching.model import Item
from solver.ledger.matching.rules import MatchRules


@dataclass(frozen=True, slots=True)
class Group:
    """Records joined by keys that both sides have; `key` is one of them, normalised."""

    key: str
    ours: list[Item]
    theirs: list[Item]

    @property
    def is_exact(self) -> bool:
        """Whether a key of all of them is written alike."""
        return bool(set.intersection(*(set(item.keys.values()) for item in (*self.ours, *self.theirs))))


def groups_of(ours: Sequence[Item], theirs: Sequence[Item], spaces: KeySpaces, rules: MatchRules) -> Iterable[Group]:
    """Groups of records, each with both sides. A key of too many records joins none."""
    forest = _Forest(len(ours) + len(theirs))
    named: dict[int, str] = {}
    for (_, key), (left, right) in _holders(ours, theirs, spaces).items():
        if left and right and len(left) + len(right) <= rules.most_key_records:
            named.setdefault(left[0], key)
            for node in (*left[1:], *(len(ours) + one for one in right)):
                forest.join(left[0], node)
    gathered: dict[int, Group] = {}
    for node, key in sorted(named.items()):
        gathered.setdefault(forest.root(node), Group(key, [], []))
    for position, item in enumerate(ours):
        if (group := gathered.get(forest.root(position))) is not None:
            group.ours.append(item)
    for position, item in enumerate(theirs):
        if (group := gathered.get(forest.root(len(ours) + position))) is not None:
            group.theirs.append(item)
    return gathered.values()


def _holders(
    ours: Sequence[Item], theirs: Sequence[Item], spaces: KeySpaces
) -> dict[tuple[int, str], tuple[list[int], list[int]]]:
    holders: dict[tuple[int, str], tuple[list[int], list[int]]] = {}
    for position, item in enumerate(ours):
        for key in spaces.of_ours(item):
            holders.setdefault(key, ([], []))[0].append(position)
    for position, item in enumerate(theirs):
        for key in spaces.of_theirs(item):
            if key in holders:
                holders[key][1].append(position)
    return holders


class _Forest:
    """Which nodes are joined: union by the way, paths halved."""

    def __init__(self, nodes: int) -> None:
        self._parents = list(range(nodes))

    def root(self, node: int) -> int:
        parents = self._parents
        while parents[node] != node:
            parents[node] = node = parents[parents[node]]
        return node

    def join(self, one: int, other: int) -> None:
        self._parents[self.root(other)] = self.root(one)
