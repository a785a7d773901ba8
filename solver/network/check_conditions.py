"""What sound reports on carriers and sources are."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from solver.errors import Violations
from solver.network.conditions import CarrierHealth, CarrierState, SourceCondition, SourceStatus
from solver.network.network import Network
from solver.validation import (
    MOST_MINUTES,
    MOST_UNITS,
    check_between,
    check_reference,
    check_rows,
    check_time,
    check_unique,
)

LONGEST_REPORT = timedelta(days=30)


def check_healths(
    healths: Sequence[CarrierHealth], network: Network, now: datetime, path: str, violations: Violations
) -> None:
    """Each report is about a known service or carrier, none of them twice, and ends within LONGEST_REPORT."""
    check_rows(healths, path, violations)
    check_unique([one.report_id for one in healths], path, violations)
    for position, one in enumerate(healths):
        at = f"{path}[{position}]"
        if bool(one.service_id) == bool(one.carrier_id):
            violations.add(f"{at}.service_id", one.service_id, "give either a service_id or a carrier_id")
        elif one.service_id:
            check_reference(one.service_id, network.services, "service", f"{at}.service_id", violations)
        else:
            check_reference(one.carrier_id, network.carriers, "carrier", f"{at}.carrier_id", violations)
        congested = one.state is CarrierState.CONGESTED
        _check_extra(one.extra_transit_minutes, f"{at}.extra_transit_minutes", "CONGESTED", violations, may=congested)
        _check_left(one.packages_left, f"{at}.packages_left", "CONGESTED", violations, may=congested)
        _check_expiry(one.expires_at, now, at, violations)


def check_statuses(
    statuses: Sequence[SourceStatus], network: Network, now: datetime, path: str, violations: Violations
) -> None:
    """Each report is about a known source, none of them twice, and ends within LONGEST_REPORT."""
    check_rows(statuses, path, violations)
    check_unique([one.source_id for one in statuses], path, violations)
    for position, one in enumerate(statuses):
        at = f"{path}[{position}]"
        check_reference(one.source_id, network.sources, "source", f"{at}.source_id", violations)
        slow = one.state is SourceCondition.SLOW
        _check_extra(one.extra_lead_minutes, f"{at}.extra_lead_minutes", "SLOW", violations, may=slow)
        _check_left(one.orders_left, f"{at}.orders_left", "SLOW", violations, may=slow)
        _check_expiry(one.expires_at, now, at, violations)


def _check_extra(minutes: int, path: str, state: str, violations: Violations, *, may: bool) -> None:
    if check_between(minutes, 0, MOST_MINUTES, path, violations):
        violations.require(may or not minutes, path, minutes, f"only what is {state} takes longer; leave it out")


def _check_left(left: int | None, path: str, state: str, violations: Violations, *, may: bool) -> None:
    if left is not None and check_between(left, 0, MOST_UNITS, path, violations):
        violations.require(may, path, left, f"only what is {state} has a limit; leave it out")


def _check_expiry(expires_at: datetime, now: datetime, at: str, violations: Violations) -> None:
    path = f"{at}.expires_at"
    check_time(expires_at, path, violations)
    if expires_at.tzinfo is not None:
        sound = now < expires_at <= now + LONGEST_REPORT
        remedy = f"give a time later than now ({now.isoformat()}) and at most {LONGEST_REPORT.days} days ahead"
        violations.require(sound, path, expires_at.isoformat(), remedy)
