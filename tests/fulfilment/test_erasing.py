"""Whoever is erased is in no row, no file, no log and no archive any more; plans, amounts and books stay."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from solver.api.server import Limits, Server
from solver.api.watch import Watch
from solver.app import Application
from solver.client import CallFailed, Client, Recipient
from solver.clock import ManualClock
from solver.errors import NotFound
from solver.fulfilment import customers
from solver.fulfilment.erasing import erase_customer
from solver.fulfilment.forgetting import OrdersForgotten
from solver.fulfilment.model import PlanCommand, PlanState
from solver.fulfilment.plans_noted import note_customers
from solver.fulfilment.shadowing.model import ShadowCommand
from solver.orders.model import Address, Order
from solver.persons.model import RecipientCommand
from solver.scenario.load import load
from solver.settings.persons import PersonSettings
from solver.settings.watching import WatchingSettings
from solver.storage.database import Database
from solver.storage.once import request_for
from solver.storage.sqlite import SqliteDatabase
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import HOST, fresh_id

HERS, OTHERS = "customer-mei", "customer-li"
DOOR = Address(region_id="EAST-CITY", latitude=30.523461, longitude=120.417652)  # between warehouse and store
TRACES = (HERS.encode(), b"30.523461", b"120.417652")
SECONDS_TO_PLAN = 30.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def application(store_url: str, clock: ManualClock, tmp_path: Path) -> Iterator[Application]:
    key = tmp_path / "persons.key"
    key.write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n")
    opened = Application.open(store_url, clock, persons=PersonSettings(key_file=key))
    load(opened, made_world())
    yield opened
    opened.close()


@pytest.fixture
def client(application: Application, tmp_path: Path) -> Iterator[Client]:
    watch = Watch(WatchingSettings(request_log=str(tmp_path / "requests.log")), None)
    server = Server(application, f"{HOST}:0", Limits(), watch=watch)
    server.start()
    with Client(f"{HOST}:{server.port}") as connected:
        yield connected
    server.stop(0)


def order(order_id: str, customer_id: str = HERS, door: Address = DOOR, units: int = 1) -> Order:
    return replace(order_of(("TEA", units), order_id=order_id), customer_id=customer_id, destination=door)


def rows_of(database: Database, begins: str = "") -> bytes:
    """Every value of every row of every table, or of those whose names begin so; packed ones unpacked."""
    postgres = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'" if database.store == "sqlite" else postgres
    with database.read() as reader:
        names = [name for (name,) in reader.query(tables) if name.startswith(begins)]
        rows = [row for name in names for row in reader.query(f"SELECT * FROM {name}")]
    return b"\n".join(_bytes(one) for row in rows for one in row)


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes | memoryview):
        return str(value).encode()
    body = bytes(value)
    try:
        unpacking = zlib.decompressobj()
        return unpacking.decompress(body) + unpacking.unused_data
    except zlib.error:
        return body


def found_in(text: bytes) -> list[bytes]:
    return [one for one in TRACES if one in text]


def test_nothing_of_a_person_is_left_in_any_row_or_log_and_plans_and_books_stay(
    application: Application, client: Client, tmp_path: Path
) -> None:
    confirmed = client.confirm(client.plan(order("A")).plan_id)[0]
    held = client.plan(order("B", units=3))
    by_recipient = client.plan(order("C", customer_id=""))
    client.recipients.set("C", HERS, Recipient(name="王小梅", phone="13800138000"))
    client.shadows.plan(ShadowCommand(shadow_id="trial", order=order("S")))
    other = client.plan(order("D", customer_id=OTHERS))
    hers = (confirmed, held, by_recipient)
    vouchers = client.vouchers(confirmed.plan_id)
    assert found_in(rows_of(application.database)) == list(TRACES)
    assert found_in(rows_of(application.database, "journal_")) == [], "what archives are made of never has anything"

    assert client.recipients.erase(HERS) == 4

    assert HERS.encode() not in rows_of(application.database)
    with application.database.write() as tx:
        assert erase_customer(tx, OTHERS, ()) == {"D"}
    assert found_in(rows_of(application.database)) == []
    assert found_in((tmp_path / "requests.log").read_bytes()) == []
    for before in hers:
        now = client.get_plan(before.plan_id)
        assert replace(now, plan=replace(now.plan, packages=())) == replace(
            before, plan=replace(before.plan, packages=())
        )
        for old, new in zip(before.plan.packages, now.plan.packages, strict=True):
            assert old.distance_meters % 1_000, "metres would tell the place again"
            assert new == replace(old, distance_meters=(old.distance_meters // 1_000 + 1) * 1_000)
    assert client.vouchers(confirmed.plan_id) == vouchers
    assert client.audit_books() == ()
    assert client.get_plan(other.plan_id).state == other.state
    assert client.confirm(held.plan_id)[0].state == PlanState.CONFIRMED
    with pytest.raises(CallFailed, match="was erased with the person") as refused:
        client.explain(held.plan_id)
    assert refused.value.reason == "NOT_RECORDED"
    with pytest.raises(CallFailed) as refused:
        client.recipients.erase(HERS)
    assert refused.value.reason == "NOT_FOUND"


def planned(application: Application, asked: Order) -> str:
    command = PlanCommand(order=asked)
    request = request_for("PlanFulfillment", fresh_id())
    return application.planner.plan(request, command, seconds_left=SECONDS_TO_PLAN).plan_id


def erase(application: Application, customer_id: str, request_id: str = "") -> int:
    request = request_for("ErasePerson", request_id or fresh_id(), customer_id)
    return application.vault.erase(request, customer_id, by="lin")


def test_no_byte_is_left_in_the_files(application: Application, store_url: str) -> None:
    everybody = [f"customer-{number * 7919 % 100:02}-of-many" for number in range(100)]
    for number, customer_id in enumerate(everybody):
        door = replace(DOOR, latitude=30.5 + number / 1_000 + 0.000_123_4)
        planned(application, order(f"O-{number}", customer_id, door))
        command = RecipientCommand(order_id=f"O-{number}", customer_id=customer_id, recipient=Recipient(name="Mei"))
        application.vault.keep(request_for("SetRecipient", fresh_id(), command), command)
    erased = everybody[::9]
    for customer_id in erased:
        assert erase(application, customer_id) == 1
    files = bytes_of(application.database, store_url)
    assert [one for one in erased if one.encode() in files] == []
    doors = [f"30.{500 + number}1234".encode() for number in range(100)]
    assert [one for one in doors[::9] if one in files] == []
    kept = [one for one in everybody if one not in erased]
    assert [one for one in kept if one.encode() not in files] == []


def bytes_of(database: Database, url: str) -> bytes:
    """All files of the database; on PostgreSQL once its tables were written anew, without its log of the past."""
    if isinstance(database, SqliteDatabase):
        return b"".join(one.read_bytes() for one in database.path.parent.iterdir() if one.is_file())
    with database.read() as reader:
        [(folder, oid)] = reader.query(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (FULL, ANALYZE)")
        connection.execute("CHECKPOINT")
    return b"".join(one.read_bytes() for one in (Path(folder) / "base" / str(oid)).iterdir() if one.is_file())


def test_who_shares_a_mark_with_the_erased_is_left_alone(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "mark_of", lambda customer_id: 7)
    hers, others = planned(application, order("A")), planned(application, order("B", OTHERS))
    assert erase(application, HERS) == 1
    with application.database.read() as reader:
        asked = {plan_id: application.planner.questions.asked(reader, plan_id) for plan_id in (hers, others)}
        assert customers.plans_that_may_be_of(reader, OTHERS) == [others]
    assert [one[0].customer_id for one in asked.values() if one is not None] == ["", OTHERS]


def test_an_erasure_that_is_repeated_touches_no_later_order(application: Application) -> None:
    planned(application, order("A"))
    assert erase(application, HERS, "once") == 1
    planned(application, order("B"))
    assert erase(application, HERS, "once") == 1
    assert HERS.encode() in rows_of(application.database)
    assert erase(application, HERS) == 1
    assert HERS.encode() not in rows_of(application.database)
    with pytest.raises(NotFound):
        erase(application, HERS)


def test_who_changes_a_plan_while_the_person_is_erased_does_not_bring_it_back(application: Application) -> None:
    plan_id = planned(application, order("A"))
    questions = application.planner.questions
    with application.database.read() as reader:
        question = questions.find(reader, plan_id)
        assert question is not None
        assert questions.without_erased(reader, plan_id, question) is question
    erase(application, HERS)
    with application.database.read() as reader:
        left = questions.without_erased(reader, plan_id, question)
    assert left.place_erased
    assert (left.order.customer_id, left.order.destination) == ("", Address(region_id="EAST-CITY"))
    assert left.order.lines == question.order.lines
    assert left.problem().notes == ("the address has no coordinates: the centre of EAST-CITY (East City) stands in",)


def test_plans_forgotten_in_time_and_those_of_earlier_databases_are_found_by_their_customers(
    application: Application, clock: ManualClock
) -> None:
    plan_id = planned(application, order("A"))
    with application.database.write() as tx:
        tx.execute("DELETE FROM plan_customer")
        note_customers(tx)
        assert tx.query("SELECT plan_id, mark FROM plan_customer") == [(plan_id, customers.mark_of(HERS))]
    clock.advance(timedelta(days=2))
    forgotten = OrdersForgotten(application.database, clock, application.planner.keeping, rest=lambda _: None)
    assert forgotten.forget(timedelta(days=1)) == 1
    with application.database.read() as reader:
        assert reader.query("SELECT * FROM plan_customer") == []
