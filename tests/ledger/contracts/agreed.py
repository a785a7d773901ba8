"""Contracts and an order that tests speak of."""

from datetime import date

from solver.ledger.contracts.facts import SettledLine, SettledOrder, ShippedPackage

PLATFORM = """\
contract: mall-2026
version: 1
role: platform
party: mall
currency: CNY
from: 2026-01-01
commission:
  rate: 5%
  categories: {tea: 3.5%}
  minimum: 1.00 CNY
  cap: 50.00 CNY
  service_fee: 0.60 CNY
  kept_on_refund: [service_fee]
"""
DEALER = """\
contract: wang
version: 1
role: dealer
party: wang
currency: CNY
from: 2026-01-01
applies_to: {sources: [D-1]}
share:
  of: list
  rate: 60%
  prices: {CUP: 12.00 CNY}
  bears: {discount: 50%, freight: 25%, return: 100%}
"""
STORE = """\
contract: corner-shop
version: 1
role: store
party: S-9
currency: CNY
from: 2026-01-01
share:
  of: net
  rate: 80%
  by_service: {express: 90%}
  by_distance:
    - {from: 0, to: 3 km, rate: 70%}
    - {from: 3 km, rate: 75%}
"""
CARRIER = """\
contract: sf-2026
version: 1
role: carrier
party: sf
currency: CNY
from: 2026-01-01
logistics: {rate: 85%, minimum: 8.00 CNY, per_package: 0.20 CNY}
"""


def an_order(**changes: object) -> SettledOrder:
    """Tea from a dealer and a cup from a store: 100.00 for goods and 8.00 for freight."""
    said: dict[str, object] = {
        "order_id": "O-1",
        "currency": "CNY",
        "placed_on": date(2026, 3, 2),
        "delivered_on": date(2026, 3, 5),
        "channel": "mall",
        "lines": (
            SettledLine(
                line_id="1",
                sku="TEA",
                units=2,
                list_minor=9_000,
                paid_minor=8_000,
                tax_minor=920,
                source_id="D-1",
                category="tea",
            ),
            SettledLine(line_id="2", sku="POT", units=1, list_minor=2_000, paid_minor=2_000, source_id="S-9"),
        ),
        "packages": (
            ShippedPackage(package_id="P-1", carrier_id="sf", source_id="D-1", tariff_minor=1_200),
            ShippedPackage(package_id="P-2", carrier_id="sf", source_id="S-9", tariff_minor=900),
        ),
        "freight_paid_minor": 800,
        "paid_minor": 10_800,
    }
    return SettledOrder(**(said | changes))  # type: ignore[arg-type]  # fields by name, as a test states them
