"""What roles, callers and keys must be, before they are kept."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime

from solver.access.model import CallerTerms, Dimension, KeyWish, Role
from solver.access.permissions import check_permission
from solver.errors import Violations
from solver.validation import check_between, check_id, check_rows, check_time, check_unique, check_words, unknown

MOST_TITLE_CHARACTERS = 200
MOST_WORDS = 1_000
MOST_AN_ALLOWANCE = 1_000_000_000


def refuse_bad_roles(roles: Sequence[Role]) -> None:
    """Raise InvalidRequest with everything that is wrong with any of them."""
    violations = Violations()
    check_rows(roles, "roles", violations)
    check_unique([one.role_id for one in roles], "roles", violations)
    for position, role in enumerate(roles):
        at = f"roles[{position}]"
        check_id(role.role_id, f"{at}.role_id", violations)
        _check_text(role.title, f"{at}.title", violations)
        check_unique(role.permissions, f"{at}.permissions", violations)
        for place, permission in enumerate(role.permissions):
            check_permission(permission, f"{at}.permissions[{place}]", violations)
    violations.refuse_any("the list of roles")


def refuse_bad_callers(callers: Sequence[CallerTerms], roles: Collection[str]) -> None:
    """Raise InvalidRequest with everything that is wrong with any of them; `roles` are those that exist."""
    violations = Violations()
    check_rows(callers, "callers", violations)
    check_unique([one.caller_id for one in callers], "callers", violations)
    for position, caller in enumerate(callers):
        _check_caller(caller, roles, f"callers[{position}]", violations)
    violations.refuse_any("the list of callers")


def refuse_bad_key(wish: KeyWish, now: datetime) -> None:
    """Raise InvalidRequest for a key that could never be used, or belongs to nobody."""
    violations = Violations()
    check_id(wish.caller_id, "caller_id", violations)
    _check_text(wish.note, "note", violations)
    if (at := wish.expires_at) is not None:
        check_time(at, "expires_at", violations)
        violations.require(at > now, "expires_at", at.isoformat(), "give a time that is still to come")
    violations.refuse_any("the key")


def _check_caller(caller: CallerTerms, roles: Collection[str], at: str, violations: Violations) -> None:
    check_id(caller.caller_id, f"{at}.caller_id", violations)
    _check_text(caller.title, f"{at}.title", violations)
    violations.require(
        len(caller.bindings) <= MOST_WORDS, f"{at}.bindings", f"{len(caller.bindings)} rows", f"at most {MOST_WORDS:,}"
    )
    for place, binding in enumerate(caller.bindings[:MOST_WORDS]):
        where = f"{at}.bindings[{place}]"
        known = binding.role_id in roles
        violations.require(
            known,
            f"{where}.role_id",
            binding.role_id,
            unknown(binding.role_id, roles, "role", "`access list` shows all"),
        )
        for dimension in Dimension:
            words = binding.scope.limit(dimension)
            field = f"{where}.scope.{_FIELDS[dimension]}"
            if violations.require(len(words) <= MOST_WORDS, field, f"{len(words)} rows", f"at most {MOST_WORDS:,}"):
                check_words(words, field, violations)
    for one in fields(caller.allowance):
        check_between(
            getattr(caller.allowance, one.name), 0, MOST_AN_ALLOWANCE, f"{at}.allowance.{one.name}", violations
        )


_FIELDS = {
    Dimension.BRAND: "brands",
    Dimension.DEPARTMENT: "departments",
    Dimension.ENTITY: "entities",
    Dimension.SOURCE: "sources",
}


def _check_text(text: str, path: str, violations: Violations) -> None:
    sound = len(text) <= MOST_TITLE_CHARACTERS and (text.isprintable() or not text)
    violations.require(sound, path, text, f"give at most {MOST_TITLE_CHARACTERS} printable characters")
