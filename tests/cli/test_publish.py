"""The shipped job of publishing, from the dry run to the stop button."""

import json
import shutil
from pathlib import Path

import pytest

from solver.cli.main import main
from tests.scenarios.world import ROOT


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """The shipped job with a few of its stores."""
    folder = tmp_path / "job"
    shutil.copytree(ROOT / "scenarios" / "listings", folder, ignore=shutil.ignore_patterns("listed"))
    written = (folder / "publish.yaml").read_text(encoding="utf-8")
    (folder / "publish.yaml").write_text(written.replace("numbered: 200", "numbered: 2"), encoding="utf-8")
    return folder


def shown(job: Path, shop: str) -> list[str]:
    path = job / "listed" / shop
    return [json.loads(line)["item_id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_shipped_job_has_no_faults(job: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "check", str(job)]) == 0
    assert "Harbor marketplace" in capsys.readouterr().out


def test_faults_stop_a_run_unless_it_is_wanted_anyway(
    job: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = job / "harbor.yaml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("i: I", "i: X"), encoding="utf-8")
    report, data = tmp_path / "faults.csv", ["--data", str(tmp_path / "data")]
    assert main(["publish", "check", str(job), "--report", str(report)]) == 1
    assert (
        report.read_text(encoding="utf-8").splitlines()[1].startswith("SL-MACHINE-AUTO,,plug,allowed,不在可选值内,X,")
    )
    assert main(["publish", "run", str(job), *data]) == 1
    assert not (job / "listed").exists()
    assert "nothing was published" in capsys.readouterr().err
    assert main(["publish", "run", str(job), *data, "--anyway"]) == 1
    assert "SL-MACHINE-AUTO" not in shown(job, "harbor/HB-us.jsonl")
    assert "SL-MACHINE-AUTO" in shown(job, "baihui/BH-001.jsonl")


def test_items_are_published_once_stopped_and_resumed(
    job: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert main(["publish", "run", str(job), *data]) == 0
    assert "412 created" in capsys.readouterr().out
    assert main(["publish", "run", str(job), *data]) == 0
    assert "412 unchanged" in capsys.readouterr().out
    assert main(["publish", "stop", str(job), "SL-CUP-MUG-WHITE", *data]) == 0
    assert main(["publish", "status", *data]) == 0
    assert "stopped: SL-CUP-MUG-WHITE" in capsys.readouterr().out
    assert "SL-CUP-MUG-WHITE" not in shown(job, "kuaima/KM-001.jsonl")
    assert main(["publish", "resume", "SL-CUP-MUG-WHITE", "NEVER", *data]) == 1
    assert "NEVER was not stopped" in capsys.readouterr().err
    assert main(["publish", "run", str(job), *data]) == 0
    assert "SL-CUP-MUG-WHITE" in shown(job, "kuaima/KM-001.jsonl")


def test_a_mapping_is_suggested_that_can_be_read(job: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "suggest", "jingxuan", str(job)]) == 0
    told = capsys.readouterr().out
    assert '    category: "111"  # 咖啡机 Coffee machines: 111 家用电器 > 厨房小电 > 咖啡机' in told
    (job / "jingxuan.yaml").write_text(told, encoding="utf-8")
    assert main(["publish", "check", str(job)]) in (0, 1)  # read, whether or not it is right


def test_a_catalog_with_a_fault_is_told_with_its_line(job: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = job / "materials.jsonl"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"gtin": "6900000010006"', '"gtin": "6900000010007"'), encoding="utf-8"
    )
    assert main(["publish", "check", str(job)]) == 1
    assert "materials.jsonl:1: attributes.gtin" in capsys.readouterr().err
