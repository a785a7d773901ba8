"""Which calls wait, and how many."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solver.settings.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionSettings:
    """Section `admission`."""

    heavy_workers: int = setting(
        2, "heavy calls (batches, imports, audits, whole problems) that are worked on at once", least=1, most=64
    )
    waiting_calls: int = setting(
        1000, "calls of one lane that may wait for a worker; of more some are refused", least=1, most=100_000
    )
    waiting_seconds: float = setting(
        20.0, "who would wait longer is refused at once, also without a deadline", least=0.1, most=600
    )
    shares: tuple[str, ...] = setting(
        (), "callers with a greater or smaller share than the others, as CALLER=SHARE; the others have 1"
    )

    def share_of_callers(self) -> Mapping[str, float]:
        """The shares by caller."""
        pairs = (one.rpartition("=") for one in self.shares)
        return {caller_id: float(share) for caller_id, _, share in pairs}

    def faults(self) -> Iterator[tuple[str, str]]:
        """Settings that do not go together, each with its remedy."""
        for one in self.shares:
            caller_id, _, share = one.rpartition("=")
            if not caller_id or not _is_share(share):
                yield "shares", f"{one!r} must be CALLER=SHARE, with a share from 0.01 to 100"


def _is_share(text: str) -> bool:
    try:
        return 0.01 <= float(text) <= 100
    except ValueError:
        return False
