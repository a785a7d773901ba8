"""Plans every order of a feed beside the caller's own system. No stock, no plan and no account is touched."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from solver.clock import Clock
from solver.errors import DeadlineTooShort, LostRace, NotFound, StateConflict, Violations
from solver.fulfilment.asking import Asking
from solver.fulfilment.decided import decided
from solver.fulfilment.exploding.exploding import Exploding
from solver.fulfilment.order_checks import check_ordered
from solver.fulfilment.preference import preferred
from solver.fulfilment.question import lines_of, skus_of
from solver.fulfilment.readiness import Readiness
from solver.fulfilment.shadowing import rows
from solver.fulfilment.shadowing.model import (
    OutcomesCommand,
    ShadowCommand,
    ShadowedOrder,
    ShadowOutcome,
    ShadowPlan,
    ShadowStock,
)
from solver.fulfilment.sources import CatalogSource, NetworkSource, PolicySource
from solver.orders.check_shipment import check_shipment
from solver.orders.shipment import Shipment
from solver.orders.validate import check_destination
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.stock.rows import Place
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, answered_before, once, refuse_unnamed
from solver.validation import MOST_ROWS, check_id, check_reference

ATTEMPTS = 8
_KEEPING_SECONDS = 0.05


class _LedgerMoved(Exception):
    """Another order of the shadow was planned meanwhile."""


class Shadowing:
    """The orders of shadows."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        policies: PolicySource,
        asking: Asking,
        readiness: Readiness,
        exploding: Exploding,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._policies = policies
        self._asking = asking
        self._readiness = readiness
        self._exploding = exploding
        self._stopwatch = stopwatch

    def plan(self, request: Request, command: ShadowCommand, *, seconds_left: float) -> ShadowPlan:
        """The best plan for the order now; a repeated request returns the plan made first.

        Raises InvalidRequest, RequestIdReused, StateConflict (ORDER_ALREADY_SHADOWED), DeadlineTooShort, and LostRace
        where the ledger of the shadow moved ATTEMPTS times over.
        """
        refuse_unnamed(request)
        ends_at = self._stopwatch() + seconds_left
        order_id = command.order.order_id
        for _ in range(ATTEMPTS):
            with self._database.read() as reader:
                before = answered_before(reader, request)
            if before is not None:
                return self._found(command.shadow_id, order_id)
            made, ledger = self._decide(command, self._refuse_invalid(command), ends_at)
            try:
                once(self._database, self._clock, request, partial(self._keep, made, ledger))
            except _LedgerMoved:
                continue
            return self._found(command.shadow_id, order_id)
        raise LostRace(
            f"others of shadow {command.shadow_id} were planned on the same stock {ATTEMPTS} times over; try again",
            metadata={"shadow_id": command.shadow_id, "order_id": order_id},
        )

    def record(self, request: Request, command: OutcomesCommand) -> int:
        """Keep what the caller did, all of it or nothing; how many orders it is of.

        Raises InvalidRequest with every violation, RequestIdReused, NotFound for orders that are not of the shadow.
        """
        refuse_unnamed(request)
        _refuse_unsound(command, self._network.network.sources, self._catalog.catalog.materials)
        shipped: dict[str, list[Shipment]] = {order_id: [] for order_id in command.unshipped_order_ids}
        for shipment in command.shipments:
            shipped.setdefault(shipment.order_id, []).append(shipment)

        def keep(tx: Transaction) -> bytes:
            for order_id, shipments in shipped.items():
                plan = self._plan_of(tx, command.shadow_id, order_id)
                if plan.stock is ShadowStock.LEDGER:
                    old = rows.find_outcome(tx, command.shadow_id, order_id) or ShadowOutcome()
                    moved = [*_shipped(old.shipments, 1), *_shipped(shipments, -1)]
                    rows.take(tx, command.shadow_id, moved)
                rows.keep_outcome(tx, command.shadow_id, order_id, ShadowOutcome(shipments=tuple(shipments)))
            return str(len(shipped)).encode()

        return int(once(self._database, self._clock, request, keep).body)

    def orders(self, shadow_id: str, after_order_id: str = "", most: int = MOST_ROWS) -> Sequence[ShadowedOrder]:
        """The next orders of a shadow by their ids. Raises InvalidRequest, and NotFound where it has none at all."""
        violations = Violations()
        check_id(shadow_id, "shadow_id", violations)
        violations.refuse_any("the request for a shadow's orders")
        with self._database.read() as reader:
            found = rows.orders_after(reader, shadow_id, after_order_id, most)
        if not found and not after_order_id:
            raise NotFound(f"shadow {shadow_id!r} has no orders", metadata={"shadow_id": shadow_id})
        return found

    def _decide(self, command: ShadowCommand, policy: Policy, ends_at: float) -> tuple[ShadowPlan, Mapping[Place, int]]:
        """The plan, and what of the ledger it was made on."""
        limit = min(policy.time_limit_ms / 1000, ends_at - self._stopwatch() - _KEEPING_SECONDS)
        if limit <= 0:
            raise DeadlineTooShort("the deadline passed before the order was planned; nothing is kept")
        begun = self._stopwatch()
        order, _ = self._exploding.exploded(command.order)
        ledger: dict[Place, int] = {}
        if command.stock is ShadowStock.LEDGER:
            with self._database.read() as reader:
                ledger = rows.taken(reader, command.shadow_id, skus_of(lines_of(order, self._catalog.catalog)))
        own = {place: -units for place, units in ledger.items()}
        plan = decided(self._asking.question(order, policy, own), self._readiness, seconds_left=limit)
        made = ShadowPlan(
            shadow_id=command.shadow_id,
            order=order,
            plan=plan,
            stock=command.stock,
            planned_at=self._clock.now(),
            decision_micros=round((self._stopwatch() - begun) * 1_000_000),
        )
        return made, ledger

    def _keep(self, made: ShadowPlan, ledger: Mapping[Place, int], tx: Transaction) -> bytes:
        order = made.order
        if rows.find_plan(tx, made.shadow_id, order.order_id) is not None:
            raise StateConflict(
                f"order {order.order_id} was planned in shadow {made.shadow_id} before; name another order or shadow",
                reason="ORDER_ALREADY_SHADOWED",
                metadata={"order_id": order.order_id, "shadow_id": made.shadow_id},
            )
        if made.stock is ShadowStock.LEDGER:
            if rows.taken(tx, made.shadow_id, skus_of(lines_of(order, self._catalog.catalog))) != ledger:
                raise _LedgerMoved
            rows.take(tx, made.shadow_id, _planned(made.plan))
        rows.keep_plan(tx, made)
        return b""

    def _found(self, shadow_id: str, order_id: str) -> ShadowPlan:
        with self._database.read() as reader:
            return self._plan_of(reader, shadow_id, order_id)

    def _plan_of(self, reader: Reader, shadow_id: str, order_id: str) -> ShadowPlan:
        plan = rows.find_plan(reader, shadow_id, order_id)
        if plan is None:
            raise NotFound(
                f"order {order_id!r} was not planned in shadow {shadow_id!r}; plan it by ShadowOrder first",
                metadata={"order_id": order_id, "shadow_id": shadow_id},
            )
        return plan

    def _refuse_invalid(self, command: ShadowCommand) -> Policy:
        violations = Violations()
        check_id(command.shadow_id, "shadow_id", violations)
        catalog, combinations = self._catalog.catalog, self._exploding.combinations
        check_ordered(command.order, catalog, self._network.currency, "order", violations, combinations)
        check_destination(command.order.destination, self._network.network.regions, "order.destination", violations)
        policies = preferred(command, [command.order], self._policies.documents, violations)
        violations.refuse_any("the request to plan in a shadow")
        return policies[0]


