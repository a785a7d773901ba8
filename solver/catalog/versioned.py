"""Nouns of one layer, each in versions: what is in force is read as one mapping, and what was never changes."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Generic, TypeVar

from solver.catalog.life import LifeState, Living, has_begun, has_ended, refusal_of
from solver.catalog.succession import changed_life, following, numbered
from solver.clock import Clock
from solver.errors import NotFound, Violations
from solver.storage.database import Database, Transaction
from solver.storage.once import Request
from solver.storage.registry import Registry

Noun = TypeVar("Noun", bound=Living)


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce(Generic[Noun]):
    """What is in force of each id, and why what may not be ordered may not, at a time.

    `until`: when another version, or none, comes into force by itself; None: only a change does that.
    """

    nouns: Mapping[str, Noun]
    refused: Mapping[str, str]
    until: datetime | None = None


class VersionedStore(Generic[Noun]):
    """Every version of every noun of one layer.

    A version is in force from its time on, until it ends or a later one begins; a draft never is. Where none is in
    force, the last that was stands for the noun, or else the first that will be, so that a refusal can say what is
    wrong. A draft may be written anew; any other version, once kept, never changes but for its place in life.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        kind: str,
        noun: type[Noun],
        id_of: Callable[[Noun], str],
        *,
        what: str,
    ) -> None:
        self._clock = clock
        self._id_of = id_of
        self._what = what
        self._registry = Registry(database, clock, kind, noun, self._row_id)
        self._lock = threading.Lock()
        self._seen: Mapping[str, Noun] | None = None
        self._in_force: InForce[Noun] = InForce(nouns={}, refused={})

    @property
    def in_force(self) -> InForce[Noun]:
        """What is in force now: the very same value until something changes."""
        rows = self._registry.nouns
        until = self._in_force.until
        if rows is not self._seen or (until is not None and self._clock.now() >= until):
            self._look(rows)
        return self._in_force

    def versions(self, noun_id: str) -> tuple[Noun, ...]:
        """Every version that is kept, the first first; empty for what is not known."""
        rows = self._registry.nouns
        first = rows.get(noun_id)
        found = [] if first is None else [numbered(first)]
        number = 2
        while (later := rows.get(_row(noun_id, number))) is not None:
            found.append(later)
            number += 1
        return tuple(found)

    def get(self, noun_id: str, version: int = 0) -> Noun:
        """One version; 0: the one in force. Raises NotFound."""
        found = self.in_force.nouns.get(noun_id) if version == 0 else self._registry.nouns.get(_row(noun_id, version))
        if found is None:
            which = f"version {version} of {self._what}" if version else self._what
            raise NotFound(f"there is no {which} {noun_id!r}", metadata={"id": noun_id[:128], "version": str(version)})
        return found

    def succession(self, nouns: Sequence[Noun], path: str, violations: Violations) -> list[Noun]:
        """The rows that writing the nouns would come to at this moment; what may not be written is recorded."""
        return [
            row
            for position, noun in enumerate(nouns)
            for row in following(noun, self.versions(self._id_of(noun)), f"{path}[{position}]", violations)
        ]

    def upsert(self, request: Request, nouns: Sequence[Noun], path: str) -> int:
        """Keep all or none, as the versions that follow; returns how many were given.

        What says the same as the version in force changes nothing. Raises InvalidRequest, naming the path of each,
        where a version that is no draft would change.
        """

        def act(_: Transaction) -> Sequence[Noun]:
            violations = Violations()
            rows = self.succession(nouns, path, violations)
            violations.refuse_any(f"the list of {path.replace('_', ' ')}")
            return rows

        self._registry.upsert_what(request, act)
        return len(nouns)

    def change_life(
        self,
        request: Request,
        noun_ids: Sequence[str],
        state: LifeState,
        *,
        version: int = 0,
        effective_from: datetime | None = None,
        effective_until: datetime | None = None,
        path: str = "ids",
    ) -> int:
        """Move all to a state, or none; returns how many. `version` 0: the latest. Times that are None stay.

        Raises InvalidRequest, naming the path of each, for what is not known and for a step that life does not have.
        """

        def act(_: Transaction) -> Sequence[Noun]:
            violations = Violations()
            rows = []
            for position, noun_id in enumerate(noun_ids):
                at, kept = f"{path}[{position}]", self.versions(noun_id)
                if not 0 <= version <= len(kept) or not kept:
                    which = f"version {version} of this {self._what}" if kept else self._what
                    violations.add(at, noun_id, f"there is no such {which}; name one that exists, or add it first")
                    continue
                moved = changed_life(kept[version - 1], state, effective_from, effective_until, at, violations)
                rows.append(moved)
            violations.refuse_any(f"the change of life of {path.replace('_', ' ')}")
            return rows

        self._registry.upsert_what(request, act)
        return len(noun_ids)

    def _row_id(self, noun: Noun) -> str:
        return _row(self._id_of(noun), noun.version)

    def _look(self, rows: Mapping[str, Noun]) -> None:
        with self._lock:
            self._in_force = _in_force(rows, self._id_of, self._what, self._clock.now())
            self._seen = rows


def _row(noun_id: str, version: int) -> str:
    """The first version stands under the id itself; no id ends in a character that does not print and a number."""
    return noun_id if version <= 1 else f"{noun_id}\x1f{version}"


def _in_force(rows: Mapping[str, Noun], id_of: Callable[[Noun], str], what: str, now: datetime) -> InForce[Noun]:
    if all(_is_plain(noun) for noun in rows.values()):
        return InForce(nouns=rows, refused={})
    by_id: dict[str, list[Noun]] = {}
    for noun in rows.values():
        by_id.setdefault(id_of(noun), []).append(noun)
    nouns = {noun_id: _standing(versions, now) for noun_id, versions in by_id.items()}
    refused = {noun_id: why for noun_id, noun in nouns.items() if (why := refusal_of(noun, f"{what} {noun_id}", now))}
    times = [time for noun in rows.values() for time in (noun.effective_from, noun.effective_until) if time is not None]
    return InForce(
        nouns=MappingProxyType(nouns), refused=refused, until=min((time for time in times if time > now), default=None)
    )


def _is_plain(noun: Living) -> bool:
    return (
        noun.version <= 1
        and noun.state is LifeState.ACTIVE
        and noun.effective_from is None
        and noun.effective_until is None
    )


def _standing(versions: Iterable[Noun], now: datetime) -> Noun:
    """The version that stands for the noun: the latest in force, or that was, or the first that will be."""
    ordered = sorted(versions, key=lambda noun: noun.version)
    begun = [noun for noun in ordered if has_begun(noun, now)]
    lasting = [noun for noun in begun if not has_ended(noun, now)]
    to_come = [noun for noun in ordered if noun.state is not LifeState.DRAFT]
    return lasting[-1] if lasting else begun[-1] if begun else (to_come or ordered)[0]
