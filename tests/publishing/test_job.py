from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.publishing.job import read_job
from solver.publishing.shop import Shop
from tests.publishing.made import CHANNEL, MAPPING

JOB = """
title: Ours
catalog: .
channels:
  bazaar: {rules: bazaar.yaml, mapping: mapping.yaml, adapter: "files:out"}
shops:
  B: {channel: bazaar, names: [east, west], calls_per_minute: 120}
  N: {channel: bazaar, numbered: 2}
"""


def folder(tmp_path: Path, job: str = JOB) -> Path:
    for name, text in (("publish.yaml", job), ("bazaar.yaml", CHANNEL), ("mapping.yaml", MAPPING)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_job_names_channels_adapters_and_shops(tmp_path: Path) -> None:
    job = read_job(folder(tmp_path))
    assert (job.title, job.catalog, job.adapters) == ("Ours", tmp_path, {"bazaar": "files:out"})
    assert job.shops == (
        Shop(shop_id="east", channel_id="bazaar", pause_seconds=0.5),
        Shop(shop_id="west", channel_id="bazaar", pause_seconds=0.5),
        Shop(shop_id="N-001", channel_id="bazaar"),
        Shop(shop_id="N-002", channel_id="bazaar"),
    )


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    job = JOB.replace("catalog: .", "catalogue: .").replace(
        "channel: bazaar, numbered: 2", "channel: bazar, numbered: x"
    )
    (tmp_path / "other.yaml").write_text("channel: bazaar\nfeilds: {}\n", encoding="utf-8")
    with pytest.raises(InvalidRequest) as refused:
        read_job(folder(tmp_path, job.replace("mapping: mapping.yaml", "mapping: other.yaml")))
    assert [str(one) for one in refused.value.violations] == [
        "publish.yaml:2: catalog: 'missing': say it",
        "publish.yaml:3: catalogue: 'catalogue': there is no such field; did you mean catalog?",
        "publish.yaml:8: shops.N.channel: 'bazar': there is no such channel; did you mean bazaar?",
        "publish.yaml:8: shops.N.numbered: 'x': write a whole number from 0 to 100,000",
        "other.yaml:2: feilds: 'feilds': there is no such field; did you mean fields?",
    ]


def test_a_folder_without_a_job_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"name a folder with a publish\.yaml"):
        read_job(tmp_path)
