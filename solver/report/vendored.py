"""The charting library that a report carries, byte for byte as its maker packs it: which version, and its digests.

`python -m solver.report.vendored` fetches it again by npm; with --check it only says whether the files are those.
To take another version, change the two digests and versions here and run it.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "vendor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package of npm and which of its files are kept: path in the package, name here, SHA-256."""

    name: str
    version: str
    licence: str
    files: Sequence[tuple[str, str, str]]


CHARTS = Package(
    name="echarts",
    version="6.1.0",
    licence="Apache-2.0",
    files=(
        (
            "dist/echarts.min.js",
            "echarts.min.js",
            "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0",
        ),
        ("LICENSE", "echarts-LICENSE.txt", "634293835b43a6dd2094fa39182a3d9a6b9ca43b7fdb9ac354e8037af2a3093a"),
        ("NOTICE", "echarts-NOTICE.txt", "d491d358344f842685c1b1585970999db65fe30ecf7ef3867af8814f4016c016"),
        (
            "licenses/LICENSE-d3",
            "echarts-LICENSE-d3.txt",
            "e1211892da0b0e0585b7aebe8f98c1274fba15bafe47fa1f4ee8a7a502c06304",
        ),
    ),
)
CANVAS = Package(  # what the charts are drawn by; its code stands in the same file
    name="zrender",
    version="6.1.0",
    licence="BSD-3-Clause",
    files=(("LICENSE", "zrender-LICENSE.txt", "a681e9d183c72b4af4856935893805eb48c08f0f5a3f260203db7444c20fb98a"),),
)
PACKAGES = (CHARTS, CANVAS)


def wrong_files(folder: Path = FOLDER) -> list[str]:
    """Names of files that are missing or not what they should be."""
    wanted = [(name, digest) for package in PACKAGES for _, name, digest in package.files]
    return [name for name, digest in wanted if _digest(folder / name) != digest]


def fetch(folder: Path = FOLDER) -> None:
    """Get every file anew. Raises ValueError where one is not what it should be; then nothing is replaced."""
    npm = shutil.which("npm")
    if npm is None:
        raise ValueError("npm is not on the PATH: install Node.js")
    with tempfile.TemporaryDirectory() as text:
        got = Path(text) / "got"
        got.mkdir()
        for package in PACKAGES:
            _unpack(npm, package, Path(text), got)
        wrong = wrong_files(got)
        if wrong:
            raise ValueError(f"not what was pinned: {', '.join(wrong)}")
        shutil.copytree(got, folder, dirs_exist_ok=True)


def _unpack(npm: str, package: Package, work: Path, got: Path) -> None:
    wanted = f"{package.name}@{package.version}"
    subprocess.run([npm, "pack", wanted, "--silent"], cwd=work, check=True)  # noqa: S603 - pinned above
    with tarfile.open(work / f"{package.name}-{package.version}.tgz") as archive:
        for path, name, _ in package.files:
            member = archive.extractfile(f"package/{path}")
            assert member is not None, "a file, not a folder"
            (got / name).write_bytes(member.read())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def main() -> int:
    """Fetch, or check; 0 where all files are what they should be."""
    reader = argparse.ArgumentParser(prog="python -m solver.report.vendored")
    reader.add_argument("--check", action="store_true", help="fetch nothing")
    if not reader.parse_args().check:
        fetch()
    wrong = wrong_files()
    sys.stdout.write(f"wrong: {', '.join(wrong)}\n" if wrong else "all files are what they should be\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
