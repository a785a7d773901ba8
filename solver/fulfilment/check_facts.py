"""What sound stock, states and priced lanes of a stated problem are."""

from solver.errors import Violations
from solver.fulfilment.command import OptimizeCommand, PricedLane, ServiceState, SourceState, StockAmount
from solver.network.check_terms import MOST_BASIS_POINTS, check_lane_terms
from solver.network.check_transit import check_transit_times
from solver.network.validate import check_rate_card
from solver.sourcing.problem import Lot, Stage
from solver.validation import (
    MOST_DAYS,
    MOST_GRAMS,
    MOST_METERS,
    MOST_MINOR,
    MOST_MINUTES,
    MOST_UNITS,
    Known,
    check_between,
    check_id,
    check_reference,
    check_time,
    check_unique,
)

MOST_LOTS = 100
MOST_LOT_DAYS = 36_500
MOST_WORK = 1_000_000_000


def check_stock(command: OptimizeCommand, violations: Violations) -> None:
    """Every amount is of a known source and material, and stands once."""
    sources = {source.source_id for source in command.sources}
    skus = {material.sku for material in command.materials}
    check_unique([_what(amount) for amount in command.stock], "stock", violations)
    for position, amount in enumerate(command.stock):
        path = f"stock[{position}]"
        check_reference(amount.source_id, sources, "source", f"{path}.source_id", violations)
        check_reference(amount.sku, skus, "material", f"{path}.sku", violations)
        _check_units(amount, path, violations)
        _check_stage(amount, path, violations)
        for name in ("unit_cost_minor", "stock_out_minor", "stock_value_minor", "landed_cost_minor"):
            stated = getattr(amount, name)
            if stated is not None:
                check_between(stated, 0, MOST_MINOR, f"{path}.{name}", violations)


def check_states(command: OptimizeCommand, violations: Violations) -> None:
    """Every state is of a known source or service, and stands once."""
    sources = {source.source_id for source in command.sources}
    services = {service.service_id for service in command.services}
    check_unique([state.source_id for state in command.source_states], "source_states", violations)
    for position, state in enumerate(command.source_states):
        path = f"source_states[{position}]"
        check_reference(state.source_id, sources, "source", f"{path}.source_id", violations)
        _check_source_state(state, path, violations)
    check_unique([state.service_id for state in command.service_states], "service_states", violations)
    for position, load in enumerate(command.service_states):
        path = f"service_states[{position}]"
        check_reference(load.service_id, services, "service", f"{path}.service_id", violations)
        _check_service_state(load, path, violations)


def check_lanes(command: OptimizeCommand, violations: Violations) -> None:
    """Every lane is of a known source, for a known order or for all, and stands once."""
    sources = {source.source_id for source in command.sources}
    orders = {order.order_id for order in command.orders} | {""}
    skus = {material.sku for material in command.materials}
    check_unique([_which(lane) for lane in command.lanes], "lanes", violations)
    for position, lane in enumerate(command.lanes):
        path = f"lanes[{position}]"
        check_reference(lane.source_id, sources, "source", f"{path}.source_id", violations)
        check_reference(lane.order_id, orders, "order", f"{path}.order_id", violations)
        check_reference(lane.via_source_id, sources | {""}, "source", f"{path}.via_source_id", violations)
        check_id(lane.service_id, f"{path}.service_id", violations)
        _check_prices(lane, skus, path, violations)
        _check_times(lane, path, violations)
        check_lane_terms(lane, path, violations)
        check_transit_times(lane.transit_times, f"{path}.transit_times", violations)


def _what(amount: StockAmount) -> str:
    later = "" if amount.stage is Stage.ON_HAND else f", {amount.stage}, {amount.available_at}"
    return f"{amount.source_id}, {amount.sku}{later}"


def _which(lane: PricedLane) -> str:
    further = "".join(f", {name} {one}" for name, one in (("by", lane.via_source_id), ("offer", lane.offer_id)) if one)
    return f"{lane.source_id}, {lane.service_id}, {lane.order_id}{further}"


