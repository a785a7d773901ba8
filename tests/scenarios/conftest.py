"""The bundled demo network, read once."""

import pytest

from solver.scenario.files import read_scenario
from tests.scenarios.world import FOLDER, World


@pytest.fixture(scope="session")
def world() -> World:
    return World(scenario=read_scenario(FOLDER))
