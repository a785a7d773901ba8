"""Plans of which units were short, refused or never came, until those are planned anew: where to look, not what counts.

A row says that something was lost once. How much still is, the plan's commitment and the plans in its place tell.
"""

from collections.abc import Iterable

from solver.storage.database import Reader, Transaction

PLAN_LOSS_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan_loss (
    plan_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
"""


def note(tx: Transaction, plan_ids: Iterable[str]) -> None:
    """Units of these plans were lost."""
    rows = [(plan_id,) for plan_id in sorted(set(plan_ids))]
    tx.executemany("INSERT INTO plan_loss (plan_id) VALUES (?) ON CONFLICT (plan_id) DO NOTHING", rows)


def forget(tx: Transaction, plan_id: str) -> None:
    """Nothing of the plan is lost that would still have to be planned."""
    tx.execute("DELETE FROM plan_loss WHERE plan_id = ?", (plan_id,))


def plan_ids(reader: Reader) -> list[str]:
    """The plans, in alphabetical order."""
    return [plan_id for (plan_id,) in reader.query("SELECT plan_id FROM plan_loss ORDER BY plan_id")]
