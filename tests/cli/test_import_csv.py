"""`import csv` as an analyst uses it: a guessed mapping, a dry run, a scenario."""

from pathlib import Path

import pytest

from solver.cli.main import main
from solver.errors import InvalidRequest
from solver.importers.order_history.mapping import WeightIn, read_mapping
from solver.scenario.files import read_scenario, write_scenario
from tests.importers.history_network import NETWORK

CHINESE = """\
订单号,下单时间,商品编码,数量,单价,收货省份,收货城市,发货仓,发货时间,运费,备注
A1,2026/3/6 8:10,TEA,2,49.00,江苏省,苏州市,华东仓,2026/3/6 18:00,13.00,急
A2,2026/3/6 9:10,CUP,1,89.00,广东省,深圳市,华南总仓,2026/3/6 19:00,15.00,
"""
ENGLISH = "InvoiceNo;InvoiceDate;StockCode;Quantity;UnitPrice;City;Weight_kg\nA;2026-03-06;TEA;1;3.5;Suzhou;0.2\n"


@pytest.fixture
def network(tmp_path: Path) -> Path:
    write_scenario(NETWORK, tmp_path / "network")
    return tmp_path / "network"


def guessed(path: Path, network: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["import", "csv", str(path), "--dry-run", "--network", str(network)]) == 0
    return capsys.readouterr().out


def test_a_guess_can_be_saved_as_it_is_and_imports(
    tmp_path: Path, network: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mapping, out = tmp_path / "h.csv", tmp_path / "mapping.yaml", tmp_path / "out"
    file.write_text(CHINESE, "utf-8")
    told = guessed(file, network, capsys)
    mapping.write_text(told, "utf-8")
    assert "#   placed_at    <- 下单时间: '2026/3/6 8:10', '2026/3/6 9:10'" in told
    assert "# not used:\n#   备注: '急'" in told
    assert "#   arrived_at: history does not say what was late" in told
    assert main(["import", "csv", str(file), "--mapping", str(mapping), "--dry-run"]) == 0
    dry = capsys.readouterr().out
    assert "'华南总仓' (1 rows) is no source of the network: say it under `sources`; did you mean 华南仓?" in dry
    assert not out.exists()
    assert main(["import", "csv", str(file), "--mapping", str(mapping), "--out", str(out)]) == 0
    scenario = read_scenario(out)
    assert [order.order_id for order in scenario.orders] == ["A1", "A2"]
    assert [(one.source_id, one.freight_minor) for one in scenario.history] == [("EAST", 1_300), ("", 1_500)]


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (CHINESE, "gb18030", {"encoding": "gb18030", "time_format": "%Y/%m/%d %H:%M", "time_zone": "Asia/Shanghai"}),
        (ENGLISH, "utf-8", {"delimiter": ";", "weight_in": WeightIn.KILOGRAMS, "time_format": "iso"}),
    ],
)
def test_headings_encoding_delimiter_times_and_units_are_guessed(
    tmp_path: Path,
    network: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    encoding: str,
    said: dict[str, object],
) -> None:
    file, mapping = tmp_path / "h.csv", tmp_path / "mapping.yaml"
    file.write_bytes(text.encode(encoding))
    mapping.write_text(guessed(file, network, capsys), "utf-8")
    made = read_mapping(mapping)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.columns.order_id, made.columns.quantity) in (("订单号", "数量"), ("InvoiceNo", "Quantity"))


def test_a_dry_run_ends_with_1_where_a_row_is_not_sound_and_writes_nothing(
    tmp_path: Path, network: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mapping = tmp_path / "h.csv", tmp_path / "mapping.yaml"
    file.write_text(CHINESE, "utf-8")
    mapping.write_text(guessed(file, network, capsys), "utf-8")
    file.write_text(CHINESE.replace(",1,89.00", ",1,89.001"), "utf-8")
    assert main(["import", "csv", str(file), "--mapping", str(mapping), "--dry-run", "--out", str(tmp_path / "o")]) == 1
    assert "h.csv:3: 单价: '89.001': write an amount such as 12.50, with at most 2 decimals" in capsys.readouterr().out
    assert not (tmp_path / "o").exists()


def test_a_mapping_is_held_to_its_fields_with_line_and_guess(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns:\n  order_id: id\n  placedat: at\n  sku: sku\nweight_in: grammes\n", "utf-8")
    with pytest.raises(InvalidRequest) as raised:
        read_mapping(mapping)
    assert [(one.field.removeprefix(f"{mapping}:"), one.remedy) for one in raised.value.violations] == [
        ("3: columns.placedat", "there is no such field; did you mean placed_at?"),
        ("5: weight_in", "give one of grams, kilograms; did you mean grams?"),
    ]
    mapping.write_text("columns: {order_id: id, placed_at: at, sku: sku}\ntime_zone: Asia/Shangai\n", "utf-8")
    with pytest.raises(InvalidRequest) as raised:
        read_mapping(mapping)
    assert [one.field.removeprefix(f"{mapping}:") for one in raised.value.violations] == [
        "1: columns.quantity",
        "1: columns",
        "2: time_zone",
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "say with --mapping which column is what; --dry-run guesses a mapping to begin with"),
        (["--dry-run"], "name a file that ends with .csv, .jsonl, .parquet"),
        (["--mapping", "nowhere.yaml"], "name a YAML file in UTF-8"),
    ],
)
def test_what_is_missing_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    assert main(["import", "csv", str(tmp_path / "h.xls"), *options]) == 1
    assert told in capsys.readouterr().err


def test_headings_in_another_encoding_are_told_once(
    tmp_path: Path, network: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mapping = tmp_path / "h.csv", tmp_path / "mapping.yaml"
    file.write_text(CHINESE, "utf-8")
    mapping.write_text(guessed(file, network, capsys), "utf-8")
    file.write_bytes(CHINESE.encode("gb18030"))
    assert main(["import", "csv", str(file), "--mapping", str(mapping), "--dry-run"]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "the headings are not in this encoding; give the mapping another, such as encoding: gb18030" in told


def test_an_empty_file_is_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "h.csv"
    file.write_text("")
    assert main(["import", "csv", str(file), "--dry-run"]) == 1
    assert "begin the file with a row of headings" in capsys.readouterr().err


def test_a_dry_run_and_an_import_agree_on_the_orders(
    tmp_path: Path, network: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mapping = tmp_path / "h.csv", tmp_path / "mapping.yaml"
    file.write_text(CHINESE, "utf-8")
    mapping.write_text(guessed(file, network, capsys), "utf-8")
    file.write_text(f"{CHINESE}A2,2026/3/6 9:10,TEA,-1,89.00,广东省,深圳市,华南总仓,2026/3/6 19:00,15.00,\n", "utf-8")
    arguments = ["import", "csv", str(file), "--mapping", str(mapping)]
    assert main([*arguments, "--dry-run"]) == 1
    told = capsys.readouterr().out
    assert "  2  orders, " in told
    assert "  1  of them left out, as another of their rows is not sound" in told
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "  1  orders\n" in told
    assert "  1  h.csv: row_of_its_order_is_not_sound\n" in told
