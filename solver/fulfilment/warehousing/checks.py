"""Checks that every row about units at a site shares: the site, the material, the place, and how many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from solver.errors import Violations
from solver.fulfilment.shelf_life import with_shelf_life
from solver.fulfilment.site_days import days_of
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.network.model import SourceKind
from solver.stock.model import Movement
from solver.stock.physical.states import BY_HAND, StockState
from solver.validation import MOST_ROWS, MOST_UNITS, check_between, check_id, check_reference, check_rows

MOST_REFERENCE_CHARACTERS = 256


class UnitsAtSite(Protocol):
    """A row about units of a SKU at a site."""

    @property
    def site_id(self) -> str:
        """The site."""
        ...

    @property
    def sku(self) -> str:
        """The material."""
        ...

    @property
    def units(self) -> int:
        """How many."""
        ...


class WarehouseChecks:
    """Checks against the catalog and the network of the moment."""

    def __init__(self, catalog: CatalogSource, network: NetworkSource) -> None:
        self._catalog = catalog
        self._network = network
        self._day_of = days_of(network)

    def rows(
        self,
        rows: Sequence[UnitsAtSite],
        path: str,
        violations: Violations,
        *,
        names: Sequence[str] = (),
        least: int = 1,
    ) -> None:
        """One to a thousand rows; `names` are their fields that name a zone, a bin or a lot."""
        check_rows(rows, path, violations)
        for position, row in enumerate(rows):
            self.row(row, f"{path}[{position}]", violations, names=names, least=least)

    def row(
        self, row: UnitsAtSite, path: str, violations: Violations, *, names: Sequence[str] = (), least: int = 1
    ) -> None:
        """One of them."""
        self.site(row.site_id, f"{path}.site_id", violations)
        self.sku(row.sku, f"{path}.sku", violations)
        check_between(row.units, least, MOST_UNITS, f"{path}.units", violations)
        violations.require(row.units != 0 or least >= 0, f"{path}.units", 0, "move at least one unit")
        for name in names:
            check_name(getattr(row, name), f"{path}.{name}", violations)

    def site(self, site_id: str, path: str, violations: Violations, kind: SourceKind | None = None) -> None:
        """A site that exists, and is of this kind where one is named."""
        sources = self._network.network.sources
        check_reference(site_id, sources, "source", path, violations)
        if kind is not None and site_id in sources:
            remedy = f"it is a {sources[site_id].kind}; name a {kind}"
            violations.require(sources[site_id].kind is kind, path, site_id, remedy)

    def currency(self, currency: str, path: str, violations: Violations) -> None:
        """The network's currency; any of three capitals where the network has no tariff yet."""
        known = self._network.currency
        sound = len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
        remedy = "give three capitals, such as CNY" if known is None else f"give {known}, the currency of the tariffs"
        violations.require(sound and known in (None, currency), path, currency, remedy)

    def dated(self, movement: Movement, now: datetime, path: str, violations: Violations) -> Movement:
        """The movement with the day on which it expires, where it says when it was made."""
        if movement.made_on is None and movement.expires_on is None:
            return movement
        today = self._day_of(movement.site_id, now)
        return with_shelf_life(movement, self._catalog.catalog.materials, today, path, violations)

    def sku(self, sku: str, path: str, violations: Violations) -> None:
        """A material that exists."""
        check_reference(sku, self._catalog.catalog.materials, "material", path, violations)


def check_name(name: str, path: str, violations: Violations) -> None:
    """A zone, bin or lot: a name like an id, or none."""
    if name:
        check_id(name, path, violations)


def check_by_hand(state: StockState, path: str, violations: Violations) -> None:
    """A state that a caller may bring about himself."""
    allowed = f"give one of {', '.join(one.name for one in BY_HAND)}"
    violations.require(state in BY_HAND, path, state.name, allowed)


def check_few(rows: Sequence[object], path: str, violations: Violations) -> None:
    """A list that may be empty, and is not longer than fits into one call."""
    violations.require(len(rows) <= MOST_ROWS, path, f"{len(rows)} rows", f"send at most {MOST_ROWS:,}")


def check_text(reference: str, path: str, violations: Violations) -> None:
    """A caller's own name for something he does."""
    short = len(reference) <= MOST_REFERENCE_CHARACTERS
    violations.require(short, path, reference, f"give at most {MOST_REFERENCE_CHARACTERS} characters")
    violations.require("\0" not in reference, path, reference, "leave out the NUL character")
