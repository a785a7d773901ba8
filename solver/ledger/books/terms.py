"""What every posting looks at first: the declaration, the chart and the closed periods, read by one statement."""

from solver.ledger.books import charting, declared, periods
from solver.storage.database import Reader

_DECLARED, _CHART, _CLOSED = 0, 1, 2
_TERMS = f"""
SELECT {_DECLARED}, body, 0 FROM (SELECT body FROM ledger_declaration ORDER BY version DESC LIMIT 1) AS declared
UNION ALL
SELECT {_CHART}, body, 0 FROM (SELECT body FROM ledger_chart ORDER BY version DESC LIMIT 1) AS charted
UNION ALL
SELECT {_CLOSED}, entity, period FROM ledger_period_change AS change
WHERE is_closed = 1 AND number = (SELECT max(number) FROM ledger_period_change AS later
                                  WHERE later.entity = change.entity AND later.period = change.period)
"""


def read_terms(reader: Reader) -> None:
    """Read them together, where none of them was read in this transaction; afterwards they are known."""
    if declared.is_known(reader) or charting.is_known(reader) or periods.is_known(reader):
        return
    rows = reader.query(_TERMS)
    of = {kind: text for kind, text, _ in rows if kind != _CLOSED}
    declared.note(reader, of.get(_DECLARED))
    charting.note(reader, of.get(_CHART))
    periods.note(reader, {(text, period) for kind, text, period in rows if kind == _CLOSED})
