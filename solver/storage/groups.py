"""Group commit: what many callers write at once becomes durable with one commit.

The first caller to come leads: it carries out its own act and those that came meanwhile, each in a savepoint of one
transaction, and commits. Then it hands the lead to the first of those who wait by now. No thread of its own is needed.

A thread may have several acts under way, each begun on top of one that is to wait (`solver.storage.meanwhile`). Those
below came first and are settled first. So whatever the thread is woken for, the act on top can go on.

Acts of one kind may be carried out in one go: then one call does what all who came with it asked for.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from solver.storage.errors import StorageFailed, WriteUndone
from solver.storage.meanwhile import of_this_thread

MOST_ACTS = 256  # of one group, so that nobody waits for an endless one
MOST_ATTEMPTS = 3  # where the store undid a write for reasons of its own

_log = logging.getLogger(__name__)
T = TypeVar("T")
Item = TypeVar("Item")


class Undoable(Protocol):
    """A transaction in which an act can be undone alone."""

    def attempt(self) -> AbstractContextManager[None]:
        """Keep what is done inside, or undo it where it raises."""
        ...


Tx = TypeVar("Tx", bound=Undoable)

# What came of each item, in their order: the result, or the error that its caller gets and then nothing was changed.
ActForEach: TypeAlias = Callable[[Tx, Sequence[Item]], Sequence[T | Exception]]


class _Seat:
    """Where one thread waits for its acts. The group commit's gate guards it."""

    __slots__ = ("leads", "turn")

    def __init__(self) -> None:
        self.leads = False
        self.turn = threading.Lock()  # let go of when there is news for the thread; it then looks for itself
        self.turn.acquire()

    def wake(self) -> None:
        if self.turn.locked():
            self.turn.release()


class _Ticket(Generic[Tx]):
    """One caller's act, and what came of it. `act_for_each` does it for the items of many such callers."""

    __slots__ = ("act", "act_for_each", "error", "item", "result", "seat", "settled")

    def __init__(
        self, act: Callable[[Tx], Any], act_for_each: ActForEach[Tx, Any, Any] | None = None, item: Any = None
    ) -> None:
        self.act = act
        self.act_for_each = act_for_each
        self.item = item
        self.result: Any = None
        self.error: BaseException | None = None
        self.settled = False
        self.seat: _Seat


