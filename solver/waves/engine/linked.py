"""Blocks of orders that compete for the same resources."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from solver.sourcing.case import Ints
from solver.waves.engine.shortlist import Shortlist

_MOST_USERS = 60  # of a resource that links its users; what many use links nobody closely


def linked_blocks(s: Shortlist, prices: Ints, size: int, seed: tuple[int, ...]) -> list[Ints]:
    """All orders in blocks of at most so many, neighbours together; those that want nothing scarce are left out."""
    scarce = np.flatnonzero((prices > 0)[s.resource])
    order = np.searchsorted(s.use_start[s.start], scarce, side="right") - 1
    if s.orders <= size:
        return [np.unique(order)] if len(order) else []
    pairs = np.unique(order * len(s.capacity) + s.resource[scarce])
    order, resource = pairs // len(s.capacity), pairs % len(s.capacity)
    wanted = np.unique(order)
    links = np.bincount(resource, minlength=len(s.capacity))[resource] <= _MOST_USERS
    sequence = _walk(order[links], s.orders + resource[links], s.orders + len(s.capacity), wanted, size, seed)
    return [np.sort(sequence[at : at + size]) for at in range(0, len(sequence), size)]


def _walk(order: Ints, resource: Ints, nodes: int, wanted: Ints, size: int, seed: tuple[int, ...]) -> Ints:
    """The wanted orders in the sequence of a walk from orders that the seed picks.

    What hangs together stands together; where that is more than a block, it is walked breadth first.
    """
    graph = csr_array((np.ones(len(order), dtype=np.int8), (order, resource)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    shuffled = np.random.default_rng(seed).permutation(wanted)
    _, first, which, width = np.unique(component[shuffled], return_index=True, return_inverse=True, return_counts=True)
    sequence = shuffled[np.argsort(first[which], kind="stable")]
    begin = np.concatenate([[0], np.cumsum(width[np.argsort(first)])])
    is_wanted = np.zeros(nodes, dtype=np.bool_)
    is_wanted[wanted] = True
    for part in np.flatnonzero(np.diff(begin) > size).tolist():
        reached = breadth_first_order(graph, sequence[begin[part]], directed=False, return_predecessors=False)
        sequence[begin[part] : begin[part + 1]] = reached[is_wanted[reached]]
    return sequence
