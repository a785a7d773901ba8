"""The cheapest assignment of a block, and by how much every other one that leaves a pair out is dearer."""

from collections.abc import Mapping

import numpy as np

FORBIDDEN = 1_000_000
ALONE = 100  # what it costs to leave a record without a partner


def assign(ours: int, theirs: int, costs: Mapping[tuple[int, int], int]) -> list[tuple[int, int, int]]:
    """Pairs of the cheapest assignment, each with its margin: how much dearer the best assignment without it is.

    `costs` has a pair's cost where it is a candidate; a record may stay alone for ALONE. A margin above 0 for every
    pair proves that the optimum is the only one.

    Every row (record of ours, or the empty partner of one of theirs) holds a column. Taking another row's column
    changes the cost by an arc's length, and another assignment is a set of cycles of such arcs; at the optimum no
    cycle is shorter than 0, so shortest paths (Floyd and Warshall) give each row its shortest cycle: the margin.
    """
    from scipy.optimize import linear_sum_assignment  # late: see solver.late

    size = ours + theirs
    matrix = np.full((size, size), FORBIDDEN, dtype=np.int64)
    for (one, other), cost in costs.items():
        matrix[one, other] = cost
    for one in range(ours):
        matrix[one, theirs + one] = ALONE
    for other in range(theirs):
        matrix[ours + other, other] = ALONE
    matrix[ours:, theirs:] = 0
    columns = linear_sum_assignment(matrix)[1]
    pairs = [
        (one, int(columns[one]))
        for one in range(ours)
        if matrix[one, columns[one]] < ALONE * 2 and columns[one] < theirs
    ]
    if not pairs:
        return []
    lengths = matrix[:, columns] - matrix[np.arange(size), columns][:, None]
    paths = lengths.copy()
    for middle in range(size):
        np.minimum(paths, paths[:, middle : middle + 1] + paths[middle : middle + 1, :], out=paths)
    np.fill_diagonal(lengths, FORBIDDEN)
    cycles = (lengths + paths.T).min(axis=1)
    return [(one, other, int(min(cycles[one], FORBIDDEN))) for one, other in pairs]
