"""One order after the other on what the earlier ones left: its problem, and what its plan takes."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from solver.catalog.catalog import Catalog
from solver.fulfilment.busyness import Busyness
from solver.fulfilment.command import OptimizeCommand, PricedLane
from solver.fulfilment.question import lines_of, problem_of, skus_of, tariff_problem
from solver.fulfilment.shelf import Shelf
from solver.network.hours import source_hand_over_at
from solver.network.lanes import Lane
from solver.network.model import Band, RateCard
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer, Problem
from solver.sourcing.rules.stock_keeps_long_enough import LIMIT as LEAST_DAYS

FREE = RateCard(bands=(Band(up_to_grams=None, base_minor=0),))


class Desk:
    """What is left for the next order."""

    def __init__(self, command: OptimizeCommand) -> None:
        self._command = command
        self._catalog = Catalog.of(command.materials, command.sales_items)
        self._network = Network.of(
            regions=command.regions,
            sources=command.sources,
            services=command.services,
            calendars=command.calendars,
            transfers=command.transfers,
        )
        self._shelf = Shelf(command.stock, self._network.sources, self._catalog)
        self._busyness = Busyness(self._network, command.source_states, command.service_states)
        self._lanes: dict[str, list[PricedLane]] = {}
        for priced in command.lanes:
            self._lanes.setdefault(priced.order_id, []).append(priced)

    def problem(self, order: Order, policy: Policy) -> Problem:
        """The order's problem as things stand now."""
        skus = skus_of(lines_of(order, self._catalog))
        offers, later = self._shelf.offers(skus, order.placed_at)
        offers = tuple(self._busyness.applied(offer, order.placed_at) for offer in offers)
        if self._command.lanes:
            available_at = {(one.source_id, one.offer_id): one.available_at for one in later}
            return problem_of(
                order,
                lines_of(order, self._catalog),
                self._catalog,
                offers,
                policy,
                self._priced_lanes(order, offers, available_at),
                money_decimals=self._command.money_decimals,
            )
        return tariff_problem(
            order,
            self._catalog,
            self._network,
            offers,
            policy,
            later=later,
            workload=self._busyness.workload(dict.fromkeys(offer.source_id for offer in offers), order.placed_at),
            money_decimals=self._command.money_decimals,
        )

    def count_down(self, order: Order, policy: Policy, plan: Plan) -> None:
        """Take off what the plan ships, and add its work."""
        self._shelf.take(plan, order.placed_at, LEAST_DAYS.of(policy))
        self._busyness.count(plan)

    def _priced_lanes(
        self, order: Order, offers: Iterable[Offer], available_at: Mapping[tuple[str, str], datetime]
    ) -> tuple[Lane, ...]:
        """A lane for this very order, or else for this very offer, takes the place of a more general one."""
        by_source: dict[str, list[Offer]] = {}
        for offer in offers:
            by_source.setdefault(offer.source_id, []).append(offer)
        given = [*self._lanes.get("", ()), *(self._lanes.get(order.order_id, ()) if order.order_id else ())]
        lanes: dict[tuple[str, str, str, str], Lane] = {}
        for priced in sorted(given, key=lambda one: (bool(one.order_id), bool(one.offer_id))):
            for offer in by_source.get(priced.source_id, ()):
                if priced.offer_id in ("", offer.offer_id):
                    lane = self._lane(order, priced, offer.offer_id, available_at.get(offer.key))
                    lanes[lane.lane_id] = lane
        return tuple(lanes.values())

    def _lane(self, order: Order, priced: PricedLane, offer_id: str, available_at: datetime | None) -> Lane:
        source = self._network.sources[priced.source_id]
        handed_over_at = priced.hand_over_at or source_hand_over_at(
            source,
            order.placed_at,
            days=self._network.work_days[source.source_id],
            backlog_days=self._busyness.backlog_days(source, order.placed_at),
            available_at=available_at,
        )
        handed_packages, handed_grams = self._busyness.handed_to(priced.service_id)
        straight_and_there = not priced.via_source_id and not offer_id
        return Lane(
            source_id=priced.source_id,
            service_id=priced.service_id,
            carrier_id=priced.carrier_id,
            distance_meters=priced.distance_meters,
            arrives_at=priced.arrives_at or handed_over_at + timedelta(minutes=priced.transit_minutes),
            card=priced.card or FREE,
            crosses_province=priced.crosses_province,
            volumetric_divisor_cm3_per_kg=priced.volumetric_divisor_cm3_per_kg,
            volumetric_divisor_in3_per_lb=priced.volumetric_divisor_in3_per_lb,
            min_billable_grams=priced.min_billable_grams,
            max_weight_grams=priced.max_weight_grams,
            surcharges=priced.surcharges,
            max_volume_mm3=priced.max_volume_mm3,
            max_side_mm=priced.max_side_mm,
            max_units=priced.max_units,
            refuses_tags=priced.refuses_tags,
            crosses_border=priced.crosses_border,
            carbon_grams_per_package=priced.carbon_grams_per_package,
            carbon_grams_per_tonne_km=priced.carbon_grams_per_tonne_km,
            lead_times=source.lead_times if straight_and_there else None,
            transit_times=priced.transit_times,
            via_source_id=priced.via_source_id,
            offer_id=offer_id,
            transfer_per_package_minor=priced.transfer_per_package_minor,
            transfer_per_unit_minor=priced.transfer_per_unit_minor,
            hand_over_at=handed_over_at,
            transit_minutes=priced.transit_minutes,
            packages_left=_less(priced.packages_left, handed_packages),
            grams_left=_less(priced.grams_left, handed_grams),
            package_minor=priced.package_minor,
            unit_minor=priced.unit_minor,
        )


def _less(stated: int | None, handed: int) -> int | None:
    return None if stated is None else max(0, stated - handed)
