"""Blocks of orders that compete for the same resources."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from solver.sourcing.case import Flags, Ints
from solver.waves.case import Numbers
from solver.waves.engine.shortlist import Shortlist

_MOST_USERS = 60  # of a resource that links its users; what many use links nobody closely
_AT_ONCE = 1000  # orders, whose uses would take much memory all together


def linked_blocks(s: Shortlist, prices: Ints, size: int, seed: tuple[int, ...]) -> list[Ints]:
    """All orders in blocks of at most so many, neighbours together; those that want nothing scarce are left out."""
    order, resource = _scarce_wants(s, prices > 0)
    if s.orders <= size:
        return [np.unique(order).astype(np.int64)] if len(order) else []
    wanted = np.unique(order).astype(np.int64)
    links = np.bincount(resource, minlength=len(s.capacity))[resource] <= _MOST_USERS
    sequence = _walk(order[links], s.orders + resource[links], s.orders + len(s.capacity), wanted, size, seed)
    return [np.sort(sequence[at : at + size]) for at in range(0, len(sequence), size)]


def _scarce_wants(s: Shortlist, is_scarce: Flags) -> tuple[Numbers, Numbers]:
    """Which orders want which scarce resources: each pair once, by order and resource."""
    orders, resources = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    first_use = s.use_start[s.start]
    for at in range(0, s.orders, _AT_ONCE):
        begin, end = first_use[at], first_use[min(at + _AT_ONCE, s.orders)]
        scarce = begin + np.flatnonzero(is_scarce[s.resource[begin:end]])
        order = np.searchsorted(first_use, scarce, side="right") - 1
        pairs = np.unique(order * len(s.capacity) + s.resource[scarce])
        orders.append((pairs // len(s.capacity)).astype(np.int32))
        resources.append((pairs % len(s.capacity)).astype(np.int32))
    return np.concatenate(orders), np.concatenate(resources)


def _walk(order: Numbers, resource: Numbers, nodes: int, wanted: Ints, size: int, seed: tuple[int, ...]) -> Ints:
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
