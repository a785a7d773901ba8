"""The unit is what systemd takes; the container file asks for what there is; the probe tells who serves."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from solver.access.certificates import CertificateFiles
from solver.api.entrance import Security
from solver.api.server import Server
from solver.app import Application
from solver.clock import SystemClock

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "systemd" / "xunyuan.service"
CONTAINERFILE = ROOT / "deploy" / "container" / "Containerfile"
# All that a server imports, at its start and later.
IMPORT_ALL = "import server; server.import_late(); import solver.cli.main, probe"
PROBE = ROOT / "deploy" / "container" / "probe.py"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd-analyze")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/xunyuan/.venv/bin/python", "/bin/true"))
    judged = subprocess.run([analyze, "verify", unit], capture_output=True, text=True)
    assert [line for line in judged.stderr.splitlines() if UNIT.name in line] == []
    unit.write_text(unit.read_text().replace("KillMode=mixed", "KillMode=mixd"))
    judged = subprocess.run([analyze, "verify", unit], capture_output=True, text=True)
    assert any("mixd" in line for line in judged.stderr.splitlines()), "a mistake would be found"


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", CONTAINERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


def test_the_container_file_copies_what_there_is_and_needs() -> None:
    known = {"ARG", "FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "EXPOSE", "VOLUME", "STOPSIGNAL", "HEALTHCHECK"}
    assert {name for name, _ in instructions()} - known == {"ENTRYPOINT", "CMD"}
    copied = [word for name, words in instructions() if name == "COPY" for word in words.split()[:-1]]
    assert all((ROOT / path).exists() for path in copied)
    assert {"server.py", "solver", "requirements/runtime.txt"} <= set(copied)


def test_the_image_takes_only_what_the_lock_names_and_runs_without_rights() -> None:
    runs = [words for name, words in instructions() if name == "RUN"]
    (install,) = (words for words in runs if "pip install" in words)
    assert "--require-hashes" in install
    names = [name for name, _ in instructions()]
    user = dict(instructions())["USER"]
    assert user == "10001:10001"
    assert names.index("USER") < names.index("ENTRYPOINT")
    warmed = next(place for place, (_, words) in enumerate(instructions()) if "warm()" in words)
    assert names.index("USER") < warmed, "who runs the server must be able to write where functions are kept"
    assert ":latest" not in CONTAINERFILE.read_text()


def probed(port: int, **environment: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, PROBE],
        env={"PROBE_ADDRESS": f"127.0.0.1:{port}", "PATH": "", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ended.returncode, ended.stderr


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    opened = Application.open(tmp_path / "data", SystemClock())
    yield opened
    opened.close()


def test_the_probe_tells_who_serves(application: Application) -> None:
    server = Server(application, "127.0.0.1:0")
    server.start()
    assert probed(server.port) == (0, "")
    server.stop(0)
    assert probed(server.port) == (1, "UNAVAILABLE\n")


def test_the_probe_asks_over_tls(application: Application, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("xunyuan")
    certificate, key, ca = tmp_path / "tls.crt", tmp_path / "tls.key", tmp_path / "ca.crt"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(ca)
    files = CertificateFiles(certificate=certificate, key=key)
    server = Server(application, "127.0.0.1:0", security=Security(certificates=files))
    server.start()
    try:
        assert probed(server.port, PROBE_CA=str(ca), PROBE_NAME="xunyuan") == (0, "")
        assert probed(server.port, PROBE_CA=str(ca), PROBE_NAME="other") == (1, "UNAVAILABLE\n")
        assert probed(server.port) == (1, "UNAVAILABLE\n")
    finally:
        server.stop(0)


def start_module() -> dict[str, Any]:
    return runpy.run_path(str(CONTAINERFILE.parent / "start.py"))


def test_from_a_read_only_root_compiled_functions_are_copied_to_where_they_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels, temporary = tmp_path / "kernels", tmp_path / "temporary"
    (kernels / "exact-1").mkdir(parents=True)
    (kernels / "exact-1" / "code.nbc").write_bytes(b"compiled")
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    find_kernels = start_module()["find_kernels"]
    environment = {"NUMBA_CACHE_DIR": str(kernels)}
    find_kernels(environment)
    assert environment == {"NUMBA_CACHE_DIR": str(kernels)}
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != kernels)
    find_kernels(environment)
    copied = Path(environment["NUMBA_CACHE_DIR"])
    assert copied.parent == temporary
    assert (copied / "exact-1" / "code.nbc").read_bytes() == b"compiled"
    assert (copied / "exact-1" / "code.nbc").stat().st_mtime_ns == (kernels / "exact-1" / "code.nbc").stat().st_mtime_ns


def test_where_nothing_may_be_written_the_server_starts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    environment = {"NUMBA_CACHE_DIR": str(tmp_path)}
    start_module()["find_kernels"](environment)
    assert environment == {"NUMBA_CACHE_DIR": str(tmp_path)}


def test_the_image_is_built_from_what_it_copies_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {word for name, words in instructions() if name == "COPY" for word in words.split()[:-1]}
    assert lines.index("*") < min(lines.index(f"!{one}") for one in let_in)
    assert let_in == copied


def test_what_the_image_copies_is_enough_to_serve(tmp_path: Path) -> None:
    for name, words in instructions():
        if name == "COPY":
            *sources, target = words.split()
            for source in sources:
                place = tmp_path / target / (Path(source).name if target.endswith("/") else "")
                place.parent.mkdir(parents=True, exist_ok=True)
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, place)
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
