"""What arrived against what was sent, line by line: received, damaged, over, short."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from solver.stock.expected.consignment_model import ArrivedUnits, Consignment, ConsignmentLine
from solver.stock.physical.places import StockPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Unloading:
    """The consignment's lines after an arrival; and by SKU the units that were found short."""

    lines: tuple[ConsignmentLine, ...]
    short: dict[str, int]


def unload(
    consignment: Consignment, rows: Sequence[tuple[StockPlace, ArrivedUnits]], *, more_to_come: bool
) -> Unloading:
    """Set what arrived against the lines: those of its lot first, then others of its SKU; what is left is over."""
    lines = list(consignment.lines)
    for place, row in rows:
        for name, units in (("received_units", row.units), ("damaged_units", row.damaged_units)):
            _set_against(lines, place, row.sku, name, units)
    short: dict[str, int] = {}
    if not more_to_come:
        for position, line in enumerate(lines):
            if line.coming_units > 0:
                short[line.sku] = short.get(line.sku, 0) + line.coming_units
                lines[position] = replace(line, short_units=line.short_units + line.coming_units)
    return Unloading(lines=tuple(lines), short=short)


def _set_against(lines: list[ConsignmentLine], place: StockPlace, sku: str, name: str, units: int) -> None:
    own = [position for position, line in enumerate(lines) if line.sku == sku and line.lot == place.lot]
    others = [position for position, line in enumerate(lines) if line.sku == sku and line.lot != place.lot]
    left = units
    for position in (*own, *others):
        taken = min(left, lines[position].coming_units)
        if taken > 0:
            lines[position] = _more(lines[position], name, taken)
            left -= taken
    if not left:
        return
    if not own:
        lines.append(ConsignmentLine(sku=sku, units=0, lot=place.lot, expires_on=place.expires_on))
        own = [len(lines) - 1]
    over = lines[own[0]]
    lines[own[0]] = _more(replace(over, over_units=over.over_units + left), name, left)


def _more(line: ConsignmentLine, name: str, units: int) -> ConsignmentLine:
    if name == "received_units":
        return replace(line, received_units=line.received_units + units)
    return replace(line, damaged_units=line.damaged_units + units)
