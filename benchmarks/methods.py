"""A request for every method of every service, taken from the table of services, so that a new one is noticed.

Methods that change something are asked as the tests of calls that are given up ask them; a method that reads is asked
as `READ_CASES` or `STATED` say, or with an empty request. What is not asked here stands in `ELSEWHERE`, with where
it is; streams are measured by `benchmarks.feed`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from solver.clock import ManualClock
from solver.scenario.load import load
from tests.faults import given_up_cases as cases
from tests.faults.books_cases import contract, posted, settled, worth_something
from tests.faults.every_method import Asked, methods, mutating
from tests.faults.settling_cases import drafted, questioned, ticket
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import Running

Fields = dict[str, Any]
Case = Callable[[Asked, int], Fields]

ELSEWHERE = {
    **dict.fromkeys(
        ("SetRecipient", "GetRecipient", "RevealRecipient", "ErasePerson"),
        "needs a service with a key for personal data: tests/persons",
    ),
    "CreateKey": "needs a caller with a token: tests/access",
    "SetKeyState": "needs a caller with a token: tests/access",
    "FindInvoicesOfFiles": "reads electronic invoices: tests/ledger",
    "CancelBatch": "ends what runs in the background: tests/faults",
}


def _batch(asked: Asked, number: int) -> str:
    """A batch that was started."""
    orders = [cases.order(f"order {number}"), cases.order(f"another {number}", 1)]
    started: str = asked.ask("StartBatch", batch={"orders": orders}).operation.operation_id
    asked.service.application.operations.wait(started, 30.0)
    return started


def _set(asked: Asked, number: int) -> Fields:
    asked.ask("UpsertCombinations", **cases.combination(number))
    return {"combination_ids": [f"SET-{number}"]}


def _basket(asked: Asked, number: int) -> Fields:
    """An order where combinations are sold."""
    _set(asked, number)
    line = {"line_id": "1", "item_id": "TEA", "quantity": 2, "unit_price_minor": 900}
    return {"order_id": f"basket {number}", "lines": [line]}


def _problem() -> Fields:
    """One order, one source, one lane."""
    return {
        "orders": [cases.order("stated")],
        "sources": [{"source_id": "S"}],
        "materials": [{"sku": "TEA", "weight_grams": 500}],
        "stock": [{"source_id": "S", "sku": "TEA", "available_units": 5}],
        "lanes": [{"source_id": "S", "service_id": "V", "carrier_id": "C", "package_minor": 700}],
    }


def _run(asked: Asked, number: int) -> str:
    """A settlement that ran."""
    asked.ask("RecordSettledOrders", orders=[settled(number)])
    fields = {"party": f"carrier {number}", "currency": "CNY", "day": "2026-01-31"}
    run_id: str = asked.ask("RunSettlement", **fields).statement.run_id
    return run_id


def _due(asked: Asked, number: int) -> Fields:
    asked.ask("RecordSettledOrders", orders=[settled(number)])
    return {"party": f"carrier {number}", "currency": "CNY", "day": "2026-01-31"}


def _endpoint(asked: Asked, number: int) -> str:
    name = f"hooks-{number}"
    asked.ask("UpsertWebhookEndpoint", endpoint_id=name, url="https://shop.example.com/hooks")
    return name


def _valued(asked: Asked) -> Fields:
    worth_something(asked)
    return {}


def _agreed(asked: Asked, number: int) -> Fields:
    asked.ask("UpsertContracts", **cases.CASES["UpsertContracts"](asked, number))
    return {"contract_id": f"dealer-{number}"}


STATED: Mapping[str, Fields] = {
    "BatchGetMaterials": {"skus": ["TEA", "CUP"]},
    "BatchGetRegions": {"region_ids": ["EAST-CITY"]},
    "BatchGetSalesItems": {"item_ids": ["GIFT"]},
    "GetAtp": {"skus": ["TEA"]},
    "GetPolicy": {"policy_id": "cheapest"},
    "GetStockPicture": {"sku": "TEA"},
    "ListCatalog": {"kind": "CATALOG_KIND_MATERIALS"},
    "ListOrderLines": {"order_id": "settled 0"},
    "ListPayments": {"from_day": "2026-01-01", "until_day": "2026-02-01"},
    "ListVersions": {"layer": "LAYER_MATERIAL", "item_id": "TEA"},
    "OptimizeFulfillment": _problem(),
    "ResolveCodes": {"channel": "app", "codes": ["TEA"]},
}  # fmt: skip

READ_CASES: Mapping[str, Case] = {
    "BatchGetCombinationAvailability": _set,
    "BatchGetCombinations": _set,
    "ExplainPlan": cases.planned,
    "ExplodeOrders": lambda asked, n: {"orders": [_basket(asked, n)], "currency": "CNY"},
    "FindPlans": lambda asked, n: {"plan_id_prefix": cases.planned(asked, n)["plan_id"][:4]},
    "GetAccountStatement": lambda asked, n: {
        "account": posted(asked, n) and "receivable", "since": "2026-01-01", "until": "2027-01-01",
    },
    "GetBatch": lambda asked, n: {"operation_id": _batch(asked, n)},
    "GetCommitment": cases.committed,
    "GetConsignment": cases.advised,
    "GetContract": _agreed,
    "GetCount": cases.opened,
    "GetDifference": lambda asked, n: {"ticket_id": ticket(asked, n)["ticket_id"]},
    "GetHold": cases.held,
    "GetInvoice": drafted,
    "GetPlan": cases.planned,
    "GetReturn": cases.announced,
    "GetSellableStock": lambda asked, _: {**cases.channel(asked, 0), "channel_ids": ["app"], "skus": ["TEA"]},
    "GetSettlement": lambda asked, n: {"run_id": _run(asked, n)},
    "GetSharing": lambda asked, n: {"order_id": _due(asked, n) and f"settled {n}"},
    "GetVoucher": lambda asked, n: {"voucher_id": posted(asked, n)["voucher_id"]},
    "ListBatchPlans": lambda asked, n: {"operation_id": _batch(asked, n)},
    "ListDeadLetters": lambda asked, n: {"endpoint_id": _endpoint(asked, n)},
    "ListInventoryValues": lambda asked, _: _valued(asked),
    "ListMargins": lambda asked, _: {
        **_valued(asked), "by": "MARGIN_BY_ORDER", "from_on": "2026-01-01", "until_on": "2027-01-01",
    },
    "ListRecordMatches": lambda asked, n: {"set_id": questioned(asked, n)["set_id"]},
    "ListSettlementItems": lambda asked, n: {"run_id": _run(asked, n)},
    "ListShadowOrders": lambda asked, n: {"shadow_id": cases.shadowed(asked, n)["shadow_id"]},
    "ListVouchers": cases.planned,
    "Promise": lambda _, n: {"order": {**cases.order(f"basket {n}"), "promised_at": None}},
    "QuoteOtherContracts": lambda _, n: {"orders": [settled(n)], "documents": [contract(n)]},
    "QuoteReturn": lambda asked, n: {
        "order": _basket(asked, n), "currency": "CNY", "returned": [{"line_id": "1", "sku": "TEA", "units": 2}],
    },
    "QuoteSharing": lambda _, n: {"orders": [settled(n)]},
}  # fmt: skip

MUTATING_CASES: Mapping[str, Case] = {
    **cases.CASES,
    "RunSettlement": _due,
    "StartBatch": lambda _, n: {"batch": {"orders": [cases.order(f"order {n}")]}},
}


def measured() -> list[str]:
    """Every method but streams and those of `ELSEWHERE`."""
    return sorted(name for name, one in methods().items() if name not in ELSEWHERE and not one.server_streaming)


def fields_of(asked: Asked, method: str, number: int) -> Fields:
    """What the method is asked, once what it needs is there. Raises KeyError for one that changes and has no case."""
    if method in mutating():
        return MUTATING_CASES[method](asked, number)
    case = READ_CASES.get(method)
    return STATED.get(method, {}) if case is None else case(asked, number)


@contextmanager
def served_world(folder: Path) -> Iterator[Asked]:
    """A server in this process on the small world of the tests, with tea."""
    running = Running(folder, ManualClock(MONDAY_AT_8))
    try:
        load(running.application, made_world(stock=()))
        asked = Asked(running)
        asked.ask("ReceiveStock", reference="po", movements=[{"site_id": "W-EAST", "sku": "TEA", "units": 1000}])
        yield asked
    finally:
        running.close()
