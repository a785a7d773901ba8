"""The tags, ids and pairs of words that a policy speaks of, as flags."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from solver.sourcing.case import Flags

PAIR_SIGN = "|"


def bearing(rows: Sequence[Iterable[str]], tags: Sequence[str]) -> Flags:
    """Whether each row bears each tag, [rows, tags]."""
    flags = [[tag in borne for tag in tags] for borne in map(frozenset, rows)]
    return np.array(flags, dtype=bool).reshape(len(rows), len(tags))


def refused(rows: Sequence[Iterable[str]], only: Iterable[str], blocked: Iterable[str]) -> Flags:
    """Which rows bear a word that is blocked, or, where `only` names any, none of those; [rows]."""
    wanted, unwanted = frozenset(only), frozenset(blocked)
    sets = [frozenset(row) for row in rows]
    flags = [bool(row & unwanted) or (bool(wanted) and not row & wanted) for row in sets]
    return np.array(flags, dtype=bool)


def pairs_of(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Words of the form "left|right"; of a word without a sign the right is empty."""
    for word in words:
        left, _, right = word.partition(PAIR_SIGN)
        yield left.strip(), right.strip()
