"""The doctor finds what is wrong with an installation, says how to mend it, and leaves all as it is."""

import json
import os
import resource
import socket
import time
from collections.abc import Iterator
from compileall import compile_dir
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from solver.api.server import Server
from solver.app import Application
from solver.cli.main import main
from solver.client.security import ClientSecurity
from solver.clock import ManualClock, SystemClock
from solver.doctor.data import data
from solver.doctor.doors import certificates, port, service
from solver.doctor.finding import Finding, Level
from solver.doctor.machine import bytecode, clock, compiled_search, disk, extras, open_files
from solver.scenario.load import load
from solver.scenario.model import OpeningStock
from solver.settings.server import ServerSettings
from solver.settings.settings import Settings
from solver.settings.storage import StorageSettings
from solver.settings.tls import TlsSettings
from tests.made_world import made_world


def told(findings: Iterator[Finding]) -> list[tuple[str, str, str]]:
    return [(str(one.level), one.check, one.text) for one in findings]


@pytest.fixture
def stored(store_url: str) -> Settings:
    application = Application.open(store_url, SystemClock())
    load(application, made_world(stock=(OpeningStock(source_id="W-EAST", sku="TEA", units=10),)))
    application.close()
    return Settings(storage=StorageSettings(url=store_url))


def test_a_sound_database_is_well(stored: Settings) -> None:
    findings = list(data(stored, thorough=True))
    assert {one.level for one in findings} == {Level.OK}
    checks = [one.check for one in findings]
    assert checks[0] == "database"
    assert checks[-2:] == ["journal", "audit"]
    assert findings[-2].text == "its last 1 of 1 entries and all accounts look right"
    assert findings[-1].text == "the books balance: 1 entries"


def test_a_journal_ahead_of_the_clock_is_told(store_url: str) -> None:
    application = Application.open(store_url, ManualClock(datetime.now(UTC) + timedelta(days=2)))
    load(application, made_world(stock=(OpeningStock(source_id="W-EAST", sku="TEA", units=10),)))
    application.close()
    warnings = list(data(Settings(storage=StorageSettings(url=store_url)), thorough=False))[1:]
    found = [one for one in warnings if one.level is Level.WARNING]
    assert [one.check for one in found] == ["clock"]
    assert found[0].text.startswith("the journal's last entry is 172,")


def test_a_gap_in_the_journal_is_a_fault(sqlite_url: str) -> None:
    application = Application.open(sqlite_url, SystemClock())
    with application.database.write() as tx:
        for entry_id, at_us in ((1, 5), (3, 7), (4, 6)):
            tx.execute(
                "INSERT INTO journal_entry (entry_id, phase, kind, subject, at_us) VALUES (?, 'post', 'k', 's', ?)",
                (entry_id, at_us),
            )
    application.close()
    settings = Settings(storage=StorageSettings(url=sqlite_url))
    assert [row for row in told(data(settings, thorough=False)) if row[0] == "fault"] == [
        ("fault", "journal", "entry 4 is earlier than entry 3"),
        ("fault", "journal", "entry 1 is followed by entry 3"),
    ]


def test_no_database_is_a_warning_and_another_file_a_fault(tmp_path: Path) -> None:
    settings = Settings(storage=StorageSettings(data=tmp_path / "none"))
    path = tmp_path / "none" / "xunyuan.db"
    assert told(data(settings, thorough=False)) == [("warning", "database", f"there is none at {path} yet")]
    assert not path.parent.exists()
    path.parent.mkdir()
    path.write_bytes(b"something else" * 100)
    ((level, check, text),) = told(data(settings, thorough=False))
    assert (level, check) == ("fault", "database")
    assert str(path) in text


def test_a_folder_in_use_is_told(tmp_path: Path) -> None:
    settings = Settings(storage=StorageSettings(data=tmp_path))
    application = Application.open(tmp_path, SystemClock())
    assert ("ok", "lock", f"a server runs on {tmp_path}") in told(data(settings, thorough=False))
    application.close()
    assert ("ok", "lock", f"no server runs on {tmp_path}") in told(data(settings, thorough=False))


def test_extras_that_the_settings_need_are_faults() -> None:
    settings = Settings(storage=StorageSettings(url="postgresql://h/db"))
    assert told(extras(settings, {"numba": None, "psycopg": None}.get)) == [
        ("warning", "extras", "fast is missing: the search is not compiled and many times slower"),
        ("fault", "extras", "postgres is missing, which the settings need (PostgreSQL)"),
        ("ok", "extras", "none installed"),
    ]
    assert told(extras(settings, lambda name: name)) == [
        ("ok", "extras", "fast, postgres, secure, statements, tables, traces installed")
    ]


