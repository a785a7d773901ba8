"""One tree of errors; `solver.api.errors` holds the one table from it to gRPC codes.

XunyuanError
├── Unauthenticated    nobody answers for the call: its token is missing or not good
├── PermissionDenied   the caller may not do this; says what would be needed
├── InvalidRequest     the caller's message breaks rules; carries every violated field at once
├── NotFound           the named thing does not exist
├── RequestIdReused    the request id was used before, with another body
├── StateConflict      the thing exists but its state forbids the call (expired, released, confirmed)
├── StockShort         a stand-alone hold asks for more than is available; names every short SKU
├── LostRace           the truth moved between deciding and committing, several times over
├── DeadlineTooShort   no time is left to do the work
├── TooBusy            the service sheds load; try again after a pause
└── BrokenInvariant    our bug: a check on our own work failed, and nothing was written

An order that cannot be filled is not in this tree: it is a plan with unfilled lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldViolation:
    """One broken rule: where (`lines[2].quantity`), what stood there, and what to do about it."""

    field: str
    value: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.field}: {self.value!s}: {self.remedy}"


@dataclass(slots=True)
class Violations:
    """Collects every broken rule of one message before anything is refused."""

    found: list[FieldViolation] = field(default_factory=list)

    def add(self, path: str, value: object, remedy: str) -> None:
        """Record one violation; a long value is cut so that an error stays readable."""
        text = repr(value)
        if len(text) > 80:
            text = text[:77] + "..."
        self.found.append(FieldViolation(field=path, value=text, remedy=remedy))

    def require(self, holds: bool, path: str, value: object, remedy: str) -> bool:  # noqa: FBT001 - reads as a sentence
        """Record a violation unless `holds`; returns `holds`."""
        if not holds:
            self.add(path, value, remedy)
        return holds

    def refuse_any(self, what: str) -> None:
        """Raise InvalidRequest when anything was recorded."""
        if self.found:
            raise InvalidRequest(what, self.found)


class XunyuanError(Exception):
    """Base of every error this product raises on purpose.

    `reason` is stable and made for programs; the text is made for people.
    """

    reason = "INTERNAL"

    def __init__(self, text: str, *, reason: str | None = None, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        if reason is not None:
            self.reason = reason
        self.metadata: dict[str, str] = dict(metadata or {})


class Unauthenticated(XunyuanError):
    """Nobody answers for the call: its token is missing or not good. The text never has the token."""

    reason = "UNAUTHENTICATED"


class PermissionDenied(XunyuanError):
    """The caller is known and may not do this; text and metadata say what would be needed."""

    reason = "PERMISSION_DENIED"


class InvalidRequest(XunyuanError):
    """The message breaks rules; `violations` lists every one of them."""

    reason = "INVALID_REQUEST"

    def __init__(self, what: str, violations: Sequence[FieldViolation]) -> None:
        self.what, self.violations = what, tuple(violations)
        listed = "; ".join(str(violation) for violation in self.violations[:5])
        more = f"; and {len(self.violations) - 5} more" if len(self.violations) > 5 else ""
        super().__init__(f"{what} is not valid: {listed}{more}")


class NotFound(XunyuanError):
    """The named thing does not exist."""

    reason = "NOT_FOUND"


class RequestIdReused(XunyuanError):
    """The request id was used before, with another body."""

    reason = "REQUEST_ID_REUSED"


class StateConflict(XunyuanError):
    """The thing exists, but its state forbids the call; `reason` says which state."""

    reason = "STATE_CONFLICT"


class StockShort(XunyuanError):
    """A hold asks for more than is available; metadata names every short `site/sku`."""

    reason = "STOCK_SHORT"


class LostRace(XunyuanError):
    """Others took the stock between deciding and committing, several times over; try again."""

    reason = "LOST_RACE"


class DeadlineTooShort(XunyuanError):
    """No time is left to do the work within the caller's deadline."""

    reason = "DEADLINE_TOO_SHORT"


class TooBusy(XunyuanError):
    """The service is at its limit; try again after `retry_seconds`."""

    reason = "TOO_BUSY"

    def __init__(self, text: str, *, retry_seconds: float) -> None:
        super().__init__(text)
        self.retry_seconds = retry_seconds


class BrokenInvariant(XunyuanError):
    """A check on our own work failed: a bug of ours. Nothing was written."""

    reason = "BROKEN_INVARIANT"
