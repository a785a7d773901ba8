"""Which orders of a wave are decided together: those that share something scarce, and if they are many, neighbours."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from solver.sourcing.case import Ints
from solver.waves.case import WaveCase
from solver.waves.parts.potential import Potential, scarce_resources

_NEAREST = 3  # sources of an order that are neighbours for its sake
_FEW = 2  # sources that need no arranging


def split(case: WaveCase, potential: Potential, most_orders: int) -> list[Ints]:
    """All orders in parts of at most `most_orders`, each part ascending.

    Orders of different components share nothing scarce, so that keeping them apart costs nothing. A component that is
    too large is cut by region: into equal runs of a sequence in which sources that are near to the same orders stand
    together, and orders stand by the nearest of their sources.
    """
    sequence = _by_region(case)
    parts: list[Ints] = []
    small: list[Ints] = []
    for component in components(case, potential):
        if len(component) <= most_orders:
            small.append(component)
            continue
        count = -(-len(component) // most_orders)
        arranged = component[np.argsort(sequence[component], kind="stable")]
        parts += [np.sort(run) for run in np.array_split(arranged, count)]
    return parts + _packed(small, most_orders)


def components(case: WaveCase, potential: Potential) -> list[Ints]:
    """The orders that are linked by scarce resources, and by sources that cost something to open; by first order."""
    scarce = scarce_resources(case, potential)[potential.resource]
    order_of_row = np.repeat(np.arange(case.orders), np.diff(case.row_start))
    opens = case.opening_cost[case.row_source] > 0
    order = np.concatenate([potential.order[scarce], order_of_row[opens]])
    first = case.orders
    node = np.concatenate(
        [first + potential.resource[scarce], first + case.resources + case.row_source[opens].astype(np.int64)]
    )
    nodes = first + case.resources + len(case.opening_cost)
    graph = csr_array((np.ones(len(order), dtype=np.int8), (order, node)), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=False)
    mine = label[: case.orders]
    arranged = np.argsort(mine, kind="stable")
    cuts = np.flatnonzero(np.diff(mine[arranged])) + 1
    found = [one.astype(np.int64) for one in np.split(arranged, cuts) if len(one)]
    return sorted(found, key=lambda one: int(one[0]))


def _packed(small: list[Ints], most_orders: int) -> list[Ints]:
    """Components put together, the next one where it still fits: a part is not worth sending for one order."""
    parts: list[list[Ints]] = []
    free = 0
    for component in small:
        if len(component) > free:
            parts.append([])
            free = most_orders
        parts[-1].append(component)
        free -= len(component)
    return [np.sort(np.concatenate(several)) for several in parts]


def _by_region(case: WaveCase) -> Ints:
    """[O]: the place of each order's nearest source where neighbours stand together; orders without rows are last."""
    near = _nearest(case)
    place = np.append(_arranged(near, len(case.opening_cost)), len(case.opening_cost))
    return place[near[:, 0]]


def _nearest(case: WaveCase) -> Ints:
    """[O, 3]: the sources whose cheapest package is the cheapest, the cheapest first; filled up with -1."""
    near = np.full((case.orders, _NEAREST), -1, dtype=np.int64)
    filled = np.diff(case.entry_start) > 0
    rows = np.flatnonzero(filled)
    if not len(rows):
        return near
    least = np.minimum.reduceat(case.entry_cost, case.entry_start[rows])
    order = np.repeat(np.arange(case.orders), np.diff(case.row_start))[rows]
    source = case.row_source[rows].astype(np.int64)
    arranged = np.lexsort((source, least, order))
    order, source = order[arranged], source[arranged]
    rank = np.arange(len(order)) - np.searchsorted(order, order)
    kept = rank < _NEAREST
    near[order[kept], rank[kept]] = source[kept]
    return near


def _arranged(near: Ints, sources: int) -> Ints:
    """[S]: the place of each source in a sequence of neighbours, by average linkage of who is near to whom."""
    if sources <= _FEW:
        return np.arange(sources)
    from scipy.cluster.hierarchy import leaves_list, linkage  # late: see solver.late

    both = np.zeros((sources, sources))
    for one in range(_NEAREST):
        for other in range(one + 1, _NEAREST):
            there = near[:, other] >= 0
            np.add.at(both, (near[there, one], near[there, other]), 1.0)
    both += both.T
    distance = 1.0 / (1.0 + both[np.triu_indices(sources, 1)])
    place = np.zeros(sources, dtype=np.int64)
    place[leaves_list(linkage(distance, "average"))] = np.arange(sources)
    return place
