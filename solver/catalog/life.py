"""The life of what is sold: its state, and from when until when it is effective."""

from collections.abc import Mapping, Set
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from solver.errors import Violations
from solver.validation import check_time


class LifeState(StrEnum):
    """Only what is active may be ordered. What is retired stays so."""

    DRAFT = "draft"  # being written: it may still be changed in place
    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


NEXT_STATES: Mapping[LifeState, Set[LifeState]] = {
    LifeState.DRAFT: {LifeState.ACTIVE, LifeState.RETIRED},
    LifeState.ACTIVE: {LifeState.PAUSED, LifeState.RETIRED},
    LifeState.PAUSED: {LifeState.ACTIVE, LifeState.RETIRED},
    LifeState.RETIRED: set(),
}


class Living(Protocol):
    """A material, a sales item, a channel item, a combination: a version of it, with its place in life.

    `version` 0: not kept yet. `effective_from` is included, `effective_until` is not; None: always.
    """

    @property
    def version(self) -> int:
        """Its number, from 1."""
        ...

    @property
    def state(self) -> LifeState:
        """Where it is in life."""
        ...

    @property
    def effective_from(self) -> datetime | None:
        """Included."""
        ...

    @property
    def effective_until(self) -> datetime | None:
        """Not included."""
        ...


def refusal_of(noun: Living, what: str, at: datetime | None) -> str:
    """Why it may not be ordered at a time, with state and date; "" where it may. None: dates are not asked about."""
    if noun.state is not LifeState.ACTIVE:
        return f"{what} is {noun.state}; activate it, or name another"
    if at is not None and noun.effective_from is not None and at < noun.effective_from:
        return f"{what} is not effective until {noun.effective_from.isoformat()}; order it then, or name another"
    if at is not None and noun.effective_until is not None and at >= noun.effective_until:
        return f"{what} was effective until {noun.effective_until.isoformat()}; name another"
    return ""


def has_begun(noun: Living, at: datetime) -> bool:
    """Whether the version has come into force: it is no draft, and its time has come."""
    return noun.state is not LifeState.DRAFT and (noun.effective_from is None or noun.effective_from <= at)


def has_ended(noun: Living, at: datetime) -> bool:
    """Whether the version's time is over."""
    return noun.effective_until is not None and noun.effective_until <= at


def check_life(noun: Living, path: str, violations: Violations) -> None:
    """A version counts from 0, and ends after it begins."""
    violations.require(noun.version >= 0, f"{path}.version", noun.version, "give 0 for the next one, or its number")
    before = len(violations.found)
    for name in ("effective_from", "effective_until"):
        moment: datetime | None = getattr(noun, name)
        if moment is not None:
            check_time(moment, f"{path}.{name}", violations)
    begins, ends = noun.effective_from, noun.effective_until
    if len(violations.found) == before and begins is not None and ends is not None:
        remedy = f"must be later than effective_from, {begins.isoformat()}"
        violations.require(begins < ends, f"{path}.effective_until", ends.isoformat(), remedy)
