"""Three books, one truth: units in the stock book, their cost in the value book, inventory in the money book."""

from collections.abc import Iterable, Iterator, Mapping

from solver.journal.model import Discrepancy


def untied(
    valued: Iterable[tuple[str, str, int, int]], owned: Mapping[tuple[str, str], int], booked: Mapping[str, int]
) -> tuple[Discrepancy, ...]:
    """Where they do not tie; empty when they do.

    `valued`: entity, SKU, units and their value; `owned`: units by entity and SKU; `booked`: minor units by entity.
    """
    rows = list(valued)
    units = {(entity, sku): count for entity, sku, count, _ in rows}
    values = dict.fromkeys(booked, 0)
    for entity, _, _, value_minor in rows:
        values[entity] = values.get(entity, 0) + value_minor
    return (*_units(units, owned), *_values(values, booked))


def _units(units: Mapping[tuple[str, str], int], owned: Mapping[tuple[str, str], int]) -> Iterator[Discrepancy]:
    for entity, sku in sorted(owned.keys() | units.keys()):
        there, costed = owned.get((entity, sku), 0), units.get((entity, sku), 0)
        if there != costed:
            yield Discrepancy(
                rule="units_have_a_cost",
                where=f"{entity or 'home'}/{sku}",
                expected=f"{there} by the stock book",
                found=f"{costed} by the value book",
            )


def _values(values: Mapping[str, int], booked: Mapping[str, int]) -> Iterator[Discrepancy]:
    for entity, value_minor in sorted(values.items()):
        if booked.get(entity, 0) != value_minor:
            yield Discrepancy(
                rule="stock_is_worth_its_inventory",
                where=entity or "home",
                expected=f"{value_minor} by the value book",
                found=f"{booked.get(entity, 0)} by the money book",
            )
