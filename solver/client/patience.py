"""How long a client waits where the service is too busy: as long as the service says, and not beyond the deadline."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

MOST_ATTEMPTS = 4
_SPREAD = 0.25  # of the time to wait, so that those who were refused together do not come back together


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Tries a call again that was refused with a time to wait. A refused call has changed nothing."""

    most_attempts: int = MOST_ATTEMPTS
    sleep: Callable[[float], object] = time.sleep
    stopwatch: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random

    def waits(self, error: grpc.RpcError, attempt: int, ends_at: float) -> bool:
        """Wait as long as the service said after the attempt of that number (from 1); False: it is of no use.

        It is none where the service named no time, and where the deadline would pass meanwhile.
        """
        seconds = retry_seconds(error)
        if seconds is None or attempt >= self.most_attempts:
            return False
        seconds *= 1 + _SPREAD * self.chance()
        if self.stopwatch() + seconds >= ends_at:
            return False
        self.sleep(seconds)
        return True


def retry_seconds(error: grpc.RpcError) -> float | None:
    """The time to wait that a busy service named; None where it named none, or something else is wrong."""
    if not isinstance(error, grpc.Call) or error.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
        return None
    status = rpc_status.from_call(error)
    retry = error_details_pb2.RetryInfo()
    if status is None or not any(detail.Unpack(retry) for detail in status.details):
        return None
    return retry.retry_delay.ToTimedelta().total_seconds()
