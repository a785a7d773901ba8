"""Packages of goods that are not there yet: what of a plan is promised later, and when it really leaves."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from solver.fulfilment.amounts_seen import later_claims
from solver.replay.outcome import RunPackage
from solver.scenario.model import Consigned
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised
from solver.stock.expected.later_claims import LaterClaim

_MINUTE = timedelta(minutes=1)


def later_of(decision: Decision) -> tuple[LaterClaim, ...]:
    """What a decision takes that is not there yet."""
    return tuple(later_claims(decision.plan.packages)) if decision.plan is not None else ()


def offers_of(decision: Decision) -> tuple[str, ...]:
    """Of each package, which goods to come it awaits; empty: its goods are there."""
    if decision.plan is None:
        return ("",) * len(decision.packages)
    return tuple(package.offer_id for package in decision.plan.packages)


class LateGoods:
    """Consignments that arrive later than they are expected: plans do not know, their packages wait as long."""

    def __init__(self, consigned: Iterable[Consigned]) -> None:
        self._late: dict[tuple[str, str, datetime], timedelta] = {}
        for row in consigned:
            key = row.source_id, row.sku, row.expected_at
            self._late[key] = max(self._late.get(key, timedelta()), row.comes_at - row.expected_at)

    def packages(self, decision: Decision, told: Itemised, promised_at: datetime | None) -> list[RunPackage]:
        """The packages of a decision, as they will leave."""
        later, offers = later_of(decision), offers_of(decision)
        packages = (RunPackage.of(one, offer) for one, offer in zip(told.packages, offers, strict=True))
        return [self.delayed(one, later, promised_at) for one in packages]

    def delayed(self, package: RunPackage, later: Iterable[LaterClaim], promised_at: datetime | None) -> RunPackage:
        """The package as late as the latest of its goods."""
        if not package.offer_id:
            return package
        by = max(
            (
                self._late.get((one.site_id, one.sku, one.expected_at), timedelta())
                for one in later
                if one.expected_at is not None and one.site_id == package.source_id and one.sku in package.units
            ),
            default=timedelta(),
        )
        if by <= timedelta():
            return package
        arrives_at = package.arrives_at + by
        late = 0 if promised_at is None else max(0, -((promised_at - arrives_at) // _MINUTE))
        return replace(package, hand_over_at=package.hand_over_at + by, arrives_at=arrives_at, late_minutes=late)
