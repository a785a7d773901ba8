"""What gRPC hands to the executor of a call: who calls, until when, and how to answer without doing the work.

The executor is the one place where a call can wait without a thread, and where its deadline is known while it does.
gRPC has no public name for what it hands over (`grpc_inside`); `tests/api/test_handed_over.py` holds that it is as is
told here.
"""

from collections.abc import Callable
from typing import Any, NoReturn

import grpc

from solver.access.caller import current_caller

_EVENT, _BEHAVIOUR, _MESSAGE = 1, 3, 4  # places in what is handed over
_PARTS = 7
_NO_MESSAGE = object()  # stands for a request that is not waited for


def caller_id_of(run: Callable[..., Any]) -> str:
    """Who calls: `run` carries things out in the context of the call."""
    return str(run(current_caller).caller_id)


def deadline_of(parts: tuple[Any, ...]) -> float:
    """The deadline in seconds since 1970; thousands of years ahead where the caller set none."""
    return float(parts[_EVENT].call_details.deadline)


def answer_with(status: grpc.Status, run: Callable[..., Any], parts: tuple[Any, ...]) -> None:
    """Answer the call with this status, here and now, without waiting for its message."""

    def refuse(_: object, context: grpc.ServicerContext) -> NoReturn:
        context.abort_with_status(status)

    assert len(parts) == _PARTS, "gRPC hands over what it did before"
    changed = list(parts)
    changed[_BEHAVIOUR], changed[_MESSAGE] = refuse, lambda: _NO_MESSAGE
    run(*changed)
