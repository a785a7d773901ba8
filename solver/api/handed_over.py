"""What gRPC hands to the executor of a call: who calls, until when, and how to answer without doing the work.

The executor is the one place where a call can wait without a thread, and where its deadline is known while it does.
gRPC has no public name for what it hands over (`grpc_inside`); `tests/api/test_handed_over.py` holds that it is as is
told here.
"""

from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

import grpc

from solver.access.caller import current_caller
from solver.api import grpc_inside
from solver.api.later import Later, Waiting

_EVENT, _STATE, _BEHAVIOUR, _MESSAGE, _READ = 1, 2, 3, 4, 5  # places in what is handed over
_PARTS = 7
_NO_MESSAGE = object()  # stands for a request that is not waited for
Parts: TypeAlias = tuple[Any, ...]


def caller_id_of(run: Callable[..., Any]) -> str:
    """Who calls: `run` carries things out in the context of the call."""
    return str(run(current_caller).caller_id)


def deadline_of(parts: Parts) -> float:
    """The deadline in seconds since 1970; thousands of years ahead where the caller set none."""
    return float(parts[_EVENT].call_details.deadline)


def answer_with(status: grpc.Status, run: Callable[..., Any], parts: Parts) -> None:
    """Answer the call with this status, here and now, without waiting for its message."""

    def refuse(_: object, context: grpc.ServicerContext) -> NoReturn:
        context.abort_with_status(status)

    run(*_with_behaviour(parts, refuse))


class _WaitingContext(Waiting, grpc_inside.server._Context if grpc_inside.is_known() else object):  # type: ignore[misc]  # gRPC's own
    """The context of a call whose answer may be given later."""


def begin(run: Callable[..., Any], parts: Parts) -> tuple[Parts, Later | None]:
    """Have the call's method begin: what is left of it, and what its answer waits for; None where that is made.

    What is left is to be run, of an answer that waits by `finishing`.
    """
    message = parts[_MESSAGE]()
    if message is None:  # the caller has given up meanwhile
        return (*parts[:_MESSAGE], lambda: None, *parts[_MESSAGE + 1 :]), None
    try:
        made = run(parts[_BEHAVIOUR], message, _WaitingContext(parts[_EVENT], parts[_STATE], parts[_READ]))
    except Exception as error:
        return _with_behaviour(parts, _raising(error)), None
    if isinstance(made, Later):
        return parts, made
    return _with_behaviour(parts, lambda *_: made), None


def finishing(parts: Parts, later: Later, outcome: object) -> Parts:
    """What is left of a call whose answer waited for this outcome."""
    return _with_behaviour(parts, lambda *_: later.finish(outcome))


def _raising(error: Exception) -> Callable[..., NoReturn]:
    def again(*_: object) -> NoReturn:
        raise error

    return again


def _with_behaviour(parts: Parts, behaviour: Callable[..., Any]) -> Parts:
    assert len(parts) == _PARTS, "gRPC hands over what it did before"
    changed = list(parts)
    changed[_BEHAVIOUR], changed[_MESSAGE] = behaviour, lambda: _NO_MESSAGE
    return tuple(changed)
