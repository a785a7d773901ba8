"""A scenario's rows in the portions and the order in which a service takes them."""

from collections.abc import Iterator, Sequence
from typing import Any

from solver.scenario.model import Scenario
from solver.validation import MOST_ROWS

# The method that takes each noun; what others refer to comes first.
METHODS = {
    "calendars": "UpsertCalendars",
    "regions": "UpsertRegions",
    "carriers": "UpsertCarriers",
    "services": "UpsertServices",
    "sources": "UpsertSources",
    "transfers": "UpsertTransfers",
    "materials": "UpsertMaterials",
    "sales_items": "UpsertSalesItems",
    "combinations": "UpsertCombinations",
    "stock": "ReceiveStock",
    "logical_warehouses": "SetLogicalWarehouses",
    "channels": "SetChannels",
    "quotas": "SetQuotas",
    "backorders": "SetBackorderLimits",
}
NOUNS = tuple(METHODS)
LAYERS = ("logical_warehouses", "channels", "quotas", "backorders", "combinations")  # have clients of their own
OPENING_REFERENCE = "opening stock"


def batches(scenario: Scenario) -> Iterator[tuple[str, Sequence[Any]]]:
    """(noun, rows) with at most MOST_ROWS rows each; regions in an order in which parents come first.

    Regions that lie in a loop come last, for the service to refuse by name.
    """
    for noun in NOUNS:
        rows = _parents_first(scenario) if noun == "regions" else getattr(scenario, noun)
        most = 50 if noun == "services" else MOST_ROWS  # tariffs are large
        for begin in range(0, len(rows), most):
            yield noun, rows[begin : begin + most]


def load_id(scenario: Scenario, number: int) -> str:
    """The request id of one portion: by whatever way a scenario is loaded, each is taken once."""
    return f"load {scenario.name} {number}"


def _parents_first(scenario: Scenario) -> list[Any]:
    children: dict[str, list[Any]] = {}
    ids = {region.region_id for region in scenario.regions}
    for region in scenario.regions:
        children.setdefault(region.parent_id if region.parent_id in ids else "", []).append(region)
    ordered: list[Any] = []
    level = children.get("", [])
    while level:
        ordered.extend(level)
        level = [child for region in level for child in children.get(region.region_id, [])]
    reached = {region.region_id for region in ordered}
    return ordered + [region for region in scenario.regions if region.region_id not in reached]
