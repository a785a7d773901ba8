"""Whatever is asked again after its answer was forgotten is refused, and changes nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.scenario.load import load
from solver.settings.persons import PersonSettings
from solver.storage.requests_forgotten import RequestsForgotten
from tests.faults.every_method import Asked
from tests.faults.given_up_cases import CASES
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import Running, refusal


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    key_file = tmp_path / "persons.key"
    key_file.write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8), persons=PersonSettings(key_file=key_file))
    load(running.application, made_world(stock=()))
    made = Asked(running)
    made.ask("ReceiveStock", reference="po", movements=[{"site_id": "W-EAST", "sku": "TEA", "units": 1000}])
    yield made
    running.close()


@pytest.mark.parametrize("method", sorted(CASES))
def test_a_repeat_after_its_answer_was_forgotten_is_refused(asked: Asked, method: str) -> None:
    application = asked.service.application
    request = asked.request(method, **CASES[method](asked, 0))
    asked.future(method, request).result()
    forget = RequestsForgotten(application.database, application.clock, rest=lambda _: None).forget
    assert forget(timedelta(microseconds=-1)) >= 2, "this one, and what was received"
    before = asked.contents()
    told = refusal(lambda: asked.future(method, request).result())
    assert (told.code, told.reason) == ("FAILED_PRECONDITION", "REQUEST_FORGOTTEN")
    assert asked.contents() == before
