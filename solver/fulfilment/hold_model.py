"""What callers ask of many holds at once, and what they learn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from solver.fulfilment.model import DEFAULT_HOLD
from solver.stock.model import Claim, StockHold

MOST_BATCH_CLAIMS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWish:
    """A hold that is asked for, the channel it is sold through and the order it is for; both may be empty."""

    hold_id: str
    claims: tuple[Claim, ...]
    hold_for: timedelta = DEFAULT_HOLD
    channel: str = ""
    order_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOutcome:
    """What became of a wish: the hold as it stands now, or why it was refused, as an error says it."""

    hold_id: str
    hold: StockHold | None = None
    refused_reason: str = ""
    refused_text: str = ""
    refused_metadata: Mapping[str, str] = field(default_factory=dict)
