"""Runs as they stand, and the payments of those that are closed."""

from datetime import date

import msgspec

from solver.ledger.settlement.model import Payment, Statement
from solver.storage.database import Reader, Transaction

_encode = msgspec.json.Encoder(order="deterministic").encode
_statement = msgspec.json.Decoder(Statement)


def run(reader: Reader, run_id: str) -> tuple[Statement, int] | None:
    """A run as it stands, and how many steps it has taken."""
    rows = reader.query("SELECT body, steps FROM settlement_run WHERE run_id = ?", (run_id,))
    return (_statement.decode(rows[0][0]), int(rows[0][1])) if rows else None


def last_run(reader: Reader, party: str, currency: str) -> Statement | None:
    """The latest run of a party."""
    rows = reader.query(
        "SELECT body FROM settlement_run WHERE party = ? AND currency = ? ORDER BY last_day DESC LIMIT 1",
        (party, currency),
    )
    return _statement.decode(rows[0][0]) if rows else None


def runs(reader: Reader, party: str, after: str, most: int) -> list[Statement]:
    """Runs of a party, or (empty) of all, by id, behind one."""
    of_party, params = ("party = ? AND ", (party,)) if party else ("", ())
    rows = reader.query(
        f"SELECT body FROM settlement_run WHERE {of_party}run_id > ? ORDER BY run_id LIMIT ?", (*params, after, most)
    )
    return [_statement.decode(row[0]) for row in rows]


def put_run(tx: Transaction, statement: Statement, steps: int) -> None:
    """Keep a run as it stands now."""
    tx.execute(
        "INSERT INTO settlement_run (run_id, party, currency, first_day, last_day, state, steps, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (run_id) DO UPDATE SET state = excluded.state, steps = excluded.steps, body = excluded.body",
        (
            statement.run_id,
            statement.party,
            statement.currency,
            statement.first_day.isoformat(),
            statement.last_day.isoformat(),
            statement.state.value,
            steps,
            _encode(statement),
        ),
    )


def payments(reader: Reader, first_day: date, last_day: date) -> list[Payment]:
    """What closed runs that end on these days pay and ask for, by currency and party."""
    rows = reader.query(
        "SELECT body FROM settlement_run WHERE state = 'closed' AND last_day >= ? AND last_day <= ? "
        "ORDER BY currency, party, run_id",
        (first_day.isoformat(), last_day.isoformat()),
    )
    return [
        Payment(run_id=one.run_id, party=one.party, currency=one.currency, amount_minor=minor, on=one.last_day)
        for one in (_statement.decode(row[0]) for row in rows)
        for minor in (one.payout_minor, -one.collect_minor)
        if minor
    ]