def test_a_search_that_was_changed_since_it_was_compiled_is_told(tmp_path: Path) -> None:
    source, kept = tmp_path / "search.py", tmp_path / "__pycache__" / "search.find-12.py311.nbi"
    assert told(compiled_search(tmp_path, str)) == [
        ("warning", "search", "is not compiled yet: the first start takes minutes")
    ]
    source.write_text("")
    kept.parent.mkdir()
    kept.write_bytes(b"")
    os.utime(source, (1, 1))
    assert told(compiled_search(tmp_path, str)) == [("ok", "search", "1 compiled functions are kept")]
    os.utime(source, (2**32, 2**32))
    assert told(compiled_search(tmp_path, str)) == [
        ("warning", "search", "has changed since it was compiled (1 functions): the first start takes minutes")
    ]


def test_too_few_open_files_are_told() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (500, before[1]))
    try:
        ((level, check, text),) = told(open_files(Settings()))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert (level, check, text) == (
        "warning",
        "files",
        "500 may be open; waiting calls and watchers may need 1,228",
    )


def test_a_disk_that_is_nearly_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(storage=StorageSettings(data=tmp_path / "not" / "yet"))
    for free, level in ((50 * 2**20, "fault"), (2**30, "warning"), (2**40, "ok")):
        monkeypatch.setattr("solver.doctor.machine.shutil.disk_usage", lambda path, free=free: Usage(free))
        assert told(disk(settings)) == [(level, "disk", f"{free / 2**30:,.1f} GiB free at {tmp_path}")]


class Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def test_a_clock_that_is_stepped_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.level for one in clock(0.01)] == [Level.OK]
    walls = iter((100.0, 103.0))
    monkeypatch.setattr("solver.doctor.machine.time.time", lambda: next(walls))
    assert [one.level for one in clock(0.01)] == [Level.WARNING]


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        settings = Settings(server=ServerSettings(port=taken))
        assert told(port(settings)) == [("warning", "port", f"127.0.0.1:{taken} is taken or not ours")]
    assert told(port(Settings(server=ServerSettings(host="no.such.host.invalid"))))[0][:2] == ("fault", "port")
    assert told(port(Settings(server=ServerSettings(port=0)))) == [("ok", "port", "127.0.0.1:0 is free")]


def test_certificates_are_held_against_their_key_and_the_time(tmp_path: Path) -> None:
    authority = trustme.CA()
    one, other = authority.issue_cert("localhost"), authority.issue_cert("localhost")
    files = {name: tmp_path / name for name in ("certificate", "key", "other")}
    one.cert_chain_pems[0].write_to_path(files["certificate"])
    one.private_key_pem.write_to_path(files["key"])
    other.private_key_pem.write_to_path(files["other"])
    tls = TlsSettings(certificate=files["certificate"], key=files["key"])
    assert [one.level for one in certificates(Settings(tls=tls))] == [Level.OK]
    assert [one.level for one in certificates(Settings(tls=tls), datetime(2999, 1, 1, tzinfo=UTC))] == [Level.OK]
    ((level, _, text),) = told(certificates(Settings(tls=replace(tls, key=files["other"]))))
    assert (level, "is not the key of" in text) == ("fault", True)
    early = datetime(1999, 1, 1, tzinfo=UTC)
    assert [one.level for one in certificates(Settings(tls=tls), early)] == [Level.WARNING]
    assert list(certificates(Settings())) == []


def test_a_service_is_asked_whether_it_serves(tmp_path: Path) -> None:
    application = Application.open(tmp_path, SystemClock())
    server = Server(application, "127.0.0.1:0")
    address = f"127.0.0.1:{server.port}"
    server.start()
    assert told(service(address, ClientSecurity())) == [("ok", "service", f"{address} serves")]
    server.stop(0)
    application.close()
    ((level, check, text),) = told(service(address, ClientSecurity()))
    assert (level, check) == ("fault", "service")
    assert text.startswith(f"nothing answers at {address}")


def test_the_command_prints_lines_or_json_and_fails_on_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--data", str(tmp_path), "--port", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ok       settings: they are valid"
    assert "         -> the server begins one when it starts" in lines
    assert main(["doctor", "--data", str(tmp_path), "--port", "x", "--json"]) == 1
    first = json.loads(capsys.readouterr().out)[0]
    assert first == {
        "check": "settings",
        "level": "fault",
        "text": "--port: 'x'",
        "remedy": "give a whole number from 0 to 65,535",
    }


def test_modules_that_every_start_compiles_anew_are_told(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("ANSWER = 42\n")
    [(level, check, text)] = told(bytecode(tmp_path))
    assert (level, check) == ("warning", "bytecode")
    assert text == "2 of 2 modules are kept nowhere as bytecode: every start compiles them anew"
    compile_dir(tmp_path, quiet=1)
    assert told(bytecode(tmp_path)) == [("ok", "bytecode", "2 of 2 modules are kept")]
    later = time.time() + 10
    os.utime(tmp_path / "one.py", (later, later))
    assert told(bytecode(tmp_path))[0][2].startswith("1 of 2 modules are kept nowhere")
