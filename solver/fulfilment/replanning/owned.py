"""What a plan that is planned anew has already: units that lie there for it, and units that it awaits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from solver.fulfilment.command import StockAmount
from solver.fulfilment.replanning.waits import expected_by, minutes_until
from solver.sourcing.plan import Package
from solver.sourcing.problem import Stage
from solver.stock.expected import promises
from solver.stock.expected.coming import coming_of
from solver.stock.holding.standing import HoldName
from solver.stock.rows import Place
from solver.storage.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Units by site and SKU that lie there, and what is awaited when; what is overdue counts for nothing.

    `wait_minutes` are those of every awaited unit; `is_late` where some of them is overdue, or expected later than the
    plan says.
    """

    there: dict[Place, int]
    awaited: tuple[StockAmount, ...]
    wait_minutes: int = 0
    is_late: bool = False


def owned(reader: Reader, plan_id: str, packages: Iterable[Package], now: datetime) -> Owned:
    """What is held for or committed to these packages of a plan, all that has not left."""
    there: dict[Place, int] = {}
    packages = tuple(packages)
    for package in packages:
        for packed in package.contents:
            place = (package.source_id, packed.sku)
            there[place] = there.get(place, 0) + packed.units
    promised = promises.of_hold(reader, HoldName.of_plan(plan_id))
    coming = coming_of(reader, {one.awaited[0] for one in promised if one.awaited[0]})
    said = expected_by(packages)
    awaited: list[StockAmount] = []
    wait, is_late = 0, False
    for one in promised:
        consignment_id, site_id, sku = one.awaited
        there[site_id, sku] = max(0, there.get((site_id, sku), 0) - one.units)
        expected_at = coming[consignment_id].expected_at if consignment_id else None
        wait += one.units * minutes_until(expected_at, now)
        is_late |= expected_at is not None and (
            expected_at <= now or expected_at > said.get((site_id, sku), expected_at)
        )
        if expected_at is None or expected_at > now:
            awaited.append(
                StockAmount(
                    source_id=site_id,
                    sku=sku,
                    available_units=one.units,
                    stage=Stage.IN_TRANSIT if consignment_id else Stage.BACKORDER,
                    available_at=expected_at,
                )
            )
    return Owned(there=there, awaited=tuple(awaited), wait_minutes=wait, is_late=is_late)
