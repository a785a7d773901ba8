"""A version of the product in a folder of its own, beside the one that is worked on."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.gate.turns import MACHINE_CODE, ROOT

FOLDER = ROOT / ".benchmarks" / "trees"
_CODE = Path("solver/sourcing/exact/__pycache__")


class NoSuchVersion(Exception):
    """Git knows no such commit, branch or tag."""


def commit_of(ref: str) -> str:
    """The commit that a branch, a tag or an abbreviation stands for. Raises NoSuchVersion."""
    done = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoSuchVersion(f"there is no version {ref!r}: give a commit, a branch, a tag, or a file of baselines")
    return done.stdout.strip()


@contextmanager
def checked_out(ref: str, name: str = "old") -> Iterator[Path]:
    """A worktree of this version, for as long as it is needed. Raises NoSuchVersion.

    Its machine code is kept apart from ours. Where the compiled sources are ours, ours is lent to it.
    """
    commit, tree = commit_of(ref), FOLDER / name
    _remove(tree)
    _git("worktree", "add", "--detach", "--force", str(tree), commit)
    try:
        lend_machine_code(ROOT, tree)
        yield tree
    finally:
        _remove(tree)


def lend_machine_code(lender: Path, tree: Path) -> None:
    """Copy machine code to where numba looks for that of the tree: folders are named by the sources' own folder.

    Which sources it was made from is part of its name, and numba compares each file; what does not fit is not used.
    """
    by_digest = {_digest(folder): folder for folder in {path.parent for path in (lender / "solver").rglob("*.py")}}
    for kept in (lender / _CODE).glob("exact-*"):
        for folder in kept.iterdir():
            name, _, digest = folder.name.rpartition("_")
            if source := by_digest.get(digest):
                there = MACHINE_CODE / kept.name / f"{name}_{_digest(tree / source.relative_to(lender))}"
                if not there.exists():
                    shutil.copytree(folder, there)


def _digest(folder: Path) -> str:
    return hashlib.sha1(str(folder).encode()).hexdigest()  # numba's way to name a folder


def _remove(tree: Path) -> None:
    if tree.exists():
        _git("worktree", "remove", "--force", str(tree), check=False)
        shutil.rmtree(tree, ignore_errors=True)
    _git("worktree", "prune", check=False)


def _git(*arguments: str, check: bool = True) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=check, capture_output=True)
