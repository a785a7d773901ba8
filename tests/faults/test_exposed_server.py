"""`server.py` where others reach it: unguarded it does not start, guarded it serves those with a token."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.client import CallFailed, Client, ClientSecurity
from tests.faults.process import PROJECT, SECONDS_TO_END
from tests.running import SECONDS


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "server.py", "--port", "0", "--host", "0.0.0.0", *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    """Ended at the end, whatever happened."""
    running: list[subprocess.Popen[str]] = []
    yield running
    for one in running:
        if one.poll() is None:
            one.kill()
            one.communicate(timeout=SECONDS_TO_END)


def test_an_unguarded_server_that_others_would_reach_says_what_is_missing_and_ends(tmp_path: Path) -> None:
    ended = started("--data", str(tmp_path))
    _, said = ended.communicate(timeout=2 * SECONDS)
    assert ended.returncode == 1
    told = [line for line in said.splitlines() if line.startswith("cannot start: ")]
    assert [re.findall(r"cannot start: (\S+):", line)[0] for line in told] == ["server.host", "access"]


def test_a_guarded_server_serves_whoever_has_a_token_and_leaves_the_log_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], processes: list[subprocess.Popen[str]]
) -> None:
    tls, data = tmp_path / "tls", tmp_path / "data"
    assert main(["access", "certificate", "localhost", "--folder", str(tls)]) == 0
    assert main(["access", "key", "create", "root", "--role", "admin", "--data", str(data)]) == 0
    token = capsys.readouterr().out.splitlines()[-1]
    more = ["--tls-certificate", str(tls / "server.pem"), "--tls-key", str(tls / "server.key"), "--no-reflection"]
    processes.append(started("--data", str(data), *more))
    assert processes[0].stdout is not None
    found = re.fullmatch(r"serving on 0\.0\.0\.0:(\d+), data in .+\n", processes[0].stdout.readline())
    assert found
    target, ca = f"localhost:{found[1]}", tls / "ca.pem"
    with Client(target, security=ClientSecurity(token=token, ca=ca)) as root:
        assert root.upsert_policies([(PROJECT / "solver/policies/shipped/cheapest.yaml").read_text("utf-8")])
    with Client(target, security=ClientSecurity(ca=ca)) as nobody, pytest.raises(CallFailed) as raised:
        nobody.audit_books()
    assert raised.value.code == "UNAUTHENTICATED"
    processes[0].send_signal(signal.SIGTERM)
    said, logged = processes[0].communicate(timeout=2 * SECONDS)
    assert (processes[0].returncode, said) == (0, "stopped\n")
    assert token not in logged
    assert main(["access", "log", "--data", str(data)]) == 0
    assert "4 lines of 4" in capsys.readouterr().out, "two changes, one call let in and one not, written at the end"
