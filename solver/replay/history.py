"""What was really shipped, order by order: figures of what history knows, and none of what it does not."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.network.distance import distance_meters
from solver.network.network import Network
from solver.orders.model import Order
from solver.orders.shipment import Shipment
from solver.replay.compare import Difference, paired
from solver.replay.metrics import Metrics, metrics_of
from solver.replay.outcome import Outcome, RunPackage
from solver.scenario.metric_names import METRICS
from solver.units import ceil_div

FREIGHT, PAID_BESIDE = "freight", "handling"  # the terms that a shipment's amounts stand as
UNKNOWN_ALWAYS = ("cost", "carbon_grams")
# What an outcome must know for a figure to count it; what is not listed history never knows.
_NEEDS = {
    "paid_minor": "paid",
    "paid_per_order_minor": "paid",
    "freight_per_order_minor": FREIGHT,
    "packages_per_order": "packages",
    "split_share": "packages",
    "cross_province_share": "source_id",
    "meters_per_package": "source_id",
    "on_time_share": "late_minutes",
    "late_hours_per_order": "late_minutes",
    "fill_rate": "units",
    "lost_sales_minor": "units",
}
_TOTALS = ("paid_minor", "lost_sales_minor")  # mean nothing unless they are known of every order
_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The figures of a history, and of how many orders each is known where not of all."""

    metrics: Metrics
    known_orders: Mapping[str, int]


def history_outcomes(
    orders: Iterable[Order],
    shipments: Iterable[Shipment],
    network: Network,
    catalog: Catalog,
    unshipped: Collection[str] = (),
) -> Iterator[Outcome]:
    """What became of each order, in the sequence in which they were placed; `unshipped` are known to ship nothing.

    A shipment's freight stands as the term `freight`, what else was paid for it as `handling`.
    """
    of_order: dict[str, list[Shipment]] = {}
    for shipment in shipments:
        of_order.setdefault(shipment.order_id, []).append(shipment)
    for order in sorted(orders, key=lambda one: (one.placed_at, one.order_id)):
        mine = of_order.get(order.order_id, [])
        unknown = UNKNOWN_ALWAYS if order.order_id in unshipped else _unknown(mine, network)
        yield _outcome(order, mine, network, catalog, unknown)


def known_metrics(outcomes: Sequence[Outcome]) -> Known:
    """Each figure over the orders that it is known of; None where that is none, or not all for a total."""
    figures: dict[str, float | None] = dict.fromkeys(METRICS)
    counted: dict[str, int] = {}
    for need, names in groupby(sorted(_NEEDS, key=_NEEDS.__getitem__), key=_NEEDS.__getitem__):
        known = [one for one in outcomes if need not in one.unknown]
        of_known = metrics_of(known, oversold_units=0).figures
        for name in names:
            whole = name not in _TOTALS or len(known) == len(outcomes)
            figures[name] = of_known[name] if known and whole else None
            if len(known) < len(outcomes):
                counted[name] = len(known)
    sums = metrics_of(outcomes, oversold_units=0)
    terms = {
        FREIGHT: all(FREIGHT not in one.unknown for one in outcomes),
        PAID_BESIDE: all("paid" not in one.unknown and FREIGHT not in one.unknown for one in outcomes),
    }
    told = {term: minor for term, minor in sums.terms_minor.items() if terms.get(term)}
    return Known(metrics=replace(sums, figures=figures, terms_minor=told), known_orders=counted)


def freight_difference(first: Iterable[Outcome], second: Iterable[Outcome]) -> Difference:
    """The second run's freight less the first's, order by order, of orders that both know and ship whole.

    Raises ValueError where the runs had other orders.
    """
    both = [(_freight_alone(one), _freight_alone(other)) for one, other in zip(first, second, strict=True)]
    pairs = [(one, other) for one, other in both if one is not None and other is not None]
    return paired([one for one, _ in pairs], [other for _, other in pairs])


def _freight_alone(outcome: Outcome) -> Outcome | None:
    knows = not {FREIGHT, "units", "packages"} & set(outcome.unknown)
    if not knows or outcome.unfilled_units or not outcome.shipped:
        return None
    return replace(outcome, cost_minor={FREIGHT: outcome.cost_minor.get(FREIGHT, 0)})


