"""CI gets itself a Chromium and `ip` where there is none, and says what to do where it cannot."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
set -euo pipefail
fail() {{ echo "FAILED: $*" >&2; exit 1; }}
source .ci/{file}.sh
need_{program}
"""
REMEDIES = {
    "chromium": "install the package chromium as root, or put chromium on the PATH",
    "ip": "install the package iproute2 as root, or put ip on the PATH",
}
FILES = {"chromium": "chromium", "ip": "iproute"}
BECOMES_THERE = 'case "$*" in *install*) touch "${0%/*}/PROGRAM"; chmod +x "${0%/*}/PROGRAM";; esac'

pytestmark = pytest.mark.parametrize("program", FILES)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder that is all of the PATH: a shell's tools, and `sudo`."""
    for tool in ("bash", "touch", "chmod", "env"):
        (tmp_path / tool).symlink_to(next(p for p in (Path("/bin") / tool, Path("/usr/bin") / tool) if p.exists()))
    has(tmp_path, "sudo", 'shift; exec "$@"')
    return tmp_path


def has(tools: Path, tool: str, script: str = "") -> None:
    (tools / tool).write_text(f"#!{tools / 'bash'}\n{script}\n")
    (tools / tool).chmod(0o755)


def run(tools: Path, program: str) -> "subprocess.CompletedProcess[str]":
    found = {"PATH": str(tools)}
    script = SCRIPT.format(file=FILES[program], program=program)
    return subprocess.run(
        [str(tools / "bash"), "-c", script], cwd=ROOT, env=found, capture_output=True, text=True, check=False
    )


def test_nothing_is_installed_where_it_is_there(tools: Path, program: str) -> None:
    has(tools, program)
    done = run(tools, program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_is_installed_where_it_is_missing(tools: Path, program: str) -> None:
    has(tools, "apt-get", BECOMES_THERE.replace("PROGRAM", program))
    done = run(tools, program)
    assert done.returncode == 0, done.stderr
    assert "installing Debian's package" in done.stdout


@pytest.mark.parametrize("apt_get", [None, "exit 1", ""])
def test_where_it_cannot_be_had_the_remedy_is_told(tools: Path, program: str, apt_get: str | None) -> None:
    if apt_get is not None:
        has(tools, "apt-get", apt_get)
    done = run(tools, program)
    assert done.returncode == 1
    assert REMEDIES[program] in done.stderr
