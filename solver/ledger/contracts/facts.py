"""What is known of an order once it is settled: what was listed, paid and shipped. All amounts in its currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from solver.errors import Violations
from solver.money import is_currency
from solver.validation import MOST_METERS, MOST_MINOR, MOST_UNITS, check_between, check_id, check_rows, check_unique


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledLine:
    """All units of a line together: their list price, what was paid after discounts, and the tax within that."""

    line_id: str
    sku: str
    units: int
    list_minor: int
    paid_minor: int
    tax_minor: int = 0
    source_id: str = ""
    category: str = ""
    service_level: str = ""
    distance_meters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedPackage:
    """A package and what the carrier's tariff says that it costs. Returns are packages too.

    `booked_minor` of that was booked when the order's plan was confirmed: a settlement books only what differs.
    """

    package_id: str
    carrier_id: str
    source_id: str
    tariff_minor: int
    booked_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledOrder:
    """An order that is paid and delivered. `paid_minor` is what its lines and its freight come to.

    `delivered_on` begins the days in which it may be returned; None: on the day it was placed.
    """

    order_id: str
    currency: str
    placed_on: date
    lines: tuple[SettledLine, ...]
    paid_minor: int
    packages: tuple[ShippedPackage, ...] = ()
    freight_paid_minor: int = 0
    channel: str = ""
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """So many units came back, and so much was given back for them; no units: an allowance."""

    line_id: str
    refund_minor: int
    units: int = 0
    tax_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back to a buyer on a day, with the packages that came back."""

    refund_id: str
    order_id: str
    on: date
    lines: tuple[RefundedLine, ...]
    freight_minor: int = 0
    packages: tuple[ShippedPackage, ...] = ()


def check_order(order: SettledOrder, path: str, violations: Violations) -> None:
    """Nothing is negative, nothing stands twice, and the totals add up."""
    check_id(order.order_id, f"{path}.order_id", violations)
    violations.require(
        is_currency(order.currency), f"{path}.currency", order.currency, "give an ISO 4217 code such as CNY"
    )
    check_rows(order.lines, f"{path}.lines", violations)
    _check_minor(order.freight_paid_minor, f"{path}.freight_paid_minor", violations)
    for position, line in enumerate(order.lines):
        _check_line(line, f"{path}.lines[{position}]", violations)
    check_unique([line.line_id for line in order.lines], f"{path}.lines", violations)
    _check_packages(order.packages, path, violations)
    if order.delivered_on is not None and order.delivered_on < order.placed_on:
        remedy = f"is before it was placed on {order.placed_on}"
        violations.add(f"{path}.delivered_on", order.delivered_on.isoformat(), remedy)
    total = sum(line.paid_minor for line in order.lines) + order.freight_paid_minor
    violations.require(
        total == order.paid_minor,
        f"{path}.paid_minor",
        order.paid_minor,
        f"lines and freight come to {total}; make them agree",
    )


def check_refund(refund: Refund, path: str, violations: Violations) -> None:
    """Nothing is negative, and no line stands twice. Whether so much was paid, only the order can tell."""
    check_id(refund.refund_id, f"{path}.refund_id", violations)
    check_id(refund.order_id, f"{path}.order_id", violations)
    _check_minor(refund.freight_minor, f"{path}.freight_minor", violations)
    for position, line in enumerate(refund.lines):
        at = f"{path}.lines[{position}]"
        check_between(line.units, 0, MOST_UNITS, f"{at}.units", violations)
        _check_minor(line.refund_minor, f"{at}.refund_minor", violations)
        check_between(line.tax_minor, 0, max(0, line.refund_minor), f"{at}.tax_minor", violations)
    check_unique([line.line_id for line in refund.lines], f"{path}.lines", violations)
    _check_packages(refund.packages, path, violations)
    given = sum(line.refund_minor for line in refund.lines) + refund.freight_minor
    violations.require(
        bool(given or refund.packages), f"{path}.lines", "nothing", "say what was given back, or what came back"
    )


def _check_line(line: SettledLine, path: str, violations: Violations) -> None:
    for name in ("line_id", "sku"):
        check_id(getattr(line, name), f"{path}.{name}", violations)
    check_between(line.units, 1, MOST_UNITS, f"{path}.units", violations)
    for name in ("list_minor", "paid_minor"):
        _check_minor(getattr(line, name), f"{path}.{name}", violations)
    check_between(line.tax_minor, 0, max(0, line.paid_minor), f"{path}.tax_minor", violations)
    check_between(line.distance_meters, 0, MOST_METERS, f"{path}.distance_meters", violations)


def _check_packages(packages: Sequence[ShippedPackage], path: str, violations: Violations) -> None:
    for position, package in enumerate(packages):
        at = f"{path}.packages[{position}]"
        check_id(package.package_id, f"{at}.package_id", violations)
        check_id(package.carrier_id, f"{at}.carrier_id", violations)
        _check_minor(package.tariff_minor, f"{at}.tariff_minor", violations)
        _check_minor(package.booked_minor, f"{at}.booked_minor", violations)
    check_unique([package.package_id for package in packages], f"{path}.packages", violations)


def _check_minor(value: int, path: str, violations: Violations) -> None:
    check_between(value, 0, MOST_MINOR, path, violations)
