"""Calls about the books, what stock costs and what is shared out, each another one."""

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.faults.every_method import Asked

Fields: TypeAlias = dict[str, Any]
SITE = "W-EAST"


def cost(number: int) -> Fields:
    """What tea costs from a day on."""
    return {"sku": "TEA", "from_on": "2026-01-01", "unit_cost_minor": 100 + number}


def valued(number: int) -> Fields:
    """Terms by which stock is valued."""
    method = "VALUATION_METHOD_FIFO" if number % 2 else "VALUATION_METHOD_MOVING_AVERAGE"
    return {"terms": {"method": method, "currency": "CNY"}}


def worth_something(asked: Asked) -> Fields:
    """Stock that is valued."""
    asked.ask("SetValuationTerms", **valued(0), costs=[cost(0)])
    return {"reason": "dust"}


def uncosted(asked: Asked, number: int) -> Fields:
    """A receipt whose cost nobody knows."""
    asked.ask("SetValuationTerms", **valued(0))
    asked.ask("ReceiveStock", movements=[{"site_id": SITE, "sku": "RARE", "units": 2}], reference=f"delivery {number}")
    return {"move_id": asked.ask("ListCostMoves", sku="RARE").moves[-1].move_id, "unit_cost_minor": 7}


def contract(number: int) -> str:
    """What is agreed with a dealer."""
    return (
        f"contract: dealer-{number}\nversion: 1\nrole: dealer\nparty: D-{number}\ncurrency: CNY\nfrom: 2026-01-01\n"
        "share: {rate: 60%}\n"
    )


def settled(number: int) -> Fields:
    """An order that was paid, and carried by a carrier of its own."""
    line = {"line_id": "1", "sku": "TEA", "units": 1, "list_minor": 900, "paid_minor": 900}
    package = {"package_id": "P", "carrier_id": f"carrier {number}", "source_id": SITE, "tariff_minor": 500}
    return {
        "order_id": f"settled {number}", "currency": "CNY", "placed_on": "2026-01-10", "lines": [line],
        "paid_minor": 900, "packages": [package],
    }  # fmt: skip


def refunded(asked: Asked, number: int) -> Fields:
    """What is given back of an order that is settled."""
    asked.ask("RecordSettledOrders", orders=[settled(number)])
    lines = [{"line_id": "1", "units": 1, "refund_minor": 900}]
    refund = {"refund_id": f"refund {number}", "order_id": f"settled {number}", "on": "2026-01-20", "lines": lines}
    return {"refunds": [refund]}


def sold(number: int, entity: str = "") -> Fields:
    """Goods that were shipped, or supplied to another entity."""
    amount = {"charge": "sale", "amount_minor": 100, "party": "tmall"}
    return {
        "kind": "shipped",
        "entity": entity,
        "currency": "CNY",
        "on": "2026-03-02",
        "source": f"shipment/{number}",
        "amounts": [amount],
    }


def posted(asked: Asked, number: int) -> Fields:
    """A voucher that may be taken back."""
    made = asked.ask("PostEvents", events=[sold(number)]).vouchers[0].voucher_id
    return {"voucher_id": made, "on": "2026-03-02", "reason": "wrong"}


def between(asked: Asked, number: int) -> Fields:
    """What one entity supplies to another one."""
    if number == 0:
        document = (
            "entities:\n  A: {name_en: A, base_currency: CNY, home: true}\n  B: {name_en: B, base_currency: CNY}\n"
        )
        asked.ask("DeclareEntities", document=document, origin="group.yaml")
    first, second = (
        {
            **sold(number, entity),
            "kind": kind,
            "amounts": [{"charge": "supply", "amount_minor": 100, "party": partner}],
        }
        for kind, entity, partner in (("intercompany_supply", "A", "B"), ("intercompany_receipt", "B", "A"))
    )
    return {"first": first, "second": second}


def billed(number: int) -> Fields:
    """A carrier's bill."""
    lines = [{"about": f"plan {number}", "amount_minor": 900}]
    kept = {"source": f"bill/{number}", "account": "payable_carrier", "party": "sf", "currency": "CNY"}
    return {"bill": {**kept, "on": "2026-03-02", "lines": lines}}


def month(number: int) -> str:
    """A period."""
    return f"{2001 + number // 12}-{number % 12 + 1:02d}"


def shut(asked: Asked, number: int) -> Fields:
    """A period that is closed."""
    asked.ask("ClosePeriod", period=month(number), reason="done")
    return {"period": month(number), "reason": "late"}


def rate(number: int) -> Fields:
    """A rate of exchange."""
    on = f"20{number // 28:02d}-01-{number % 28 + 1:02d}"
    return {"rates": [{"currency": "USD", "base": "CNY", "on": on, "rate": "7.1"}]}


def declared(number: int) -> Fields:
    """An entity, and one more cost centre each time."""
    return {"document": f"cost_centres:\n  north-{number}: {{name_en: North}}\n", "origin": "centres.yaml"}


def charted(number: int) -> Fields:
    """One more account each time."""
    account = f"own_{number}: {{number: '6601.{number}', name_en: Own, name_zh: 自有, type: expense}}"
    return {"document": f"accounts:\n  {account}\n", "origin": "chart.yaml"}


BOOKS_CASES: dict[str, Callable[[Asked, int], Fields]] = {
    "CostReceipt": uncosted,
    "NoteUnitCosts": lambda _, n: {"costs": [cost(n)]},
    "PostEvents": lambda _, n: {"events": [sold(n)]},
    "PostIntercompany": between,
    "PostBill": lambda _, n: billed(n),
    "ReverseVoucher": posted,
    "ClosePeriod": lambda _, n: {"period": month(n), "reason": "done"},
    "ReopenPeriod": shut,
    "DeclareEntities": lambda _, n: declared(n),
    "ImportRates": lambda _, n: rate(n),
    "ImportChart": lambda _, n: charted(n),
    "SetValuationTerms": lambda _, n: {**valued(n), "costs": [cost(n)]},
    "WriteDownStock": lambda asked, n: {**worth_something(asked), "sku": "TEA", "amount_minor": n + 1},
    "UpsertContracts": lambda _, n: {"documents": [contract(n)]},
    "RecordSettledOrders": lambda _, n: {"orders": [settled(n)]},
    "RecordRefunds": refunded,
}
