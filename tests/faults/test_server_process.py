"""`server.py`: it starts, says where, ends when told; and says why when it cannot start."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import server as entry
from tests.faults.process import PROJECT, SECONDS_TO_END, ServerProcess
from tests.made_world import order_of
from tests.running import HOST, plan_request

SKU = "BEAN-BRAZIL-250"  # of the bundled network


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made" / "by the server"


@pytest.fixture
def server(folder: Path) -> Iterator[ServerProcess]:
    started = ServerProcess(folder, "--load", "scenarios/first_light")
    yield started
    started.clean_up()


def refused(*arguments: str) -> tuple[int, str]:
    """Exit code and complaint of a server that cannot start."""
    ended = subprocess.run(
        [sys.executable, "server.py", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=SECONDS_TO_END
    )
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_told_to_end_and_ends_well(server: ServerProcess, folder: Path, by: signal.Signals) -> None:
    assert server.discrepancies() == []
    levels = server.levels(SKU)
    assert sum(available for available, _, _ in levels.values()) > 0
    assert server.end(by) == (0, "stopped\n")

    again = ServerProcess(folder, "--load", "scenarios/first_light")
    try:
        assert again.levels(SKU) == levels
    finally:
        again.clean_up()


def test_a_search_that_must_be_compiled_first_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []

    def compile_until_told() -> None:
        while not told:
            told.extend(capsys.readouterr().err.splitlines())

    monkeypatch.setattr(entry, "warm", compile_until_told)
    monkeypatch.setattr(entry, "NOTICE_SECONDS", 0.0)
    entry._warm()
    assert told == ["compiling the search, as after every change of it; this takes some minutes"]


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_while_it_compiles(folder: Path, tmp_path: Path, by: signal.Signals) -> None:
    pytest.importorskip("numba")  # without it there is nothing to compile
    started = subprocess.Popen(
        [sys.executable, "-u", "server.py", "--port", "0", "--data", str(folder)],
        cwd=PROJECT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "nothing compiled yet")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stderr is not None
        assert started.stderr.readline().startswith("compiling the search")
        started.send_signal(by)
        assert started.communicate(timeout=SECONDS_TO_END) == ("stopped\n", "")
        assert started.returncode == 0
    finally:
        started.kill()
        started.wait()


def test_a_port_that_is_taken_is_told(server: ServerProcess, tmp_path: Path) -> None:
    port = server.greeting.partition(",")[0].rpartition(":")[2]
    code, complaint = refused("--port", port, "--data", str(tmp_path / "other"))
    assert code == 1
    assert f"cannot start: cannot listen on {HOST}:{port}: is another server running there?" in complaint
    assert "Traceback" not in complaint
    assert server.discrepancies() == []


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    for path in (file, file / "below"):
        code, complaint = refused("--port", "0", "--data", str(path))
        assert code == 1
        assert complaint.startswith("cannot start: ")
        assert str(path) in complaint
        assert "Traceback" not in complaint
    assert file.read_text() == "not a folder"


def test_a_file_that_is_no_database_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    database = tmp_path / "xunyuan.db"
    database.write_bytes(b"something else entirely" * 100)
    code, complaint = refused("--port", "0", "--data", str(tmp_path))
    assert (code, "Traceback" in complaint) == (1, False)
    assert complaint.startswith("cannot start: ")
    assert str(database) in complaint
    assert database.read_bytes() == b"something else entirely" * 100


def test_a_scenario_that_cannot_be_read_is_told_and_nothing_is_served(tmp_path: Path) -> None:
    code, complaint = refused("--port", "0", "--data", str(tmp_path / "data"), "--load", str(tmp_path / "none"))
    assert (code, "Traceback" in complaint) == (1, False)
    assert "scenario.yaml" in complaint


def test_an_order_of_a_stranger_is_refused_without_harm(server: ServerProcess) -> None:
    before = server.levels(SKU)
    with pytest.raises(Exception, match="there is no such"):
        server.plan(plan_request(order_of(("TEA", 1))))
    assert server.levels(SKU) == before
