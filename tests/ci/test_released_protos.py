"""A change of the protos that callers of the last release would notice is refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUF = Path(sys.executable).parent / "buf"


def judged(protos: Path) -> tuple[int, str]:
    ended = subprocess.run(
        [BUF, "breaking", protos, "--against", ROOT / "proto" / "released.binpb"], capture_output=True, text=True
    )
    return ended.returncode, ended.stdout


@pytest.fixture
def protos(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "proto", tmp_path / "proto"))


def test_the_protos_as_they_are_break_nothing() -> None:
    assert judged(ROOT / "proto") == (0, "")


def test_what_is_added_breaks_nothing(protos: Path) -> None:
    path = protos / "xunyuan" / "ledger" / "v1" / "ledger.proto"
    text = path.read_text()
    path.write_text(text.replace("message AuditBooksRequest {", "message AuditBooksRequest {\n  string more = 90;", 1))
    assert path.read_text() != text
    assert judged(protos) == (0, "")


def test_a_method_that_is_taken_away_is_named(protos: Path) -> None:
    path = protos / "xunyuan" / "ledger" / "v1" / "ledger.proto"
    text = path.read_text()
    path.write_text(text.replace("rpc AuditBooks(", "rpc AuditAllBooks("))
    assert path.read_text() != text
    code, said = judged(protos)
    assert code != 0
    assert "AuditBooks" in said


def test_a_field_of_another_type_is_named(protos: Path) -> None:
    path = protos / "xunyuan" / "ledger" / "v1" / "ledger.proto"
    text = path.read_text()
    path.write_text(text.replace("bool books_balance = ", "string books_balance = "))
    assert path.read_text() != text
    code, said = judged(protos)
    assert code != 0
    assert '"books_balance"' in said
