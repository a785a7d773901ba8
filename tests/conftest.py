"""What every test may ask for: the real data sets and a seed."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import settings

from solver.waves.warm import warm
from tests.stores import another_postgres_url, postgres_server, postgres_url, sqlite_url, store_url

# fixtures, for every test
__all__ = ["another_postgres_url", "postgres_server", "postgres_url", "sqlite_url", "store_url"]

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# A slow machine must not fail a property, so none is timed; in CI Hypothesis draws the same examples every time.
settings.register_profile("untimed", parent=settings.default, deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", default="0", metavar="N", help="seed of random tests; 'random' draws one and prints it")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.seed == "random":
        config.option.seed = str(random.SystemRandom().randrange(2**32))
    if not config.option.seed.isdecimal():
        raise pytest.UsageError(f"--seed {config.option.seed}: give a whole number, or 'random'")
    if getattr(config.option, "numprocesses", None):
        warm()  # the workers then load the machine code that this keeps, instead of each making it


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed: {config.option.seed}"


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Where a random test starts; the header of the run shows it, `--seed` repeats it."""
    return int(request.config.option.seed)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data sets beside the project, which are not part of the repository."""
    if not SHARED_DATA.is_dir():
        reason = "needs the real data sets in ../shared/data, which are not part of the repository"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; in CI they must be there")
        pytest.skip(reason)
    return SHARED_DATA
