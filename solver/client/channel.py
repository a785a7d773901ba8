"""A channel that retries what is safe to retry.

Every mutating call carries a request id, so that a repeated one has one effect: all calls may be retried. Retried are
an unreachable service, one that ends (gRPC then answers CANCELLED to calls that it has just taken) and a lost race, by
gRPC itself; and a service that is too busy, after the time that it names. The deadline bounds all attempts together.
"""

import itertools
import json
import uuid
from typing import Any, Protocol, TypeVar

import grpc

from solver.client.errors import call_failed
from solver.client.patience import MOST_ATTEMPTS, Patience
from solver.client.security import ClientSecurity, secured_channel

MOST_ANSWER_BYTES = 64 * 1024 * 1024

_SERVICE_CONFIG = {
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": MOST_ATTEMPTS,
                "initialBackoff": "0.05s",
                "maxBackoff": "1s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "ABORTED", "CANCELLED"],
            },
        }
    ]
}

_PATIENCE = Patience()

Answer = TypeVar("Answer", covariant=True)


class Method(Protocol[Answer]):
    """A unary method of a stub."""

    def __call__(self, request: Any, *, timeout: float) -> Answer:
        """Call with a deadline so many seconds ahead."""
        ...


def open_channel(target: str, security: ClientSecurity | None = None) -> grpc.Channel:
    """A channel to a service: in plain text and without a token, or as `security` says."""
    options = [
        ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
        ("grpc.enable_retries", 1),
        ("grpc.max_receive_message_length", MOST_ANSWER_BYTES),
    ]
    return secured_channel(target, security or ClientSecurity(), options)


def call(method: Method[Answer], request: object, *, timeout_seconds: float, patience: Patience = _PATIENCE) -> Answer:
    """Call and return the answer; again, with the same request, where the service was too busy. Raises CallFailed."""
    ends_at = patience.stopwatch() + timeout_seconds
    for attempt in itertools.count(1):
        try:
            return method(request, timeout=timeout_seconds)
        except grpc.RpcError as error:
            if not patience.waits(error, attempt, ends_at):
                raise call_failed(error) from error
        timeout_seconds = ends_at - patience.stopwatch()
    raise AssertionError("counting has no end")


def new_request_id() -> str:
    """A request id that nobody used before."""
    return str(uuid.uuid4())
