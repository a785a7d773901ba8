"""What is to happen in a run beside its orders, the earliest first."""

import heapq
from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from itertools import groupby

from solver.replay.layers import by_consignment
from solver.replay.run_state import Event
from solver.scenario.model import Consigned, Inbound, Scenario


class Happening(IntEnum):
    """What comes first of what happens at the same moment."""

    INBOUND = 0
    SENT = 1
    ARRIVAL = 2
    NETWORK = 3
    HAND_OVER = 4
    RETURNED = 5


class Agenda:
    """Deliveries, consignments and disturbances of the scenario, and what orders bring about."""

    def __init__(self, scenario: Scenario, starts_at: datetime, disturbed_at: Iterable[datetime]) -> None:
        self._events: list[Event] = []
        self._foreseen = 0
        self._inbound: dict[str, tuple[Inbound, ...]] = {}
        for arrives_at, rows in groupby(sorted(scenario.inbound, key=_arrives_at), key=_arrives_at):
            self._inbound[str(len(self._inbound))] = tuple(rows)
            self.expect(arrives_at, Happening.INBOUND, str(len(self._inbound) - 1))
        self._consigned = by_consignment(scenario.consignments)
        for consignment_id, of_one in self._consigned.items():
            self.expect(max(of_one[0].sent_at or starts_at, starts_at), Happening.SENT, consignment_id)
            self.expect(max(of_one[0].comes_at, starts_at), Happening.ARRIVAL, consignment_id)
        for moment in disturbed_at:
            self.expect(moment, Happening.NETWORK, "")

    def __bool__(self) -> bool:
        return bool(self._events)

    @property
    def next_at(self) -> datetime | None:
        """When the next thing happens; None where nothing is to come."""
        return self._events[0][0] if self._events else None

    @property
    def is_disturbed_again(self) -> bool:
        """Whether the network is to change once more."""
        return any(kind == Happening.NETWORK for _, kind, _, _ in self._events)

    def expect(self, moment: datetime, kind: Happening, what: str) -> None:
        """It will happen at that moment, after what was expected before for the same moment and of the same kind."""
        heapq.heappush(self._events, (moment, int(kind), self._foreseen, what))
        self._foreseen += 1

    def take(self) -> tuple[datetime, Happening, str]:
        """The next thing: when it happens, what, and which delivery, consignment, order or return it is."""
        moment, kind, _, what = heapq.heappop(self._events)
        return moment, Happening(kind), what

    def delivery(self, what: str) -> tuple[Inbound, ...]:
        """The rows that come in together."""
        return self._inbound[what]

    def consignment(self, what: str) -> tuple[Consigned, ...]:
        """The rows that are on their way together."""
        return self._consigned[what]

    def state(self) -> tuple[list[Event], int]:
        """All that is to come, in its sequence, and how much was ever expected."""
        return sorted(self._events), self._foreseen

    def restore(self, events: Iterable[Event], foreseen: int) -> None:
        """Go on from such a state."""
        self._events, self._foreseen = list(events), foreseen


def _arrives_at(row: Inbound) -> datetime:
    return row.arrives_at
