"""The nouns of batches that take long; a caller of the service needs them without what works on batches."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from solver.waves.limits import Progress


class OperationState(StrEnum):
    """INTERRUPTED: the server that worked on it ended; nothing is held, and it may be started again."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOperation:
    """Where a started batch stands. `error` and `reason` say why it failed; `progress` is the best plan so far.

    `started_by` is the name of the caller who started it.
    """

    operation_id: str
    state: OperationState
    started_at: datetime
    orders: int
    ends_by: datetime
    progress: Progress | None = None
    error: str = ""
    reason: str = ""
    started_by: str = ""
