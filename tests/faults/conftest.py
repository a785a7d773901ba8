"""What all tests of faults share."""

import pytest

from solver.access.door import Door


@pytest.fixture(autouse=True)
def open_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks may: the first key that is made would shut out those who ask without one."""
    monkeypatch.setattr(Door, "stands_open", True)
