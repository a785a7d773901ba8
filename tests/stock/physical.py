"""Receipts into places, and what lies there, in few words."""

from datetime import date

from solver.journal.journal import Journal
from solver.stock.model import Claim, Movement
from solver.stock.physical.places import StockPlace
from solver.stock.physical.states import StockState
from solver.stock.stock import Stock
from solver.storage.database import Database

TODAY = date(2026, 3, 1)  # by the clock of the tests


def lot(units: int, expires_on: date | None = None, *, name: str = "", zone: str = "", bin_: str = "") -> Movement:
    """Units of tea at s1."""
    return Movement(site_id="s1", sku="tea", units=units, zone=zone, bin=bin_, lot=name, expires_on=expires_on)


def receive(database: Database, stock: Stock, *movements: Movement) -> None:
    with database.write() as tx:
        stock.receive(tx, movements, "po-1")


def commit(database: Database, stock: Stock, units: int, hold_id: str = "h1") -> None:
    """Commit units of tea at s1."""
    with database.write() as tx:
        claims = [Claim(site_id="s1", sku="tea", units=units)]
        stock.hold(tx, hold_id, claims, stock.now(tx).replace(year=2027))
        stock.confirm(tx, hold_id)


def lying(database: Database, stock: Stock) -> dict[str, int]:
    """place id, and state where it is not good -> units of tea."""
    with database.read() as reader:
        return {name(level.place, level.state): level.units for level in stock.places.levels(reader, skus=["tea"])}


def name(place: StockPlace, state: StockState = StockState.GOOD) -> str:
    return place.place_id if state is StockState.GOOD else f"{place.place_id} {state}"


def available(database: Database, stock: Stock) -> int:
    """Of tea at s1."""
    with database.read() as reader:
        return stock.available(reader, ["tea"])["tea"].get("s1", 0)


def broken_rules(database: Database, journal: Journal, stock: Stock) -> list[str]:
    """What either audit finds."""
    with database.read() as reader:
        return [str(one) for one in (*journal.audit(reader), *stock.audit(reader))]
