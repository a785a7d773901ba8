"""The steps by which a schema came to be what it is: a database counts how many of them it has taken."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from solver.storage.database import Transaction
from solver.storage.errors import StorageUnusable

# Portable statements, or what they cannot say.
Act: TypeAlias = str | Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class Expanding:
    """A step that servers of the release before it do not notice, so that they may run on while it is taken.

    It makes tables and indexes that refuse nothing, or adds columns that may be left out; it takes away, renames and
    forbids nothing that is there. docs/upgrades.md says more.
    """

    act: Act


# A step that was released is never changed: a new one follows it.
Step: TypeAlias = Act | Expanding

_log = logging.getLogger(__name__)


def act_of(step: Step) -> Act:
    """What a step does."""
    return step.act if isinstance(step, Expanding) else step


def compatible_from(steps: Sequence[Step]) -> int:
    """How many of the steps a release must know, at least, to work on a database that has taken all of them."""
    return max((number for number, step in enumerate(steps, start=1) if not isinstance(step, Expanding)), default=0)


def steps_to_take(
    name: str, found: int, steps: Sequence[Step], *, upgrade: bool, compatible: int | None = None
) -> Sequence[Step]:
    """The steps that a database which took `found` of them has still to take; the log tells of an upgrade.

    `compatible`: what the release that took the last one said of `compatible_from`. Raises StorageUnusable for a
    database that has taken more than this release knows and is not compatible, and without `upgrade` for one that has
    any still to take.
    """
    if found > len(steps):
        if compatible is not None and compatible <= len(steps):
            _log.info("%s has schema %d, of a newer release; this one knows %d and can use it", name, found, len(steps))
            return ()
        raise StorageUnusable(
            f"{name} has schema {found}, written by a newer release, or by a build between releases; this one knows "
            f"{len(steps)}. Nothing was changed. Start what wrote it, or name another database"
        )
    if found < len(steps) and not upgrade:
        state = f"has schema {found}, and this release has {len(steps)}" if found else "holds no database of this kind"
        raise StorageUnusable(f"{name} {state}: start the server on it first")
    if 0 < found < len(steps):
        _log.info("%s is brought from schema %d to %d", name, found, len(steps))
    return steps[found:]
