"""What the journal itself can refuse."""

from solver.errors import XunyuanError
from solver.journal.model import Shortage


class GuardRefused(XunyuanError):
    """An entry takes more out of guarded accounts than is available: `shortages` names them. Nothing was written."""

    reason = "GUARD_REFUSED"

    def __init__(self, shortages: tuple[Shortage, ...]) -> None:
        self.shortages = shortages
        listed = "; ".join(
            f"{short.account.kind} {short.account.holder}/{short.account.unit}: "
            f"wanted {short.wanted}, available {short.available}"
            for short in shortages
        )
        super().__init__(f"guarded accounts would fall below zero: {listed}")
