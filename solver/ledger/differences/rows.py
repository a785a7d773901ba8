"""Tickets as they are kept: one row each, and their notes beside, which no one can change."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

import msgspec

from solver.clock import to_micros
from solver.errors import NotFound
from solver.ledger.differences.model import Ticket, TicketNote
from solver.storage.database import Reader, Transaction

DIFFERENCE_SCHEMA = """
CREATE TABLE IF NOT EXISTS difference_ticket (
    ticket_id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    opened_at_us INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS difference_ticket_by_state ON difference_ticket (state, owner);

CREATE TABLE IF NOT EXISTS difference_note (
    ticket_id TEXT NOT NULL REFERENCES difference_ticket (ticket_id),
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (ticket_id, number)
) STRICT, WITHOUT ROWID;

APPEND ONLY difference_note;
"""


def keep(tx: Transaction, ticket: Ticket, *new: TicketNote) -> None:
    """Keep a ticket as it is now, and what just happened to it."""
    body = msgspec.json.encode(replace(ticket, notes=()))
    tx.execute(
        """INSERT INTO difference_ticket (ticket_id, state, kind, owner, opened_at_us, body) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (ticket_id) DO UPDATE
           SET state = excluded.state, owner = excluded.owner, body = excluded.body""",
        (ticket.ticket_id, str(ticket.state), str(ticket.kind), ticket.owner, to_micros(ticket.opened_at), body),
    )
    [(number,)] = tx.query("SELECT COUNT(*) FROM difference_note WHERE ticket_id = ?", (ticket.ticket_id,))
    tx.executemany(
        "INSERT INTO difference_note (ticket_id, number, body) VALUES (?, ?, ?)",
        [(ticket.ticket_id, number + place, msgspec.json.encode(note)) for place, note in enumerate(new, start=1)],
    )


def find(reader: Reader, ticket_id: str) -> Ticket:
    """A ticket with its notes. Raises NotFound."""
    found = find_each(reader, [ticket_id])
    if not found:
        name = ticket_id[:128]
        raise NotFound(f"there is no ticket {name!r}", metadata={"ticket_id": name})
    return found[ticket_id]


def find_each(reader: Reader, ticket_ids: Iterable[str]) -> dict[str, Ticket]:
    """Those of these tickets that there are, with their notes, by id."""
    wanted = list(dict.fromkeys(ticket_ids))
    if not wanted:
        return {}
    rows = reader.query_within("SELECT ticket_id, body FROM difference_ticket WHERE ticket_id IN (?)", (wanted,))
    return {ticket.ticket_id: ticket for ticket in _with_notes(reader, [body for _, body in rows])}


def all_tickets(
    reader: Reader,
    *,
    states: Collection[str] = (),
    owners: Collection[str] = (),
    after: str = "",
    most: int | None = None,
) -> tuple[Ticket, ...]:
    """Those in these states of these owners with their notes, by id, at most so many behind an id.

    An empty filter lets all pass.
    """
    conditions, params = ["ticket_id > ?"], [after]
    for column, wanted in (("state", states), ("owner", owners)):
        if wanted:
            conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            params += [str(one) for one in wanted]
    sql = f"SELECT body FROM difference_ticket WHERE {' AND '.join(conditions)} ORDER BY ticket_id"
    limit = () if most is None else (most,)
    rows = reader.query(sql + (" LIMIT ?" if limit else ""), (*params, *limit))
    return tuple(_with_notes(reader, [body for (body,) in rows]))


def each_ticket(reader: Reader) -> Iterator[Ticket]:
    """Every ticket by id, without its notes, one at a time."""
    rows = reader.stream("SELECT body FROM difference_ticket ORDER BY ticket_id")
    return (msgspec.json.decode(body, type=Ticket) for (body,) in rows)


def _with_notes(reader: Reader, bodies: Iterable[bytes]) -> list[Ticket]:
    tickets = [msgspec.json.decode(body, type=Ticket) for body in bodies]
    notes: dict[str, list[TicketNote]] = {}
    names = [ticket.ticket_id for ticket in tickets]
    rows = (
        reader.query_within(
            "SELECT ticket_id, body FROM difference_note WHERE ticket_id IN (?) ORDER BY ticket_id, number", (names,)
        )
        if names
        else []
    )
    for ticket_id, body in rows:
        notes.setdefault(ticket_id, []).append(msgspec.json.decode(body, type=TicketNote))
    return [replace(ticket, notes=tuple(notes.get(ticket.ticket_id, ()))) for ticket in tickets]
