"""One request for each method that changes something before it answers, and what must be there before it.

Any number of them in a row.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

from google.protobuf.json_format import MessageToDict

from solver.catalog.combinations.kept import KeptCombination
from solver.catalog.combinations.model import AllOf, Combination, Item, Node
from solver.catalog.combinations.prices import Fixed, Price
from solver.gen.xunyuan.catalog.v1 import combination_pb2
from solver.gen.xunyuan.network.v1 import source_pb2, tariff_pb2
from solver.gen.xunyuan.sourcing.v1 import order_pb2
from solver.network.model import SourceKind
from solver.wire.codec import to_proto
from tests.faults.access_cases import ACCESS_CASES
from tests.faults.books_cases import BOOKS_CASES
from tests.faults.every_method import Asked
from tests.faults.settling_cases import SETTLING_CASES
from tests.made_world import EAST_STORE, GROUND, MONDAY_AT_8, order_of

Fields: TypeAlias = dict[str, Any]
Case: TypeAlias = Callable[[Asked, int], Fields]  # the number tells one request from another of the same method

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = "W-EAST"
SKUS = ("TEA", "CUP", "POT", "SAFE", "RARE", "GIFT")
DEALER = replace(EAST_STORE, source_id="D-EAST", kind=SourceKind.DEALER)
DROP_SHIPPER = replace(EAST_STORE, source_id="X-EAST", kind=SourceKind.DROP_SHIPPER)


def as_json(message: Any) -> Fields:
    """A message as fields."""
    return MessageToDict(message, preserving_proto_field_name=True)


def at(after: timedelta) -> str:
    """A moment after the world's beginning."""
    return (MONDAY_AT_8 + after).isoformat().replace("+00:00", "Z")


def tea(units: int, site_id: str = SITE) -> Fields:
    """So much tea at a site."""
    return {"site_id": site_id, "sku": "TEA", "units": units}


def order(name: str, units: int = 2) -> Fields:
    """An order of tea."""
    return as_json(to_proto(order_of(("TEA", units), order_id=name), order_pb2.Order))


def combination(number: int) -> Fields:
    """Two of tea and a cup, sold as one."""
    parts = (Node(item=Item(item_id="TEA"), units=2), Node(item=Item(item_id="CUP")))
    made = Combination(
        combination_id=f"SET-{number}",
        kind="fixed_bundle",
        name="Tea for two",
        goods=Node(all_of=AllOf(parts=parts)),
        price=Price(fixed=Fixed(unit_minor=5_000)),
    )
    return {"combinations": [as_json(to_proto(KeptCombination(combination=made), combination_pb2.KeptCombination))]}


def put_on_sale(asked: Asked, number: int) -> Fields:
    """A combination that is in force."""
    asked.ask("UpsertCombinations", **combination(number))
    return {"combination_ids": [f"SET-{number}"]}


def material(asked: Asked, number: int) -> Fields:
    """One that is in force."""
    asked.ask("UpsertMaterials", materials=[{"sku": f"NEW-{number}", "name": "New", "weight_grams": 10}])
    return {"layer": "LAYER_MATERIAL", "item_ids": [f"NEW-{number}"]}


def held(asked: Asked, number: int) -> Fields:
    """A hold that stands."""
    name = f"hold {number}"
    asked.ask("HoldStock", hold_id=name, claims=[tea(3)], hold_for="3600s")
    return {"hold_id": name}


def committed(asked: Asked, number: int) -> Fields:
    """One that is confirmed."""
    name = held(asked, number)
    asked.ask("ConfirmHold", **name)
    return name


def planned(asked: Asked, number: int) -> Fields:
    """A plan that is held."""
    return {"plan_id": asked.ask("PlanFulfillment", order=order(f"order {number}")).plan.plan_id}


def delivered(asked: Asked, number: int) -> Fields:
    """A plan that is confirmed."""
    plan = planned(asked, number)
    asked.ask("ConfirmPlan", **plan)
    return {"plans": [plan]}


