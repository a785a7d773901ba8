"""What an engine found, read back: shares become packages of every order, and what each order leaves becomes lines."""

import numpy as np

from solver.sourcing.case import Finding, Ints, Shipment
from solver.sourcing.cost import cost_of
from solver.waves.case import WaveCase, WaveFinding
from solver.waves.layout.laid_out import LaidOut


def findings_of(laid: LaidOut, found: WaveFinding, alone: Ints) -> dict[int, Finding]:
    """By number, what was found for each order within the structure.

    `alone` has what each order costs at least if it has all stock and capacity to itself, as a joined cost.
    """
    return {
        number: _finding(laid, found, number, int(alone[number]))
        for number in range(laid.case.orders)
        if number not in laid.outside
    }


def packages_of(case: WaveCase, entry: int) -> list[tuple[int, int]]:
    """The lane and state of every package of an entry."""
    lane = int(case.entry_lane[entry])
    if lane >= 0:
        return [(lane, int(case.entry_state[entry]))]
    ways = slice(int(case.way_start[-1 - lane]), int(case.way_start[-lane]))
    return list(zip(case.way_lane[ways].tolist(), case.way_state[ways].tolist(), strict=True))


def _finding(laid: LaidOut, found: WaveFinding, number: int, alone: int) -> Finding:
    wave_case, case = laid.case, laid.briefs[number].case
    parts = slice(int(wave_case.part_start[number]), int(wave_case.part_start[number + 1]))
    stride, radix = wave_case.part_stride[parts], wave_case.part_units[parts] + 1
    shares = found.share_entry[int(found.share_start[number]) : int(found.share_start[number + 1])]
    packages = sorted(package for entry in shares.tolist() for package in packages_of(wave_case, entry))
    shipments = tuple(Shipment(lane=lane, units=state // stride % radix) for lane, state in packages)
    unfilled = _unfilled(laid, number, int(found.left[number]) // stride % radix)
    cost = cost_of(case, shipments, unfilled)
    return Finding(
        shipments=shipments,
        unfilled=unfilled,
        cost=cost,
        bound=min(cost, laid.scale.parted(alone)),
    )


def _unfilled(laid: LaidOut, number: int, units: Ints) -> Ints:
    """Which units of each line make up the units of parts that are left, most cheaply; ties: later lines are left."""
    case = laid.briefs[number].case
    unfilled = np.zeros_like(case.line_quantity)
    if not units.any():
        return unfilled
    each = laid.scale.joined(case.unfilled_cost)
    whole = case.complete_lines | case.complete
    best: dict[tuple[int, ...], tuple[int, tuple[int, ...]]] = {
        tuple(units.tolist()): (0, ())
    }  # by what is left to say
    for line in reversed(range(len(unfilled))):
        most = int(case.line_quantity[line])
        after: dict[tuple[int, ...], tuple[int, tuple[int, ...]]] = {}
        for left, (cost, fewer) in best.items():
            for times in (0, most) if whole[line] else range(most + 1):
                rest = tuple((np.array(left) - times * case.line_units[line]).tolist())
                if min(rest) >= 0:
                    tried = (cost + times * int(each[line]), (*fewer, -times))
                    after[rest] = min(tried, after.get(rest, tried))
        best = after
    _, fewer = best[(0,) * len(units)]
    unfilled[:] = [-times for times in reversed(fewer)]
    return unfilled
