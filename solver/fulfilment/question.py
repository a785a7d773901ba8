"""From an order, the catalog, the network and the stock to the Problem that the optimiser answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material
from solver.catalog.ordered import parts_of
from solver.network.doubts import doubts_of
from solver.network.lanes import ClosedLane, Lane, lanes_by, lanes_to
from solver.network.later import LaterStock
from solver.network.model import Source
from solver.network.network import Network
from solver.network.ways import NO_WORK, Workload
from solver.orders.model import Order
from solver.sourcing.items import item_of
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Line, LinePart, Offer, Problem

UnitsBySource = Mapping[str, Mapping[str, int]]  # SKU -> source id -> units
_NOWHERE: Mapping[str, int] = {}


def lines_of(order: Order, catalog: Catalog) -> tuple[Line, ...]:
    """The order's lines, exploded to what is stocked."""
    return tuple(
        [
            Line(
                line_id=line.line_id,
                sku=line.sku,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                parts=tuple([_line_part(part.sku, part.units) for part in parts_of(line, catalog)]),
                ships_complete=line.ships_complete,
                ships_together=line.ships_together,
            )
            for line in order.lines
        ]
    )


@lru_cache(maxsize=1 << 14)
def _line_part(sku: str, units: int) -> LinePart:
    return LinePart(sku=sku, units=units)


def skus_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """Every SKU that the lines are made of, in alphabetical order."""
    return tuple(sorted({part.sku for line in lines for part in line.parts}))


def units_of(lines: Iterable[Line]) -> dict[str, int]:
    """How many units of each SKU the lines ask for."""
    units: dict[str, int] = {}
    for line in lines:
        for part in line.parts:
            units[part.sku] = units.get(part.sku, 0) + line.quantity * part.units
    return units


def items_of(skus: Iterable[str], catalog: Catalog) -> dict[str, Item]:
    """Each SKU as a carrier sees it."""
    return {sku: _item_of(catalog.materials[sku]) for sku in skus}


_MOST_KEPT = 1 << 14
_kept: dict[int, tuple[Material, Item]] = {}  # by the material's identity, which stays taken for as long as it is kept


def _item_of(material: Material) -> Item:
    known = _kept.get(id(material))
    if known is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[id(material)] = (material, item_of(material))
    return known[1]


def offers_of(sources: Mapping[str, Source], available: UnitsBySource, on_hand: UnitsBySource) -> tuple[Offer, ...]:
    """What each known source could give of the SKUs asked; a source that has none of them makes no offer."""
    by_source: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
    for sku, units_of in on_hand.items():
        available_of = available.get(sku, {})
        for source_id, units in units_of.items():
            if units > 0 and source_id in sources:
                free, all_units = by_source.setdefault(source_id, ({}, {}))
                all_units[sku] = units
                free[sku] = available_of.get(source_id, 0)
    return tuple(
        offer_of(sources[source_id], by_source[source_id][0], by_source[source_id][1])
        for source_id in sorted(by_source)
    )


def offers_at(
    source_ids: Iterable[str], sources: Mapping[str, Source], available: UnitsBySource, on_hand: UnitsBySource
) -> tuple[Offer, ...]:
    """The same of a few sources alone; nobody asks what the others have."""
    offers = []
    for source_id in sorted(source_ids):
        all_units = {sku: units for sku, units_of in on_hand.items() if (units := units_of.get(source_id, 0)) > 0}
        if all_units and source_id in sources:
            free = {sku: available.get(sku, _NOWHERE).get(source_id, 0) for sku in all_units}
            offers.append(offer_of(sources[source_id], free, all_units))
    return tuple(offers)


def offer_of(source: Source, available: Mapping[str, int], on_hand: Mapping[str, int]) -> Offer:
    """What a source offers of its own stock, with what is known about the source."""
    return Offer(
        source_id=source.source_id,
        available=available,
        on_hand=on_hand,
        kind=source.kind,
        tags=source.tags,
        priority=source.priority,
        is_active=source.is_active,
        handling_per_order_minor=source.handling_per_order_minor,
        handling_per_package_minor=source.handling_per_package_minor,
        handling_per_line_minor=source.handling_per_line_minor,
        handling_per_unit_minor=source.handling_per_unit_minor,
        packaging_minor=source.packaging_minor,
        minutes_per_package=source.minutes_per_package,
        minutes_per_unit=source.minutes_per_unit,
        carbon_grams_per_package=source.carbon_grams_per_package,
    )


def problem_of(
    order: Order,
    lines: tuple[Line, ...],
    catalog: Catalog,
    offers: tuple[Offer, ...],
    policy: Policy,
    lanes: tuple[Lane, ...],
    closed_lanes: tuple[ClosedLane, ...] = (),
    notes: Sequence[tuple[str, str]] = (),
    money_decimals: int | None = None,
) -> Problem:
    """Put the parts together; each of `notes` is in English and in Chinese."""
    return Problem(
        order_id=order.order_id,
        currency=order.currency,
        lines=lines,
        items=items_of(skus_of(lines), catalog),
        offers=offers,
        lanes=lanes,
        closed_lanes=closed_lanes,
        policy=policy,
        promised_at=order.promised_at,
        placed_at=order.placed_at,
        channel=order.channel,
        customer_tier=order.customer_tier,
        ships_complete=order.ships_complete,
        notes=tuple(english for english, _ in notes),
        notes_zh=tuple(chinese for _, chinese in notes),
        money_decimals=money_decimals,
    )


def network_problem(
    order: Order,
    catalog: Catalog,
    network: Network,
    available: UnitsBySource,
    on_hand: UnitsBySource,
    policy: Policy,
) -> Problem:
    """The problem of an order on a network that stock is on hand in, of sources that have nothing else to do."""
    offers = offers_of(network.sources, available, on_hand)
    return tariff_problem(order, catalog, network, offers, policy)


def tariff_problem(
    order: Order,
    catalog: Catalog,
    network: Network,
    offers: tuple[Offer, ...],
    policy: Policy,
    *,
    later: Iterable[LaterStock] = (),
    workload: Workload = NO_WORK,
    money_decimals: int | None = None,
    service_ids: Collection[str] | None = None,
    lines: tuple[Line, ...] = (),
) -> Problem:
    """The problem of an order that can be given `offers`, of which `later` are not there yet.

    Lanes are made from tariffs, over other sources too where stock can be taken there; coordinates that are missing are
    assumed. `lines` are the order's own, where they are known.
    """
    lines = lines or lines_of(order, catalog)
    place = network.place(order.destination)
    able = [offer for offer in offers if any(offer.available.values())]
    keys = {offer.key for offer in able}
    lanes, closed = lanes_to(
        network,
        place,
        placed_at=order.placed_at,
        source_ids=[offer.source_id for offer in able if not offer.offer_id],
        workload=workload,
        later=[one for one in later if (one.source_id, one.offer_id) in keys],
        with_transfers=True,
        service_ids=service_ids,
    )
    notes = doubts_of(network, place)
    return problem_of(order, lines, catalog, offers, policy, lanes, closed, notes, money_decimals)


def straight_problem(
    order: Order,
    catalog: Catalog,
    network: Network,
    offers: tuple[Offer, ...],
    policy: Policy,
    lanes: Collection[tuple[str, str]],
    *,
    lines: tuple[Line, ...] = (),
) -> Problem:
    """The same as if there were no lanes but these, straight from a source by a service. Raises KeyError."""
    lines, place = lines or lines_of(order, catalog), network.place(order.destination)
    straight = lanes_by(network, place, order.placed_at, lanes)
    return problem_of(order, lines, catalog, offers, policy, straight, notes=doubts_of(network, place))
