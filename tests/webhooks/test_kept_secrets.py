"""Secrets lie sealed in the database where the server has a key, and open for their endpoint and that key alone."""

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.doctor.data import data
from solver.errors import StateConflict
from solver.scenario.load import load
from solver.settings.persons import PersonSettings
from solver.settings.settings import Settings
from solver.settings.storage import StorageSettings
from solver.webhooks.courier import Courier
from solver.webhooks.signing import verify
from tests.made_world import MONDAY_AT_8, made_world
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import SETTINGS, asked, endpoint, released, sender_of, stands, went_round

NO_KEY = PersonSettings()
Opens = Callable[[PersonSettings], Application]


@pytest.fixture
def opens(store_url: str, clock: ManualClock) -> Iterator[Opens]:
    """Opens the database as a server that starts with these settings; the one before has ended."""
    last: list[Application] = []

    def opened(persons: PersonSettings) -> Application:
        if last:
            last[-1].close()
        last.append(Application.open(store_url, clock, webhooks=SETTINGS, persons=persons))
        if len(last) == 1:
            load(last[0], made_world())
        return last[-1]

    yield opened
    last[-1].close()


def key_in(folder: Path, letter: bytes = b"k") -> PersonSettings:
    file = folder / letter.decode()
    file.write_bytes(base64.b64encode(letter * 32))
    return PersonSettings(key_file=file)


def kept(application: Application) -> list[str]:
    with application.database.read() as reader:
        rows = reader.query("SELECT secret, previous_secret FROM webhook_endpoint")
    return [secret for row in rows for secret in row]


def courier(application: Application) -> Courier:
    return Courier(
        application.database,
        application.clock,
        SETTINGS,
        sender_of(SETTINGS),
        secrets=application.endpoints.secrets,
        random=lambda: 0.5,
    )


def doctor(store_url: str, persons: PersonSettings) -> list[tuple[str, str]]:
    settings = Settings(storage=StorageSettings(url=store_url), persons=persons)
    return [(str(one.level), one.text) for one in data(settings, thorough=False) if one.check == "webhook secrets"]


def test_secrets_are_sealed_and_messages_are_signed_with_them(opens: Opens, receiver: Receiver, tmp_path: Path) -> None:
    application = opens(key_in(tmp_path))
    first = endpoint(application, receiver.url)
    second = application.endpoints.rotate(asked("RotateWebhookSecret"), "shop", timedelta(hours=1)).current
    assert [one.startswith("sealed:") for one in kept(application)] == [True, True]
    assert first != second
    released(application, "A")
    sends = courier(application)
    went_round(sends)
    sends.stop()
    [message] = receiver.received
    for secret in (first, second):
        verify(secret, message.headers, message.body, MONDAY_AT_8)


def test_secrets_in_clear_are_sealed_when_a_server_with_a_key_starts(
    opens: Opens, store_url: str, tmp_path: Path
) -> None:
    application, key = opens(NO_KEY), key_in(tmp_path)
    secret = endpoint(application, "https://shop.example.com/hooks")
    assert kept(application) == [secret, ""]
    application.close()
    in_clear = "those of 1 endpoints lie in clear: shop"
    assert doctor(store_url, NO_KEY) == doctor(store_url, key) == [("warning", in_clear)]
    application = opens(key)
    assert secret not in kept(application)
    with application.database.read() as reader:
        found = application.endpoints.secrets.find(reader, "shop")
    assert found is not None
    assert found.current == secret
    assert application.endpoints.secrets.seal_those_in_clear(application.database) == 0
    application.close()
    assert doctor(store_url, key) == [("ok", "those of 1 endpoints are sealed")]
    assert doctor(store_url, NO_KEY)[0][0] == "fault"


@pytest.mark.parametrize("letter", [b"", b"x"])
def test_nothing_is_sent_without_the_key_that_sealed(
    opens: Opens, receiver: Receiver, tmp_path: Path, letter: bytes
) -> None:
    endpoint(opens(key_in(tmp_path)), receiver.url)
    application = opens(key_in(tmp_path, letter) if letter else NO_KEY)
    released(application, "A")
    sends = courier(application)
    went_round(sends)
    sends.stop()
    assert (receiver.received, stands(application).waiting) == ([], 1)
    with pytest.raises(StateConflict) as refused:
        application.endpoints.rotate(asked("RotateWebhookSecret"), "shop", timedelta(0))
    assert refused.value.reason == "SECRETS_SEALED"
    application.endpoints.delete(asked("DeleteWebhookEndpoint"), "shop")
    assert application.endpoints.every() == []


def test_a_secret_opens_for_no_other_endpoint(opens: Opens, tmp_path: Path) -> None:
    application = opens(key_in(tmp_path))
    endpoint(application, "https://shop.example.com/hooks")
    endpoint(application, "https://other.example.com/hooks", name="other")
    with application.database.write() as tx:
        [(sealed,)] = tx.query("SELECT secret FROM webhook_endpoint WHERE endpoint_id = 'shop'")
        tx.execute("UPDATE webhook_endpoint SET secret = ? WHERE endpoint_id = 'other'", (sealed,))
    with application.database.read() as reader, pytest.raises(StateConflict, match="the key is another one"):
        application.endpoints.secrets.find(reader, "other")
