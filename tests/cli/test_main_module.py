"""`python -m solver` by a Python that lacks what it needs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_python_without_the_dependencies_is_told_which_one_to_take() -> None:
    command = [sys.executable, "-S", "-m", "solver", "policy", "list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"is not installed for {sys.executable}: run `. .venv/bin/activate` first" in done.stderr
    assert "Traceback" not in done.stderr