def shadowed(asked: Asked, number: int) -> Fields:
    """What the caller shipped for an order of a shadow."""
    name = f"order {number}"
    asked.ask("ShadowOrder", shadow_id="trial", order=order(name), stock="SHADOW_STOCK_LEDGER")
    shipment = {"order_id": name, "source_id": SITE, "units": {"TEA": 2}}
    return {"shadow_id": "trial", "shipments": [shipment]}


def replanned(asked: Asked, number: int) -> Fields:
    """A plan of which units were not found."""
    plan = planned(asked, number)
    asked.ask("ConfirmPlan", **plan)
    picks = [{"site_id": SITE, "sku": "TEA", "missing_units": 1, "picked_units": 0}]
    asked.ask("ReportShortPick", **plan, picks=picks)
    return {"plan_ids": [plan["plan_id"]]}


def advised(asked: Asked, number: int) -> Fields:
    """A purchase on its way."""
    name = f"purchase {number}"
    lines = [{"sku": "TEA", "units": 5}]
    asked.ask("AdvisePurchase", consignment_id=name, site_id=SITE, lines=lines, expected_at=at(DAY))
    return {"consignment_id": name}


def opened(asked: Asked, number: int) -> Fields:
    """A count that is open."""
    name = f"count {number}"
    asked.ask("OpenCount", count_id=name, site_id=SITE, skus=["TEA"])
    return {"count_id": name}


def found(number: int) -> list[Fields]:
    """What a count found."""
    return [{"sku": "TEA", "state": "STOCK_STATE_GOOD", "counted_units": 900 + number}]


def counted(asked: Asked, number: int) -> Fields:
    """A count that is done."""
    name = opened(asked, number)
    asked.ask("SubmitCount", **name, lines=found(number))
    return name


def announced(asked: Asked, number: int) -> Fields:
    """A return that is to come."""
    name = f"return {number}"
    asked.ask("AnnounceReturn", return_id=name, order_id="O-1", site_id=SITE, lines=[{"sku": "TEA", "units": 2}])
    return {"return_id": name}


def returned(asked: Asked, number: int) -> Fields:
    """A return that came."""
    name = announced(asked, number)
    asked.ask("ReceiveReturn", **name, arrived=[{"sku": "TEA", "units": 2}])
    return name


def partners(asked: Asked) -> None:
    """A dealer with tea, and a drop-shipper."""
    sources = [as_json(to_proto(one, source_pb2.Source)) for one in (DEALER, DROP_SHIPPER)]
    asked.ask("UpsertSources", sources=sources)
    asked.ask("ReceiveStock", reference="po", movements=[tea(50, "D-EAST")])


def dealer(asked: Asked, number: int) -> Fields:
    """A dealer with a reserve."""
    if number == 0:
        partners(asked)
        terms = [{"site_id": "D-EAST", "sku": "TEA", "reserve_units": 20}]
        asked.ask("SetDealerTerms", reference="contract", terms=terms)
    return {"reference": f"week {number}", "sales": [tea(1, "D-EAST")]}


def dealer_terms(asked: Asked, number: int) -> Fields:
    """What is agreed with a dealer."""
    if number == 0:
        partners(asked)
    terms = [{"site_id": "D-EAST", "sku": "TEA", "reserve_units": 5 + number}]
    return {"reference": f"contract {number}", "terms": terms}


def report(asked: Asked, number: int) -> Fields:
    """What a drop-shipper has."""
    if number == 0:
        partners(asked)
    levels = [{"sku": "TEA", "units": 5 + number}]
    return {"site_id": "X-EAST", "levels": levels, "as_of": at(timedelta(0)), "fresh_for": "86400s"}


def channel(asked: Asked, number: int) -> Fields:
    """A channel that there is."""
    if number == 0:
        asked.ask("SetChannels", channels=[{"channel_id": "app"}])
    return {}


def shop(asked: Asked, number: int) -> Fields:
    """A shop of it."""
    channel(asked, number)
    if number == 0:
        asked.ask("SetShops", shops=[{"shop_id": "corner", "channel_id": "app"}])
    return {}


