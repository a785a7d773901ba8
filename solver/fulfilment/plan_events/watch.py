"""What a listener must learn, message by message, from where he stopped: nothing twice, nothing left out.

He reads the outbox by pages, the next one when the last was taken: a slow listener costs no memory. One who is slower
than the retention is told so, rather than left with a gap that he cannot see.
"""

from solver.errors import StateConflict, Violations
from solver.fulfilment.plan_events.model import MOST_EVENTS, PlanAudience, PlanEvent, PlanEventPage
from solver.fulfilment.plan_events.rows import events_after, last_number, pruned_number
from solver.storage.database import Database, Reader


class PlanWatch:
    """For one thread. `after_number`: all up to it is known already; None: only what comes from now on.

    Raises InvalidRequest for a number that was not given yet, StateConflict (EVENTS_PRUNED) for one too long ago.
    """

    def __init__(
        self,
        database: Database,
        audience: PlanAudience,
        after_number: int | None,
        *,
        most_events: int = MOST_EVENTS,
    ) -> None:
        self._database = database
        self._audience = audience
        self._most = most_events
        with database.read() as reader:
            last = last_number(reader)
            self.number = last if after_number is None else after_number
            violations = Violations()
            violations.require(
                0 <= self.number <= last,
                "after_number",
                after_number,
                f"the last event has number {last}: give 0 to {last}, or leave it out for what is to come",
            )
            violations.refuse_any("the watch of plans")
            _refuse_pruned(self.number, pruned_number(reader))

    def take(self) -> PlanEventPage | None:
        """The next events; None when there are none that the audience wants. `number` says how far it has looked.

        Raises StateConflict (EVENTS_PRUNED) where events that were not taken yet are kept no longer.
        """
        with self._database.read() as reader:
            while found := self._unread(reader):
                self.number = found[-1].number
                wanted = tuple(one for one in found if self._audience.wants(one))
                if wanted:
                    return PlanEventPage(events=wanted, through_number=self.number)
        return None

    def sign_of_life(self) -> PlanEventPage:
        """What to send where there was nothing to tell for a while."""
        return PlanEventPage(events=(), through_number=self.number)

    def _unread(self, reader: Reader) -> list[PlanEvent]:
        found = events_after(reader, self.number, self._most)
        if found and found[0].number != self.number + 1:
            _refuse_pruned(self.number, found[0].number - 1)
        return found


def _refuse_pruned(number: int, pruned: int) -> None:
    if number < pruned:
        raise StateConflict(
            f"events up to number {pruned} are kept no longer, and you have only those up to {number}: read the plans "
            f"that you care for with GetPlan, then watch after number {pruned}",
            reason="EVENTS_PRUNED",
            metadata={"after_number": str(number), "pruned_number": str(pruned)},
        )
