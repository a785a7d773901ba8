"""`catalog`: files into a running service and out of it, codes, and states."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from solver.catalog.fields.model import Layer
from solver.catalog.fields.page import fields_page
from solver.cli import catalog_files
from solver.cli.main import main
from solver.client import Client
from solver.clock import ManualClock
from solver.importers.catalog.nouns import kinds
from solver.importers.catalog.portions import Faults, portions
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, Running

MATERIALS_CSV = """\
sku,名称,weight_grams,长,width_mm,height_mm,保质期,temperature_class,tags,attributes.grade,category_id
TEA,Tea,0.5 kg,10 cm,50,50,730,常温,own|fine,one,tea
MILK,Milk,1000,,,,2 weeks,chilled,,two,tea
"""
CATEGORIES_JSONL = """\
{"category_id":"food","name":"Food","required":["shelf_life_days"]}
{"category_id":"tea","name":"Tea","parent_id":"food","fields":[{"name":"grade","label":"等级","kind":"enum",\
"values":{"one":"一级","two":"二级"},"layers":["material"]}]}
"""
ITEMS_JSON = """[
  {"item_id": "BOX", "name": "Box", "parts": [{"sku": "TEA", "units": 2}, {"sku": "MILK", "units": 1}],
   "title": "茶盒", "attributes": {"selling_points": ["good", "cheap"], "is_presale": true}},

  {"item_id": "ONE", "name": "One", "parts": "TEA"}
]
"""
CODES_CSV = "channel,code,item_id,price_minor,currency,title\ntmall,T-1,BOX,9900,CNY,茶盒\njd,T-1,TEA,,,\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    started = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    yield started
    started.close()


@pytest.fixture
def run(service: Running, tmp_path: Path) -> Callable[..., int]:
    """A command on the service; a text becomes the file of this name."""

    def run(action: str, *words: str, **files: str) -> int:
        for name, text in files.items():
            (tmp_path / name.replace("_csv", ".csv").replace("_json", ".json")).write_text(text, encoding="utf-8")
        told = [str(tmp_path / word) if Path(word).suffix else word for word in words]
        return main(["catalog", action, *told, "--target", f"{HOST}:{service.server.port}"])

    return run


@pytest.fixture
def loaded(run: Callable[..., int]) -> Callable[..., int]:
    assert run("import", "categories.jsonl", "--kind", "categories", categories_jsonl=CATEGORIES_JSONL) == 0
    assert run("import", "materials.csv", "--kind", "materials", materials_csv=MATERIALS_CSV) == 0
    assert run("import", "items.json", "--kind", "sales_items", items_json=ITEMS_JSON) == 0
    assert run("import", "codes.csv", "--kind", "channel_items", codes_csv=CODES_CSV) == 0
    return run


def test_every_layer_comes_from_a_file_of_its_own_format(loaded: Callable[..., int], service: Running) -> None:
    catalog = service.application.catalog.catalog
    tea, milk = catalog.materials["TEA"], catalog.materials["MILK"]
    assert (tea.weight_grams, tea.length_mm, tea.tags, tea.category_id) == (500, 100, ("own", "fine"), "tea")
    assert tea.attributes == {"grade": "one", "shelf_life_days": "730", "temperature_class": "ambient"}
    assert (milk.attributes["shelf_life_days"], milk.traits) == ("14", ("cold_chain",))
    box = catalog.sales_items["BOX"]
    assert box.attributes == {"is_presale": "yes", "selling_points": "good|cheap", "title": "茶盒"}
    assert [(part.sku, part.units) for part in catalog.resolved("tmall", "T-1").parts] == [("TEA", 2), ("MILK", 1)]
    assert [(part.sku, part.units) for part in catalog.sales_items["ONE"].parts] == [("TEA", 1)]
    assert catalog.channel_items["jd", "T-1"].price_minor is None


def test_what_is_exported_and_imported_again_changes_nothing(loaded: Callable[..., int], service: Running) -> None:
    before = service.application.catalog.catalog
    for ending in ("csv", "xlsx", "jsonl", "json"):
        for kind in ("materials", "sales_items", "channel_items"):
            assert loaded("export", f"{kind}.{ending}", "--kind", kind) == 0
            assert loaded("import", f"{kind}.{ending}", "--kind", kind) == 0
    after = service.application.catalog.catalog
    assert dict(after.materials) == dict(before.materials)
    assert dict(after.sales_items) == dict(before.sales_items)
    assert dict(after.channel_items) == dict(before.channel_items)


def test_categories_with_fields_go_into_json_and_not_into_a_table(
    loaded: Callable[..., int], service: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    before = service.application.catalog.catalog.categories
    assert loaded("export", "out.json", "--kind", "categories") == 0
    assert loaded("import", "out.json", "--kind", "categories") == 0
    assert dict(service.application.catalog.catalog.categories) == dict(before)
    assert loaded("export", "out.csv", "--kind", "categories") == 1
    assert "write .jsonl or .json" in capsys.readouterr().err


def test_every_fault_of_a_file_is_told_with_its_line_in_one_go_and_nothing_is_written(
    loaded: Callable[..., int], service: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = service.contents()
    rows = """\
