"""`import wuxi-cards` and `import fedex-cards` as a user types them."""

from pathlib import Path

import pytest

from solver.cli.main import main
from solver.scenario.files import read_scenario


@pytest.mark.parametrize(
    ("data_set", "service_ids", "line"),
    [
        (
            "wuxi-cards",
            ["sf-standard", "sto-standard", "ane-standard", "ane-timed", "xinliang-freight"],
            "3,263  cn_tariffs/rate_cards_wuxi.csv",
        ),
        ("fedex-cards", ["fedex-ground"], "150  us_tariffs/fedex_ground_home_delivery_list_2025.csv"),
    ],
)
def test_the_cards_alone_become_a_scenario_folder(
    shared_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    data_set: str,
    service_ids: list[str],
    line: str,
) -> None:
    assert main(["import", data_set, str(shared_data), str(tmp_path / "out")]) == 0
    shown = capsys.readouterr().out
    assert line in shown
    assert f"written to {tmp_path / 'out'}" in shown
    scenario = read_scenario(tmp_path / "out")
    assert [service.service_id for service in scenario.services] == service_ids
    assert (scenario.orders, scenario.sources) == ((), ())


def test_a_missing_data_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "fedex-cards", str(tmp_path), str(tmp_path / "out")]) == 1
    assert f"the data folder {tmp_path} has no file us_tariffs" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
