"""What plans were made from is forgotten in time: who ordered, and where it went.

A plan stays, with its packages, costs and reasons; nobody can explain it anew or settle it from then on.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from solver.clock import Clock
from solver.fulfilment import customers, records
from solver.fulfilment.model import PlanState
from solver.fulfilment.plan_keeping import PlanKeeping
from solver.storage.database import Database, Reader, Transaction

AT_ONCE = 500
_REST_SECONDS = 0.05  # after each of these, so that calls are answered meanwhile
_OVER = frozenset({PlanState.RELEASED, PlanState.EXPIRED, PlanState.SHIPPED, PlanState.CANCELLED})


class OrdersForgotten:
    """Forgets the orders of plans that are over. `rest` waits for so many seconds."""

    def __init__(
        self, database: Database, clock: Clock, keeping: PlanKeeping, rest: Callable[[float], object] = time.sleep
    ) -> None:
        self._database = database
        self._clock = clock
        self._keeping = keeping
        self._rest = rest

    def forget(self, older_than: timedelta) -> int:
        """Forget those of plans that were made so long ago; of how many. It looks at every plan that still has one."""
        before, after, forgotten = self._clock.now() - older_than, "", 0
        while True:
            with self._database.read() as reader:
                page = _page(reader, after)
                old = [plan_id for plan_id in page if self._is_over(reader, plan_id, before)]
            if not page:
                break
            after = page[-1]
            if old:
                self._database.run(partial(self._take, plan_ids=old))
                forgotten += len(old)
            self._rest(_REST_SECONDS)
        if forgotten:
            self._database.empty_log()
        return forgotten

    def _is_over(self, reader: Reader, plan_id: str, before: datetime) -> bool:
        """Whether it was made before then, and nothing can become of it any more."""
        record = records.find(reader, plan_id)
        return record is not None and record.created_at < before and self._keeping.state(reader, plan_id) in _OVER

    def _take(self, tx: Transaction, *, plan_ids: list[str]) -> None:
        tx.execute_rows("DELETE FROM plan_question WHERE plan_id IN ({rows})", [(one,) for one in plan_ids])
        customers.forget(tx, plan_ids)


def _page(reader: Reader, after: str) -> list[str]:
    rows = reader.query(
        "SELECT plan_id FROM plan_question WHERE plan_id > ? ORDER BY plan_id LIMIT ?", (after, AT_ONCE)
    )
    return [plan_id for (plan_id,) in rows]
