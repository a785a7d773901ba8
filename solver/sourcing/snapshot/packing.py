"""A decision's package as a plan has it: priced term by term, with what each of its units is for."""

from collections.abc import Mapping
from typing import NamedTuple

from solver.network.lanes import Lane
from solver.orders.model import Order
from solver.sourcing.assemble import package_cost
from solver.sourcing.plan import Package, PackedUnits
from solver.sourcing.problem import Item, Line
from solver.sourcing.snapshot.decision import Chosen
from solver.sourcing.snapshot.itemised import Itemiser


class Packed(NamedTuple):
    """The contents of a package, by line, and what they weigh and take up."""

    contents: tuple[PackedUnits, ...]
    weight_grams: int
    volume_mm3: int


def packed_of(units_of: Mapping[str, int], items: Mapping[str, Item], line_of: Mapping[str, Line]) -> Packed:
    """So many units of each SKU. No two lines share one: `line_of` has the one that asks for it."""
    weight_grams = volume_mm3 = 0
    contents = []
    for sku, units in units_of.items():
        item = items[sku]
        weight_grams += item.weight_grams * units
        volume_mm3 += item.volume_mm3 * units
        contents.append(PackedUnits(line_id=line_of[sku].line_id, sku=sku, units=units))
    contents.sort(key=_by_line)
    return Packed(tuple(contents), weight_grams, volume_mm3)


def package_of(chosen: Chosen, lane: Lane, packed: Packed, *, order: Order, itemiser: Itemiser) -> Package:
    """What is chosen, packed, and sent by this lane."""
    contents, weight_grams, volume_mm3 = packed
    billable_grams = lane.billable_grams(weight_grams, volume_mm3)
    late_minutes, cost = itemiser.of_package(order, chosen, lane, billable_grams)
    return Package(
        source_id=lane.source_id,
        service_id=lane.service_id,
        carrier_id=lane.carrier_id,
        contents=contents,
        weight_grams=weight_grams,
        volume_mm3=volume_mm3,
        billable_grams=billable_grams,
        distance_meters=lane.distance_meters,
        arrives_at=lane.arrives_at,
        late_minutes=late_minutes,
        crosses_province=lane.crosses_province,
        cost_minor=package_cost(cost),
    )


def _by_line(packed: PackedUnits) -> tuple[str, str]:
    return packed.line_id, packed.sku
