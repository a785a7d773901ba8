"""What is used of gRPC that is not public, and whether the gRPC that is installed has it as it is known here.

There is no public way to know of a call before a thread is spent on it. Where a later gRPC is built otherwise, calls go
to its threads as it likes: they are answered, without lanes, and one whose message comes late keeps its thread.
"""

import inspect
import logging
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import grpc

VERSION: str = grpc.__version__
KNOWN = "1.81 to 1.85"
REMEDY = "install grpcio>=1.81.1,<1.86"
_BEGUN = ("rpc_event", "state", "behavior", "argument_thunk", "request_deserializer", "response_serializer")
_TAKEN: Mapping[str, tuple[str, ...]] = {
    "_receive_message": ("state", "call", "request_deserializer"),
    "_is_rpc_state_active": ("state",),
    "_abort": ("state", "call", "code", "details"),
    "_unary_response_in_pool": _BEGUN,  # what is handed to an executor, after itself
    "_stream_response_in_pool": _BEGUN,
    "_Context": ("rpc_event", "state", "request_deserializer"),
}
_NAMES = ("_RECEIVE_MESSAGE_TOKEN", "_CLOSED")
_OF_CORE = ("ReceiveMessageOperation", "StatusCode")

_log = logging.getLogger(__name__)


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


server: Any = _module("grpc._server")
cygrpc: Any = _module("grpc._cython.cygrpc")


def differences(of_server: Any, of_core: Any) -> tuple[str, ...]:
    """Each name that is missing there, or is called otherwise; none where all is as it is known here."""
    changed = [name for name, takes in _TAKEN.items() if _takes(getattr(of_server, name, None)) != takes]
    missing = [name for name in _NAMES if not hasattr(of_server, name)]
    return (*changed, *missing, *(name for name in _OF_CORE if not hasattr(of_core, name)))


def is_known() -> bool:
    """Whether the installed gRPC is as it is known here."""
    return not UNKNOWN


def warn_if_unknown() -> None:
    """Say on the log what a server does without."""
    if UNKNOWN:
        _log.warning(
            "grpcio %s is not built as %s are (%s): calls are answered without lanes, and one whose message comes late "
            "keeps a thread; %s",
            VERSION,
            KNOWN,
            ", ".join(UNKNOWN),
            REMEDY,
        )


def _takes(function: Callable[..., object] | None) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters) if callable(function) else ()


UNKNOWN = differences(server, cygrpc)
