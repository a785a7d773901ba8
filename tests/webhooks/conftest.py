"""A courier, what it sends from, and who receives, on both stores."""

from collections.abc import Iterator

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.scenario.load import load
from solver.settings.webhooks import WebhookSettings
from solver.webhooks.courier import Courier
from solver.webhooks.sending import Sender
from tests.made_world import MONDAY_AT_8, made_world
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import SETTINGS, Opens, sender_of


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def application(store_url: str, clock: ManualClock) -> Iterator[Application]:
    opened = Application.open(store_url, clock, webhooks=SETTINGS)
    load(opened, made_world())
    yield opened
    opened.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def courier_of(application: Application, clock: ManualClock) -> Iterator[Opens]:
    """Makes couriers; each is stopped in the end."""
    made = []

    def opened(settings: WebhookSettings = SETTINGS, sender: Sender | None = None) -> Courier:
        sends = sender or sender_of(settings)
        made.append(Courier(application.database, clock, settings, sends, random=lambda: 0.5))
        return made[-1]

    yield opened
    for one in made:
        one.stop()
