"""CI gets itself a PostgreSQL where there is none, and says what to do where it cannot."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
set -euo pipefail
fail() { echo "FAILED: $*" >&2; exit 1; }
source .ci/postgres.sh
need_postgres
"""
INSTALL = """
case "$*" in
*install*) mkdir -p "$POSTGRES_FOLDERS/15/bin"; cd "$POSTGRES_FOLDERS/15/bin"; touch initdb postgres; chmod +x *;;
esac
"""
REMEDY = "install the package postgresql as root, or put initdb and postgres on the PATH"


class Machine:
    """A machine with the tools of a shell alone, none of PostgreSQL's, and what is said to be there besides."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = folder / "etc" / "createcluster.conf"
        for tool in ("bash", "mkdir", "tee", "touch", "chmod", "env"):
            self.path(tool).parent.mkdir(exist_ok=True)
            self.path(tool).symlink_to(next(p for p in (Path("/bin") / tool, Path("/usr/bin") / tool) if p.exists()))

    def path(self, tool: str) -> Path:
        return self.folder / "bin" / tool

    def has(self, tool: str, script: str = "") -> None:
        self.path(tool).write_text(f'#!/bin/bash\necho "{tool} $*" >>"$CALLS"\n{script}\n')
        self.path(tool).chmod(0o755)

    def runs(self) -> "subprocess.CompletedProcess[str]":
        found = {"PATH": str(self.folder / "bin"), "POSTGRES_FOLDERS": str(self.folder / "lib"),
                 "POSTGRES_SETTINGS": str(self.settings), "CALLS": str(self.folder / "calls")}  # fmt: skip
        bash = str(self.path("bash"))
        return subprocess.run([bash, "-c", SCRIPT], cwd=ROOT, env=found, capture_output=True, text=True, check=False)

    def calls(self) -> list[str]:
        calls = self.folder / "calls"
        return [one.removesuffix(" ") for one in calls.read_text().splitlines()] if calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.has("sudo", 'shift; exec "$@"')
    return made


def test_nothing_is_installed_where_a_folder_of_the_path_has_both(machine: Machine) -> None:
    for tool in ("initdb", "postgres", "apt-get"):
        machine.has(tool)
    done = machine.runs()
    assert (done.returncode, done.stdout, machine.calls()) == (0, "", [])


def test_a_missing_server_is_installed_without_a_cluster_of_its_own(machine: Machine) -> None:
    machine.has("initdb")  # alone it is of no use
    machine.has("apt-get", INSTALL)
    done = machine.runs()
    assert done.returncode == 0, done.stderr
    assert machine.settings.read_text() == "create_main_cluster = false\n"
    install = "apt-get install -qq --no-install-recommends -o Dpkg::Options::=--force-confold postgresql"  # fmt: skip
    assert [one for one in machine.calls() if one.startswith("apt-get")] == ["apt-get update -qq", install]
    assert machine.runs().stdout == ""


def test_settings_that_are_there_are_left_alone(machine: Machine) -> None:
    machine.settings.parent.mkdir()
    machine.settings.write_text("create_main_cluster = true\n")
    machine.has("apt-get", INSTALL)
    assert machine.runs().returncode == 0
    assert machine.settings.read_text() == "create_main_cluster = true\n"


@pytest.mark.parametrize(
    ("apt_get", "said"),
    [
        (None, f"FAILED: the tests need PostgreSQL, and there is no apt-get to install it: {REMEDY}\n"),
        ("exit 100", f"FAILED: PostgreSQL could not be installed: {REMEDY}\n"),
        (":", f"FAILED: PostgreSQL was installed, and initdb and postgres are still not found: {REMEDY}\n"),
    ],
)
def test_where_it_cannot_be_had_the_end_is_a_sentence_with_what_to_do(
    machine: Machine, apt_get: str | None, said: str
) -> None:
    if apt_get is not None:
        machine.has("apt-get", apt_get)
    done = machine.runs()
    assert (done.returncode, done.stderr) == (1, said)


@pytest.mark.skipif(os.geteuid() == 0, reason="root needs no sudo")
def test_who_may_not_install_is_told_so(machine: Machine) -> None:
    machine.has("apt-get", INSTALL)
    machine.path("sudo").unlink()
    assert machine.runs().stderr.endswith(f"FAILED: PostgreSQL could not be installed: {REMEDY}\n")
