"""What is promised for a question: from a snapshot that is ready for it, else from the Problem of all its lanes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from solver.errors import BrokenInvariant
from solver.fulfilment.promising.from_snapshot import FromSnapshot
from solver.fulfilment.promising.model import Promise, PromiseCommand
from solver.fulfilment.promising.promise import left_to_promise, promise
from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import MOST_READY, Readiness
from solver.sourcing.promising.basket import Declined
from solver.sourcing.snapshot.briefly import Briefly
from solver.sourcing.snapshot.view import Unknown

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FromAllLanes:
    """A promise that no snapshot can make; all lanes are listed, which takes long."""

    question: Question
    command: PromiseCommand
    seconds_left: Callable[[], float]

    def make(self) -> Promise:
        """What can be promised. Raises DeadlineTooShort when `seconds_left()` runs out."""
        return promise(self.question.problem(), self.command, seconds_left=self.seconds_left)


class Promised:
    """Makes promises, the same either way."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness
        self._ready: tuple[FromSnapshot, ...] = ()

    def promise_soon(
        self, question: Question, command: PromiseCommand, *, seconds_left: Callable[[], float]
    ) -> Promise | FromAllLanes:
        """What can be promised, or how to make it where that takes long. Raises DeadlineTooShort."""
        left_to_promise(seconds_left)
        ready = self._readiness.briefly(question.network, question.catalog, question.policy)
        quickly = None
        if ready is not None and question.is_plain:
            quickly = self._promised_quickly(self._from(ready), question, command)
        if quickly is not None:
            return quickly
        return FromAllLanes(question=question, command=command, seconds_left=seconds_left)

    def _from(self, briefly: Briefly) -> FromSnapshot:
        for one in self._ready:
            if one.briefly is briefly:
                return one
        made = FromSnapshot(briefly)
        others = [one for one in self._ready if one.briefly.network is briefly.network]
        self._ready = (*others, made)[-MOST_READY:]
        return made

    def _promised_quickly(self, ready: FromSnapshot, question: Question, command: PromiseCommand) -> Promise | None:
        try:
            return ready.promise(question, command)
        except (Declined, Unknown):
            return None
        except (AssertionError, BrokenInvariant):  # a bug of ours, which must not cost the caller his promise
            _log.exception("the snapshot's promise is not sound; it is made from all lanes")
            return None
