"""The rules of access in the database: changed together with their line of the audit log, read as one book."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import msgspec

from solver.access.audit import write_change
from solver.access.book import AccessBook, KeptKey, empty_book
from solver.access.caller import current_caller
from solver.access.checks import refuse_bad_callers, refuse_bad_key, refuse_bad_roles
from solver.access.keys import make_key
from solver.access.model import ApiKey, CallerTerms, KeyState, KeyWish, Role
from solver.access.roles import shipped_roles
from solver.clock import Clock, to_micros
from solver.errors import NotFound, StateConflict
from solver.storage import documents
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, once

KIND = "access"  # under which editions of the rules are counted
_MOST_NAMED = 20
_encode = msgspec.json.Encoder().encode


class AccessStore:
    """Changes the rules, and shows them. Another process may change them too: `refresh` takes that over."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._book = empty_book()
        self.refresh()

    @property
    def book(self) -> AccessBook:
        """The rules as they were last read; to ask for them costs nothing."""
        return self._book

    def refresh(self) -> None:
        """Take over what the database says by now."""
        with self._lock, self._database.read() as reader:
            edition = documents.editions(reader).get(KIND, 0)
            if edition > self._book.edition:
                self._book = _read(reader, edition)

    def upsert_roles(self, request: Request, roles: Sequence[Role]) -> None:
        """Keep roles, all or none. Raises InvalidRequest and RequestIdReused."""
        refuse_bad_roles(roles)

        def act(tx: Transaction) -> bytes:
            _put(tx, "access_role", "role_id", {one.role_id: _encode(one) for one in roles})
            told = [f"{one.role_id}: {', '.join(one.permissions) or 'nothing'}" for one in roles]
            self._told(tx, request, f"roles {_few(told)}")
            return b""

        self._change(request, act)

    def upsert_callers(self, request: Request, callers: Sequence[CallerTerms]) -> None:
        """Say what callers may do, all or none. Raises InvalidRequest and RequestIdReused."""
        self.refresh()
        refuse_bad_callers(callers, self._book.roles.keys())

        def act(tx: Transaction) -> bytes:
            _put(tx, "access_caller", "caller_id", {one.caller_id: _encode(one) for one in callers})
            self._told(tx, request, f"callers {_few([_in_words(one) for one in callers])}")
            return b""

        self._change(request, act)

    def create_key(self, request: Request, wish: KeyWish) -> tuple[ApiKey, str]:
        """Make a key; the key and its token, which is kept nowhere: a repeated request gets an empty one.

        Raises InvalidRequest and RequestIdReused.
        """
        now = self._clock.now()
        made = make_key()

        def act(tx: Transaction) -> bytes:
            refuse_bad_key(wish, now)
            key = ApiKey(
                key_id=made.key_id,
                caller_id=wish.caller_id,
                created_at=now,
                expires_at=wish.expires_at,
                note=wish.note,
            )
            tx.execute(
                "INSERT INTO access_key (key_id, digest, body) VALUES (?, ?, ?)",
                (key.key_id, made.digest, _encode(key)),
            )
            until = f" until {wish.expires_at.isoformat()}" if wish.expires_at else ""
            self._told(tx, request, f"key {key.key_id} made for {wish.caller_id}{until}")
            return key.key_id.encode()

        key_id = self._change(request, act).decode()
        return self.key(key_id), made.token if key_id == made.key_id else ""

    def set_key_state(self, request: Request, key_id: str, state: KeyState) -> ApiKey:
        """Disable, enable or revoke a key. Raises NotFound, StateConflict (KEY_REVOKED) and RequestIdReused."""

        def act(tx: Transaction) -> bytes:
            rows = tx.query("SELECT body FROM access_key WHERE key_id = ?", (key_id,))
            if not rows:
                raise _no_key(key_id)
            key = msgspec.json.decode(rows[0][0], type=ApiKey)
            if key.state is KeyState.REVOKED and state is not KeyState.REVOKED:
                raise StateConflict(
                    f"the key {key_id} is revoked for good; make another one",
                    reason="KEY_REVOKED",
                    metadata={"key_id": key_id},
                )
            tx.execute("UPDATE access_key SET body = ? WHERE key_id = ?", (_encode(replace(key, state=state)), key_id))
            self._told(tx, request, f"key {key_id} of {key.caller_id} {state}, was {key.state}")
            return b""

        self._change(request, act)
        return self.key(key_id)

    def key(self, key_id: str) -> ApiKey:
        """A key, without its secret. Raises NotFound."""
        kept = self._book.keys.get(key_id)
        if kept is None:
            raise _no_key(key_id)
        return kept.key

    def _change(self, request: Request, act: Callable[[Transaction], bytes]) -> bytes:
        answer = once(self._database, self._clock, request, act)
        self.refresh()
        return answer.body

    def _told(self, tx: Transaction, request: Request, detail: str) -> None:
        """Count the change as a new edition, and write its line of the audit log."""
        documents.next_edition(tx, KIND)
        write_change(tx, to_micros(self._clock.now()), current_caller().caller_id, request.method, detail)


def _read(reader: Reader, edition: int) -> AccessBook:
    roles = {role_id: msgspec.json.decode(body, type=Role) for role_id, body in _rows(reader, "role_id", "access_role")}
    every = {**shipped_roles(), **roles}
    callers = {
        caller_id: msgspec.json.decode(body, type=CallerTerms)
        for caller_id, body in _rows(reader, "caller_id", "access_caller")
    }
    keys = {
        key_id: KeptKey(key=msgspec.json.decode(body, type=ApiKey), digest=bytes(digest))
        for key_id, digest, body in reader.query("SELECT key_id, digest, body FROM access_key ORDER BY key_id")
    }
    return AccessBook(
        edition=edition,
        roles=MappingProxyType({role_id: every[role_id] for role_id in sorted(every)}),
        callers=MappingProxyType(callers),
        keys=MappingProxyType(keys),
    )


def _rows(reader: Reader, key: str, table: str) -> list[tuple[str, bytes]]:
    return [(row_id, bytes(body)) for row_id, body in reader.query(f"SELECT {key}, body FROM {table} ORDER BY {key}")]


def _put(tx: Transaction, table: str, key: str, rows: Mapping[str, bytes]) -> None:
    tx.executemany(
        f"INSERT INTO {table} ({key}, body) VALUES (?, ?) ON CONFLICT ({key}) DO UPDATE SET body = excluded.body",
        list(rows.items()),
    )


def _in_words(caller: CallerTerms) -> str:
    bound = [
        f"{one.role_id}"
        + "".join(f" {dimension}={'|'.join(sorted(words))}" for dimension, words in one.scope.limits.items())
        for one in caller.bindings
    ]
    return f"{caller.caller_id}: {', '.join(bound) or 'nothing'}"


def _few(told: Sequence[str]) -> str:
    more = f"; and {len(told) - _MOST_NAMED} more" if len(told) > _MOST_NAMED else ""
    return "; ".join(told[:_MOST_NAMED]) + more


def _no_key(key_id: str) -> NotFound:
    text = f"there is no key {key_id[:64]!r}; name one that `access list` or ListKeys shows"
    return NotFound(text, metadata={"key_id": key_id[:64]})
