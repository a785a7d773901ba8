"""Which terms and rules the snapshot knows, and how each falls there. What is not named here is left to the Problem."""

from collections.abc import Iterator

from solver.network.network import Network
from solver.sourcing.dimensions import all_rules, all_terms
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.policy import COST, Policy
from solver.sourcing.rules.packages_are_likely_in_time import LIMIT as LEAST_CHANCE
from solver.sourcing.terms.best_stocked import PRICE as BEST_STOCKED_PRICE
from solver.sourcing.terms.carbon import PRICE as CARBON_PRICE
from solver.sourcing.terms.landed_cost import SHARE as LANDED_COST_SHARE
from solver.sourcing.terms.late_risk import PRICE as RISK_PRICE
from solver.sourcing.terms.source_priority import PRICE as PRIORITY_PRICE
from solver.sourcing.terms.stock_value import SHARE as STOCK_VALUE_SHARE
from solver.sourcing.terms.unit_priority import PRICE as UNIT_PRIORITY_PRICE

# The same for every order of a view: asked of the real terms and rules once.
TERMS_OF_VIEW = frozenset({
    "carbon", "carrier_preference", "cross_border", "cross_province", "fair_share", "handling", "labour", "packaging",
    "picking", "rejections", "soft_rules", "source_kind", "source_load", "source_priority", "sources",
    "unit_priority",
})  # fmt: skip
RULES_OF_VIEW = frozenset({
    "carriers_accept_the_materials", "carriers_are_allowed", "goods_travel_without_transfer",
    "inactive_sources_give_nothing", "incompatible_materials_travel_apart", "items_are_short_enough",
    "packages_fill_at_most_the_limit", "packages_hold_at_most_the_limit", "packages_stay_in_the_country",
    "packages_stay_in_the_province", "packages_weigh_at_most_the_limit", "rejecting_sources_are_left_out",
    "reserved_sources_serve_their_channels", "reserved_sources_serve_their_tiers", "services_are_allowed",
    "source_kinds_are_allowed", "source_tags_are_allowed", "sources_are_allowed",
    "sources_are_equipped_for_the_materials", "sources_are_not_overloaded", "sources_stay_within_their_quota",
    "stock_stages_are_allowed", "stores_give_at_most_the_limit",
})  # fmt: skip
# Asked once for each rate, with the rate cards.
TERMS_OF_RATES = frozenset({"freight", "surcharges", "transit"})
RULES_OF_RATES = frozenset({"transit_is_short_enough"})
# Worked out from the very order: its distances, its times, its lines, the value of the stock that it finds.
TERMS_OF_ORDER = frozenset({
    "distance", "landed_cost", "lateness", "waiting", "lost_sales", "split", "stock_value", "unfilled",
})  # fmt: skip
RULES_OF_ORDER = frozenset({
    "lines_ship_complete", "lines_ship_together", "orders_ship_complete", "packages_arrive_by_the_promise",
    "packages_arrive_soon_enough", "packages_stay_within_the_limit", "small_orders_are_not_split",
    "sources_are_near_enough", "sources_stay_within_the_limit", "stores_are_near_enough",
    "stores_keep_their_last_units",
})  # fmt: skip
# Silent where offers state nothing but what lies there, and lanes come straight from tariffs without daily limits.
SILENT_TERMS = frozenset({
    "change", "lane_price", "later_stock", "margin", "markdown", "reserve", "stock_age", "stock_out", "transfer",
})  # fmt: skip
SILENT_RULES = frozenset({
    "dealers_keep_their_reserve", "safety_stock_is_kept", "services_stay_within_their_capacity",
    "stock_keeps_long_enough", "sources_stay_within_their_capacity",
})  # fmt: skip
# Known, and left to the Problem where the policy asks for them.
_ASKED_FOR = {"best_stocked": BEST_STOCKED_PRICE, "late_risk": RISK_PRICE}
_BY_PRIORITY = {"source_priority": PRIORITY_PRICE, "unit_priority": UNIT_PRIORITY_PRICE}
_RULES_ASKED_FOR = {"packages_are_likely_in_time": LEAST_CHANCE}

_TERMS = TERMS_OF_VIEW | TERMS_OF_RATES | TERMS_OF_ORDER | SILENT_TERMS
_RULES = RULES_OF_VIEW | RULES_OF_RATES | RULES_OF_ORDER | SILENT_RULES


def refusals(network: Network, policy: Policy) -> Iterator[str]:
    """Why no order can be decided from arrays under this policy on this network; nothing where orders can."""
    if not IS_COMPILED:
        yield "not_compiled"
    if policy.measures != (COST,):
        yield "levels"
    yield from _unknown_terms(network, policy)
    yield from _unknown_rules(policy)
    if network.transfers:
        yield "transfers"
    if any(service.daily_packages or service.daily_grams for service in network.services.values()):
        yield "daily_limits_of_services"


def _unknown_terms(network: Network, policy: Policy) -> Iterator[str]:
    for term in all_terms():
        asked = _ASKED_FOR.get(term.name)
        known = term.name in _TERMS if asked is None else not asked.of(policy)
        if term.name not in policy.off and not known:
            yield f"term {term.name}"
    by_distance = any(service.carbon_grams_per_tonne_km for service in network.services.values())
    if by_distance and CARBON_PRICE.of(policy) and "carbon" not in policy.off:
        yield "term carbon"
    both = {"landed_cost": LANDED_COST_SHARE, "stock_value": STOCK_VALUE_SHARE}
    if all(share.of(policy) and name not in policy.off for name, share in both.items()):
        yield "term landed_cost"  # what a unit costs and what it is worth take the same place in the arrays
    stated = {bool(source.priority) for source in network.sources.values()}
    for name, price in _BY_PRIORITY.items():
        if len(stated) > 1 and price.of(policy) and name not in policy.off:
            yield f"term {name}"  # what has no priority stands behind the last of the order's own sources


def _unknown_rules(policy: Policy) -> Iterator[str]:
    for rule in all_rules():
        asked = _RULES_ASKED_FOR.get(rule.name)
        known = rule.name in _RULES if asked is None else not asked.of(policy)
        if rule.name in policy.soft:
            known = rule.name in RULES_OF_VIEW
        if rule.name not in policy.off and not known:
            yield f"rule {rule.name}"


def is_strict(policy: Policy, rule: str) -> bool:
    """Whether the rule holds strictly under the policy."""
    return rule not in policy.off and rule not in policy.soft
