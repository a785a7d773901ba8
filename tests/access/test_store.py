"""Rules are changed in one transaction with their line of the audit log, and other processes see them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.access.audit import ALLOWED_SECONDS, MOST_LINES, AuditLog, records_after
from solver.access.caller import Caller
from solver.access.door import Door
from solver.access.model import (
    Allowance,
    ApiKey,
    AuditRecord,
    Binding,
    CallerTerms,
    Decision,
    KeyState,
    KeyWish,
    Role,
    Scope,
)
from solver.access.roles import shipped_roles
from solver.access.store import AccessStore
from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, RequestIdReused, StateConflict, Unauthenticated, XunyuanError
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.errors import ConstraintRefused, StorageFailed
from solver.storage.once import Request, request_for
from solver.storage.url import open_database
from tests.access.as_caller import as_caller
from tests.made_world import MONDAY_AT_8

CLERK = CallerTerms(
    caller_id="clerk",
    title="Mei",
    bindings=(Binding(role_id="stock_clerk", scope=Scope(sources=("W-1", "W-2"))),),
    allowance=Allowance(calls_per_second=5, lines=20),
)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, STEPS)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def store(database: Database, clock: ManualClock) -> AccessStore:
    return AccessStore(database, clock)


def asked(method: str, number: int = 1) -> Request:
    return request_for(method, f"request {number}")


def audit(database: Database, *, most: int = 100) -> list[tuple[Decision, str, str, int, str]]:
    with database.read() as reader:
        found = records_after(reader, 0, most)
    return [(one.decision, one.caller_id, one.method, one.times, one.detail) for one in found]


def everything(database: Database) -> list[list[tuple[object, ...]]]:
    tables = ("access_role", "access_caller", "access_key", "access_audit", "request", "document_edition")
    with database.read() as reader:
        return [reader.query(f"SELECT * FROM {table}") for table in tables]


def test_at_first_there_are_the_roles_that_ship_and_nobody(store: AccessStore) -> None:
    assert dict(store.book.roles) == dict(shipped_roles())
    assert (dict(store.book.callers), dict(store.book.keys)) == ({}, {})


def test_what_is_kept_is_read_again_and_every_change_is_in_the_log(
    store: AccessStore, database: Database, clock: ManualClock
) -> None:
    role = Role(role_id="night_watch", permissions=("StockService:read",))

    def change() -> tuple[ApiKey, str, ApiKey]:
        store.upsert_roles(asked("UpsertRoles"), [role])
        store.upsert_callers(asked("UpsertCallers"), [CLERK])
        key, token = store.create_key(asked("CreateKey"), KeyWish(caller_id="clerk", note="handheld 7"))
        return key, token, store.set_key_state(asked("SetKeyState"), key.key_id, KeyState.DISABLED)

    key, token, disabled = as_caller(Caller(caller_id="root"), change)
    again = AccessStore(database, clock).book
    assert (again.roles["night_watch"], again.callers["clerk"]) == (role, CLERK)
    assert again.keys[key.key_id].key == disabled
    assert audit(database) == [
        (Decision.CHANGED, "root", "UpsertRoles", 1, "roles night_watch: StockService:read"),
        (Decision.CHANGED, "root", "UpsertCallers", 1, "callers clerk: stock_clerk source=W-1|W-2"),
        (Decision.CHANGED, "root", "CreateKey", 1, f"key {key.key_id} made for clerk"),
        (Decision.CHANGED, "root", "SetKeyState", 1, f"key {key.key_id} of clerk disabled, was enabled"),
    ]
    assert token not in repr(everything(database))
    assert token[-43:] not in repr(everything(database))


def test_a_repeated_request_changes_nothing_and_shows_no_secret_again(store: AccessStore, database: Database) -> None:
    first, token = store.create_key(asked("CreateKey"), KeyWish(caller_id="clerk"))
    before = everything(database)
    assert store.create_key(asked("CreateKey"), KeyWish(caller_id="clerk")) == (first, "")
    store.upsert_callers(asked("UpsertCallers"), [CLERK])
    between = everything(database)
    store.upsert_callers(asked("UpsertCallers"), [CLERK])
    assert everything(database) == between
    with pytest.raises(RequestIdReused):
        store.create_key(request_for("CreateKey", "request 1", "another"), KeyWish(caller_id="other"))
    assert (everything(database), token[:3]) == (between, "xy_")
    assert before != between


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (CallerTerms(caller_id=""), "callers[0].caller_id"),
        (CallerTerms(caller_id="a", bindings=(Binding(role_id="clark"),)), "callers[0].bindings[0].role_id"),
        (
            CallerTerms(caller_id="a", bindings=(Binding(role_id="viewer", scope=Scope(brands=("x", "x"))),)),
            "callers[0].bindings[0].scope.brands[1]",
        ),
        (CallerTerms(caller_id="a", allowance=Allowance(lines=-1)), "callers[0].allowance.lines"),
        (CallerTerms(caller_id="a", title="x" * 201), "callers[0].title"),
    ],
)
def test_what_is_not_sound_is_refused_and_nothing_is_kept(
    store: AccessStore, database: Database, terms: CallerTerms, field: str
) -> None:
    before = everything(database)
    with pytest.raises(InvalidRequest) as raised:
        store.upsert_callers(asked("UpsertCallers"), [terms])
    assert [one.field for one in raised.value.violations] == [field]
    assert everything(database) == before


def test_a_permission_that_is_misspelt_is_told_with_the_one_that_was_meant(store: AccessStore) -> None:
    with pytest.raises(InvalidRequest) as raised:
        store.upsert_roles(asked("UpsertRoles"), [Role(role_id="r", permissions=("StockServise:read",))])
    [violation] = raised.value.violations
    assert (violation.field, violation.remedy) == (
        "roles[0].permissions[0]",
        "there is no such permission; did you mean StockService:read?",
    )


def test_a_revoked_key_stays_revoked_and_an_unknown_one_is_not_found(store: AccessStore, database: Database) -> None:
    key, _ = store.create_key(asked("CreateKey"), KeyWish(caller_id="clerk"))
    store.set_key_state(asked("SetKeyState", 1), key.key_id, KeyState.REVOKED)
    before = everything(database)
    with pytest.raises(StateConflict) as raised:
        store.set_key_state(asked("SetKeyState", 2), key.key_id, KeyState.ENABLED)
    assert raised.value.reason == "KEY_REVOKED"
    with pytest.raises(NotFound):
        store.set_key_state(asked("SetKeyState", 3), "0" * 16, KeyState.REVOKED)
    assert everything(database) == before


def test_a_key_that_would_be_over_before_it_began_is_refused(store: AccessStore) -> None:
    with pytest.raises(InvalidRequest, match="expires_at"):
        store.create_key(asked("CreateKey"), KeyWish(caller_id="clerk", expires_at=MONDAY_AT_8))


def test_the_log_can_be_neither_changed_nor_cut(store: AccessStore, database: Database) -> None:
    store.upsert_callers(asked("UpsertCallers"), [CLERK])
    before = everything(database)
    for act in ("UPDATE access_audit SET detail = ''", "DELETE FROM access_audit"):
        with pytest.raises((XunyuanError, ConstraintRefused)), database.write() as tx:
            tx.execute(act)
    assert everything(database) == before


def test_a_change_elsewhere_is_seen_when_one_looks(store: AccessStore, database: Database, clock: ManualClock) -> None:
    elsewhere = AccessStore(database, clock)
    elsewhere.upsert_callers(asked("UpsertCallers"), [CLERK])
    assert "clerk" not in store.book.callers
    store.refresh()
    assert store.book.callers["clerk"] == CLERK


def test_a_door_stands_open_until_there_is_a_key_and_follows_every_change(
    store: AccessStore, clock: ManualClock
) -> None:
    door = Door(store, clock)
    assert door.stands_open
    store.upsert_callers(asked("UpsertCallers"), [CLERK])
    wish = KeyWish(caller_id="clerk", expires_at=MONDAY_AT_8 + timedelta(days=1))
    key, token = store.create_key(asked("CreateKey"), wish)
    assert not door.stands_open
    for header in (f"Bearer {token}", f"bearer  {token} "):
        assert door.admit(header).caller == Caller(caller_id="clerk")
    store.set_key_state(asked("SetKeyState", 1), key.key_id, KeyState.DISABLED)
    assert _refused(door, f"Bearer {token}") == "KEY_NOT_ENABLED"
    store.set_key_state(asked("SetKeyState", 2), key.key_id, KeyState.ENABLED)
    assert door.admit(f"Bearer {token}").rights.allowance.lines == 20
    clock.advance(timedelta(days=1))
    assert _refused(door, f"Bearer {token}") == "KEY_EXPIRED"
    assert not door.stands_open, "it closed for good with the first key"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc", "Bearer " + "x" * 9000])
def test_what_is_no_bearer_token_is_refused(store: AccessStore, clock: ManualClock, header: str | None) -> None:
    assert _refused(Door(store, clock), header) == "NO_TOKEN"


def test_whatever_is_shown_is_no_more_than_refused(store: AccessStore, clock: ManualClock) -> None:
    door = Door(store, clock)

    @given(st.text())
    def show(header: str) -> None:
        for shown in (header, f"Bearer {header}", f"Bearer xy_{header}"):
            with pytest.raises(Unauthenticated):
                door.admit(shown)

    show()


def test_a_key_of_somebody_else_and_one_with_another_secret_are_refused(store: AccessStore, clock: ManualClock) -> None:
    _, token = store.create_key(asked("CreateKey", 1), KeyWish(caller_id="clerk"))
    _, other = store.create_key(asked("CreateKey", 2), KeyWish(caller_id="other"))
    mixed = token[:20] + other[20:]
    assert _refused(Door(store, clock), f"Bearer {mixed}") == "BAD_KEY"
    assert _refused(Door(store, clock), "Bearer eyJhbGciOiJub25lIn0.e30.") == "BAD_KEY"


def _refused(door: Door, header: str | None) -> str:
    with pytest.raises(Unauthenticated) as raised:
        door.admit(header)
    return raised.value.reason


def test_equal_calls_stand_in_one_line_and_those_let_in_are_written_every_ten_seconds(
    database: Database, clock: ManualClock
) -> None:
    now = 0.0
    log = AuditLog(database, clock, monotonic=lambda: now)
    for _ in range(3):
        log.allowed("shop", "/s/Hold")
        log.refused(Decision.DENIED, "shop", "/s/Count", "needed is more", "")
    log.refused(Decision.UNAUTHENTICATED, "", "/s/Hold", "no token", "ipv4:10.0.0.7:50123")
    log.refused(Decision.UNAUTHENTICATED, "", "/s/Hold", "no token", "ipv4:10.0.0.7:50124")
    log.write()
    refused = [
        (Decision.DENIED, "shop", "/s/Count", 3, "needed is more"),
        (Decision.UNAUTHENTICATED, "", "/s/Hold", 2, "no token"),
    ]
    assert audit(database) == refused
    now = ALLOWED_SECONDS
    log.write()
    assert audit(database) == [*refused, (Decision.ALLOWED, "shop", "/s/Hold", 3, "")]
    log.write(everything=True)
    assert len(audit(database)) == 3
    with database.read() as reader:
        [record] = records_after(reader, 1, 1)
    assert record == AuditRecord(
        number=2, at=MONDAY_AT_8, decision=Decision.UNAUTHENTICATED, caller_id="", method="/s/Hold", times=2,
        detail="no token", peer="ipv4:10.0.0.7",
    )  # fmt: skip


def test_an_address_is_told_without_port_and_as_people_write_it(database: Database, clock: ManualClock) -> None:
    log = AuditLog(database, clock)
    log.refused(Decision.UNAUTHENTICATED, "", "/s/Hold", "no token", "ipv6:%5B::1%5D:50123")
    log.write()
    with database.read() as reader:
        assert [one.peer for one in records_after(reader, 0, 9)] == ["ipv6:[::1]"]


def test_a_flood_of_different_refusals_fills_no_disk(database: Database, clock: ManualClock) -> None:
    log = AuditLog(database, clock)
    for number in range(MOST_LINES + 500):
        log.refused(Decision.DENIED, f"caller {number}", "/s/Hold", "no", "")
    log.write()
    found = audit(database, most=5000)
    assert len(found) == MOST_LINES + 1
    assert found[-1] == (Decision.DENIED, "", "", 500, "many different calls")
    assert sum(times for *_, times, _ in found) == MOST_LINES + 500


def test_what_cannot_be_written_is_written_later(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageFailed("the disk is full")

    log = AuditLog(database, clock)
    log.refused(Decision.DENIED, "shop", "/s/Hold", "no", "")
    log.allowed("shop", "/s/Hold")
    with monkeypatch.context() as broken:
        broken.setattr(database, "run", fail)
        log.write(everything=True)
    log.refused(Decision.DENIED, "shop", "/s/Hold", "no", "")
    log.write()
    assert audit(database) == [
        (Decision.DENIED, "shop", "/s/Hold", 2, "no"),
        (Decision.ALLOWED, "shop", "/s/Hold", 1, ""),
    ]


def test_the_log_is_read_by_caller_and_decision(database: Database, clock: ManualClock) -> None:
    log = AuditLog(database, clock)
    for caller in ("a", "b"):
        log.refused(Decision.DENIED, caller, "/s/M", "no", "")
        log.refused(Decision.LIMITED, caller, "/s/M", "slower", "")
    log.write()
    with database.read() as reader:
        of_a = records_after(reader, 0, 10, caller_id="a")
        limited = records_after(reader, 0, 10, decisions=[Decision.LIMITED])
    assert [one.decision for one in of_a] == [Decision.DENIED, Decision.LIMITED]
    assert [one.caller_id for one in limited] == ["a", "b"]
