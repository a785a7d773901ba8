"""House rules that no tool checks: the size of files, the tree of errors, locks that cover what is declared."""

import re
import tomllib
from pathlib import Path, PurePosixPath

import pytest

from solver import errors

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400
REQUIREMENTS = ROOT / "requirements"
_IGNORED = {".git", ".venv", "var", "build"}
_INDEX = re.compile(r"--(extra.)?index.url|--find.links|https?://\S+/simple\b")
_HOME = re.compile(r"(?<![\w.$~/-])/(home|root|Users|work|tmp)/\w")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def _is_ours(path: Path) -> bool:
    folders = path.relative_to(ROOT).parts
    hidden = any(part.startswith(".") and part != ".ci" for part in folders[:-1])
    return path.is_file() and not hidden and not _IGNORED & set(folders) and folders[:2] != ("solver", "gen")


def _files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.rglob(pattern) if _is_ours(path))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(lock: str) -> dict[str, str]:
    return {_canonical(name): version for name, version in _PIN.findall((REQUIREMENTS / lock).read_text())}


def _declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return {_canonical(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]) for line in lines}


def test_no_file_is_too_long_to_be_read_at_a_sitting() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in _files("*.py", "*.proto")}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}
    assert "solver/errors.py" in sizes


def test_no_text_names_a_package_index_or_a_folder_of_one_machine() -> None:
    texts = _files("*.py", "*.md", "*.toml", "*.txt", "*.proto", "*.yaml", "*.yml", "*.ini", "Makefile", "run")
    texts.remove(Path(__file__))
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in texts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if _INDEX.search(line) or _HOME.search(line)
    ]
    assert found == []


# Put together here, so that this file names none of them.
@pytest.mark.parametrize(
    "line",
    [
        f"--{'-'.join(('index', 'url'))} x",
        f"pip --{'-'.join(('extra', 'index', 'url'))}=y",
        f"--{'-'.join(('find', 'links'))} z",
        f"see {'/'.join(('https:', '', 'a.example', 'simple', 'b'))}",
        f"open('{PurePosixPath('/', 'home', 'me', 'x')}')",
        str(PurePosixPath("/", "tmp", "x")),
    ],
)
def test_an_index_or_a_folder_of_one_machine_would_be_found(line: str) -> None:
    assert _INDEX.search(line) or _HOME.search(line)


def test_the_tree_of_errors_shows_every_error() -> None:
    drawn = re.findall(r"^[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE)
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    branches = [
        one.__name__ for one in classes if issubclass(one, errors.XunyuanError) and one is not errors.XunyuanError
    ]
    assert sorted(drawn) == sorted(branches)


def test_locks_cover_what_is_declared() -> None:
    assert _declared() - set(_pins("runtime.txt")) == set()
    assert _declared("dev") - set(_pins("dev.txt")) == set()


def test_both_locks_pin_the_same_versions() -> None:
    runtime, dev = _pins("runtime.txt"), _pins("dev.txt")
    assert {name: dev.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt"])
def test_every_pin_carries_a_hash(lock: str) -> None:
    pins = re.split(r"^(?=[A-Za-z0-9])", (REQUIREMENTS / lock).read_text(), flags=re.MULTILINE)
    assert [pin.split()[0] for pin in pins if pin.strip() and "--hash=sha256:" not in pin] == []
