"""Records that might belong together, in blocks that know nothing of each other."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """Records by position, and the pairs between them."""

    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]


def blocks_of(pairs: Collection[tuple[int, int]]) -> Iterator[Block]:
    """The connected parts of the graph that the pairs are the edges of, by their first records of ours."""
    of_ours: dict[int, list[int]] = defaultdict(list)
    of_theirs: dict[int, list[int]] = defaultdict(list)
    for i, j in pairs:
        of_ours[i].append(j)
        of_theirs[j].append(i)
    seen: set[int] = set()
    for first in sorted(of_ours):
        if first in seen:
            continue
        seen.add(first)
        ours, theirs, waiting = [first], set(), [first]
        while waiting:
            for j in of_ours[waiting.pop()]:
                if j in theirs:
                    continue
                theirs.add(j)
                fresh = [i for i in of_theirs[j] if i not in seen]
                seen.update(fresh)
                ours.extend(fresh)
                waiting.extend(fresh)
        ours.sort()
        yield Block(tuple(ours), tuple(sorted(theirs)), tuple((i, j) for i in ours for j in sorted(of_ours[i])))
