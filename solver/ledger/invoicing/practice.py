"""An invoice platform to practise on: it refuses, times out, answers late or twice, as real ones do.

Nothing is random by time: what goes wrong follows from a seed, the invoice and the attempt.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from solver.ledger.invoicing.model import Invoice
from solver.ledger.invoicing.platform import Accepted, Answer, Issued, Refused, Throttled, Unanswered

_REFUSALS = (
    ("BUYER_TAX_ID", "购买方纳税人识别号未在税务机关登记"),
    ("QUOTA", "可用授信额度不足"),
    ("SENSITIVE_NAME", "项目名称含不规范用语"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """How the platform behaves; permille of calls, or of invoices for `refused` and `late`.

    `lost`: done, but not answered; `failing`: not done and not answered; `late`: taken in, and issued after
    `late_seconds`; `throttled`: not done, come again. What is refused was once refused for good until it is changed.
    """

    lost_permille: int = 0
    failing_permille: int = 0
    late_permille: int = 0
    refused_permille: int = 0
    throttled_permille: int = 0
    late_seconds: float = 120.0
    settles_after_seconds: float = 30.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the platform knows of one request, from a time on. It keeps every request, also the second of an id."""

    answer: Answer
    at: float
    ready_at: float


@dataclass(slots=True)
class PracticePlatform:
    """An adapter and the platform behind it; `kept` has every request that it took by our id.

    Like some real ones, it does not look whether it issued the same request before.
    """

    temper: Temper
    seconds: Callable[[], float]  # the present, in seconds
    kept: dict[str, list[Kept]] = field(default_factory=dict)
    calls: int = 0
    settles_after_seconds: float = 0.0
    _attempts: dict[tuple[str, str], int] = field(default_factory=dict)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.settles_after_seconds = self.temper.settles_after_seconds

    def issue(self, invoice: Invoice) -> Answer:
        """Issue it, now or later, or refuse it; or lose the answer."""
        attempt = self._called("issue", invoice.invoice_id)
        late = self._drawn(self.temper.late_permille, "late", invoice.invoice_id)
        ready_at = self.seconds() + (self.temper.late_seconds if late else 0)
        answer = self._decided(invoice)
        if not isinstance(answer, Refused):
            self.kept.setdefault(invoice.invoice_id, []).append(
                Kept(answer=answer, at=self.seconds(), ready_at=ready_at)
            )
        if self._drawn(self.temper.lost_permille, "lost", "issue", invoice.invoice_id, str(attempt)):
            raise Unanswered("the answer did not come in time")
        return Accepted() if late and not isinstance(answer, Refused) else answer

    def find(self, invoice_id: str) -> Answer | None:
        """What became of the first request with this id."""
        attempt = self._called("find", invoice_id)
        if self._drawn(self.temper.lost_permille, "lost", "find", invoice_id, str(attempt)):
            raise Unanswered("the answer did not come in time")
        now = self.seconds()
        known = [one for one in self.kept.get(invoice_id, ()) if one.at + self.settles_after_seconds <= now]
        if not known:
            return None
        return known[0].answer if known[0].ready_at <= now else Accepted()

    @property
    def numbers(self) -> dict[str, list[str]]:
        """The numbers that were given to each of our ids: more than one is an invoice issued twice."""
        return {
            invoice_id: [one.answer.number for one in requests if isinstance(one.answer, Issued)]
            for invoice_id, requests in self.kept.items()
        }

    def _called(self, what: str, invoice_id: str) -> int:
        """Count a call; it may be turned away before anything is done."""
        self.calls += 1
        attempt = self._attempts[what, invoice_id] = self._attempts.get((what, invoice_id), 0) + 1
        if self._drawn(self.temper.throttled_permille, "throttled", what, invoice_id, str(attempt)):
            raise Throttled(1.0)
        if self._drawn(self.temper.failing_permille, "failing", what, invoice_id, str(attempt)):
            raise Unanswered("the platform failed (500)")
        return attempt

    def _decided(self, invoice: Invoice) -> Answer:
        buyer = f"{invoice.buyer.name}|{invoice.buyer.tax_id}"
        if self._drawn(self.temper.refused_permille, "refused", invoice.invoice_id, buyer):
            code, message = _REFUSALS[zlib.crc32(invoice.invoice_id.encode()) % len(_REFUSALS)]
            return Refused(code=code, message=message)
        self._numbers += 1
        return Issued(number=f"26{self._numbers:018}")

    def _drawn(self, permille: int, *what: str) -> bool:
        text = "|".join((str(self.temper.seed), *what))
        return zlib.crc32(text.encode()) % 1_000 < permille