def _outcome(
    order: Order, shipments: Sequence[Shipment], network: Network, catalog: Catalog, unknown: tuple[str, ...]
) -> Outcome:
    ordered = _ordered(order, catalog)
    shipped = _shipped(shipments)
    unfilled = {sku: max(0, units - shipped.get(sku, 0)) for sku, units in ordered.items()}
    cost = {FREIGHT: sum(one.freight_minor or 0 for one in shipments)}
    beside = sum((one.paid_minor or 0) - (one.freight_minor or 0) for one in shipments if one.paid_minor is not None)
    if beside:
        cost[PAID_BESIDE] = beside
    return Outcome(
        order_id=order.order_id,
        placed_at=order.placed_at,
        promised_at=order.promised_at,
        region_id=order.destination.region_id,
        ordered_units=sum(line.quantity for line in order.lines),
        unfilled_units=0 if "units" in unknown else _unfilled_lines(order, unfilled, catalog)[0],
        lost_minor=0 if "units" in unknown else _unfilled_lines(order, unfilled, catalog)[1],
        packages=tuple(_package(order, one, network, catalog) for one in shipments),
        cost_minor=cost,
        bound_minor=sum(cost.values()),
        unknown=unknown,
    )


def _unknown(shipments: Sequence[Shipment], network: Network) -> tuple[str, ...]:
    """What is not known of at least one of the packages; of an order without any, everything."""
    tests: dict[str, Callable[[Shipment], bool]] = {
        "units": lambda one: not one.units,
        "weight_grams": lambda one: not one.units,
        "source_id": lambda one: one.source_id not in network.sources,
        "distance_meters": lambda one: one.source_id not in network.sources,
        "crosses_province": lambda one: one.source_id not in network.sources,
        "service_id": lambda one: not one.service_id,
        "hand_over_at": lambda one: one.shipped_at is None,
        "arrives_at": lambda one: one.arrived_at is None,
        "late_minutes": lambda one: one.arrived_at is None,
        FREIGHT: lambda one: one.freight_minor is None,
        "paid": lambda one: one.paid_minor is None,
    }
    if not shipments:
        return ("packages", *tests, *UNKNOWN_ALWAYS)
    return (*(name for name, lacks in tests.items() if any(lacks(one) for one in shipments)), *UNKNOWN_ALWAYS)


def _package(order: Order, shipment: Shipment, network: Network, catalog: Catalog) -> RunPackage:
    source = network.sources.get(shipment.source_id)
    place = network.place(order.destination)
    meters, crosses = 0, False
    if source is not None:
        meters = distance_meters(source.latitude, source.longitude, place.latitude, place.longitude)
        crosses = network.province_id(source.region_id) != place.province_id
    cost = {FREIGHT: shipment.freight_minor or 0}
    if shipment.paid_minor is not None and shipment.paid_minor > cost[FREIGHT]:
        cost[PAID_BESIDE] = shipment.paid_minor - cost[FREIGHT]
    left = shipment.shipped_at or order.placed_at
    arrived = shipment.arrived_at or left
    known = {sku: units for sku, units in shipment.units.items() if sku in catalog.materials}
    return RunPackage(
        source_id=shipment.source_id,
        service_id=shipment.service_id or shipment.carrier_id,
        units=shipment.units,
        weight_grams=sum(catalog.materials[sku].weight_grams * units for sku, units in known.items()),
        distance_meters=meters,
        hand_over_at=left,
        arrives_at=arrived,
        late_minutes=_late_minutes(arrived, order.promised_at) if shipment.arrived_at is not None else 0,
        crosses_province=crosses,
        carbon_grams=0,
        cost_minor=cost,
    )


def _late_minutes(arrived: datetime, promised: datetime | None) -> int:
    if promised is None or arrived <= promised:
        return 0
    return ceil_div(int((arrived - promised).total_seconds()), _SECONDS)


def _ordered(order: Order, catalog: Catalog) -> dict[str, int]:
    ordered: dict[str, int] = {}
    for line in order.lines:
        for part in parts_of(line, catalog):
            ordered[part.sku] = ordered.get(part.sku, 0) + part.units * line.quantity
    return ordered


def _shipped(shipments: Iterable[Shipment]) -> dict[str, int]:
    shipped: dict[str, int] = {}
    for shipment in shipments:
        for sku, units in shipment.units.items():
            shipped[sku] = shipped.get(sku, 0) + units
    return shipped


def _unfilled_lines(order: Order, unfilled: Mapping[str, int], catalog: Catalog) -> tuple[int, int]:
    """Units of the order's lines that did not ship, and their price: of scarce units, the last lines lack them."""
    left = dict(unfilled)
    lacking, lost_minor = 0, 0
    for line in reversed(order.lines):
        parts = parts_of(line, catalog)
        units = min(line.quantity, max(ceil_div(left[part.sku], part.units) for part in parts))
        for part in parts:
            left[part.sku] = max(0, left[part.sku] - units * part.units)
        lacking += units
        lost_minor += units * line.unit_price_minor
    return lacking, lost_minor
