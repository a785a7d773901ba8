"""Endpoints, what waits for them, dead letters, and whose turn it is to send."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from solver.clock import from_micros, to_micros
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.storage.database import Reader, Row, Transaction
from solver.webhooks.model import DeadLetter, Delivery, EndpointCommand, Secrets, WebhookEndpoint

WEBHOOK_SCHEMA = """
CREATE TABLE IF NOT EXISTS webhook_endpoint (
    endpoint_id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    filter TEXT NOT NULL,
    secret TEXT NOT NULL,
    previous_secret TEXT NOT NULL,
    previous_until_us INTEGER,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    disabled_why TEXT NOT NULL,
    queued_number INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS webhook_delivery (
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (endpoint_id),
    number INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    body BLOB NOT NULL,
    tries INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    dead INTEGER NOT NULL CHECK (dead IN (0, 1)),
    error TEXT NOT NULL,
    tried_us INTEGER NOT NULL,
    PRIMARY KEY (endpoint_id, number)
) STRICT;
CREATE INDEX IF NOT EXISTS webhook_delivery_by_order ON webhook_delivery (endpoint_id, order_id, number) WHERE dead = 0;
CREATE INDEX IF NOT EXISTS webhook_delivery_due ON webhook_delivery (endpoint_id, due_us) WHERE dead = 0;
CREATE INDEX IF NOT EXISTS webhook_delivery_dead ON webhook_delivery (endpoint_id, number) WHERE dead = 1;

CREATE TABLE IF NOT EXISTS webhook_turn (
    turn_id INTEGER PRIMARY KEY CHECK (turn_id = 1),
    holder TEXT NOT NULL,
    until_us INTEGER NOT NULL
) STRICT;
"""


class _Filter(msgspec.Struct, frozen=True):
    channels: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    kinds: tuple[PlanEventKind, ...] = ()


def keep(tx: Transaction, command: EndpointCommand, secret: str, queued_number: int) -> None:
    """Write an endpoint; one that stands keeps its secrets and its place among the events."""
    of = _Filter(channels=command.channels, brands=command.brands, kinds=command.kinds)
    tx.execute(
        """INSERT INTO webhook_endpoint (endpoint_id, url, filter, secret, previous_secret, previous_until_us, disabled,
                                         disabled_why, queued_number) VALUES (?, ?, ?, ?, '', NULL, ?, '', ?)
           ON CONFLICT (endpoint_id) DO UPDATE SET url = excluded.url, filter = excluded.filter,
           disabled = excluded.disabled, disabled_why = ''""",
        (
            command.endpoint_id,
            command.url,
            msgspec.json.encode(of).decode(),
            secret,
            int(command.disabled),
            queued_number,
        ),
    )


def keep_secrets(tx: Transaction, endpoint_id: str, secrets: Secrets) -> None:
    """Sign with these from now on."""
    until = None if secrets.previous_until is None else to_micros(secrets.previous_until)
    tx.execute(
        "UPDATE webhook_endpoint SET secret = ?, previous_secret = ?, previous_until_us = ? WHERE endpoint_id = ?",
        (secrets.current, secrets.previous, until, endpoint_id),
    )


def disable(tx: Transaction, endpoint_id: str, why: str) -> None:
    """Send nothing there until somebody enables it."""
    tx.execute("UPDATE webhook_endpoint SET disabled = 1, disabled_why = ? WHERE endpoint_id = ?", (why, endpoint_id))


def drop(tx: Transaction, endpoint_id: str) -> None:
    """Forget an endpoint, and all that waits for it."""
    tx.execute("DELETE FROM webhook_delivery WHERE endpoint_id = ?", (endpoint_id,))
    tx.execute("DELETE FROM webhook_endpoint WHERE endpoint_id = ?", (endpoint_id,))


def secrets_of(reader: Reader, endpoint_id: str) -> Secrets | None:
    """What signs; None: there is no such endpoint."""
    rows = reader.query(
        "SELECT secret, previous_secret, previous_until_us FROM webhook_endpoint WHERE endpoint_id = ?", (endpoint_id,)
    )
    if not rows:
        return None
    current, previous, until_us = rows[0]
    until = None if until_us is None else from_micros(until_us)
    return Secrets(current=current, previous=previous, previous_until=until)


def endpoints(reader: Reader) -> list[WebhookEndpoint]:
    """Every endpoint, in the order of their ids, without counts."""
    rows = reader.query(
        """SELECT endpoint_id, url, filter, disabled, disabled_why, queued_number FROM webhook_endpoint
           ORDER BY endpoint_id"""
    )
    return [_endpoint(row) for row in rows]


def counts(reader: Reader) -> dict[str, tuple[int, int]]:
    """What waits, and what is dead, by endpoint."""
    rows = reader.query("SELECT endpoint_id, count(*), sum(dead) FROM webhook_delivery GROUP BY endpoint_id")
    return {endpoint_id: (int(every - dead), int(dead)) for endpoint_id, every, dead in rows}


def queue(
    tx: Transaction, endpoint_id: str, messages: Sequence[tuple[int, str, bytes]], through: int, at: datetime
) -> None:
    """Let these wait for an endpoint: number, order and body of each; all events up to a number were looked at."""
    now_us = to_micros(at)
    tx.execute_rows(
        """INSERT INTO webhook_delivery (endpoint_id, number, order_id, body, tries, due_us, dead, error, tried_us)
           {rows}""",
        [(endpoint_id, number, order_id, body, 0, now_us, 0, "", 0) for number, order_id, body in messages],
    )
    tx.execute("UPDATE webhook_endpoint SET queued_number = ? WHERE endpoint_id = ?", (through, endpoint_id))


def due(reader: Reader, endpoint_id: str, at: datetime, under_way: Collection[int], most: int) -> list[Delivery]:
    """At most so many to try now, of each order only the first that waits: the next goes when that has arrived."""
    rows = reader.query(
        """SELECT endpoint_id, number, order_id, body, tries FROM webhook_delivery AS one
           WHERE endpoint_id = ? AND dead = 0 AND due_us <= ? AND NOT EXISTS (
               SELECT 1 FROM webhook_delivery AS earlier WHERE earlier.endpoint_id = one.endpoint_id
               AND earlier.order_id = one.order_id AND earlier.dead = 0 AND earlier.number < one.number)
           ORDER BY due_us, number LIMIT ?""",
        (endpoint_id, to_micros(at), most + len(under_way)),
    )
    found = [
        Delivery(endpoint_id=endpoint_id, number=number, order_id=order_id, body=bytes(body), tries=tries)
        for endpoint_id, number, order_id, body, tries in rows
        if number not in under_way
    ]
    return found[:most]


def delivered(tx: Transaction, delivery: Delivery) -> None:
    """It has arrived."""
    tx.execute(
        "DELETE FROM webhook_delivery WHERE endpoint_id = ? AND number = ?", (delivery.endpoint_id, delivery.number)
    )


def failed(tx: Transaction, delivery: Delivery, error: str, at: datetime, again_at: datetime | None) -> None:
    """It has not arrived; None: it is tried no more."""
    tx.execute(
        """UPDATE webhook_delivery SET tries = ?, due_us = ?, dead = ?, error = ?, tried_us = ?
           WHERE endpoint_id = ? AND number = ?""",
        (
            delivery.tries + 1,
            to_micros(again_at or at),
            int(again_at is None),
            error,
            to_micros(at),
            delivery.endpoint_id,
            delivery.number,
        ),
    )


def dead_letters(reader: Reader, endpoint_id: str, after: int, most: int) -> list[DeadLetter]:
    """Dead letters of an endpoint after a number."""
    rows = reader.query(
        """SELECT endpoint_id, number, order_id, tries, error, tried_us FROM webhook_delivery
           WHERE endpoint_id = ? AND dead = 1 AND number > ? ORDER BY number LIMIT ?""",
        (endpoint_id, after, most),
    )
    return [
        DeadLetter(
            endpoint_id=endpoint_id,
            number=number,
            order_id=order_id,
            tries=tries,
            error=error,
            tried_at=from_micros(tried_us),
        )
        for endpoint_id, number, order_id, tries, error, tried_us in rows
    ]


def revive(tx: Transaction, endpoint_id: str, numbers: Sequence[int], at: datetime) -> int:
    """Let dead letters of an endpoint be tried again, these or (none named) all; how many."""
    rows = tx.query("SELECT number FROM webhook_delivery WHERE endpoint_id = ? AND dead = 1", (endpoint_id,))
    found = [number for (number,) in rows if not numbers or number in set(numbers)]
    tx.executemany(
        "UPDATE webhook_delivery SET dead = 0, tries = 0, due_us = ? WHERE endpoint_id = ? AND number = ?",
        [(to_micros(at), endpoint_id, number) for number in found],
    )
    return len(found)


def take_turn(tx: Transaction, holder: str, at: datetime, until: datetime) -> bool:
    """Whether it is this one's turn to send until then: one that stops asking loses it when its time is over."""
    rows = tx.query("SELECT holder, until_us FROM webhook_turn WHERE turn_id = 1")
    if rows and rows[0][0] != holder and rows[0][1] > to_micros(at):
        return False
    tx.execute(
        """INSERT INTO webhook_turn (turn_id, holder, until_us) VALUES (1, ?, ?)
           ON CONFLICT (turn_id) DO UPDATE SET holder = excluded.holder, until_us = excluded.until_us""",
        (holder, to_micros(until)),
    )
    return True


def end_turn(tx: Transaction, holder: str) -> None:
    """Let another have the turn at once."""
    tx.execute("DELETE FROM webhook_turn WHERE holder = ?", (holder,))


def still_needed(reader: Reader, last: int) -> int:
    """The last event that every endpoint has looked at; `last` where there is none."""
    rows = reader.query("SELECT min(queued_number) FROM webhook_endpoint WHERE disabled = 0")
    return last if rows[0][0] is None else min(last, int(rows[0][0]))


def _endpoint(row: Row) -> WebhookEndpoint:
    endpoint_id, url, of, disabled, why, queued_number = row
    wanted = msgspec.json.decode(of, type=_Filter)
    return WebhookEndpoint(
        endpoint_id=endpoint_id,
        url=url,
        channels=wanted.channels,
        brands=wanted.brands,
        kinds=wanted.kinds,
        disabled=bool(disabled),
        disabled_why=why,
        queued_number=queued_number,
    )
