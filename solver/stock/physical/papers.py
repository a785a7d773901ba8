"""What is under way in a warehouse, kept until it is done and after: counts, consignments, returns. One body by id."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from solver.clock import to_micros
from solver.errors import NotFound, StateConflict
from solver.storage.database import Reader, Transaction

PAPER_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_paper (
    kind TEXT NOT NULL,
    paper_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at_us INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, paper_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_paper_by_state ON stock_paper (kind, state, site_id);
"""


class Paper(Protocol):
    """What every paper says."""

    @property
    def paper_id(self) -> str:
        """Its id, made up by a caller."""
        ...

    @property
    def site_id(self) -> str:
        """The site where it is worked off."""
        ...

    @property
    def state(self) -> Any:
        """How far it is."""
        ...

    @property
    def opened_at(self) -> datetime:
        """When it was begun."""
        ...


Noun = TypeVar("Noun", bound=Paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers(Generic[Noun]):
    """All papers of one kind, such as "count"."""

    kind: str
    noun: type[Noun]

    def open(self, tx: Transaction, paper: Noun) -> None:
        """Keep a new one. Raises StateConflict (such as COUNT_EXISTS) where its id stands for another."""
        if self._body(tx, paper.paper_id) is not None:
            raise StateConflict(
                f"there is a {self.kind} {paper.paper_id!r} already; give another id",
                reason=f"{self.kind.upper()}_EXISTS",
                metadata={f"{self.kind}_id": paper.paper_id},
            )
        self.keep(tx, paper)

    def keep(self, tx: Transaction, paper: Noun) -> None:
        """Keep it as it is now."""
        tx.execute(
            """INSERT INTO stock_paper (kind, paper_id, site_id, state, opened_at_us, body) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT (kind, paper_id) DO UPDATE SET state = excluded.state, body = excluded.body""",
            (
                self.kind,
                paper.paper_id,
                paper.site_id,
                str(paper.state),
                to_micros(paper.opened_at),
                msgspec.json.encode(paper),
            ),
        )

    def find(self, reader: Reader, paper_id: str) -> Noun:
        """The paper as it is now. Raises NotFound."""
        body = self._body(reader, paper_id)
        if body is None:
            name = paper_id[:128]
            raise NotFound(f"there is no {self.kind} {name!r}", metadata={f"{self.kind}_id": name})
        return msgspec.json.decode(body, type=self.noun)

    def all(self, reader: Reader, *, site_ids: Collection[str] = (), states: Collection[str] = ()) -> tuple[Noun, ...]:
        """Those at these sites in these states, ordered by id; an empty filter lets all pass."""
        conditions, params = ["kind = ?"], [self.kind]
        for column, wanted in (("state", states), ("site_id", site_ids)):
            if wanted:
                conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
                params += [str(one) for one in wanted]
        rows = reader.query(f"SELECT body FROM stock_paper WHERE {' AND '.join(conditions)} ORDER BY paper_id", params)
        return tuple(msgspec.json.decode(body, type=self.noun) for (body,) in rows)

    def refuse_unless(self, paper: Noun, *states: object) -> None:
        """Raise StateConflict, such as COUNT_APPROVED, for a paper in another state than these."""
        if paper.state not in states:
            allowed = " or ".join(str(one) for one in states)
            raise StateConflict(
                f"{self.kind} {paper.paper_id} is {paper.state}; only one that is {allowed} can be dealt with so",
                reason=f"{self.kind.upper()}_{str(paper.state).upper()}",
                metadata={f"{self.kind}_id": paper.paper_id},
            )

    def _body(self, reader: Reader, paper_id: str) -> bytes | None:
        sql = "SELECT body FROM stock_paper WHERE kind = ? AND paper_id = ?"
        rows = reader.query(sql, (self.kind, paper_id))
        return bytes(rows[0][0]) if rows else None
