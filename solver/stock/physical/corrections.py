"""Fewer units lie at a place than the books have: what is free is taken off, what is promised becomes a shortfall."""

from solver.journal.model import Transfer
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import Side, at_place, lying, move, shortfall
from solver.stock.physical.states import StockState


def fall(place: StockPlace, sku: str, freely: int, promised: int, to: Side) -> list[Transfer]:
    """Good units leave a place: `freely` what nobody was promised, and `promised` what somebody was."""
    of_free = lying(place, sku, StockState.GOOD)
    owed = Side(site=shortfall(place.site_id, sku), place=at_place(place.place_id, sku, StockState.GOOD))
    parts = ((freely, of_free), (promised, owed))
    return [transfer for units, of in parts if units for transfer in move(units, of=of, to=to)]
