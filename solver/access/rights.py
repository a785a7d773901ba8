"""What the roles of a caller come to: each method that it may call, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from solver.access.methods import Method, methods
from solver.access.model import UNLIMITED, Allowance, CallerTerms, Dimension, Role
from solver.access.permissions import allowed_by, needed_for
from solver.errors import PermissionDenied

Limits = Mapping[Dimension, frozenset[str]]
Concerned = Mapping[Dimension, frozenset[str]]
_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Rights:
    """A caller's rights: for each method that it may call the limits under one of which a call must stand.

    No limits at all stand for themselves: they allow the method everywhere.
    """

    caller_id: str
    limits_of: Mapping[str, tuple[Limits, ...]] = field(default_factory=dict)
    allowance: Allowance = UNLIMITED

    @cached_property
    def is_sized(self) -> bool:
        """Whether the caller is limited in what a request may hold, so that each must be looked at."""
        return replace(self.allowance, calls_per_second=0) != UNLIMITED

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """The paths of methods that the caller may call whatever the request says."""
        return frozenset(path for path, every in self.limits_of.items() if not all(every))

    def refuse_method(self, method: Method) -> None:
        """Raise PermissionDenied where nothing could make a call of the method stand."""
        limits = self.limits_of.get(method.path)
        if limits is None:
            raise PermissionDenied(
                f"{self.caller_id} may not call {method.name}: needed is the permission {needed_for(method)}",
                metadata={"permission": method.permission, "caller_id": self.caller_id},
            )
        if not method.own and not any(_can_be_told(method, one) for one in limits):
            dimension = next(one for one in limits[0] if not method.tells(one))
            raise PermissionDenied(
                f"{self.caller_id} may call {method.name} only for some {_PLURALS[dimension]}, and such a call does "
                f"not tell which it concerns: needed is a role that is not limited by {dimension}",
                reason="SCOPE_NOT_TOLD",
                metadata={"permission": method.permission, "caller_id": self.caller_id, "dimension": dimension},
            )

    def refuse_request(self, method: Method, concerned: Concerned) -> None:
        """Raise PermissionDenied unless what the request concerns lies within the limits of one of the roles."""
        every = self.limits_of.get(method.path, ())
        if any(_within(limits, concerned) for limits in every):
            return
        dimension = next(one for one in every[0] if not _is_within(every[0][one], concerned.get(one)))
        outside = sorted(concerned.get(dimension, frozenset()) - every[0][dimension])
        named = ", ".join(repr(one) for one in outside[:_MOST_NAMED]) if outside else "none"
        raise PermissionDenied(
            f"{self.caller_id} may call {method.name} only for some {_PLURALS[dimension]}; this call names {named}: "
            f"needed is a role for that {dimension}, or name those that are allowed",
            reason="OUT_OF_SCOPE",
            metadata={
                "permission": method.permission,
                "caller_id": self.caller_id,
                "dimension": dimension,
                "outside": ",".join(outside[:_MOST_NAMED]),
            },
        )


def rights_of(terms: CallerTerms, roles: Mapping[str, Role]) -> Rights:
    """What the bindings of a caller come to. A role that does not exist allows nothing."""
    limits_of: dict[str, list[Limits]] = {}
    for binding in terms.bindings:
        role = roles.get(binding.role_id)
        for path in allowed_by(role.permissions) if role is not None else ():
            limits = {} if methods()[path].shared else binding.scope.limits
            limits_of.setdefault(path, []).append(limits)
    return Rights(
        caller_id=terms.caller_id,
        limits_of={path: tuple(limits) for path, limits in limits_of.items()},
        allowance=terms.allowance,
    )


_PLURALS = {
    Dimension.BRAND: "brands",
    Dimension.DEPARTMENT: "departments",
    Dimension.ENTITY: "entities",
    Dimension.SOURCE: "sources",
}


def _can_be_told(method: Method, limits: Limits) -> bool:
    return all(method.tells(dimension) for dimension in limits)


def _within(limits: Limits, concerned: Concerned) -> bool:
    return all(_is_within(allowed, concerned.get(dimension)) for dimension, allowed in limits.items())


def _is_within(allowed: frozenset[str], named: frozenset[str] | None) -> bool:
    return named is not None and len(named) > 0 and named <= allowed
