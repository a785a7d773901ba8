"""Every command that README and docs name is one that there is, with options that it takes."""

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from solver.cli.main import parser
from solver.cli.reporting import with_runs

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"python -m ([a-z_.]+)([^`\n]*)")
PLACEHOLDERS = {"N": "1", "S": "1", "D": "1", "TIME": "2026-03-02T12:00Z", "DATE": "2026-03-02"}


def documented() -> Iterator[tuple[str, str, list[str]]]:
    """Page, module and arguments of each command, as somebody who reads the page would type it."""
    for page in PAGES:
        text = re.sub(r"python -m\s*\n\s*", "python -m ", page.read_text("utf-8"))
        for module, rest in COMMAND.findall(re.sub(r"(python -m solver)\s*\n\s*", r"\1 ", text)):
            words = shlex.split(re.split(r"[#>|;]", rest)[0].replace("[", "").replace("]", "").replace("...", ""))
            yield page.name, module, [PLACEHOLDERS.get(word, word) for word in words]


COMMANDS = [
    pytest.param(module, words, id=f"{page}: {module} {' '.join(words)}") for page, module, words in documented()
]


def test_the_pages_name_many_commands() -> None:
    assert len(COMMANDS) > 40


@pytest.mark.parametrize(("module", "words"), COMMANDS)
def test_the_module_is_there_and_the_command_takes_what_the_page_gives(
    module: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert find_spec(module) is not None
    if module == "solver" and words:
        try:
            parser().parse_args(with_runs(words))
        except SystemExit:  # a page may name a command without the files that it takes
            assert "the following arguments are required" in capsys.readouterr().err


def test_the_first_page_says_once_how_python_is_called() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert ". .venv/bin/activate" in readme
    bare = re.findall(r"(?<!\.venv/bin/)python -m solver", readme)
    assert bare == [], "on the first page commands are written so that they can be pasted"
