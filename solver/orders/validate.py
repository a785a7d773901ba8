"""What a sound order is."""

from collections.abc import Sequence

from solver.errors import Violations
from solver.money import is_currency
from solver.orders.model import Address, Chosen, Order, OrderLine
from solver.validation import (
    MOST_MINOR,
    MOST_UNITS,
    Known,
    check_between,
    check_coordinates,
    check_id,
    check_reference,
    check_time,
    check_unique,
    is_id,
    is_time,
)

MOST_LINES = 100
MOST_PARTS = 100
MOST_CHOSEN = 100


def check_order(
    order: Order, skus: Known, currency: str | None, path: str, violations: Violations, *, materials: Known
) -> None:
    """Ids, times, lines, quantities, known SKUs; and the currency of the tariffs (None: there are none yet).

    `skus` are what a line may name, `materials` what it may say that it is made of.
    """
    prefix = f"{path}." if path else ""
    if not is_id(order.order_id):
        check_id(order.order_id, f"{prefix}order_id", violations)
    if not is_currency(order.currency):
        violations.add(f"{prefix}currency", order.currency, "give an ISO 4217 code such as CNY")
    elif currency is not None and order.currency != currency:
        violations.add(f"{prefix}currency", order.currency, f"the tariffs are in {currency}; orders must be as well")
    if not is_time(order.placed_at):
        check_time(order.placed_at, f"{prefix}placed_at", violations)
    if order.promised_at is not None:
        check_time(order.promised_at, f"{prefix}promised_at", violations)
    _check_lines(order, skus, materials, f"{prefix}lines", violations)
    if order.chosen:
        _check_chosen(order.chosen, f"{prefix}chosen", violations)
    if order.customer_id:
        check_id(order.customer_id, f"{prefix}customer_id", violations)


def check_destination(address: Address, regions: Known, path: str, violations: Violations) -> None:
    """A known region; coordinates both or none, on the globe."""
    if address.region_id not in regions:
        check_reference(address.region_id, regions, "region", f"{path}.region_id", violations)
    if address.latitude is not None or address.longitude is not None:
        check_address_point(address, path, violations)


def check_address_point(address: Address, path: str, violations: Violations) -> None:
    """Coordinates both or none, on the globe."""
    if (address.latitude is None) != (address.longitude is None):
        stated = f"latitude {address.latitude}, longitude {address.longitude}"
        violations.add(path, stated, "give latitude and longitude, or neither")
    check_coordinates(address.latitude or 0.0, address.longitude or 0.0, path, violations)


def _check_lines(order: Order, skus: Known, materials: Known, path: str, violations: Violations) -> None:
    count = len(order.lines)
    if not 1 <= count <= MOST_LINES:
        violations.add(path, f"{count} lines", f"an order has 1 to {MOST_LINES} lines")
    check_unique([line.line_id for line in order.lines], path, violations)
    for position, line in enumerate(order.lines):
        if not is_plain(line, skus):
            _check_line(line, skus, materials, f"{path}[{position}]", violations)


def is_plain(line: OrderLine, skus: Known) -> bool:
    """Whether it is a line as most are: sound, of something known, without parts and choices."""
    quantity, price_minor, list_minor, tax_minor = line.quantity, line.unit_price_minor, line.list_minor, line.tax_minor
    return (
        line.sku in skus
        and not line.parts
        and not line.chosen
        and type(quantity) is type(price_minor) is type(list_minor) is type(tax_minor) is int
        and 1 <= quantity <= MOST_UNITS
        and 0 <= price_minor <= MOST_MINOR
        and 0 <= list_minor <= MOST_MINOR
        and 0 <= tax_minor <= (price_minor * quantity or MOST_MINOR)
        and is_id(line.line_id)
    )


def _check_line(line: OrderLine, skus: Known, materials: Known, path: str, violations: Violations) -> None:
    check_id(line.line_id, f"{path}.line_id", violations)
    if line.parts:
        _check_parts(line, materials, path, violations)
    else:
        check_reference(line.sku, skus, "sales item or material", f"{path}.sku", violations)
    check_between(line.quantity, 1, MOST_UNITS, f"{path}.quantity", violations)
    check_between(line.unit_price_minor, 0, MOST_MINOR, f"{path}.unit_price_minor", violations)
    check_between(line.list_minor, 0, MOST_MINOR, f"{path}.list_minor", violations)
    paid_minor = line.unit_price_minor * line.quantity
    most_minor = paid_minor if paid_minor > 0 else MOST_MINOR  # a combination may be priced by its own list
    check_between(line.tax_minor, 0, most_minor, f"{path}.tax_minor", violations)
    if line.chosen:
        _check_chosen(line.chosen, f"{path}.chosen", violations)


def _check_parts(line: OrderLine, materials: Known, path: str, violations: Violations) -> None:
    """Each material once, and shares of the unit's price that sum to it, or none."""
    check_id(line.sku, f"{path}.sku", violations)
    few = len(line.parts) <= MOST_PARTS
    violations.require(few, f"{path}.parts", f"{len(line.parts)} parts", f"give at most {MOST_PARTS}")
    check_unique([part.sku for part in line.parts], f"{path}.parts", violations)
    for position, part in enumerate(line.parts):
        at = f"{path}.parts[{position}]"
        check_reference(part.sku, materials, "material", f"{at}.sku", violations)
        check_between(part.units, 1, MOST_UNITS, f"{at}.units", violations)
        check_between(part.price_minor, 0, MOST_MINOR, f"{at}.price_minor", violations)
    shared = sum(part.price_minor for part in line.parts)
    remedy = f"the parts' prices sum to the unit's price, {line.unit_price_minor}, or are all 0"
    violations.require(shared in (0, line.unit_price_minor), f"{path}.parts", shared, remedy)


def _check_chosen(chosen: Sequence[Chosen], path: str, violations: Violations) -> None:
    """Named slots and options, each option of a slot once."""
    few = len(chosen) <= MOST_CHOSEN
    violations.require(few, path, f"{len(chosen)} choices", f"give at most {MOST_CHOSEN}")
    check_unique([f"{one.slot}: {one.option}" for one in chosen], path, violations)
    for position, one in enumerate(chosen):
        at = f"{path}[{position}]"
        check_id(one.slot, f"{at}.slot", violations)
        check_id(one.option, f"{at}.option", violations)
        check_between(one.units, 1, MOST_UNITS, f"{at}.units", violations)
