"""A policy as a document: a name, a version, the orders that it is for, and what it says."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from solver.sourcing.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The orders that a policy is for: those which fit every list that is not empty, placed on one of the days.

    `from_day` and `until_day` are both included; None: no such end. Days begin at midnight in `time_zone`.
    """

    channels: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    customer_tiers: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    from_day: date | None = None
    until_day: date | None = None
    time_zone: str = "UTC"

    def is_valid_at(self, at: datetime) -> bool:
        """True on one of its days."""
        day = at.astimezone(ZoneInfo(self.time_zone)).date()
        return (self.from_day is None or self.from_day <= day) and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """One version of a policy. It never changes; a change is a new version.

    `scope` None: it is used where it is named, and chosen for no order by itself. `currency` is that of the orders
    that it is for; empty: any. `text` is the document as it was written. `policy` has the same name and version.
    """

    policy_id: str
    version: int
    policy: Policy
    title: str = ""
    title_zh: str = ""
    currency: str = ""
    scope: Scope | None = None
    text: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Id and version; unique among the documents of a service."""
        return (self.policy_id, self.version)

    def is_valid_at(self, at: datetime) -> bool:
        """True where its scope names no days, or one of them is that of `at`."""
        return self.scope is None or self.scope.is_valid_at(at)

    def suits(self, currency: str) -> bool:
        """True where its amounts are in this currency, or in none."""
        return self.currency in ("", currency)
