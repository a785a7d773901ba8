"""When what comes in expires, by the shelf life of its material, and whether enough of that is left to take it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from solver.catalog.model import Material
from solver.errors import Violations
from solver.stock.model import Movement

_SHELF_LIFE, _LEAST = "shelf_life_days", "least_days_on_receipt"  # fields of the catalog


def with_shelf_life(
    movement: Movement, materials: Mapping[str, Material], today: date, path: str, violations: Violations
) -> Movement:
    """The movement with `expires_on` in place of `made_on`; what does not fit the material is recorded.

    The last day is so many days after the one on which it was made. Without a date, and with an unknown material,
    nothing is asked.
    """
    material = materials.get(movement.sku)
    if material is None or (movement.made_on is None and movement.expires_on is None):
        return movement
    if movement.made_on is not None:
        movement = _dated(movement, movement.made_on, material, today, path, violations)
    least = int(material.attributes.get(_LEAST, 0))
    if least and movement.units > 0 and movement.expires_on is not None:
        left = (movement.expires_on - today).days
        remedy = f"{left} days are left, and {movement.sku} is taken with {least} at least; send it back"
        violations.require(left >= least, f"{path}.expires_on", movement.expires_on.isoformat(), remedy)
    return movement


def _dated(
    movement: Movement, made_on: date, material: Material, today: date, path: str, violations: Violations
) -> Movement:
    days = material.attributes.get(_SHELF_LIFE)
    told = made_on.isoformat()
    if movement.expires_on is not None:
        violations.add(f"{path}.made_on", told, "expires_on is said already; give one of them")
        return movement
    if days is None:
        remedy = f"{movement.sku} has no {_SHELF_LIFE}; give it in the catalog, or say expires_on instead"
        violations.add(f"{path}.made_on", told, remedy)
        return movement
    violations.require(
        made_on <= today, f"{path}.made_on", told, f"it is {today.isoformat()} there; give a day until then"
    )
    try:
        expires_on = made_on + timedelta(days=int(days))
    except OverflowError:
        violations.add(f"{path}.made_on", told, "give a day of this age")
        return movement
    return replace(movement, made_on=None, expires_on=expires_on)