sku,name,weight_grams,gtin,temperature_class,shelf_life_days
A,"Two
lines",1 l,,,
B,Bad code,5,4006381333932,,
C,Ragged,5,,,,,more
B,Again,5,,,
D,Typo,5,,chiled,9.5
E,Sound,5,,,
,No name,5,,,
"""
    assert loaded("import", "bad.csv", "--kind", "materials", "--faults", "faults.csv", bad_csv=rows) == 1
    told = capsys.readouterr().err.replace(f"{tmp_path}/", "").splitlines()
    assert [line.partition(": ")[0] for line in told[:-1]] == [
        "bad.csv:2", "bad.csv:4", "bad.csv:5", "bad.csv:6", "bad.csv:7", "bad.csv:7", "bad.csv:9"
    ]  # fmt: skip
    assert "weight_grams: '1 l': l does not fit: the field is in g" in told[0]
    assert "attributes.gtin: '4006381333932': the check digit is wrong: behind 400638133393 it is 1" in told[1]
    assert "has 8 cells; the first row has 6 names" in told[2]
    assert "B: stands on line 4 before; say it once" in told[3]
    assert "did you mean chilled?" in told[5]
    assert told[-1] == "7 faults; nothing was written"
    assert len((tmp_path / "faults.csv").read_text("utf-8").splitlines()) == 8
    assert service.contents() == before


BAD_FILES = [
    ("bad.csv", "sku,weigth_grams\nA,5\n", "1: weigth_grams: 'weigth_grams': there is no such field; did you mean"),
    ("bad.csv", "sku,名称,name\nA,a,b\n", "says the same as 名称; keep one of them"),
    ("bad.csv", "sku,sku\nA,a\n", "sku: each column has a name of its own"),
    ("bad.csv", "", "begin with a row of names of fields"),
    ("bad.jsonl", '{"sku":"A"}\n{oops\n', "bad.jsonl:2: the row"),
    ("bad.jsonl", '{"sku":"A"}\n', "weight_grams: None: missing; a value must be given"),
    ("bad.jsonl", '{"sku":"A","name":"a","weight_grams":5,"gtln":"1"}\n', "no such field; did you mean gtin?"),
    ("bad.json", '[{"sku":"A"},\n 5]', "bad.json:2: the row"),
    ("bad.json", '{"sku":"A"}', "write a list of objects"),
    ("bad.json", '[{"sku":"A"}', "the list does not end as one does"),
    ("bad.txt", "", "give a file that ends in .csv, .xlsx, .jsonl, .json"),
    ("bad.xlsx", "no workbook", "write a workbook"),
    ("none.csv", None, "there is no such file"),
]


def test_a_file_that_is_none_is_told_where_and_what_to_write(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text, told in BAD_FILES:
        if text is not None:
            (tmp_path / name).write_text(text, encoding="utf-8")
        assert run("import", name, "--kind", "materials") == 1
        assert told in capsys.readouterr().err


def test_a_check_writes_nothing(
    loaded: Callable[..., int], service: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    before = service.contents()
    rows = "sku,name,weight_grams\nNEW,New,5\n"
    assert loaded("import", "new.csv", "--kind", "materials", "--check", new_csv=rows) == 0
    assert capsys.readouterr().out.endswith("new.csv: sound\n")
    assert service.contents() == before


def test_a_file_of_several_portions_is_checked_whole_before_any_of_it_is_written(
    service: Running, tmp_path: Path
) -> None:
    sound = "".join(f"S{number},S,5\n" for number in range(7))
    path = tmp_path / "long.csv"
    kind = kinds()["materials"]
    with Client(f"{HOST}:{service.server.port}") as client:
        path.write_text(f"sku,name,weight_grams\n{sound}S0,S,5\n", "utf-8")
        faults, written = catalog_files.load_file(client.catalog, path, kind, portion_rows=3)
        assert ([fault.line for fault in faults.found], written) == ([9], 0)
        assert dict(service.application.catalog.catalog.materials) == {}
        path.write_text(f"sku,name,weight_grams\n{sound}", "utf-8")
        assert catalog_files.load_file(client.catalog, path, kind, portion_rows=3)[1] == 7
    assert len(service.application.catalog.catalog.materials) == 7


def test_a_portion_is_no_longer_than_a_message_may_be(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    row = '{"item_id":"S%d","name":"S","parts":"TEA","description":"' + "茶" * 4_900 + '"}\n'
    path.write_text("".join(row % number for number in range(1_200)), "utf-8")
    faults = Faults()
    found = [portion.size_bytes for portion in portions(path, kinds()["sales_items"], faults, 50_000)]
    assert (len(found), faults.count) == (2, 0)
    assert all(size < 16 * 1024 * 1024 - 1_000_000 for size in found)


def test_a_version_that_would_change_is_told_with_its_line(
    loaded: Callable[..., int], service: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "item_id,name,parts,version\nBOX,Other,TEA,1\n"
    assert loaded("import", "new.csv", "--kind", "sales_items", new_csv=rows) == 1
    assert "new.csv:2: version: 1: this version is active and says something else" in capsys.readouterr().err
    assert len(service.application.catalog.sales_items.versions("BOX")) == 1


def test_a_state_is_changed_and_codes_say_what_they_stand_for(
    loaded: Callable[..., int], service: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert loaded("state", "paused", "MILK", "--layer", "material") == 0
    assert loaded("state", "retired", "T-1", "--layer", "channel_item", "--channel", "jd") == 0
    with Client(f"{HOST}:{service.server.port}") as client:
        [shown] = client.catalog.resolve("tmall", ["T-1"])
        assert (shown.item_id, shown.refusal) == (
            "BOX", "its part material MILK is paused; activate it, or name another"
        )  # fmt: skip
        assert client.catalog.resolve("jd", ["T-1"])[0].refusal.startswith("channel item")
        [kept] = client.catalog.versions(Layer.MATERIAL, "MILK")
        assert kept == replace(service.application.catalog.materials.get("MILK", 1))
    capsys.readouterr()
    assert loaded("resolve", "tmall", "T-1") == 0
    assert "TEA x 2, MILK x 1" in capsys.readouterr().out
    assert loaded("resolve", "pdd", "T-1") == 1


def test_the_fields_are_printed_without_a_service(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "fields"]) == 0
    assert capsys.readouterr().out == fields_page()


def test_the_real_products_are_imported_whole_and_every_repair_is_told(
    run: Callable[..., int], service: Running, shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = []
    for name in ("cn", "olist"):
        assert main(["catalog", "products", name, str(shared_data), str(tmp_path / name)]) == 0
        told = capsys.readouterr().out
        for kind in ("categories", "materials"):
            assert run("import", f"{name}/{kind}.jsonl", "--kind", kind) == 0
        counts.append(len(service.application.catalog.catalog.materials))
    assert counts == [122, 122 + 32_951]
    assert "6  product weight: missing or zero" in told
    assert service.application.catalog.catalog.materials["X001"].attributes["list_price_minor"] == "12100"
