"""Invoices as they are kept: one body by id, and which order lines are on which invoice."""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from solver.errors import NotFound, StateConflict
from solver.ledger.invoicing.model import Invoice, InvoiceState
from solver.storage.database import Reader, Transaction

INVOICE_SCHEMA = """
CREATE TABLE IF NOT EXISTS invoice (
    invoice_id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    number TEXT NOT NULL,
    red_of TEXT NOT NULL,
    due_at_us INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS invoice_by_state ON invoice (state, due_at_us);
CREATE INDEX IF NOT EXISTS invoice_by_red_of ON invoice (red_of) WHERE red_of <> '';
CREATE INDEX IF NOT EXISTS invoice_by_number ON invoice (number) WHERE number <> '';

CREATE TABLE IF NOT EXISTS invoice_line (
    order_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    invoice_id TEXT NOT NULL REFERENCES invoice (invoice_id),
    basis_minor INTEGER NOT NULL,
    PRIMARY KEY (order_id, line_id, invoice_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS invoice_line_by_invoice ON invoice_line (invoice_id);
"""
UNDER_WAY = (InvoiceState.READY, InvoiceState.ASKING, InvoiceState.PENDING)


def add(tx: Transaction, invoices: Sequence[Invoice]) -> None:
    """Keep new invoices. Raises StateConflict (INVOICE_EXISTS) where one of their ids stands already."""
    known = find_each(tx, [one.invoice_id for one in invoices])
    if known:
        name = min(known)
        raise StateConflict(
            f"there is an invoice {name} already; give the wish another id",
            reason="INVOICE_EXISTS",
            metadata={"invoice_id": name},
        )
    for invoice in invoices:
        tx.execute(
            "INSERT INTO invoice (invoice_id, state, number, red_of, due_at_us, body) VALUES (?, ?, ?, ?, ?, ?)",
            (invoice.invoice_id, str(invoice.state), invoice.number, invoice.red_of, 0, msgspec.json.encode(invoice)),
        )
        amounts: dict[tuple[str, str], int] = {}
        for line in invoice.lines:
            amounts[line.order_id, line.line_id] = amounts.get((line.order_id, line.line_id), 0) + line.basis_minor
        tx.executemany(
            "INSERT INTO invoice_line (order_id, line_id, invoice_id, basis_minor) VALUES (?, ?, ?, ?)",
            [(order_id, line_id, invoice.invoice_id, basis) for (order_id, line_id), basis in amounts.items()],
        )


def keep(tx: Transaction, invoice: Invoice, due_at_us: int = 0) -> None:
    """Keep it as it is now; nobody asks about it before `due_at_us`."""
    tx.execute(
        "UPDATE invoice SET state = ?, number = ?, due_at_us = ?, body = ? WHERE invoice_id = ?",
        (str(invoice.state), invoice.number, due_at_us, msgspec.json.encode(invoice), invoice.invoice_id),
    )


def find(reader: Reader, invoice_id: str) -> Invoice:
    """An invoice. Raises NotFound."""
    found = find_each(reader, [invoice_id])
    if not found:
        name = invoice_id[:128]
        raise NotFound(f"there is no invoice {name!r}", metadata={"invoice_id": name})
    return found[invoice_id]


def find_each(reader: Reader, invoice_ids: Iterable[str]) -> dict[str, Invoice]:
    """Those of these invoices that there are, by id."""
    wanted = list(dict.fromkeys(invoice_ids))
    if not wanted:
        return {}
    rows = reader.query_within("SELECT invoice_id, body FROM invoice WHERE invoice_id IN (?)", (wanted,))
    return {invoice_id: _invoice(body) for invoice_id, body in rows}


def reds_of(reader: Reader, invoice_id: str) -> list[Invoice]:
    """The red-letter invoices that take an invoice back."""
    rows = reader.query("SELECT body FROM invoice WHERE red_of = ? ORDER BY invoice_id", (invoice_id,))
    return [_invoice(body) for (body,) in rows]


def invoiced_before(reader: Reader, lines: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """What of these order lines stands on invoices that were not given up, less what was taken back."""
    rows = reader.query_rows(
        """WITH asked (order_id, line_id) AS ({rows})
           SELECT invoice_line.order_id, invoice_line.line_id, basis_minor
           FROM asked JOIN invoice_line ON invoice_line.order_id = asked.order_id
                                       AND invoice_line.line_id = asked.line_id
           JOIN invoice ON invoice.invoice_id = invoice_line.invoice_id
           WHERE invoice.state <> 'cancelled'""",
        sorted(set(lines)),
    )
    standing: dict[tuple[str, str], int] = {}
    for order_id, line_id, basis in rows:
        standing[order_id, line_id] = standing.get((order_id, line_id), 0) + basis
    return standing


def due(reader: Reader, at_us: int, most: int) -> list[Invoice]:
    """Invoices under way that are to be asked about by now, the longest due first."""
    rows = reader.query(
        f"""SELECT body FROM invoice WHERE state IN ({", ".join("?" * len(UNDER_WAY))}) AND due_at_us <= ?
            ORDER BY due_at_us, invoice_id LIMIT ?""",
        (*(str(state) for state in UNDER_WAY), at_us, most),
    )
    return [_invoice(body) for (body,) in rows]


def next_due_us(reader: Reader) -> int | None:
    """When the next invoice under way is to be asked about; None where none is under way."""
    [(at_us,)] = reader.query(
        f"SELECT MIN(due_at_us) FROM invoice WHERE state IN ({', '.join('?' * len(UNDER_WAY))})",
        [str(state) for state in UNDER_WAY],
    )
    return None if at_us is None else int(at_us)


def all_invoices(
    reader: Reader, *, states: Collection[str] = (), order_id: str = "", after: str = "", most: int | None = None
) -> tuple[Invoice, ...]:
    """Invoices by id, in these states, about this order, at most so many behind an id.

    An empty filter lets all pass.
    """
    conditions, params = ["invoice_id > ?"], [after]
    if states:
        conditions.append(f"state IN ({', '.join('?' * len(states))})")
        params += [str(state) for state in states]
    if order_id:
        conditions.append("invoice_id IN (SELECT invoice_id FROM invoice_line WHERE order_id = ?)")
        params.append(order_id)
    sql = f"SELECT body FROM invoice WHERE {' AND '.join(conditions)} ORDER BY invoice_id"
    limit = () if most is None else (most,)
    rows = reader.query(sql + (" LIMIT ?" if limit else ""), (*params, *limit))
    return tuple(_invoice(body) for (body,) in rows)


def _invoice(body: bytes) -> Invoice:
    return msgspec.json.decode(body, type=Invoice)