def feeds(number: int) -> list[Fields]:
    """What a logical warehouse is fed by."""
    return [{"site_id": SITE, "sku": "TEA", "share_permille": 100 + number}]


def stated(asked: Asked, number: int) -> Fields:
    """A plan that is held, and what a person wants instead."""
    contents = [{"line_id": "1", "sku": "TEA", "units": 1}]
    package = {"source_id": SITE, "service_id": "ground", "contents": contents}
    return {**planned(asked, number), "packages": [package], "reason": "it was promised by phone"}


def recipient(asked: Asked, number: int) -> Fields:
    """Who gets an order's packages."""
    fields = {"order_id": f"order {number}", "customer_id": f"c-{number}", "recipient": {"name": "Mei"}}
    asked.ask("SetRecipient", **fields)
    return fields


def endpoint(asked: Asked, number: int) -> Fields:
    """Where plan events are sent."""
    fields = {"endpoint_id": f"hooks-{number}", "url": "https://shop.example.com/hooks", "disabled": True}
    asked.ask("UpsertWebhookEndpoint", **fields)
    return {"endpoint_id": fields["endpoint_id"]}


def policy(number: int) -> str:
    """A policy as a document."""
    return f"policy: near-{number}\nversion: 1\ntitle: As near as can be\npriorities: [distance_meters]\n"


def two_versions(asked: Asked, number: int) -> Fields:
    """A policy of which the second version is live for a share."""
    text = policy(number)
    asked.ask("UpsertPolicies", documents=[text, text.replace("version: 1", "version: 2")])
    share = {"policy_id": f"near-{number}", "version": 2, "permille": 100}
    asked.ask("RollOutPolicy", **share)
    return share


def service(number: int) -> Fields:
    """A service like another."""
    return as_json(to_proto(replace(GROUND, service_id=f"ground-{number}"), tariff_pb2.Service))


def scan(number: int) -> Fields:
    """A parcel that was handed over."""
    return {
        "parcel_id": f"P{number}",
        "service_id": "ground",
        "event": "SCAN_EVENT_HANDED_OVER",
        "at": at(timedelta(0)),
        "due_at": at(DAY),
    }


def health(number: int) -> Fields:
    """A service that is late."""
    state = "CARRIER_STATE_CONGESTED"
    return {"service_id": "ground", "state": state, "expires_at": at(DAY), "extra_transit_minutes": 60 + number}


def rebalance(asked: Asked, number: int) -> Fields:
    """Free units that a quota is to have again, since some of them were sold."""
    if number == 0:
        asked.ask("SetChannels", channels=[{"channel_id": "app"}])
        asked.ask("SetQuotas", quotas=[{"channel_id": "app", "sku": "TEA", "exclusive_units": 50}])
    asked.ask("HoldStock", hold_id=f"sold {number}", claims=[tea(3)], hold_for="3600s", channel="app")
    asked.ask("ConfirmHold", hold_id=f"sold {number}")
    return {"skus": ["TEA"]}