class GroupCommit(Generic[Tx]):
    """Carries out acts in groups. `begin` opens the transaction, which commits when it is left."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Tx]]) -> None:
        self._begin = begin
        self._own = threading.local()
        self._gate = threading.Lock()  # guards the two below, and the seats
        self._waiting: deque[_Ticket[Tx]] = deque()
        self._led = False

    def run(self, act: Callable[[Tx], T]) -> T:
        """What `act` returns, once it is durable; or raises what it raised, and then it changed nothing."""
        [ticket] = self._settled([_Ticket(act)])
        result: T = _outcome(ticket)
        return result

    def run_each(self, act: ActForEach[Tx, Item, T], item: Item) -> T:
        """As `run`, of an act that is carried out once for the items of all callers who wait with the same act."""
        [ticket] = self._settled([_of_item(act, item)])
        result: T = _outcome(ticket)
        return result

    def run_all(self, act: ActForEach[Tx, Item, T], items: Sequence[Item]) -> list[T | Exception]:
        """As `run_each` for each of these items of one caller: what came of it, or what it would have raised.

        Raises only what interrupts.
        """
        found: list[T | Exception] = []
        for ticket in self._settled([_of_item(act, item) for item in items]) if items else ():
            if ticket.error is not None and not isinstance(ticket.error, Exception):
                raise ticket.error
            found.append(ticket.result if ticket.error is None else ticket.error)
        return found

    def _settled(self, tickets: list[_Ticket[Tx]]) -> list[_Ticket[Tx]]:
        seat, last = self._seat(), tickets[-1]
        for ticket in tickets:
            ticket.seat = seat
        self._queue(tickets)
        while not last.settled:  # those before it come first
            self._lead(next(ticket for ticket in tickets if not ticket.settled))
            self._wait(last)
        return tickets

    def _seat(self) -> _Seat:
        seat: _Seat | None = getattr(self._own, "seat", None)
        if seat is None:
            seat = self._own.seat = _Seat()
        return seat

    def _queue(self, tickets: Sequence[_Ticket[Tx]]) -> None:
        """Wait until the acts are settled, or are to be led."""
        meanwhile, last = of_this_thread(), tickets[-1]
        try:
            with self._gate:
                self._waiting.extend(tickets)
                if meanwhile is None:
                    self._lead_unless_led(last)
            if meanwhile is not None:
                while not (last.settled or last.seat.leads) and meanwhile():
                    pass
                with self._gate:
                    self._lead_unless_led(last)
            self._wait(last)
        except BaseException:  # interrupted: the others must not wait for this one to lead
            with self._gate:
                for ticket in tickets:
                    if ticket in self._waiting:
                        self._waiting.remove(ticket)
            if last.seat.leads:
                self._hand_over(last.seat, [])
            raise

    def _lead_unless_led(self, ticket: _Ticket[Tx]) -> None:
        if not (self._led or ticket.settled):
            self._led = ticket.seat.leads = True

    def _wait(self, ticket: _Ticket[Tx]) -> None:
        while not (ticket.settled or ticket.seat.leads):
            ticket.seat.turn.acquire()

    def _lead(self, own: _Ticket[Tx]) -> None:
        group: list[_Ticket[Tx]] = []
        try:
            self._commit(group)
        except BaseException as error:
            # Nothing of the group was kept: neither what went well, nor what was not reached.
            self._fill(group)
            for ticket in group:
                ticket.error = ticket.error or _as_met_by(error, own=ticket is own)
        finally:
            self._hand_over(own.seat, group)

    def _commit(self, group: list[_Ticket[Tx]]) -> None:
        attempts, together = 1, True
        while True:
            try:
                with self._begin() as tx:
                    self._fill(group)
                    parts = _parts(group)
                    if together and len(parts) == 1 < len(group):  # the transaction itself undoes it
                        _carry_out_as_one(tx, group)
                        return
                    for part in parts:
                        if len(part) == 1 or not (together and _carry_out_together(tx, part)):
                            for ticket in part:
                                _carry_out(tx, ticket, alone=len(group) == 1)
                return
            except _NotTogetherError:
                together = False
            except WriteUndone:
                if attempts == MOST_ATTEMPTS:
                    raise
                attempts += 1
                for ticket in group:
                    ticket.error = None

    def _fill(self, group: list[_Ticket[Tx]]) -> None:
        """Those who wait by now, unless the group is made up already."""
        if group:
            return
        with self._gate:
            group.extend(self._waiting.popleft() for _ in range(min(MOST_ACTS, len(self._waiting))))

    def _hand_over(self, leader: _Seat, group: Sequence[_Ticket[Tx]]) -> None:
        with self._gate:
            leader.leads = False
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].seat.leads = True
                self._waiting[0].seat.wake()
            for ticket in group:
                ticket.settled = True
                if ticket.seat is not leader:
                    ticket.seat.wake()


def _of_item(act: ActForEach[Tx, Item, T], item: Item) -> _Ticket[Tx]:
    def alone(tx: Tx) -> T:
        [outcome] = act(tx, [item])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return _Ticket(alone, act, item)


def _outcome(ticket: _Ticket[Tx]) -> Any:
    if ticket.error is not None:
        raise ticket.error
    return ticket.result


def _parts(group: Sequence[_Ticket[Tx]]) -> list[list[_Ticket[Tx]]]:
    """The acts that can be carried out in one go, together; they all came at once, so that any order is as good."""
    parts: dict[object, list[_Ticket[Tx]]] = {}
    for number, ticket in enumerate(group):
        parts.setdefault(number if ticket.act_for_each is None else ticket.act_for_each, []).append(ticket)
    return list(parts.values())


class _NotTogetherError(Exception):
    """What was carried out in one go is undone, and is to be carried out one by one."""


def _carry_out_together(tx: Tx, part: Sequence[_Ticket[Tx]]) -> bool:
    """False where something went wrong that is not one caller's alone: nothing is done then."""
    try:
        with tx.attempt():
            _carry_out_as_one(tx, part)
    except _NotTogetherError:
        return False
    return True


def _carry_out_as_one(tx: Tx, part: Sequence[_Ticket[Tx]]) -> None:
    """Raises _NotTogetherError where something went wrong that is not one caller's alone: it is to be undone then."""
    act = part[0].act_for_each
    assert act is not None, "only such acts stand together"
    try:
        outcomes = list(zip(part, act(tx, [ticket.item for ticket in part]), strict=True))
    except StorageFailed:
        raise
    except Exception as error:
        _log.warning("%d acts are carried out one by one, since they could not be together", len(part), exc_info=True)
        raise _NotTogetherError from error
    for ticket, outcome in outcomes:
        if isinstance(outcome, Exception):
            ticket.error = outcome
        else:
            ticket.result = outcome


def _carry_out(tx: Tx, ticket: _Ticket[Tx], *, alone: bool) -> None:
    if alone:  # the transaction itself undoes it
        ticket.result = ticket.act(tx)
        return
    try:
        with tx.attempt():
            ticket.result = ticket.act(tx)
    except StorageFailed:
        raise
    except Exception as error:
        ticket.error = error


def _as_met_by(error: BaseException, *, own: bool) -> BaseException:
    """What one of a group gets: an interruption of its leader is not his own."""
    if own or isinstance(error, Exception):
        return error
    return StorageFailed("the write was undone: it was interrupted; try again")
