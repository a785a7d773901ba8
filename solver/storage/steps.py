"""The steps by which a schema came to be what it is: a database counts how many of them it has taken."""

from collections.abc import Callable
from typing import TypeAlias

from solver.storage.database import Transaction
from solver.storage.errors import StorageUnusable

# Portable statements, or what they cannot say. A step that was released is never changed: a new one follows it.
Step: TypeAlias = str | Callable[[Transaction], None]


def refuse_newer(name: str, found: int, known: int) -> None:
    """Raise StorageUnusable for a database that has taken more steps than this release knows."""
    if found > known:
        raise StorageUnusable(
            f"{name} has schema {found}, written by a newer release; this one knows {known}: start the newer release"
        )
