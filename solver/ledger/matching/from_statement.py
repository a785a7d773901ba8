"""Rows of a statement as records of a side."""

from collections.abc import Iterable, Iterator

from solver.ledger.matching.model import Item
from solver.ledger.statements.model import StatementRow


def items_of(rows: Iterable[StatementRow], *, net: bool = False) -> Iterator[Item]:
    """A record for each row; with `net` its amount is what reached the account, after fees on the row itself."""
    for row in rows:
        yield Item(
            item_id=row.row_id,
            on=row.on,
            amount_minor=row.net_minor if net else row.amount_minor,
            currency=row.currency,
            keys=dict(row.keys),
            party=row.party,
            channel=row.channel,
            line=row.line,
        )
