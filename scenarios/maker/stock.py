"""Opening stock: broad in warehouses, a few popular things in stores and at dealers, the most wanted a bit scarce."""

from collections.abc import Sequence

from scenarios.maker.catalog import Ware, wares
from scenarios.maker.dice import Dice
from scenarios.maker.facts import table
from solver.network.model import Source, SourceKind
from solver.scenario.model import OpeningStock

_KEPT_AT = {
    SourceKind.WAREHOUSE: ("everywhere", "trade", "warehouses"),
    SourceKind.DEALER: ("everywhere", "trade"),
    SourceKind.STORE: ("everywhere",),
}
_WAREHOUSE_CARRIES_PERCENT = 80
_CENTRAL_CARRIES_PERCENT = 94
_SCARCE_FROM_POPULARITY = 9


def opening_stock(sources: Sequence[Source], seed: str) -> tuple[OpeningStock, ...]:
    """Stock of every source by SKU; the first source is the central warehouse.

    Told rows replace drawn ones, and rows of zero are left out.
    """
    dice = Dice(f"{seed}/stock")
    units = {}
    for rank, source in enumerate(sources):
        percent = _CENTRAL_CARRIES_PERCENT if rank == 0 else _WAREHOUSE_CARRIES_PERCENT
        for sku, drawn in _drawn(source, percent, dice).items():
            units[source.source_id, sku] = drawn
    for row in table("told_stock"):
        units[row["source_id"], row["sku"]] = int(row["units"])
    order = {source.source_id: rank for rank, source in enumerate(sources)}
    kept = sorted((key for key, count in units.items() if count > 0), key=lambda key: (order[key[0]], key[1]))
    return tuple(OpeningStock(source_id=key[0], sku=key[1], units=units[key]) for key in kept)


def _drawn(source: Source, warehouse_carries_percent: int, dice: Dice) -> dict[str, int]:
    carried = [ware for ware in wares() if ware.stocked in _KEPT_AT[source.kind]]
    if source.kind is SourceKind.WAREHOUSE:
        return {ware.sku: _warehouse_units(ware, dice) for ware in carried if dice.chance(warehouse_carries_percent)}
    fewest, most, deepest = (6, 12, 3) if source.kind is SourceKind.STORE else (4, 9, 6)
    chosen = dice.draw(carried, [ware.popularity for ware in carried], dice.between(fewest, most))
    return {ware.sku: dice.between(1, deepest) for ware in chosen}


def _warehouse_units(ware: Ware, dice: Dice) -> int:
    if ware.popularity >= _SCARCE_FROM_POPULARITY:
        return dice.between(0, 3)
    return dice.between(1, 4) if ware.popularity == 1 else dice.between(3, 18)
