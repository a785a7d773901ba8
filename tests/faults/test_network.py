"""The network between callers and the server is slow, silent, cut, or parted: nothing is lost, nothing done twice."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.lines import opened_shop, prove_told, prove_under
from tests.faults.process import PROJECT, ServerProcess
from tests.faults.proxy import Proxy

SILENT_SECONDS = 0.5  # far less than a caller waits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return opened_shop(tmp_path / "data")


@pytest.fixture
def server(folder: Path) -> Iterator[ServerProcess]:
    started = ServerProcess(folder)
    yield started
    started.clean_up()


@pytest.mark.parametrize("fault", ["slow", "silent", "answers lost", "cut"])
def test_a_bad_line_loses_nothing_and_does_nothing_twice(
    folder: Path, server: ServerProcess, seed: int, fault: str
) -> None:
    proxy = Proxy.to_port(server.port)

    def cut_short() -> None:
        proxy.fall_silent()  # until everybody has a call under way that the cut takes with it
        time.sleep(SILENT_SECONDS)
        proxy.cut()
        proxy.heal()

    strikes: dict[str, Callable[[], None]] = {
        "slow": lambda: proxy.slow_down(0.02, 200),
        "silent": proxy.fall_silent,
        "answers lost": proxy.lose_answers,
        "cut": cut_short,
    }

    def heal() -> None:
        if fault == "answers lost":
            proxy.cut()  # what is lost does not come late
        proxy.heal()

    try:
        load = prove_under(proxy.port, seed, strikes[fault], heal)
    finally:
        proxy.close()
    if fault in ("answers lost", "cut"):
        assert load.unanswered > 0, "the line must have failed calls"
    prove_told(folder, server, load)


@pytest.fixture
def own_network() -> list[str]:
    """What runs a command on a network of its own, which may be parted."""
    as_who = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--net", *as_who]
    tools = [tool for tool in ("unshare", "ip") if shutil.which(tool) is None]
    refused = bool(tools) or subprocess.run([*command, "ip", "link", "set", "lo", "up"], check=False).returncode != 0
    if refused:
        reason = f"needs {' and '.join(tools) or 'leave to make network namespaces'}"
        if os.environ.get("CI") and tools:
            pytest.fail(f"{reason}; in CI it must be there")
        pytest.skip(reason)
    return command


def test_a_network_that_is_parted_and_joined_again_loses_nothing(
    own_network: list[str], tmp_path: Path, seed: int
) -> None:
    command = [*own_network, sys.executable, "-m", "tests.faults.parted", str(tmp_path), str(seed)]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.search(r"[1-9]\d* calls went unanswered and were repeated; the books are sound", ended.stdout)
