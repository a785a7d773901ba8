"""The best prices of blocks that no package undercuts: a linear program, solved by the simplex method.

It splits the order into packages and fractions of packages as cheaply as can be; the prices are its dual solution.
"""

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.duals import cost_of_states, fill_worth, worth_of_states
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.states import States

_Floats = NDArray[np.float64]

_AT_A_TIME = 128  # columns that are priced before the best of them enters
_MOST_TURNS = 100  # for each part
_EXACT = 1e-9
_SPREAD, _STEP = 1e-3, 0.6180339887  # demands a little apart, lest a pivot change nothing


@inner
def best_worth_of_states(c: Arrays, st: States, best: Ints) -> Ints:
    """As `duals.worth_of_states`, but the whole order is worth the most that it can be, up to rounding."""
    bound = cost_of_states(c, best)
    bound[0] = NEVER  # nothing is no package
    states = np.nonzero(bound != NEVER)[0]
    prices = rounded(best_prices(c.radix, c.stride, states, bound[states]), c.radix)
    worth = np.zeros(len(best), np.int64)
    fill_worth(c, prices, worth)
    for state in states:
        if worth[state] > bound[state]:
            return worth_of_states(c, st, best)
    return worth


@compiled
def rounded(prices: _Floats, radix: Ints) -> Ints:
    """Whole prices that are no higher, nor so high that all blocks together cost more than NEVER."""
    most = NEVER // max(1, radix.sum())
    whole = np.zeros(len(prices), np.int64)
    for d in range(len(prices)):
        whole[d] = most if prices[d] >= most else int(max(0.0, prices[d] + _EXACT))
    return whole


@compiled
def best_prices(radix: Ints, stride: Ints, states: Ints, costs: Ints) -> _Floats:
    """Prices p >= 0 of the parts' blocks: the dearest order such that no state's blocks cost more than the state.

    Revised simplex method from the single blocks; `inverse` is the basis matrix's, `amounts` says how much of each
    basic column is used.
    """
    parts, columns = len(radix), blocks_of(radix, stride, states)
    prices = single_costs(stride, states, costs)
    inverse, entering = np.eye(parts), np.empty(parts)
    amounts = (radix - 1) * (1 + _SPREAD * (np.arange(1, parts + 1) * _STEP % 1.0))
    exact = _EXACT * prices.max()
    begin = 0
    for _ in range(_MOST_TURNS * parts):
        spare = int(np.argmin(prices))
        saved = float(prices[spare])
        if saved < -exact:
            enter_spare(inverse, spare, entering)
        else:
            column, saved, begin = next_column(columns, costs, prices, begin, exact)
            if column < 0:
                break
            enter(inverse, columns, column, entering)
        row = pivot(inverse, amounts, entering)
        if row < 0:
            break
        for d in range(parts):
            prices[d] += saved * inverse[row, d]
    return prices


@compiled
def blocks_of(radix: Ints, stride: Ints, states: Ints) -> _Floats:
    """Blocks of each part in each state, [D, states]."""
    blocks = np.empty((len(radix), len(states)), np.float64)
    for d in range(len(radix)):
        for at in range(len(states)):
            blocks[d, at] = states[at] // stride[d] % radix[d]
    return blocks


@inner
def single_costs(stride: Ints, states: Ints, costs: Ints) -> _Floats:
    """What a single block of each part costs; where there is no such package, more than any other."""
    single = np.full(len(stride), 4.0 * costs.max())
    for d in range(len(stride)):
        at = np.searchsorted(states, stride[d])
        if at < len(states) and states[at] == stride[d]:
            single[d] = costs[at]
    return single


@inner
def next_column(columns: _Floats, costs: Ints, prices: _Floats, begin: int, exact: float) -> tuple[int, float, int]:
    """A column that costs less than its blocks, by how much (below 0), where to go on; -1 where there is none."""
    size = len(costs)
    excess = np.empty(_AT_A_TIME)
    seen = 0
    while seen < size:
        count = min(_AT_A_TIME, size - begin)
        for at in range(count):
            excess[at] = costs[begin + at]
        for d in range(len(prices)):
            price = prices[d]
            for at in range(count):
                excess[at] -= price * columns[d, begin + at]
        found = int(np.argmin(excess[:count]))
        here, begin = begin, begin + count if begin + count < size else 0
        if excess[found] < -exact:
            return here + found, float(excess[found]), begin
        seen += count
    return -1, 0.0, begin


@inner
def enter(inverse: _Floats, columns: _Floats, column: int, entering: _Floats) -> None:
    """How much of each basic column a further one takes the place of."""
    entering[:] = 0.0
    for d in range(len(entering)):
        blocks = columns[d, column]
        if blocks > 0:
            for i in range(len(entering)):
                entering[i] += inverse[i, d] * blocks


@inner
def enter_spare(inverse: _Floats, part: int, entering: _Floats) -> None:
    """As `enter`, for a block more than is asked."""
    for i in range(len(entering)):
        entering[i] = -inverse[i, part]


@inner
def pivot(inverse: _Floats, amounts: _Floats, entering: _Floats) -> int:
    """Let the column enter as far as no amount falls below 0; the row that leaves, -1 where none does."""
    parts = len(amounts)
    row, least = -1, np.inf
    for i in range(parts):
        if entering[i] > _EXACT and amounts[i] / entering[i] < least:
            row, least = i, amounts[i] / entering[i]
    if row < 0:
        return row
    for d in range(parts):
        inverse[row, d] /= entering[row]
    amounts[row] = least
    for i in range(parts):
        if i != row and entering[i] != 0:
            for d in range(parts):
                inverse[i, d] -= entering[i] * inverse[row, d]
            amounts[i] -= entering[i] * least
    return row
