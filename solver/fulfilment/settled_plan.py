"""What is said of a plan that is to be settled."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledPlan:
    """A plan whose order was delivered on a day; None: when it was placed."""

    plan_id: str
    delivered_on: date | None = None
