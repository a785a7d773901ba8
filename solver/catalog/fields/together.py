"""Fields that must fit each other."""

from collections.abc import Mapping
from typing import Protocol

from solver.catalog.handling import NO_BATTERY, NO_HAZARD
from solver.errors import Violations

# The first is not more than the second.
NOT_MORE = (
    ("net_weight_grams", "weight_grams"),
    ("drained_weight_grams", "net_weight_grams"),
    ("shelf_life_warning_days", "shelf_life_days"),
    ("least_days_on_receipt", "shelf_life_days"),
    ("least_days_on_sale", "shelf_life_days"),
    ("least_storage_celsius", "most_storage_celsius"),
    ("least_order_units", "most_order_units"),
    ("floor_price_minor", "price_minor"),
)


class _Noun(Protocol):
    @property
    def attributes(self) -> Mapping[str, str]: ...


def check_together(noun: _Noun, attributes: Mapping[str, str], path: str, violations: Violations) -> None:
    """Record what does not fit; `attributes` are those of the noun that are sound."""
    if not attributes:
        return
    for lower, upper in NOT_MORE:
        if lower in attributes:
            limit = attributes.get(upper) or getattr(noun, upper, None)
            if limit is not None and int(attributes[lower]) > int(limit):
                remedy = f"is more than {upper}, {limit}; put one of them right"
                violations.add(f"{path}.attributes.{lower}", attributes[lower], remedy)
    _check_hazard(attributes, path, violations)
    _check_case(attributes, path, violations)


def _check_hazard(attributes: Mapping[str, str], path: str, violations: Violations) -> None:
    hazard, number = attributes.get("hazard_class", ""), attributes.get("un_number", "")
    if number and hazard in NO_HAZARD:
        violations.add(f"{path}.attributes.hazard_class", hazard, f"{number} is a dangerous good; give its class")
    if "battery_packing" in attributes and attributes.get("battery_type", "") in NO_BATTERY:
        at = f"{path}.attributes.battery_type"
        violations.add(
            at, attributes.get("battery_type", "missing"), "battery_packing is said; give the battery's type"
        )


def _check_case(attributes: Mapping[str, str], path: str, violations: Violations) -> None:
    told = [attributes.get(name) for name in ("units_per_inner", "inners_per_case", "units_per_case")]
    if all(told):
        inner, inners, case = (int(one or 0) for one in told)
        remedy = f"{inners} inners of {inner} units make {inner * inners}; put one of the three right"
        violations.require(inner * inners == case, f"{path}.attributes.units_per_case", case, remedy)
