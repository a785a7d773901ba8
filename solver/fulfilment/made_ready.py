"""Policies made ready together, so that what is the same for all of them is worked out once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from solver.catalog.catalog import Catalog
from solver.fulfilment.question import UnitsBySource, network_problem
from solver.network.network import Network
from solver.orders.model import Address, Order, OrderLine
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.briefly import Briefly
from solver.sourcing.snapshot.view import Ask


def made_ready(
    network: Network,
    catalog: Catalog,
    policies: Sequence[Policy],
    *,
    now: datetime,
    rest: Callable[[float], object] = lambda _: None,
) -> tuple[Briefly | None, ...]:
    """What decides under each policy from snapshots, ready for every region and these days; None where nothing does.

    The catalog has some material. `rest` is called after each region with the seconds that it took, to let others work.
    """
    asked = _Asked(catalog)
    made = tuple(
        Briefly.of(network=network, catalog=catalog, policy=policy, asks_under=asked.under) for policy in policies
    )
    ready = [one for one in made if one is not None]
    orders = [_order(region_id, next(iter(catalog.materials)), now) for region_id in network.regions]
    for order in orders:
        begun = time.perf_counter()
        for one in ready:
            one.see(order)
        rest(time.perf_counter() - begun)
    for one in ready if orders else ():
        one.try_on(orders[0])
    return made


def _order(region_id: str, sku: str, now: datetime) -> Order:
    return Order(
        order_id="ready",
        currency="",
        placed_at=now,
        promised_at=now,
        destination=Address(region_id=region_id),
        lines=(OrderLine(line_id="1", sku=sku, quantity=1),),
    )


class _Asked:
    """States Problems under any policy; the last one is kept, as the same is asked for policy after policy."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._last: tuple[Order, Problem] | None = None

    def under(self, policy: Policy) -> Ask:
        """What states Problems under the policy."""

        def ask(order: Order, network: Network, available: UnitsBySource) -> Problem:
            if self._last is None or self._last[0] != order:
                self._last = order, network_problem(order, self._catalog, network, available, available, policy)
            return replace(self._last[1], policy=policy)

        return ask
