"""What is said of locked dependencies: a vulnerability fails, and what could not be asked is not taken for sound."""

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AUDIT: dict[str, Any] = runpy.run_path(str(ROOT / ".ci" / "audit.py"))
judged: Callable[[str, str, str], tuple[str, bool]] = AUDIT["judged"]
SOUND = {"name": "rich", "version": "14.0.0", "vulns": []}
UNKNOWN = {"name": "numpy", "skip_reason": "Dependency not found on PyPI and could not be audited: numpy (2.0)"}
WEAK = {
    "name": "protobuf",
    "version": "6.33.1",
    "vulns": [{"id": "CVE-2026-1", "fix_versions": ["6.33.5"]}, {"id": "CVE-2026-2", "fix_versions": []}],
}


def said(*rows: dict[str, Any]) -> tuple[str, bool]:
    return judged("runtime.txt", json.dumps({"dependencies": rows}), "")


def test_no_vulnerability_is_told_with_how_much_was_asked() -> None:
    assert said(SOUND, UNKNOWN) == ("runtime.txt: 1 of 2 packages audited, no known vulnerability", False)


def test_vulnerabilities_are_told_with_what_mends_them_and_fail() -> None:
    assert said(SOUND, WEAK) == (
        "runtime.txt: 2 of 2 packages audited, 2 known vulnerabilities:\n"
        "  protobuf 6.33.1: CVE-2026-1, mended in 6.33.5\n"
        "  protobuf 6.33.1: CVE-2026-2, mended in none yet",
        True,
    )


def test_a_registry_that_knows_no_vulnerabilities_is_not_taken_for_good_news() -> None:
    told, is_vulnerable = said(UNKNOWN, UNKNOWN)
    assert told == "runtime.txt: NOT AUDITED: the registry tells of vulnerabilities of none of 2 packages"
    assert not is_vulnerable


@pytest.mark.parametrize("answer", ["", "no JSON", "[]", "{}"])
def test_where_nothing_could_be_asked_it_says_so(answer: str) -> None:
    told = judged("dev.txt", answer, "Traceback\nConnectionError: no route to host\n")
    assert told == ("dev.txt: NOT AUDITED, nothing could be asked: ConnectionError: no route to host", False)


def test_the_exit_code_is_that_of_what_was_found(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for rows, code in (([SOUND], 0), ([UNKNOWN], 0), ([SOUND, WEAK], 1)):
        done = subprocess.CompletedProcess([], 0, json.dumps({"dependencies": rows}), "")
        monkeypatch.setattr(subprocess, "run", lambda *_, done=done, **__: done)
        assert AUDIT["main"]() == code
    assert Path(sys.executable).with_name("pip-audit").exists()
