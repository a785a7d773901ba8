"""Blocks of orders that compete for the same resources."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from solver.sourcing.case import Ints
from solver.waves.engine.shortlist import Shortlist

_MOST_USERS = 60  # of a resource that links its users; what many use links nobody closely


def linked_blocks(s: Shortlist, prices: Ints, size: int, seed: tuple[int, ...]) -> list[Ints]:
    """All orders in blocks of at most so many, neighbours together; those that want nothing scarce are left out."""
    entry = np.repeat(np.arange(len(s.number)), np.diff(s.use_start))
    order = np.repeat(np.arange(s.orders), np.diff(s.start))[entry]
    resource = s.resource.astype(np.int64)
    scarce = prices[resource] > 0
    if s.orders <= size:
        return [np.unique(order[scarce])] if scarce.any() else []
    pairs = np.unique(order[scarce] * len(s.capacity) + resource[scarce])
    order, resource = pairs // len(s.capacity), pairs % len(s.capacity)
    wanted = np.unique(order)
    links = np.bincount(resource, minlength=len(s.capacity))[resource] <= _MOST_USERS
    sequence = _walk(order[links], s.orders + resource[links], s.orders + len(s.capacity), wanted, seed)
    return [np.sort(sequence[at : at + size]) for at in range(0, len(sequence), size)]


def _walk(order: Ints, resource: Ints, nodes: int, wanted: Ints, seed: tuple[int, ...]) -> Ints:
    """The wanted orders in the sequence of a walk, breadth first, from an order that the seed picks."""
    graph = csr_array((np.ones(len(order), dtype=np.int8), (order, resource)), shape=(nodes, nodes))
    rng = np.random.default_rng(seed)
    is_left = np.zeros(nodes, dtype=np.bool_)
    is_left[wanted] = True
    found: list[Ints] = []
    for start in rng.permutation(wanted).tolist():
        if is_left[start]:
            reached = breadth_first_order(graph, start, directed=False, return_predecessors=False).astype(np.int64)
            reached = reached[is_left[reached]]
            is_left[reached] = False
            found.append(reached)
    return np.concatenate(found) if found else np.zeros(0, np.int64)
