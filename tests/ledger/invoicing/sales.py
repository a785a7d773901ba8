"""Sales to be invoiced."""

from dataclasses import replace
from datetime import date
from typing import Any

from solver.ledger.invoicing.drafting import drafted
from solver.ledger.invoicing.model import Buyer, Invoice, InvoiceKind, InvoiceState, InvoiceWish, SaleLine
from solver.ledger.invoicing.tax_file import shipped_taxes

TAXES = shipped_taxes()
LI = Buyer(name="李雷")
HAI = Buyer(name="海上茶业有限公司", tax_id="91310000MA1FL00011")


def sold(order_id: str, amount_minor: int, **more: Any) -> SaleLine:
    """One line of an order; its price has the tax in it."""
    stated: dict[str, Any] = {
        "line_id": "1",
        "sku": "TEA",
        "name": "龙井茶",
        "tax_item": "goods",
        "units": 1,
        "amount_minor": amount_minor,
    }
    return SaleLine(order_id=order_id, **{**stated, **more})


def wish(*lines: SaleLine, **more: Any) -> InvoiceWish:
    """An ordinary invoice in China, on a day after the last change of rates."""
    stated: dict[str, Any] = {
        "wish_id": "W1",
        "entity": "",
        "place": "CN",
        "currency": "CNY",
        "kind": InvoiceKind.ORDINARY,
        "on": date(2026, 3, 2),
        "buyer": LI,
    }
    return InvoiceWish(lines=lines, **{**stated, **more})


def issued(one: InvoiceWish, number: str = "26000001") -> Invoice:
    """Its only invoice, issued."""
    [invoice] = drafted(one, TAXES)
    return replace(invoice, state=InvoiceState.ISSUED, number=number)
