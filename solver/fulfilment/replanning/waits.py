"""How long plans wait for stock that is not there yet, and which wait longer than they said."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from solver.fulfilment import records
from solver.fulfilment.amounts_seen import later_claims
from solver.sourcing.plan import Package
from solver.stock.expected import promises
from solver.stock.expected.coming import coming_of
from solver.stock.holding.standing import Keeper
from solver.stock.rows import Place
from solver.storage.database import Reader

_MINUTE = timedelta(minutes=1)
_NOBODY_KNOWS_MINUTES = 365 * 24 * 60  # of what is overdue, or still to be made or bought


def minutes_until(expected_at: datetime | None, now: datetime) -> int:
    """Until a unit is there; what nobody knows counts as a year."""
    if expected_at is None or expected_at <= now:
        return _NOBODY_KNOWS_MINUTES
    return min(_NOBODY_KNOWS_MINUTES, (expected_at - now) // _MINUTE)


def wait_minutes(packages: Iterable[Package], now: datetime) -> int:
    """Those of every unit that these packages await."""
    return sum(one.units * minutes_until(one.expected_at, now) for one in later_claims(tuple(packages)))


def expected_by(packages: Iterable[Package]) -> dict[Place, datetime]:
    """When the last units that packages await of a consignment were expected, as the plan says, by site and SKU."""
    latest: dict[Place, datetime] = {}
    for one in later_claims(tuple(packages)):
        if one.expected_at is not None:
            place = (one.site_id, one.sku)
            latest[place] = max(latest.get(place, one.expected_at), one.expected_at)
    return latest


def plans_that_wait_longer(reader: Reader, now: datetime) -> list[str]:
    """Plans that await units which are overdue, or expected later than the plan says."""
    of_plans = [one for one in promises.all_promises(reader) if one.awaited[0] and one.name.keeper is Keeper.PLAN]
    coming = coming_of(reader, {one.awaited[0] for one in of_plans})
    said: dict[str, dict[Place, datetime]] = {}
    late = set()
    for one in of_plans:
        plan_id = one.name.name
        consignment_id, site_id, sku = one.awaited
        expected_at = coming[consignment_id].expected_at
        if expected_at > now and plan_id not in said:
            record = records.find(reader, plan_id)
            said[plan_id] = {} if record is None else expected_by(record.plan.packages)
        if expected_at <= now or expected_at > said[plan_id].get((site_id, sku), expected_at):
            late.add(plan_id)
    return sorted(late)
