"""What permissions are called, and what each of them allows.

`*` allows everything; `read`, `write` and `admin` every method that does so; `StockService:read` those of one service,
`StockService:*` all of it, and `StockService.HoldStock` one method.
"""

from collections.abc import Iterable
from functools import cache

from solver.access.methods import Does, Method, methods
from solver.errors import Violations
from solver.validation import unknown

EVERYTHING = "*"


def allowed_by(permissions: Iterable[str]) -> frozenset[str]:
    """The paths of all methods that the permissions allow. One that is not known allows nothing."""
    known = _known()
    return frozenset(path for permission in permissions for path in known.get(permission, ()))


def needed_for(method: Method) -> str:
    """Each permission that would do, in words."""
    return f"{method.permission}, {method.service}:{method.does} or {method.does}"


def check_permission(permission: str, path: str, violations: Violations) -> None:
    """A permission allows at least one method."""
    known = _known()
    remedy = unknown(permission, known, "permission", otherwise="docs/security.md tells how they are written")
    violations.require(permission in known, path, permission, remedy)


@cache
def _known() -> dict[str, frozenset[str]]:
    every = methods().values()
    known: dict[str, set[str]] = {EVERYTHING: {one.path for one in every}}
    known |= {str(does): set() for does in Does}
    for one in every:
        for name in (one.permission, f"{one.service}:{one.does}", f"{one.service}:{EVERYTHING}", str(one.does)):
            known.setdefault(name, set()).add(one.path)
    return {name: frozenset(paths) for name, paths in known.items()}
