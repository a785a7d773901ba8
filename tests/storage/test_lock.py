"""One holder for each folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import SystemClock
from solver.storage.errors import StorageUnusable
from solver.storage.lock import FolderLock

HOLD = """
import sys, pathlib
from solver.storage.lock import FolderLock
lock = FolderLock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    with pytest.raises(StorageUnusable, match=r"in use by another server; stop that one, or name another folder"):
        FolderLock(tmp_path)
    first.let_go()
    first.let_go()
    FolderLock(tmp_path).let_go()


def test_another_folder_is_free(tmp_path: Path) -> None:
    first, other = FolderLock(tmp_path / "a"), FolderLock(tmp_path / "b")
    first.let_go()
    other.let_go()


def test_a_holder_that_is_killed_leaves_the_folder_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StorageUnusable):
            FolderLock(tmp_path)
        holder.kill()
    FolderLock(tmp_path).let_go()


def test_an_application_holds_its_folder_until_it_is_closed(tmp_path: Path) -> None:
    application = Application.open(tmp_path, SystemClock())
    with pytest.raises(StorageUnusable):
        Application.open(tmp_path, SystemClock())
    application.close()
    Application.open(tmp_path, SystemClock()).close()


def test_an_application_that_cannot_open_its_database_lets_go(tmp_path: Path) -> None:
    (tmp_path / "xunyuan.db").write_bytes(b"not a database" * 100)
    with pytest.raises(StorageUnusable, match=r"xunyuan\.db"):
        Application.open(tmp_path, SystemClock())
    FolderLock(tmp_path).let_go()