def _check_units(amount: StockAmount, path: str, violations: Violations) -> None:
    for name in ("available_units", "safety_units", "reserve_units"):
        check_between(getattr(amount, name), 0, MOST_UNITS, f"{path}.{name}", violations)
    if amount.on_hand_units:
        low = amount.available_units
        check_between(amount.on_hand_units, low, MOST_UNITS, f"{path}.on_hand_units", violations)
    few = len(amount.lots) <= MOST_LOTS
    violations.require(few, f"{path}.lots", f"{len(amount.lots)} lots", f"give at most {MOST_LOTS}")
    for position, lot in enumerate(amount.lots):
        _check_lot(lot, f"{path}.lots[{position}]", violations)


def _check_lot(lot: Lot, path: str, violations: Violations) -> None:
    check_between(lot.units, 0, MOST_UNITS, f"{path}.units", violations)
    check_between(lot.days_to_expiry, -MOST_LOT_DAYS, MOST_LOT_DAYS, f"{path}.days_to_expiry", violations)
    check_between(lot.markdown_minor, 0, MOST_MINOR, f"{path}.markdown_minor", violations)


def _check_stage(amount: StockAmount, path: str, violations: Violations) -> None:
    at = f"{path}.available_at"
    if amount.available_at is None:
        dated = amount.stage in (Stage.IN_TRANSIT, Stage.PRE_SALE)
        violations.require(not dated, at, "missing", f"say from when on stock that is {amount.stage} is there")
        return
    check_time(amount.available_at, at, violations)
    later = amount.stage is not Stage.ON_HAND
    violations.require(later, at, amount.available_at.isoformat(), "what is on hand is there: leave it out")


def _check_source_state(state: SourceState, path: str, violations: Violations) -> None:
    for name in ("orders", "units", "handling_minutes"):
        check_between(getattr(state.work, name), 0, MOST_WORK, f"{path}.work.{name}", violations)
    for name, most in (
        ("load_basis_points", MOST_BASIS_POINTS * MOST_DAYS),
        ("orders_left", MOST_WORK),
        ("units_left", MOST_WORK),
        ("minutes_left", MOST_WORK),
        ("backlog_days", MOST_DAYS),
        ("rejects", MOST_UNITS),
        ("share_excess_basis_points", MOST_BASIS_POINTS),
        ("quota_orders_left", MOST_WORK),
    ):
        stated = getattr(state, name)
        if stated is not None:
            check_between(stated, 0, most, f"{path}.{name}", violations)


def _check_service_state(state: ServiceState, path: str, violations: Violations) -> None:
    check_between(state.packages, 0, MOST_UNITS, f"{path}.packages", violations)
    check_between(state.grams, 0, MOST_UNITS * MOST_GRAMS, f"{path}.grams", violations)


def _check_prices(lane: PricedLane, skus: Known, path: str, violations: Violations) -> None:
    if lane.card is not None:
        check_rate_card(lane.card, f"{path}.card", violations)
    for name in ("package_minor", "transfer_per_package_minor", "transfer_per_unit_minor"):
        check_between(getattr(lane, name), 0, MOST_MINOR, f"{path}.{name}", violations)
    for sku, minor in lane.unit_minor.items():
        at = f"{path}.unit_minor[{sku}]"
        check_reference(sku, skus, "material", at, violations)
        check_between(minor, 0, MOST_MINOR, at, violations)
    via = bool(lane.via_source_id) or not (lane.transfer_per_package_minor or lane.transfer_per_unit_minor)
    remedy = "say where the goods are taken first, or leave its prices out"
    violations.require(via, f"{path}.via_source_id", "missing", remedy)


def _check_times(lane: PricedLane, path: str, violations: Violations) -> None:
    for name, most in (
        ("distance_meters", MOST_METERS),
        ("transit_minutes", MOST_MINUTES),
        ("min_billable_grams", MOST_GRAMS),
        ("max_weight_grams", MOST_GRAMS),
    ):
        check_between(getattr(lane, name), 0, most, f"{path}.{name}", violations)
    for name in ("hand_over_at", "arrives_at"):
        moment = getattr(lane, name)
        if moment is not None:
            check_time(moment, f"{path}.{name}", violations)
    for name in ("packages_left", "grams_left"):
        left = getattr(lane, name)
        if left is not None:
            check_between(left, 0, MOST_UNITS * MOST_GRAMS, f"{path}.{name}", violations)
    if lane.hand_over_at is not None and lane.arrives_at is not None:
        ordered, stated = lane.hand_over_at <= lane.arrives_at, lane.arrives_at.isoformat()
        violations.require(ordered, f"{path}.arrives_at", stated, "must not lie before hand_over_at")
