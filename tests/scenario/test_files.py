"""Scenario folders: what is written is read back; what is wrong is told by file, line and field."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.network.calendar import Calendar
from solver.scenario.files import BULK_FILES, HEAD_FILE, read_scenario, write_scenario
from solver.sourcing.policy import Policy
from tests.made_world import MATERIALS, MONDAY_AT_8, made_world, order_of

CALENDAR = Calendar(calendar_id="CN", closed_days=(date(2026, 10, 1),), open_days=(date(2026, 10, 10),))
WORLD = made_world(
    calendars=(CALENDAR,),
    description="两行\n文字: with colons, # and 'quotes'",
    assumptions=("Made up.", "By hand."),
    policy=Policy(split_minor=7),
    orders=(order_of(("TEA", 2), ("GIFT", 1), promised_at=MONDAY_AT_8), order_of(("CUP", 1), order_id="O-2")),
)
SOURCE = {"source_id": "X", "name": "", "kind": "store", "region_id": "EAST", "latitude": 1, "longitude": 2}
PART = {"sku": "TEA", "units": 1}
LINE = {"line_id": "1", "sku": "TEA", "quantity": 1}
ORDER = {
    "order_id": "X",
    "currency": "CNY",
    "placed_at": "2026-03-02T08:00:00Z",
    "destination": {"region_id": "EAST"},
    "lines": [LINE],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_scenario(WORLD, tmp_path / "world")
    return tmp_path / "world"


def wrong_in(folder: Path) -> dict[str, str]:
    """What reading refuses: place below the folder -> what to do."""
    with pytest.raises(InvalidRequest) as refused:
        read_scenario(folder)
    return {one.field.removeprefix(f"{folder}/"): one.remedy for one in refused.value.violations}


def append(folder: Path, noun: str, *lines: str) -> None:
    with (folder / f"{noun}.jsonl").open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


def test_what_is_written_is_read_back_equal(folder: Path) -> None:
    assert read_scenario(folder) == WORLD


def test_what_stands_at_its_default_is_left_out(folder: Path) -> None:
    [calendar] = (folder / "calendars.jsonl").read_text().splitlines()
    assert json.loads(calendar) == {
        "calendar_id": "CN",
        "closed_days": ["2026-10-01"],
        "open_days": ["2026-10-10"],
    }
    head = (folder / HEAD_FILE).read_text()
    assert "policy:\n  split_minor: 7\n" in head
    assert "transfers" not in head


def test_a_noun_without_rows_has_no_file_also_where_it_had_one(folder: Path) -> None:
    assert not (folder / "transfers.jsonl").exists()
    write_scenario(replace(WORLD, calendars=()), folder)
    assert not (folder / "calendars.jsonl").exists()
    assert read_scenario(folder) == replace(WORLD, calendars=())


def test_the_same_scenario_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_scenario(read_scenario(folder), tmp_path / "again")
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted([HEAD_FILE, *(f"{noun}.jsonl" for noun in BULK_FILES if getattr(WORLD, noun))])
    for name in names:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_a_smaller_scenario_leaves_nothing_of_a_larger_one_behind(folder: Path) -> None:
    smaller = made_world(orders=(), stock=(), materials=MATERIALS[:1], sales_items=())
    write_scenario(smaller, folder)
    assert read_scenario(folder) == smaller


def test_a_missing_bulk_file_is_no_rows_and_blank_lines_are_none(folder: Path) -> None:
    (folder / "orders.jsonl").unlink()
    append(folder, "carriers", "", "   ")
    scenario = read_scenario(folder)
    assert (scenario.orders, scenario.carriers) == ((), WORLD.carriers)


def test_a_folder_without_its_head_is_refused(tmp_path: Path) -> None:
    assert wrong_in(tmp_path / "nowhere") == {HEAD_FILE: "a scenario folder needs this file"}


@pytest.mark.parametrize(
    ("noun", "row", "told"),
    [
        ("materials", {"sku": "X", "name": "", "weight_grams": "heavy"}, {"weight_grams": "got `str`"}),
        ("materials", {"sku": "X", "name": ""}, {"weight_grams": "missing"}),
        (
            "materials",
            {"sku": "X", "name": "", "wieght_grams": 1},
            {"wieght_grams": "did you mean weight_grams?", "weight_grams": "missing"},
        ),
        ("materials", {"sku": "X", "name": "", "weight_grams": 0}, {"weight_grams": "must lie between 1 and"}),
        ("materials", [1], {"": "give names with values: sku, name"}),
        ("sources", {**SOURCE, "kind": "stor"}, {"kind": "give one of warehouse, store, dealer"}),
        ("sources", {**SOURCE, "region_id": "EASt"}, {"region_id": "did you mean EAST?"}),
        (
            "sales_items",
            {"item_id": "X", "name": "", "parts": [{"sku": "TEA", "units": 1.5}]},
            {"parts[0].units": "`int`"},
        ),
        (
            "sales_items",
            {"item_id": "X", "name": "", "parts": [PART, {**PART, "n": 1}]},
            {"parts[1].n": "no such field"},
        ),
        ("orders", {**ORDER, "placed_at": "yesterday"}, {"placed_at": "such as 2026-03-02T08:00:00+08:00"}),
        ("orders", {**ORDER, "placed_at": "2026-03-02T08:00:00"}, {"placed_at": "say with which offset"}),
        ("orders", {**ORDER, "promised_at": "2026-03-01T08:00:00Z"}, {"promised_at": "is earlier than the order"}),
        ("orders", {**ORDER, "destination": {"region_id": "A", "lat": 1}}, {"destination.lat": "no such field"}),
        ("orders", {**ORDER, "lines": [{**LINE, "sku": "TEE"}]}, {"lines[0].sku": "did you mean TEA?"}),
        ("orders", {**ORDER, "currency": "USD"}, {"currency": "the scenario is in CNY"}),
        ("orders", {**ORDER, "order_id": "O-2"}, {"order_id": "stands at"}),
        ("stock", {"source_id": "WH-EST", "sku": "TEA", "units": -1}, {"source_id": "did you", "units": "between 1"}),
    ],
)
def test_everything_wrong_in_a_row_is_told_by_file_line_and_field(
    folder: Path, noun: str, row: object, told: dict[str, str]
) -> None:
    lines = len((folder / f"{noun}.jsonl").read_text().splitlines())
    append(folder, noun, json.dumps(row))
    at = f"{noun}.jsonl:{lines + 1}"
    found = wrong_in(folder)
    assert list(found) == [f"{at}: {field}" if field else at for field in told]
    for remedy, words in zip(found.values(), told.values(), strict=True):
        assert words in remedy


def test_a_row_that_is_no_json_is_told_with_what_stood_there(folder: Path) -> None:
    append(folder, "materials", '{"sku": "X",')
    with pytest.raises(InvalidRequest) as refused:
        read_scenario(folder)
    [violation] = refused.value.violations
    assert violation.field == f"{folder}/materials.jsonl:6"
    assert violation.value == repr('{"sku": "X",')
    assert "truncated" in violation.remedy


def test_every_bad_row_of_every_file_is_told_at_once(folder: Path) -> None:
    append(folder, "materials", "nonsense", '{"sku": 1}')
    append(folder, "carriers", "{}")
    (folder / "stock.jsonl").write_bytes(b'\xff\xfe\n{"source_id": "S", "sku": "T", "units": 1}\n')
    assert set(wrong_in(folder)) == {
        "materials.jsonl:6",
        "materials.jsonl:7: sku",
        "materials.jsonl:7: name",
        "materials.jsonl:7: weight_grams",
        "carriers.jsonl:3: carrier_id",
        "carriers.jsonl:3: name",
        "stock.jsonl:1",
        "stock.jsonl:2: source_id",  # the material may be one of those that could not be read
    }


@pytest.mark.parametrize(
    ("spoil", "place", "told"),
    [
        (lambda text: text + "colour: red\n", "{last}: colour", "there is no such field"),
        (
            lambda text: text.replace("split_minor", "split_minr"),
            "{last}: policy.split_minr",
            "did you mean split_minor?",
        ),
        (lambda text: text.replace("name: made-world\n", ""), "1: name", "missing"),
        (lambda text: text.replace("currency: CNY", "currency: 7"), "3: currency", "Expected `str`, got `int`"),
        (lambda text: text + "name: twice\n", "{last}: name", "stands on line 1 before"),
        (lambda text: text + "policies: cheapest\n", "{last}: policies", "Expected `array`, got `str`"),
        (lambda _: "- a list\n", "1", "YAML mapping"),
        (lambda _: "a: 1\nb: [unclosed\n", "3", "YAML mapping"),
        (lambda text: text + "orders: []\n", "{last}: orders", "write these rows to orders.jsonl"),
    ],
)
def test_a_head_that_cannot_be_read_is_told_with_its_line(
    folder: Path, spoil: Callable[[str], str], place: str, told: str
) -> None:
    head = folder / HEAD_FILE
    head.write_text(spoil(head.read_text()))
    [(found, remedy)] = wrong_in(folder).items()
    assert found == f"{HEAD_FILE}:" + place.format(last=len(head.read_text().splitlines()))
    assert told in remedy


def test_strays_from_the_scenarios_currency_and_a_bad_policy_are_refused_with_their_place(tmp_path: Path) -> None:
    write_scenario(replace(made_world(), currency="USD", policy=Policy(max_packages=0)), tmp_path)
    with pytest.raises(InvalidRequest) as refused:
        read_scenario(tmp_path)
    fields = [violation.field for violation in refused.value.violations]
    assert fields == [f"{tmp_path}/scenario.yaml:5: policy.max_packages", f"{tmp_path}/services.jsonl:1: currency"]


GENERATED = "horizon: {starts_at: 2026-03-02T00:00:00Z, ends_at: 2026-03-04T00:00:00Z}\ngenerator: {orders_per_day: 5}"


def based(folder: Path, *more: str) -> Path:
    """A folder beside, on the base of this one."""
    beside = folder.parent / "beside"
    beside.mkdir()
    (beside / HEAD_FILE).write_text(
        "\n".join(["name: beside", "title: t", "currency: CNY", "base: ../world", *more, ""])
    )
    return beside


def test_a_scenario_has_what_its_base_says_but_for_what_it_says_itself(folder: Path) -> None:
    beside = based(folder)
    (beside / "stock.csv").write_text("source_id,sku,units\n" + f"{WORLD.sources[0].source_id},TEA,5\n")
    scenario = read_scenario(beside)
    assert (scenario.sources, scenario.orders, scenario.base) == (WORLD.sources, WORLD.orders, "")
    assert [(row.sku, row.units) for row in scenario.stock] == [("TEA", 5)]
    assert (scenario.name, scenario.description) == ("beside", "")
    assert (scenario.policy, scenario.assumptions) == (WORLD.policy, WORLD.assumptions)


def test_listed_orders_take_the_place_of_a_bases_generator(folder: Path) -> None:
    beside = based(folder, GENERATED)
    above = folder.parent / "above"
    above.mkdir()
    (above / HEAD_FILE).write_text("name: above\ntitle: t\ncurrency: CNY\nbase: ../beside\n")
    assert read_scenario(above).generator == read_scenario(beside).generator is not None
    (above / "orders.jsonl").write_bytes((folder / "orders.jsonl").read_bytes())
    scenario = read_scenario(above)
    assert (scenario.generator, scenario.orders) == (None, WORLD.orders)


def test_drawn_orders_take_the_place_of_the_bases(folder: Path) -> None:
    scenario = read_scenario(based(folder, GENERATED))
    assert scenario.orders == ()
    assert scenario.generator is not None


@pytest.mark.parametrize("base", ["../nowhere", ".", "../beside"])
def test_a_base_that_is_none_is_told_with_its_line(folder: Path, base: str) -> None:
    beside = based(folder)
    head = beside / HEAD_FILE
    head.write_text(head.read_text().replace("../world", base))
    with pytest.raises(InvalidRequest) as refused:
        read_scenario(beside)
    assert f"{head}:4: base" in [one.field for one in refused.value.violations]


def test_what_is_wrong_in_a_base_is_told_by_its_own_file(folder: Path) -> None:
    append(folder, "stock", '{"source_id": "NOBODY", "sku": "TEA", "units": 1}')
    with pytest.raises(InvalidRequest) as refused:
        read_scenario(based(folder))
    [fault] = refused.value.violations
    assert fault.field == f"{folder.resolve()}/stock.jsonl:{len(WORLD.stock) + 1}: source_id"
