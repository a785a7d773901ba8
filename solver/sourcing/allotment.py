"""Which units of a package are for which order line: engines decide about parts, people ordered lines."""

from collections.abc import Sequence

import numpy as np

from solver.sourcing.brief import Brief
from solver.sourcing.case import Finding, Ints

Allotment = Sequence[dict[tuple[int, int], int]]  # for each shipment: (line, part) -> units


def allot(brief: Brief, finding: Finding) -> Allotment | None:
    """Give the units of each shipment to the lines, whole units of a line in all; None where no way obeys the rules.

    Lines that ship together come first, the largest before the smaller, each from one source; the others take what is
    left in the order's own sequence. Several ways are tried only where the same SKU stands on several such lines.
    """
    case = brief.case
    wanted = (case.line_quantity - finding.unfilled)[:, None] * case.line_units
    left = [shipment.units.copy() for shipment in finding.shipments]
    given: list[dict[tuple[int, int], int]] = [{} for _ in left]
    together = [line for line in np.argsort(-wanted.sum(axis=1), kind="stable") if case.together[line]]
    apart = [line for line in range(len(wanted)) if not case.together[line]]
    sources = [int(case.offer_source[case.lane_offer[shipment.lane]]) for shipment in finding.shipments]
    if not _give_together(together, wanted, left, given, sources):
        return None
    for line in apart:
        _give(line, wanted[line], range(len(left)), left, given)
    return given


def _give_together(
    lines: Sequence[int], wanted: Ints, left: list[Ints], given: list[dict[tuple[int, int], int]], sources: list[int]
) -> bool:
    if not lines:
        return True
    line, rest = int(lines[0]), lines[1:]
    for source in dict.fromkeys(sources):
        shipments = [number for number, at in enumerate(sources) if at == source]
        if (sum((left[number] for number in shipments), np.zeros_like(wanted[line])) < wanted[line]).any():
            continue
        trial = [units.copy() for units in left]
        notes = [dict(note) for note in given]
        _give(line, wanted[line], shipments, trial, notes)
        if _give_together(rest, wanted, trial, notes, sources):
            left[:], given[:] = trial, notes
            return True
    return not wanted[line].any() and _give_together(rest, wanted, left, given, sources)


def _give(
    line: int,
    wanted: Ints,
    shipments: Sequence[int] | range,
    left: list[Ints],
    given: list[dict[tuple[int, int], int]],
) -> None:
    for part in np.flatnonzero(wanted).tolist():
        still = int(wanted[part])
        for number in shipments:
            units = min(still, int(left[number][part]))
            if units:
                left[number][part] -= units
                given[number][line, part] = units
                still -= units
