"""Declarations as they are kept: each import is a version, the last one is in force, none is ever changed."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from solver.clock import from_micros, to_micros
from solver.errors import StateConflict
from solver.ledger.books.entities import Declaration
from solver.ledger.books.entity_files import read_declaration, written
from solver.storage.database import Reader, Transaction

_IN_FORCE = "the declaration of entities that is in force"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationVersion:
    """One version of what was declared; `body` is the YAML document."""

    version: int
    body: str
    at: datetime


def in_force(reader: Reader) -> Declaration:
    """What counts now; nothing where nothing was ever declared."""
    if _IN_FORCE not in reader.memo:
        rows = reader.query("SELECT body FROM ledger_declaration ORDER BY version DESC LIMIT 1")
        note(reader, rows[0][0] if rows else None)
    declaration: Declaration = reader.memo[_IN_FORCE]
    return declaration


def is_known(reader: Reader) -> bool:
    """Whether it was read in this transaction."""
    return _IN_FORCE in reader.memo


def note(reader: Reader, body: str | None) -> None:
    """Let this document be the one in force; None: nothing was declared."""
    reader.memo[_IN_FORCE] = Declaration() if body is None else _read(body)


def declare(tx: Transaction, declaration: Declaration, at: datetime) -> DeclarationVersion:
    """Let a declaration count from now on, as a new version; one that says what counts already makes none.

    Raises StateConflict (ENTITY_IN_USE) where an entity that has vouchers is missing or has another base currency.
    """
    for (code,) in tx.query("SELECT DISTINCT entity FROM ledger_voucher WHERE entity <> ''"):
        before, now = in_force(tx).entities.get(code), declaration.entities.get(code)
        if now is None or (before is not None and before.base_currency != now.base_currency):
            what = "is missing" if now is None else "has another base currency"
            text = f"entity {code} {what}, and there are vouchers of it: declare it as it was"
            raise StateConflict(text, reason="ENTITY_IN_USE", metadata={"entity": code})
    kept, body = versions(tx), written(declaration)
    if kept and kept[-1].body == body:
        return kept[-1]
    made = DeclarationVersion(version=len(kept) + 1, body=body, at=at)
    keep(tx, made)
    return made


def keep(tx: Transaction, one: DeclarationVersion) -> None:
    """Write a version."""
    sql = "INSERT INTO ledger_declaration (version, body, at_us) VALUES (?, ?, ?)"
    tx.execute(sql, (one.version, one.body, to_micros(one.at)))
    tx.memo.pop(_IN_FORCE, None)


def versions(reader: Reader) -> tuple[DeclarationVersion, ...]:
    """Every version, oldest first."""
    rows = reader.query("SELECT version, body, at_us FROM ledger_declaration ORDER BY version")
    return tuple(DeclarationVersion(version=version, body=body, at=from_micros(at_us)) for version, body, at_us in rows)


@lru_cache(maxsize=8)
def _read(body: str) -> Declaration:
    return read_declaration(body, "the declaration in force")
