"""What a report carries of others is what was pinned, with its licences."""

import shutil
from pathlib import Path

from solver.report.vendored import FOLDER, PACKAGES, wrong_files


def test_every_file_is_byte_for_byte_what_was_pinned() -> None:
    assert wrong_files() == []
    pinned = {name for package in PACKAGES for _, name, _ in package.files}
    assert {path.name for path in FOLDER.iterdir()} == pinned, "and nothing else is carried"


def test_a_changed_or_missing_file_is_named(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "vendor")
    (tmp_path / "vendor" / "echarts.min.js").write_text("alert(1)")
    (tmp_path / "vendor" / "zrender-LICENSE.txt").unlink()
    assert wrong_files(tmp_path / "vendor") == ["echarts.min.js", "zrender-LICENSE.txt"]


def test_every_package_comes_with_its_licence() -> None:
    for package in PACKAGES:
        assert (FOLDER / f"{package.name}-LICENSE.txt").is_file()
