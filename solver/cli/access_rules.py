"""`access`: rules of access in the database itself, so that there can be a first administrator."""

import argparse
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from solver.access.audit import records_after
from solver.access.model import Allowance, Binding, CallerTerms, KeyState, KeyWish, Role, Scope
from solver.access.store import AccessStore
from solver.cli.tables import print_whole
from solver.clock import SystemClock
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.lock import FolderLock
from solver.storage.once import Request, request_for
from solver.storage.url import open_database, open_existing, sqlite_path


def run_create_key(options: argparse.Namespace) -> int:
    """Make a key; with `--role` its caller has those roles as well, everywhere."""
    with _database(options) as database:
        store, now = AccessStore(database, SystemClock()), SystemClock().now()
        expires_at = None if options.expires_days is None else now + timedelta(days=options.expires_days)
        if options.role:
            terms = store.book.callers.get(options.caller_id) or CallerTerms(caller_id=options.caller_id)
            more = [Binding(role_id=one) for one in options.role]
            bound = (*terms.bindings, *(one for one in more if one not in terms.bindings))
            _keep_caller(store, terms, bound)
        wish = KeyWish(caller_id=options.caller_id, expires_at=expires_at, note=options.note)
        key, token = store.create_key(_request("CreateKey", wish), wish)
    may = (
        "" if store.book.rights_of(key.caller_id).limits_of else "; it may do nothing yet: `access caller` gives roles"
    )
    sys.stderr.write(f"key {key.key_id} of {key.caller_id}{may}; the token is shown this once:\n")
    sys.stdout.write(f"{token}\n")
    return 0


def run_set_key_state(options: argparse.Namespace) -> int:
    """Disable, enable or revoke a key."""
    with _database(options) as database:
        state = KeyState(options.state)
        store = AccessStore(database, SystemClock())
        key = store.set_key_state(_request("SetKeyState", options.key_id, state), options.key_id, state)
    sys.stdout.write(f"key {key.key_id} of {key.caller_id}: {key.state}\n")
    return 0


def run_caller(options: argparse.Namespace) -> int:
    """Say what a caller may do."""
    scope = Scope(
        brands=tuple(options.brand),
        departments=tuple(options.department),
        entities=tuple(options.entity),
        sources=tuple(options.source),
    )
    allowance = Allowance(
        calls_per_second=options.calls_per_second,
        holds_per_minute=options.holds_per_minute,
        request_bytes=options.request_bytes,
        orders=options.orders,
        lines=options.lines,
        sources=options.sources,
    )
    terms = CallerTerms(caller_id=options.caller_id, title=options.title, allowance=allowance)
    with _database(options) as database:
        store = AccessStore(database, SystemClock())
        _keep_caller(store, terms, tuple(Binding(role_id=one, scope=scope) for one in options.role))
    sys.stdout.write(f"{options.caller_id}: {', '.join(options.role) or 'may do nothing'}\n")
    return 0


def run_role(options: argparse.Namespace) -> int:
    """Keep a role."""
    role = Role(role_id=options.role_id, title=options.title, permissions=tuple(options.permissions))
    with _database(options) as database:
        AccessStore(database, SystemClock()).upsert_roles(_request("UpsertRoles", role), [role])
    sys.stdout.write(f"role {role.role_id}: {', '.join(role.permissions) or 'allows nothing'}\n")
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Show roles, callers and keys."""
    with _database(options) as database:
        book = AccessStore(database, SystemClock()).book
    roles = _table(f"{len(book.roles)} roles", "role", "title", "permissions")
    for role in book.roles.values():
        roles.add_row(role.role_id, role.title, ", ".join(role.permissions))
    callers = _table(f"{len(book.callers)} callers", "caller", "title", "roles")
    for caller in book.callers.values():
        callers.add_row(caller.caller_id, caller.title, "\n".join(_bound(one) for one in caller.bindings))
    keys = _table(f"{len(book.keys)} keys", "key", "caller", "state", "expires (UTC)", "note")
    for key in (kept.key for kept in book.keys.values()):
        expires = f"{key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else "never"
        keys.add_row(key.key_id, key.caller_id, key.state, expires, key.note)
    for table in (roles, callers, keys):
        Console().print(table)
    return 0


def run_log(options: argparse.Namespace) -> int:
    """Show the last lines of the audit log."""
    with _database(options) as database, database.read() as reader:
        last = reader.query("SELECT coalesce(max(number), 0) FROM access_audit")[0][0]
        records = records_after(reader, max(0, last - options.rows), max(0, options.rows))
    table = _table(
        f"{len(records)} lines of {last}", "line", "until (UTC)", "what", "caller", "method", "times", "detail"
    )
    for one in records:
        method = one.method.rpartition("/")[2]
        at, caller = f"{one.at:%Y-%m-%d %H:%M:%S}", one.caller_id or one.peer
        table.add_row(str(one.number), at, one.decision, caller, method, str(one.times), one.detail)
    print_whole(table)
    return 0


def _keep_caller(store: AccessStore, terms: CallerTerms, bindings: tuple[Binding, ...]) -> None:
    kept = CallerTerms(caller_id=terms.caller_id, title=terms.title, bindings=bindings, allowance=terms.allowance)
    store.upsert_callers(_request("UpsertCallers", kept), [kept])


def _request(method: str, *asked: object) -> Request:
    return request_for(method, str(uuid.uuid4()), *asked)


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[Database]:
    """The database, begun where there is none; beside a server that runs on it, as it is."""
    where = options.url or options.data
    path = sqlite_path(where)
    if path is not None and path.is_file():
        database, lock = open_existing(where, STEPS), None
    else:
        lock = FolderLock(path.parent) if path is not None else None
        database = open_database(where, STEPS)
    try:
        yield database
    finally:
        database.close()
        if lock is not None:
            lock.let_go()


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _bound(binding: Binding) -> str:
    limits = [f"{dimension} {' or '.join(sorted(words))}" for dimension, words in binding.scope.limits.items()]
    return binding.role_id + (f" for {', '.join(limits)}" if limits else "")
