"""The nouns of webhooks."""

from dataclasses import dataclass
from datetime import datetime

from solver.fulfilment.plan_events.model import PlanAudience, PlanEventKind

MOST_ENDPOINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    """Where events are sent: those that fit `channels`, `brands` and `kinds`, each empty for all.

    Nothing is sent to one that is disabled; what it misses is sent once it is enabled again, as far as it is kept.
    `disabled_why` is said where we disabled it. All events up to `queued_number` have been sent, are waiting, or are
    none of its business.
    """

    endpoint_id: str
    url: str
    channels: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    kinds: tuple[PlanEventKind, ...] = ()
    disabled: bool = False
    disabled_why: str = ""
    queued_number: int = 0
    waiting: int = 0
    dead: int = 0

    @property
    def audience(self) -> PlanAudience:
        """The events that it wants."""
        return PlanAudience(
            channels=frozenset(self.channels), brands=frozenset(self.brands), kinds=frozenset(self.kinds)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCommand:
    """An endpoint as its owner wants it."""

    endpoint_id: str
    url: str
    channels: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    kinds: tuple[PlanEventKind, ...] = ()
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What messages to an endpoint are signed with. Both sign until `previous_until`: receivers have time to change."""

    current: str
    previous: str = ""
    previous_until: datetime | None = None

    def valid(self, at: datetime) -> tuple[str, ...]:
        """Those that sign at a time, the current one first."""
        if self.previous_until is None or at >= self.previous_until:
            return (self.current,)
        return (self.current, self.previous)

    def __repr__(self) -> str:
        return "Secrets(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message that waits to be sent: event `number` to an endpoint, tried so often."""

    endpoint_id: str
    number: int
    order_id: str
    body: bytes
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that was tried as often as is tried, and what came of the last try."""

    endpoint_id: str
    number: int
    order_id: str
    tries: int
    error: str
    tried_at: datetime
