"""Calls are begun when their message is there: who sends it late, or never, keeps no thread from others.

Of its own accord gRPC lets the thread of a call wait for the message: eight callers on a bad line would stop a server
of eight workers. Here the message is asked for at once, and the call is handed on by whoever receives it. That takes
names of gRPC that are not public (`grpc_inside`); `tests/api/test_arrival.py` holds that they mean what is told here.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from solver.api import grpc_inside
from solver.api.errors import status_of
from solver.api.grpc_inside import cygrpc
from solver.api.grpc_inside import server as _server
from solver.api.handed_over import answer_with
from solver.errors import DeadlineTooShort

MOST_SECONDS = 10.0
_EVENT, _STATE, _MESSAGE, _READ = 1, 2, 4, 5  # places in what gRPC hands over
_NO_FLAGS = 0

Parts: TypeAlias = tuple[Any, ...]


@dataclass(slots=True, eq=False)
class _Awaited:
    run: Callable[..., Any]
    parts: Parts
    since: float
    future: "Future[None]" = field(default_factory=Future)


class Arrivals:
    """The calls whose messages are awaited, the oldest first. All of it happens on the thread on which gRPC polls.

    One that waits for longer than `most_seconds` is refused when the next one comes.
    """

    def __init__(self, most_seconds: float = MOST_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_seconds = most_seconds
        self._clock = clock
        self._awaited: OrderedDict[_Awaited, None] = OrderedDict()

    def hand_on(
        self, run: Callable[..., Any], parts: Parts, begin: Callable[[Parts], "Future[None]"]
    ) -> "Future[None]":
        """Have a call begun once its message is there, or none will come; done when it was answered."""
        self._refuse_late()
        event, state = parts[_EVENT], parts[_STATE]
        awaited = _Awaited(run=run, parts=parts, since=self._clock())
        receive = _server._receive_message(state, event.call, parts[_READ])

        def received(message: Any) -> Any:
            done = receive(message)
            if awaited in self._awaited:
                del self._awaited[awaited]
                _pass_on(begin(_with_message(parts)), awaited.future)
            return done

        with state.condition:
            event.call.start_server_batch((cygrpc.ReceiveMessageOperation(_NO_FLAGS),), received)
            state.due.add(_server._RECEIVE_MESSAGE_TOKEN)
        self._awaited[awaited] = None
        return awaited.future

    def __len__(self) -> int:
        return len(self._awaited)

    def _refuse_late(self) -> None:
        before = self._clock() - self._most_seconds
        text = f"the call's message did not come within {self._most_seconds:g} s; nothing was done: send it again"
        while self._awaited and (oldest := next(iter(self._awaited))).since < before:
            del self._awaited[oldest]
            answer_with(status_of(DeadlineTooShort(text)), oldest.run, oldest.parts)
            oldest.future.set_result(None)


class OnArrival(ThreadPoolExecutor):
    """An executor of calls that is given each when its message is there. gRPC takes no other kind of executor."""

    def __init__(self, arrivals: Arrivals, executor: ThreadPoolExecutor) -> None:
        super().__init__(max_workers=1)
        self._arrivals = arrivals
        self._executor = executor

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> "Future[Any]":
        """See Executor."""
        return self._arrivals.hand_on(fn, args, lambda parts: self._executor.submit(fn, *parts))


def on_arrival(arrivals: Arrivals, executor: ThreadPoolExecutor) -> ThreadPoolExecutor:
    """That executor, which is given each call when its message is there; at once where gRPC is not as it is known."""
    return OnArrival(arrivals, executor) if grpc_inside.is_known() else executor


def _with_message(parts: Parts) -> Parts:
    """The same, with a message that is not waited for."""
    event, state = parts[_EVENT], parts[_STATE]

    def message() -> Any:
        with state.condition:
            arrived, state.request = state.request, None
            if not _server._is_rpc_state_active(state):
                return None  # the caller has given up meanwhile
            if arrived is None and state.client is _server._CLOSED:
                text = b"the call ended without its message"
                _server._abort(state, event.call, cygrpc.StatusCode.unimplemented, text)
            return arrived

    return (*parts[:_MESSAGE], message, *parts[_MESSAGE + 1 :])


def _pass_on(done: "Future[None]", future: "Future[None]") -> None:
    done.add_done_callback(lambda _: future.set_result(None))
