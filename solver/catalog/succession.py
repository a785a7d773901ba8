"""Which version a noun that is written becomes, and how a version moves on in life."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar, cast

from solver.catalog.life import NEXT_STATES, LifeState, Living, check_life
from solver.errors import Violations

Noun = TypeVar("Noun", bound=Living)


def following(noun: Noun, kept: Sequence[Noun], path: str, violations: Violations) -> list[Noun]:
    """The row that writing `noun` comes to: none where the kept versions, oldest first, say it already.

    What is not a draft keeps the state that the latest version has: only a change of life moves it. A number that is
    none is left to `check_life`.
    """
    if noun.version < 0:
        return []
    if not kept:
        first = noun.version <= 1
        if not violations.require(first, f"{path}.version", noun.version, "none is kept yet; give 0, or 1"):
            return []
        return [_with(noun, version=1)]
    latest = kept[-1]
    number = noun.version or (latest.version if latest.state is LifeState.DRAFT else latest.version + 1)
    if number > latest.version + 1:
        violations.add(f"{path}.version", noun.version, f"the next version is {latest.version + 1}; give 0, or that")
        return []
    if number > latest.version:
        return _succeeding(noun, latest)
    standing = kept[number - 1]
    if standing.state is LifeState.DRAFT:
        return [_with(noun, version=number)]
    if _said(noun) != _said(standing):
        violations.add(
            f"{path}.version",
            noun.version,
            f"this version is {standing.state} and says something else; a version that may be in use never changes: "
            f"give 0, or {latest.version + 1}, for the next one",
        )
    return []


def _succeeding(noun: Noun, latest: Noun) -> list[Noun]:
    if noun.state is LifeState.DRAFT:
        return [_with(noun, version=latest.version + 1)]
    if _said(noun) == _said(latest):
        return []
    return [_with(noun, version=latest.version + 1, state=latest.state)]


def changed_life(
    noun: Noun,
    state: LifeState,
    effective_from: datetime | None,
    effective_until: datetime | None,
    path: str,
    violations: Violations,
) -> Noun:
    """The version in its new state; times that are None stay as they are."""
    if state is not noun.state and state not in NEXT_STATES[noun.state]:
        allowed = ", ".join(sorted(NEXT_STATES[noun.state])) or "nothing else"
        violations.add(f"{path}.state", str(state), f"it is {noun.state}, which may become {allowed}")
    moved = _with(
        noun,
        state=state,
        effective_from=noun.effective_from if effective_from is None else effective_from,
        effective_until=noun.effective_until if effective_until is None else effective_until,
    )
    check_life(moved, path, violations)
    return moved


def numbered(noun: Noun) -> Noun:
    """The first version; rows of an earlier release do not say that they are."""
    return noun if noun.version else _with(noun, version=1)


def _said(noun: Living) -> Living:
    """What it says, without its number and its state."""
    return _with(noun, version=0, state=LifeState.ACTIVE)


def _with(noun: Noun, **changes: Any) -> Noun:
    return cast("Noun", replace(cast("Any", noun), **changes))