CASES: dict[str, Case] = {
    "DeleteWebhookEndpoint": endpoint,
    "ErasePerson": lambda asked, n: {"customer_id": recipient(asked, n)["customer_id"]},
    "OverridePlan": stated,
    "RevealRecipient": lambda asked, n: {"order_id": recipient(asked, n)["order_id"], "reason": "a call"},
    "SetRecipient": lambda _, n: {"order_id": f"order {n}", "customer_id": f"c-{n}", "recipient": {"name": "Mei"}},
    "RollOutPolicy": lambda asked, n: {**two_versions(asked, n), "permille": 1000},
    "RollbackPolicy": lambda asked, n: {"policy_id": two_versions(asked, n)["policy_id"]},
    "RotateWebhookSecret": endpoint,
    "SendDeadLetters": endpoint,
    "UpsertWebhookEndpoint": lambda _, n: {"endpoint_id": f"hooks-{n}", "url": "https://shop.example.com/hooks"},
    "AdjustStock": lambda _, n: {"reference": f"count {n}", "movements": [tea(-1 - n)]},
    "AdvisePurchase": lambda _, n: {
        "consignment_id": f"purchase {n}", "site_id": SITE, "expected_at": at(DAY),
        "lines": [{"sku": "TEA", "units": 5}],
    },
    "AnnounceReturn": lambda _, n: {
        "return_id": f"return {n}", "order_id": "O-1", "site_id": SITE, "lines": [{"sku": "TEA", "units": 1}],
    },
    "ApproveCount": counted,
    "CancelCommitment": committed,
    "CancelConsignment": lambda asked, n: {**advised(asked, n), "remark": "never came"},
    "CancelReturn": lambda asked, n: {**announced(asked, n), "remark": "kept"},
    "ChangeStockState": lambda _, n: {
        "reference": f"broken {n}",
        "changes": [{**tea(1), "from_state": "STOCK_STATE_GOOD", "to_state": "STOCK_STATE_DEFECTIVE"}],
    },
    "ConfirmHold": held,
    "ConfirmPlan": planned,
    "DispatchTransfer": lambda _, n: {
        "consignment_id": f"transfer {n}", "from_site_id": SITE, "site_id": "W-WEST", "expected_at": at(DAY),
        "lines": [{"sku": "TEA", "units": 2}],
    },
    "ExtendHold": lambda asked, n: {**held(asked, n), "hold_for": "7200s"},
    "GradeReturn": lambda asked, n: {
        **returned(asked, n), "graded": [{"sku": "TEA", "units": 1, "grade": "GRADE_RESELL"}],
    },
    "HoldStock": lambda _, n: {"hold_id": f"hold {n}", "claims": [tea(2)], "hold_for": "3600s"},
    "HoldStockBatch": lambda _, n: {
        "wishes": [{"hold_id": f"hold {n}/{one}", "claims": [tea(1)], "hold_for": "3600s"} for one in range(3)],
    },
    "ImportStock": lambda _, n: {"reference": f"file {n}", "rows": [{"line": 2, "movement": tea(1 + n)}]},
    "MoveStock": lambda _, n: {"reference": f"move {n}", "moves": [{**tea(1), "to_zone": "A", "to_bin": f"A-{n}"}]},
    "OpenCount": lambda _, n: {"count_id": f"count {n}", "site_id": SITE, "skus": ["TEA"]},
    "PlanBatch": lambda _, n: {"orders": [order(f"order {n}"), order(f"another {n}", 1)]},
    "PlanFulfillment": lambda _, n: {"order": order(f"order {n}")},
    "Rebalance": rebalance,
    "ReceiveConsignment": lambda asked, n: {**advised(asked, n), "arrived": [{"sku": "TEA", "units": 4}]},
    "ReceiveReturn": lambda asked, n: {**announced(asked, n), "arrived": [{"sku": "TEA", "units": 2}]},
    "ReceiveStock": lambda _, n: {"reference": f"delivery {n}", "movements": [tea(1 + n)]},
    "RecordDealerSales": dealer,
    "RecordOutcomes": shadowed,
    "RejectCommitment": lambda asked, n: {**committed(asked, n), "into": "REJECTED_INTO_GOOD"},
    "RejectCount": lambda asked, n: {**counted(asked, n), "remark": "once more"},
    "ReleaseHold": held,
    "ReleasePlan": planned,
    "ReplanOrders": replanned,
    "ReportCarrierHealth": lambda _, n: {"reports": [health(n)]},
    "ReportDropshipStock": report,
    "ReportScans": lambda _, n: {"scans": [scan(n)]},
    "ReportShortPick": lambda asked, n: {
        **committed(asked, n), "picks": [{"site_id": SITE, "sku": "TEA", "missing_units": 1}],
    },
    "ReportSourceStatus": lambda _, n: {
        "reports": [
            {"source_id": "S-EAST", "state": "SOURCE_CONDITION_SLOW", "expires_at": at(DAY), "extra_lead_minutes": n}
        ],
    },
    "RescheduleConsignment": lambda asked, n: {**advised(asked, n), "expected_at": at(2 * DAY)},
    "SetBackorderLimits": lambda _, n: {"limits": [tea(5 + n)]},
    "SetChannels": lambda _, n: {"channels": [{"channel_id": f"channel-{n}"}]},
    "SetDealerTerms": dealer_terms,
    "SetListings": lambda asked, n: {**shop(asked, n), "listings": [{"shop_id": "corner", "sku": SKUS[n]}]},
    "SetLogicalWarehouses": lambda _, n: {"warehouses": [{"logical_id": "online", "feeds": feeds(n)}]},
    "SetQuotas": lambda asked, n: {
        **channel(asked, n), "quotas": [{"channel_id": "app", "sku": "TEA", "exclusive_units": 5 + n}],
    },
    "SetSafetyStock": lambda _, n: {"rows": [tea(1 + n)]},
    "SetShops": lambda asked, n: {**channel(asked, n), "shops": [{"shop_id": f"shop-{n}", "channel_id": "app"}]},
    "SetStockThresholds": lambda _, n: {"thresholds": [{"sku": "TEA", "site_id": SITE, "least_units": 1 + n}]},
    "RecordSettledPlans": delivered,
    "ShadowOrder": lambda _, n: {
        "shadow_id": "trial", "order": order(f"order {n}"), "stock": "SHADOW_STOCK_LEDGER",
    },
    "Ship": committed,
    "SplitHold": lambda asked, n: {**held(asked, n), "to_hold_id": f"part {n}", "claims": [tea(1)]},
    "SubmitCount": lambda asked, n: {**opened(asked, n), "lines": found(n)},
    "TransferHold": lambda asked, n: {**held(asked, n), "to_hold_id": f"passed on {n}"},
    "UpsertCalendars": lambda _, n: {"calendars": [{"calendar_id": f"C-{n}", "closed_days": ["2026-03-07"]}]},
    "ChangeCombinationStates": lambda asked, n: {**put_on_sale(asked, n), "state": "LIFE_STATE_PAUSED"},
    "ChangeState": lambda asked, n: {**material(asked, n), "state": "LIFE_STATE_PAUSED"},
    "ImportCatalog": lambda _, n: {"materials": [{"sku": f"ROW-{n}", "name": "Row", "weight_grams": 10}]},
    "SetStockValuing": lambda _, n: {"valuing": {"ahead_days": 1 + n}},
    "UpsertCategories": lambda _, n: {"categories": [{"category_id": f"leaf-{n}", "name": "Leaf tea"}]},
    "UpsertChannelItems": lambda _, n: {"channel_items": [{"channel": "app", "code": f"APP-{n}", "item_id": "TEA"}]},
    "UpsertCombinations": lambda _, n: combination(n),
    "UpsertCarriers": lambda _, n: {"carriers": [{"carrier_id": f"carrier-{n}", "name": "Carts"}]},
    "UpsertMaterials": lambda _, n: {"materials": [{"sku": f"NEW-{n}", "name": "New", "weight_grams": 10}]},
    "UpsertPolicies": lambda _, n: {"documents": [policy(n)]},
    "UpsertRegions": lambda _, n: {
        "regions": [{"region_id": f"R-{n}", "name": "Region", "latitude": 30.0, "longitude": 110.0}],
    },
    "UpsertSalesItems": lambda _, n: {
        "sales_items": [{"item_id": f"SET-{n}", "name": "Set", "parts": [{"sku": "TEA", "units": 2}]}],
    },
    "UpsertServices": lambda _, n: {"services": [service(n)]},
    "UpsertSources": lambda _, n: {
        "sources": [as_json(to_proto(replace(EAST_STORE, source_id=f"S-{n}"), source_pb2.Source))],
    },
    **ACCESS_CASES,
    **BOOKS_CASES,
    **SETTLING_CASES,
    "UpsertTransfers": lambda _, n: {
        "transfers": [{"from_source_id": "S-EAST", "to_source_id": SITE, "transit_minutes": 60 + n}],
    },
}  # fmt: skip
