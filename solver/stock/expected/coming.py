"""Where what is on its way goes, and when it is expected. Its units are in the accounts of `accounts.incoming`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from solver.clock import from_micros, to_micros
from solver.storage.database import Reader, Transaction

COMING_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_coming (
    consignment_id TEXT PRIMARY KEY,
    site_id TEXT NOT NULL,
    expected_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

_MOST_IDS = 500  # in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A consignment that goes to a site, and when it is expected there."""

    consignment_id: str
    site_id: str
    expected_at: datetime


def expect(tx: Transaction, coming: Coming) -> None:
    """Say where a consignment goes and when it is expected, in place of what was said before."""
    tx.execute(
        """INSERT INTO stock_coming (consignment_id, site_id, expected_at_us) VALUES (?, ?, ?)
           ON CONFLICT (consignment_id) DO UPDATE
           SET site_id = excluded.site_id, expected_at_us = excluded.expected_at_us""",
        (coming.consignment_id, coming.site_id, to_micros(coming.expected_at)),
    )


def coming_of(reader: Reader, consignment_ids: Collection[str]) -> dict[str, Coming]:
    """The consignments of these ids, by id; unknown ones are left out."""
    wanted, found = sorted(consignment_ids), {}
    for first in range(0, len(wanted), _MOST_IDS):
        ids = wanted[first : first + _MOST_IDS]
        rows = reader.query(
            f"""SELECT consignment_id, site_id, expected_at_us FROM stock_coming
                WHERE consignment_id IN ({", ".join("?" * len(ids))})""",
            ids,
        )
        for consignment_id, site_id, expected_at_us in rows:
            found[consignment_id] = Coming(
                consignment_id=consignment_id, site_id=site_id, expected_at=from_micros(expected_at_us)
            )
    return found
