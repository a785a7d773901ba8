"""A policy as a document: a name, a version, the orders that it is for, and what it says."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from solver.policies.rollout import WHOLE_PERMILLE, bucket_of
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
    `live_permille` is for how many of a thousand orders it is live; None: nothing is said of the policy's versions.
    """

    policy_id: str
    version: int
    policy: Policy
    title: str = ""
    title_zh: str = ""
    currency: str = ""
    scope: Scope | None = None
    text: str = ""
    live_permille: int | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Id and version; unique among the documents of a service."""
        return (self.policy_id, self.version)

    @property
    def rank(self) -> tuple[int, int]:
        """Of versions that are in question for an order the highest counts: the smallest share, then the latest."""
        return (-(WHOLE_PERMILLE if self.live_permille is None else self.live_permille), self.version)

    def is_valid_at(self, at: datetime) -> bool:
        """True where its scope names no days, or one of them is that of `at`."""
        return self.scope is None or self.scope.is_valid_at(at)

    def is_live_for(self, order_id: str) -> bool:
        """True where its share includes the order."""
        return self.live_permille is None or bucket_of(self.policy_id, order_id) < self.live_permille

    def suits(self, currency: str) -> bool:
        """True where its amounts are in this currency, or in none."""
        return self.currency in ("", currency)
