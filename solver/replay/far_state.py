"""What a run that minds values of stock has seen and reckoned."""

from dataclasses import dataclass

from solver.foresight.seen_orders import SeenState
from solver.foresight.stock_values import ValuerState


@dataclass(frozen=True, slots=True, kw_only=True)
class FarState:
    """All that such a run needs to go on from later, but for the stock."""

    seen: SeenState
    valuer: ValuerState
    values: dict[str, dict[str, int]]
