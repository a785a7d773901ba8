"""What a sound shipment is."""

from solver.errors import Violations
from solver.orders.shipment import Shipment
from solver.validation import MOST_MINOR, MOST_UNITS, check_between, check_id, check_time


def check_shipment(shipment: Shipment, path: str, violations: Violations) -> None:
    """Ids, units, amounts, and times that run forwards."""
    prefix = f"{path}." if path else ""
    check_id(shipment.order_id, f"{prefix}order_id", violations)
    for name in ("source_id", "carrier_id", "service_id"):
        if getattr(shipment, name):
            check_id(getattr(shipment, name), f"{prefix}{name}", violations)
    for sku, units in shipment.units.items():
        check_id(sku, f"{prefix}units", violations)
        check_between(units, 1, MOST_UNITS, f"{prefix}units.{sku}", violations)
    for name in ("freight_minor", "paid_minor"):
        if getattr(shipment, name) is not None:
            check_between(getattr(shipment, name), 0, MOST_MINOR, f"{prefix}{name}", violations)
    if shipment.freight_minor is not None and shipment.paid_minor is not None:
        within = shipment.freight_minor <= shipment.paid_minor
        remedy = f"the freight, {shipment.freight_minor}, is within it; give no less"
        violations.require(within, f"{prefix}paid_minor", shipment.paid_minor, remedy)
    _check_times(shipment, prefix, violations)


def _check_times(shipment: Shipment, prefix: str, violations: Violations) -> None:
    before = len(violations.found)
    for name in ("shipped_at", "arrived_at"):
        if getattr(shipment, name) is not None:
            check_time(getattr(shipment, name), f"{prefix}{name}", violations)
    shipped, arrived = shipment.shipped_at, shipment.arrived_at
    if len(violations.found) == before and shipped is not None and arrived is not None:
        remedy = f"is earlier than the shipment, {shipped.isoformat()}"
        violations.require(arrived >= shipped, f"{prefix}arrived_at", arrived.isoformat(), remedy)
