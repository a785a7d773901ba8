"""Where machine code is kept."""

from pathlib import Path
from typing import Any

import pytest

from solver.sourcing.exact import jit

pytestmark = pytest.mark.skipif(not jit.IS_COMPILED, reason="needs numba, the extra `fast`")


def test_the_chosen_folder_is_used_and_named_by_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folder = Path(jit._cache_folder())
    assert folder.parent == tmp_path
    assert folder.is_dir()
    assert folder.name.startswith("exact-")
    assert jit._cache_folder() == str(folder)


def test_a_read_only_installation_keeps_it_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(jit, "_can_write", lambda folder: tmp_path in folder.parents)
    assert Path(jit._cache_folder()).parent == tmp_path / "xunyuan"


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked))
    assert jit._cache_folder() == ""


def test_a_function_that_is_called_with_constants_and_with_variables_is_compiled_once() -> None:
    def doubled(number: int) -> int:
        return 2 * number

    inner: Any = jit.machine_code(doubled, "", no_cpython_wrapper=True)

    def twice_and_five(number: int) -> int:
        return int(inner(number) + inner(2) + 1)

    assert jit.machine_code(twice_and_five, "")(4) == 13
    assert len(inner.signatures) == 1
