"""Who may do what: roles, callers with the roles they have, and keys."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Dimension(StrEnum):
    """What a caller's rights can be limited to."""

    BRAND = "brand"
    DEPARTMENT = "department"
    ENTITY = "entity"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A name for permissions, such as `read`, `StockService:write` or `StockService.HoldStock`."""

    role_id: str
    title: str = ""
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a role holds. An empty list does not limit; all that are not empty count together.

    Departments are the cost centres of the books; sources are sites as well.
    """

    brands: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def limit(self, dimension: Dimension) -> tuple[str, ...]:
        """What is allowed of one dimension; empty: everything."""
        return {
            Dimension.BRAND: self.brands,
            Dimension.DEPARTMENT: self.departments,
            Dimension.ENTITY: self.entities,
            Dimension.SOURCE: self.sources,
        }[dimension]

    @property
    def limits(self) -> dict[Dimension, frozenset[str]]:
        """The dimensions that are limited, and to what."""
        return {one: frozenset(self.limit(one)) for one in Dimension if self.limit(one)}


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A role that a caller has, and where."""

    role_id: str
    scope: Scope = EVERYWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much a caller may ask for. 0 does not limit beyond what the service allows everybody.

    Calls and holds come from buckets that hold what a second and a minute bring.
    """

    calls_per_second: int = 0
    holds_per_minute: int = 0
    request_bytes: int = 0
    orders: int = 0  # of one call
    lines: int = 0  # of one order
    sources: int = 0  # that one stated problem has as candidates


UNLIMITED = Allowance()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerTerms:
    """A caller by name: the roles that it has, and how much it may ask for. Without roles it may do nothing."""

    caller_id: str
    title: str = ""
    bindings: tuple[Binding, ...] = ()
    allowance: Allowance = UNLIMITED


class KeyState(StrEnum):
    """A disabled key can be enabled again; a revoked one never."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is known of a key: everything but its secret, of which only a digest is kept."""

    key_id: str
    caller_id: str
    created_at: datetime
    expires_at: datetime | None = None
    state: KeyState = KeyState.ENABLED
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWish:
    """A key to be made. One without `expires_at` does not expire."""

    caller_id: str
    expires_at: datetime | None = None
    note: str = ""


class Decision(StrEnum):
    """What became of calls, or that the rules were changed."""

    ALLOWED = "allowed"
    UNAUTHENTICATED = "unauthenticated"
    DENIED = "denied"
    LIMITED = "limited"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One line of the audit log: `times` calls of a method by a caller until `at`, or one change of the rules.

    `detail` says what was wrong or what was changed; `peer` is where calls came from that nobody answers for.
    """

    number: int
    at: datetime
    decision: Decision
    caller_id: str
    method: str
    times: int
    detail: str
    peer: str = field(default="")
