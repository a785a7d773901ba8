"""Recipients over the wire: masked, in clear with a reason, erased; and no address is written down with a plan."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.client import Address, CallFailed, Client, Recipient
from solver.clock import ManualClock
from solver.fulfilment.question_kept import question_of
from solver.scenario.load import load
from solver.settings.persons import PersonSettings
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import HOST, Running

MEI = Recipient(name="王小梅", phone="13800138000", street_lines=("中山北路 3300 号",))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    key_file = tmp_path / "persons.key"
    key_file.write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    settings = PersonSettings(key_file=key_file)
    opened = Running(tmp_path / "data", ManualClock(MONDAY_AT_8), persons=settings)
    load(opened.application, made_world())
    yield opened
    opened.close()


@pytest.fixture
def client(running: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{running.server.port}") as connected:
        yield connected


def test_a_recipient_is_kept_masked_revealed_and_erased(client: Client) -> None:
    client.recipients.set("A", "c-1", MEI)
    assert client.recipients.masked("A").name == "王**"
    assert client.recipients.reveal("A", "the courier calls") == MEI
    assert client.recipients.erase("c-1") == 1
    with pytest.raises(CallFailed) as refused:
        client.recipients.reveal("A", "the courier calls")
    assert refused.value.reason == "NOT_FOUND"


def test_a_service_without_a_key_refuses_recipients_with_the_way_out(service: Running) -> None:
    with Client(f"{HOST}:{service.server.port}") as client, pytest.raises(CallFailed) as refused:
        client.recipients.set("A", "c-1", MEI)
    assert refused.value.reason == "NO_PERSONAL_DATA"
    assert "13800138000" not in str(refused.value)


def test_the_text_of_an_address_is_not_written_down_with_its_plan(running: Running, client: Client) -> None:
    address = Address(region_id="EAST-CITY", latitude=30.0, longitude=120.0, text="中山北路 3300 号")
    plan_id = client.plan(order_of(("TEA", 1), destination=address)).plan_id
    with running.application.database.read() as reader:
        [(body,)] = reader.query("SELECT body FROM plan_question WHERE plan_id = ?", (plan_id,))
        tables = reader.query("SELECT name FROM sqlite_master WHERE type = 'table'")
        everything = repr([reader.query(f"SELECT * FROM {name}") for (name,) in tables])
    address = question_of(body).order.destination
    assert (address.region_id, address.text) == ("EAST-CITY", "")
    assert repr("中山".encode())[2:-1] not in everything
