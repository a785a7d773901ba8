"""What callers send as rows of stock, checked and added up; and how a shortage is told."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from solver.errors import StockShort, Violations
from solver.journal.model import MAX_AMOUNT
from solver.stock.model import Claim, Movement

_PLAIN = 10**6  # so many rows of so many units come to far less than MAX_AMOUNT

Place: TypeAlias = tuple[str, str]  # site id, SKU
UnitsBySite: TypeAlias = Mapping[str, Mapping[str, int]]  # SKU -> site id -> units


def sums(rows: Iterable[Claim | Movement]) -> list[tuple[Place, int]]:
    """Units per (site, SKU) in order of first mention, without those that cancel out."""
    added: dict[Place, int] = {}
    for row in rows:
        place = (row.site_id, row.sku)
        added[place] = added.get(place, 0) + row.units
    return [(place, units) for place, units in added.items() if units != 0]


def claims_of(units: Mapping[Place, int]) -> list[Claim]:
    """The same as rows."""
    return [Claim(site_id=site_id, sku=sku, units=count) for (site_id, sku), count in units.items()]


def refuse_invalid(what: str, path: str, rows: Sequence[Claim | Movement], *, signed: bool) -> None:
    """Raise InvalidRequest for rows that name no place, move nothing, or move more than can be counted."""
    if not signed and _are_plain(rows):
        return
    violations = Violations()
    for index, row in enumerate(rows):
        at = f"{path}[{index}]"
        violations.require(row.site_id != "", f"{at}.site_id", row.site_id, "name a site")
        violations.require(row.sku != "", f"{at}.sku", row.sku, "name a SKU")
        if signed:
            violations.require(
                abs(row.units) <= MAX_AMOUNT, f"{at}.units", row.units, f"at most {MAX_AMOUNT} either way"
            )
        else:
            violations.require(0 < row.units <= MAX_AMOUNT, f"{at}.units", row.units, f"between 1 and {MAX_AMOUNT}")
    if not violations.found:
        added = sums(rows)
        violations.require(bool(added), path, [], "give at least one that changes something")
        for (site_id, sku), units in added:
            violations.require(abs(units) <= MAX_AMOUNT, path, units, f"at most {MAX_AMOUNT} of {site_id}/{sku} in all")
    violations.refuse_any(what)


def _are_plain(rows: Sequence[Claim | Movement]) -> bool:
    """What nearly all are: worth a short look, for there are very many of them."""
    return 0 < len(rows) <= _PLAIN and all(one.site_id and one.sku and 0 < one.units <= _PLAIN for one in rows)


def stock_short(what: str, subject: str, shortages: Iterable[tuple[tuple[str, ...], int, int]]) -> StockShort:
    """The error that names every short place, such as site and SKU, with the units wanted and available."""
    metadata = {"/".join(place): f"wanted {wanted}, available {available}" for place, wanted, available in shortages}
    listed = "; ".join(f"{place}: {figures}" for place, figures in metadata.items())
    return StockShort(f"{what} {subject} asks for more than is available: {listed}", metadata=metadata)
