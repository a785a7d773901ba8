"""Compilation ahead: what an explanation finds depends on its time, which loading machine code would use up."""

import pytest

from solver.sourcing.exact.warm import warm


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compile, or load, the search before the first test, as a server does before its first order."""
    warm()
