"""What shares cost in resources at given prices."""

from solver.sourcing.case import Ints
from solver.waves.case import NONE, WaveCase
from solver.waves.engine.machine_code import compiled


@compiled
def price_units(c: WaveCase, part: int, parts: int, r: int, prices: Ints, unit_price: Ints) -> int:
    """Write what a unit of each part costs in resources when row `r` ships it; returns what a share of it costs."""
    source = c.row_source[r]
    of_share = of_unit = of_value = 0
    if c.source_orders[source] != NONE:
        of_share += prices[c.source_orders[source]]
    if c.source_minutes[source] != NONE:
        of_share += prices[c.source_minutes[source]] * c.row_minutes[r]
        of_unit += prices[c.source_minutes[source]] * c.row_unit_minutes[r]
    if c.source_units[source] != NONE:
        of_unit += prices[c.source_units[source]]
    if c.source_value[source] != NONE:
        of_value += prices[c.source_value[source]]
    stock = c.stock_start[r]
    for d in range(parts):
        unit_price[d] = of_unit + of_value * c.part_value[part + d]
        if c.row_stock[stock + d] != NONE:
            unit_price[d] += prices[c.row_stock[stock + d]]
    return int(of_share)


@compiled
def price_of_services(c: WaveCase, e: int, prices: Ints) -> int:
    """What the packages of an entry cost in resources of services."""
    price = 0
    if c.entry_service[e] != NONE:
        price += prices[c.entry_service[e]]
    if c.entry_lane[e] < 0:
        way = -1 - c.entry_lane[e]
        for b in range(c.way_start[way], c.way_start[way + 1]):
            if c.way_service[b] != NONE:
                price += prices[c.way_service[b]]
    return int(price)
