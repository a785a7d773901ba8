"""Plans that are told to be stuck, so that each is told once and not at every look."""

from solver.storage.database import Transaction

STUCK_PLAN_SCHEMA = """
CREATE TABLE IF NOT EXISTS stuck_plan (
    plan_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
"""


def begin(tx: Transaction, plan_id: str) -> bool:
    """The plan is stuck; True where it was not before."""
    if tx.query("SELECT 1 FROM stuck_plan WHERE plan_id = ?", (plan_id,)):
        return False
    tx.execute("INSERT INTO stuck_plan (plan_id) VALUES (?)", (plan_id,))
    return True


def end(tx: Transaction, plan_id: str) -> None:
    """It is stuck no longer, or has come to its end."""
    tx.execute("DELETE FROM stuck_plan WHERE plan_id = ?", (plan_id,))
