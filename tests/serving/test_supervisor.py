"""Several processes are kept running behind one port: started again, renewed in turn, ended together."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import SECONDS

ROOT = Path(__file__).parents[2]
# Stands in for a server: it notes that it came, serves unless told not to, and ends when asked.
SERVER = """
import os, signal, sys, time
from pathlib import Path
notes = Path(sys.argv[1])
options = sys.argv[2:]
def end(*_):
    with (notes / "ended").open("a") as file:
        file.write(str(os.getpid()) + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
with (notes / "started").open("a") as file:
    file.write(" ".join([str(os.getpid()), *options]) + "\\n")
if (notes / "refuse").exists():
    sys.exit("it cannot start")
while (notes / "silent").exists():
    time.sleep(60)
print("serving on 127.0.0.1:" + options[options.index("--port") + 1] + ", data in nothing", flush=True)
while True:
    time.sleep(60)
"""


class Supervised:
    """The process that keeps others, and their notes."""

    def __init__(self, folder: Path, count: int, metrics: str = "-") -> None:
        self.notes = folder
        script = folder / "stand_in.py"
        script.write_text(SERVER)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "solver.serving.several", str(count), metrics, "127.0.0.1", "0", script, folder],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def started(self) -> list[list[str]]:
        return [line.split() for line in self._lines("started")]

    def pids(self) -> list[int]:
        return [int(one[0]) for one in self.started()]

    def ended(self) -> list[int]:
        return [int(line) for line in self._lines("ended")]

    def wait_for(self, name: str, count: int) -> None:
        until = time.monotonic() + SECONDS
        while len(self._lines(name)) < count:
            assert time.monotonic() < until, self._lines(name)
            time.sleep(0.01)

    def end(self) -> tuple[int, str, str]:
        self.process.send_signal(signal.SIGTERM)
        said, told = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, said, told

    def _lines(self, name: str) -> list[str]:
        path = self.notes / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    started = Supervised(tmp_path, 3, "9000")
    yield started
    started.process.kill()
    started.process.wait()
    assert started.process.stdout is not None
    assert started.process.stderr is not None
    started.process.stdout.close()
    started.process.stderr.close()
    for pid in {*started.pids()} - {*started.ended()}:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def options(row: list[str]) -> dict[str, str]:
    words = row[1:]
    return {word: words[at + 1] for at, word in enumerate(words) if word in ("--port", "--metrics-port", "--processes")}


def test_all_serve_one_port_before_it_says_so_and_end_together(supervised: Supervised) -> None:
    found = re.fullmatch(r"serving on 127\.0\.0\.1:(\d+), data in nothing\n", supervised.said())
    assert found
    rows = supervised.started()
    assert len(rows) == 3
    assert all("--server-shares-port" in row for row in rows)
    assert {options(row)["--port"] for row in rows} == {found[1]}
    assert {options(row)["--processes"] for row in rows} == {"1"}
    assert sorted(options(row)["--metrics-port"] for row in rows) == ["9000", "9001", "9002"]
    assert supervised.end() == (0, "stopped\n", "")
    assert sorted(supervised.ended()) == sorted(supervised.pids())


def test_one_that_dies_is_started_again(supervised: Supervised) -> None:
    supervised.said()
    victim = supervised.pids()[1]
    os.kill(victim, signal.SIGKILL)
    supervised.wait_for("started", 4)
    code, said, told = supervised.end()
    assert (code, said) == (0, "stopped\n")
    assert f"process {victim} ended with code -9; another one is started in 0.5 s" in told
    assert sorted([*supervised.ended(), victim]) == sorted(supervised.pids())


def test_one_that_is_just_being_started_ends_with_the_others(supervised: Supervised) -> None:
    supervised.said()
    (supervised.notes / "silent").touch()
    os.kill(supervised.pids()[1], signal.SIGKILL)
    supervised.wait_for("started", 4)
    code, said, told = supervised.end()
    assert (code, said) == (0, "stopped\n"), told
    assert supervised.pids()[3] in supervised.ended()


def test_a_hang_up_renews_one_after_the_other_and_never_has_fewer(supervised: Supervised) -> None:
    supervised.said()
    old = supervised.pids()
    supervised.process.send_signal(signal.SIGHUP)
    supervised.wait_for("ended", 3)
    assert supervised.ended() == [int(row[0]) for row in sorted(supervised.started()[:3], key=place_of)]
    rows = supervised.started()
    assert len(rows) == 6
    assert [options(row)["--metrics-port"] for row in rows[3:]] == ["9003", "9004", "9005"]
    code, said, told = supervised.end()
    assert (code, said) == (0, "stopped\n")
    assert "all 3 processes are new" in told
    assert {*supervised.ended()} == {*supervised.pids()} > {*old}


def place_of(row: list[str]) -> str:
    return options(row)["--metrics-port"]


def test_new_ones_that_do_not_serve_leave_the_old_ones(supervised: Supervised) -> None:
    supervised.said()
    (supervised.notes / "refuse").touch()
    supervised.process.send_signal(signal.SIGHUP)
    supervised.wait_for("started", 4)
    assert supervised.process.stderr is not None
    assert supervised.process.stderr.readline() == "it cannot start\n"
    assert "ended with code 1 before it served; the others stay" in supervised.process.stderr.readline()
    assert supervised.ended() == []
    (supervised.notes / "refuse").unlink()
    assert supervised.end()[:2] == (0, "stopped\n")
    assert sorted(supervised.ended()) == sorted(supervised.pids()[:3])


def test_servers_that_cannot_start_are_told_once(tmp_path: Path) -> None:
    (tmp_path / "refuse").touch()
    started = Supervised(tmp_path, 3)
    said, told = started.process.communicate(timeout=SECONDS)
    assert started.process.returncode == 1
    assert said == "stopped\n"
    assert told.count("it cannot start") == 1
    assert len(started.started()) == 1


def test_a_port_where_others_listen_is_refused(supervised: Supervised) -> None:
    found = re.search(r":(\d+),", supervised.said())
    assert found
    second = subprocess.run(
        [sys.executable, "-m", "solver.serving.several", "2", "-", "127.0.0.1", found[1], "none.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    told = f"cannot start: cannot listen on 127.0.0.1:{found[1]}: is another server running there?\n"
    assert (second.returncode, second.stdout, second.stderr) == (1, "", told)
