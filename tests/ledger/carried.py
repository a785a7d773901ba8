"""What the books carry accounts at, read from the table itself."""

from solver.storage.database import Reader


def carried(reader: Reader) -> list[tuple[int, int]]:
    """Of each account, in the order of their ids, its open amount and what it stands for in the base currency."""
    return reader.query("SELECT amount_minor, base_minor FROM ledger_carrying ORDER BY account_id")
