"""Keys, sealed recipients, who looked at them, and what was erased.

A key's row is written once, in the order of its numbers, and never moved or deleted: erasing writes zeros over it where
it lies. So no page that was rebuilt has a copy of it.
"""

from datetime import datetime

from solver.clock import from_micros, to_micros
from solver.persons.model import Erasure
from solver.persons.seal import ERASED_KEY
from solver.storage.database import Reader, Transaction

PERSON_SCHEMA = """
CREATE TABLE IF NOT EXISTS person (
    customer_id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE IF NOT EXISTS person_key (
    number INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS person_recipient (
    order_id TEXT PRIMARY KEY,
    number INTEGER NOT NULL REFERENCES person_key (number),
    sealed BLOB NOT NULL,
    kept_us INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS person_recipient_by_person ON person_recipient (number);
CREATE INDEX IF NOT EXISTS person_recipient_by_age ON person_recipient (kept_us);

CREATE TABLE IF NOT EXISTS person_look (
    number INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL,
    by TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS person_erasure (
    number INTEGER PRIMARY KEY,
    mark TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    by TEXT NOT NULL,
    orders INTEGER NOT NULL
) STRICT;
"""


def person_of(reader: Reader, customer_id: str) -> tuple[int, bytes] | None:
    """A person's number and sealed key, if there is one."""
    rows = reader.query(
        "SELECT number, sealed FROM person JOIN person_key USING (number) WHERE customer_id = ?", (customer_id,)
    )
    return (rows[0][0], bytes(rows[0][1])) if rows else None


def add_person(tx: Transaction, customer_id: str, sealed_key: bytes) -> int:
    """Write a new person; its number."""
    number = int(tx.query("SELECT coalesce(max(number), 0) + 1 FROM person_key")[0][0])
    tx.execute("INSERT INTO person_key (number, sealed) VALUES (?, ?)", (number, sealed_key))
    tx.execute("INSERT INTO person (customer_id, number) VALUES (?, ?)", (customer_id, number))
    return number


def keep_recipient(tx: Transaction, order_id: str, number: int, sealed: bytes, at: datetime) -> None:
    """Write an order's recipient in place of the one before."""
    tx.execute("DELETE FROM person_recipient WHERE order_id = ?", (order_id,))
    tx.execute(
        "INSERT INTO person_recipient (order_id, number, sealed, kept_us) VALUES (?, ?, ?, ?)",
        (order_id, number, sealed, to_micros(at)),
    )


def recipient_of(reader: Reader, order_id: str) -> tuple[bytes, bytes] | None:
    """The sealed key and the sealed recipient of an order, if there is one."""
    rows = reader.query(
        """SELECT person_key.sealed, person_recipient.sealed FROM person_recipient JOIN person_key USING (number)
           WHERE order_id = ?""",
        (order_id,),
    )
    return (bytes(rows[0][0]), bytes(rows[0][1])) if rows else None


def keys_after(reader: Reader, number: int, most: int) -> list[tuple[int, bytes]]:
    """The next persons' numbers and sealed keys, erased ones left out."""
    found = reader.query(
        "SELECT number, sealed FROM person_key WHERE number > ? ORDER BY number LIMIT ?", (number, most)
    )
    return [(one, bytes(sealed)) for one, sealed in found]


def keep_key(tx: Transaction, number: int, sealed: bytes) -> None:
    """Write a person's key, sealed anew, over the one before where it lies."""
    tx.execute("UPDATE person_key SET sealed = ? WHERE number = ? AND sealed <> ?", (sealed, number, ERASED_KEY))


def note_look(tx: Transaction, order_id: str, by: str, at: datetime, reason: str) -> None:
    """Write who saw a recipient unmasked."""
    tx.execute(
        """INSERT INTO person_look (number, order_id, by, at_us, reason)
           VALUES ((SELECT coalesce(max(number), 0) + 1 FROM person_look), ?, ?, ?, ?)""",
        (order_id, by, to_micros(at), reason),
    )


def orders_of(reader: Reader, customer_id: str) -> list[str]:
    """The orders whose recipient is this person."""
    rows = reader.query(
        "SELECT order_id FROM person_recipient JOIN person USING (number) WHERE customer_id = ?", (customer_id,)
    )
    return [order_id for (order_id,) in rows]


def erase(tx: Transaction, customer_id: str) -> bool:
    """Overwrite the key, and forget the person and what was sealed; False where there is no such person."""
    known = person_of(tx, customer_id)
    if known is None:
        return False
    number = known[0]
    tx.execute("UPDATE person_key SET sealed = ? WHERE number = ?", (ERASED_KEY, number))
    tx.execute("DELETE FROM person_recipient WHERE number = ?", (number,))
    tx.execute("DELETE FROM person WHERE customer_id = ?", (customer_id,))
    return True


def note_erasure(tx: Transaction, mark: str, at: datetime, by: str, orders: int) -> None:
    """Write that a person was erased."""
    tx.execute(
        """INSERT INTO person_erasure (number, mark, at_us, by, orders)
           VALUES ((SELECT coalesce(max(number), 0) + 1 FROM person_erasure), ?, ?, ?, ?)""",
        (mark, to_micros(at), by, orders),
    )


def erasures(reader: Reader) -> list[Erasure]:
    """All that was erased, the oldest first."""
    rows = reader.query("SELECT number, mark, at_us, by, orders FROM person_erasure ORDER BY number")
    return [
        Erasure(number=number, mark=mark, at=from_micros(at_us), by=by, orders=orders)
        for number, mark, at_us, by, orders in rows
    ]


def older_than(reader: Reader, before: datetime, most: int) -> list[str]:
    """Customers all of whose recipients were kept before a moment, at most so many."""
    rows = reader.query(
        """SELECT customer_id FROM person WHERE (
               SELECT coalesce(max(kept_us), 0) FROM person_recipient WHERE person_recipient.number = person.number
           ) < ? ORDER BY number LIMIT ?""",
        (to_micros(before), most),
    )
    return [customer_id for (customer_id,) in rows]


def forget_orders(tx: Transaction, before: datetime, most: int) -> int:
    """Forget recipients that were kept before a moment, at most so many; how many."""
    rows = tx.query(
        "SELECT order_id FROM person_recipient WHERE kept_us < ? ORDER BY kept_us LIMIT ?", (to_micros(before), most)
    )
    tx.executemany("DELETE FROM person_recipient WHERE order_id = ?", rows)
    return len(rows)
