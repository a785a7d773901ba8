"""The service's key is changed: persons' keys that lie under the previous one are sealed under the new one."""

from functools import partial

from solver.persons import rows
from solver.persons.seal import ERASED_KEY, Seal
from solver.storage.database import Database, Transaction

AT_ONCE = 500


def reseal_persons(database: Database, seal: Seal) -> int:
    """Seal every person's key under the service's key that is not yet; how many. Servers may go on meanwhile.

    What was sealed under each person's key is not touched. Raises CannotOpen for a key under neither; what came before
    it is done, and the same call again goes on.
    """
    after: int | None = 0
    resealed = 0
    while after is not None:
        after, some = database.run(partial(_part, seal=seal, after=after))
        resealed += some
    database.empty_log()
    return resealed


def _part(tx: Transaction, *, seal: Seal, after: int) -> tuple[int | None, int]:
    """The number to go on after, and how many of the next keys were sealed anew."""
    found, resealed = rows.keys_after(tx, after, AT_ONCE), 0
    for number, sealed in found:
        new = None if sealed == ERASED_KEY else seal.resealed_key(sealed)
        if new is not None:
            rows.keep_key(tx, number, new)
            resealed += 1
    return (found[-1][0] if found else None), resealed