def _refuse_unsound(command: OutcomesCommand, source_ids: Collection[str], skus: Collection[str]) -> None:
    violations = Violations()
    check_id(command.shadow_id, "shadow_id", violations)
    number = len(command.shipments) + len(command.unshipped_order_ids)
    violations.require(
        1 <= number <= MOST_ROWS, "shipments", f"{number} rows", f"send 1 to {MOST_ROWS:,}, with unshipped_order_ids"
    )
    shipped = {shipment.order_id for shipment in command.shipments}
    for position, shipment in enumerate(command.shipments):
        at = f"shipments[{position}]"
        check_shipment(shipment, at, violations)
        if shipment.source_id:
            check_reference(shipment.source_id, source_ids, "source", f"{at}.source_id", violations)
        for sku in shipment.units:
            check_reference(sku, skus, "material", f"{at}.units.{sku}", violations)
    for position, order_id in enumerate(command.unshipped_order_ids):
        at = f"unshipped_order_ids[{position}]"
        check_id(order_id, at, violations)
        violations.require(order_id not in shipped, at, order_id, "stands among the shipments too; say it once")
    violations.refuse_any("what the caller did")


def _planned(plan: Plan) -> Iterator[tuple[Place, int]]:
    for package in plan.packages:
        if not package.offer_id:  # what is yet to come was never counted as available
            yield from (((package.source_id, packed.sku), packed.units) for packed in package.contents)


def _shipped(shipments: Iterable[Shipment], sign: int) -> Iterator[tuple[Place, int]]:
    for shipment in shipments:
        if shipment.source_id:
            yield from (((shipment.source_id, sku), sign * units) for sku, units in shipment.units.items())
