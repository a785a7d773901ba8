"""A port that nobody listens on."""

import socket

import pytest

from tests.running import HOST


@pytest.fixture
def free_port() -> int:
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        port: int = listening.getsockname()[1]
        return port
