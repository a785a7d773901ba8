"""Records that might belong together, in blocks that know nothing of each other."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """Records by position."""

    ours: tuple[int, ...]
    theirs: tuple[int, ...]


def blocks_of(partners: Mapping[int, Collection[int]]) -> Iterator[Block]:
    """The connected parts of a graph, by their first records of ours; `partners` are theirs for each of ours."""
    of_theirs: dict[int, list[int]] = defaultdict(list)
    for i, some in partners.items():
        for j in some:
            of_theirs[j].append(i)
    seen: set[int] = set()
    for first in sorted(partners):
        if first in seen or not partners[first]:
            continue
        seen.add(first)
        ours, theirs, waiting = [first], set(), [first]
        while waiting:
            for j in partners[waiting.pop()]:
                if j in theirs:
                    continue
                theirs.add(j)
                fresh = [i for i in of_theirs[j] if i not in seen]
                seen.update(fresh)
                ours.extend(fresh)
                waiting.extend(fresh)
        yield Block(tuple(sorted(ours)), tuple(sorted(theirs)))
