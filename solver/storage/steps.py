"""The steps by which a schema came to be what it is: a database counts how many of them it has taken."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeAlias

from solver.storage.database import Transaction
from solver.storage.errors import StorageUnusable

# Portable statements, or what they cannot say. A step that was released is never changed: a new one follows it.
Step: TypeAlias = str | Callable[[Transaction], None]

_log = logging.getLogger(__name__)


def steps_to_take(name: str, found: int, steps: Sequence[Step], *, upgrade: bool) -> Sequence[Step]:
    """The steps that a database which took `found` of them has still to take; the log tells of an upgrade.

    Raises StorageUnusable for one that has taken more than this release knows, and without `upgrade` for one that has
    any still to take.
    """
    if found > len(steps):
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
