"""What is wrong in the returns of a scenario, each with its line."""

from pathlib import Path

import pytest

from solver.network.model import SourceKind
from solver.scenario.files import BULK_FILES, read_scenario, write_scenario
from solver.scenario.returns_model import GradeWeights, ReturnRule
from tests.made_world import made_world
from tests.scenario.test_check_head import told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_scenario(made_world(orders=()), tmp_path / "world")
    return tmp_path / "world"


def test_sound_returns_are_read_as_they_are_written_and_read_again(folder: Path, tmp_path: Path) -> None:
    more = (
        "returns:\n"
        "- {permille: 150, skus: [TEA], days: {2: 3, 9: 1}, grades: {resell: 8, refurbish: 1, scrap: 1},\n"
        "   kinds: [store], service_id: ground, parcel_minor: 900, unit_minor: 50,\n"
        "   exchanged_permille: 300, exchanged_for: {TEA: CUP}}\n"
        "- {permille: 850, source_id: W-EAST}\n"
    )
    assert told(folder, more) == {}
    scenario = read_scenario(folder)
    assert scenario.returns == (
        ReturnRule(
            permille=150,
            skus=("TEA",),
            days={2: 3, 9: 1},
            grades=GradeWeights(resell=8, refurbish=1, scrap=1),
            kinds=(SourceKind.STORE,),
            service_id="ground",
            parcel_minor=900,
            unit_minor=50,
            exchanged_permille=300,
            exchanged_for={"TEA": "CUP"},
        ),
        ReturnRule(permille=850, source_id="W-EAST"),
    )
    write_scenario(scenario, tmp_path / "again")
    assert read_scenario(tmp_path / "again") == scenario


@pytest.mark.parametrize(
    ("fields", "where", "remedy"),
    [
        ("permile: 10", "permile", "did you mean permille?"),
        ("permille: 0", "permille", "must lie between 1 and 1,000"),
        ("permille: 10, skus: [TEEA]", "skus[0]", "there is no such material; did you mean TEA?"),
        ("permille: 10, tags: [tea]", "tags[0]", "there is no such tag of a material"),
        ("permille: 10, channels: [wib]", "channels[0]", "there is no such channel of an order; did you mean web?"),
        ("permille: 10, channels: ['']", "channels[0]", "there is no such channel of an order; give one of web"),
        ("permille: 10, regions: [EAST-CTY]", "regions[0]", "there is no such region; did you mean EAST-CITY?"),
        ("permille: 10, days: {400: 1}", "days.400", "must lie between 0 and 365"),
        ("permille: 10, days: {4: 0}", "days", "give at least one weight above 0"),
        ("permille: 10, grades: {resel: 1}", "grades.resel", "did you mean resell?"),
        ("permille: 10, grades: {scrap: -1}", "grades.scrap", "must lie between 0 and"),
        ("permille: 10, grades: {}", "grades", "give at least one weight above 0"),
        ("permille: 10, source_id: W-EASST", "source_id", "did you mean W-EAST?"),
        ("permille: 10, source_id: W-EAST, kinds: [store]", "kinds", "source_id says where it goes; leave it out"),
        ("permille: 10, kinds: [stor]", "kinds", "drop_shipper; did you mean store?"),
        ("permille: 10, kinds: [dealer]", "kinds[0]", "no source is of this kind; give one of store, warehouse"),
        ("permille: 10, service_id: grund, parcel_minor: 1", "service_id", "did you mean ground?"),
        ("permille: 10, service_id: ground", "parcel_minor", "for which service_id has no price"),
        ("permille: 10, unit_minor: -1", "unit_minor", "must lie between 0 and"),
        ("permille: 10, exchanged_permille: 1001", "exchanged_permille", "must lie between 0 and 1,000"),
        ("permille: 10, exchanged_permille: 9, exchanged_for: {TEA: CUPS}", "exchanged_for.TEA", "did you mean CUP?"),
        ("permille: 10, exchanged_for: {TEA: CUP}", "exchanged_for", "nothing is exchanged"),
    ],
)
def test_returns_that_cannot_be_are_told_with_their_line(folder: Path, fields: str, where: str, remedy: str) -> None:
    (folder / "channels.csv").write_text("channel_id\nweb\n")
    found = told(folder, "returns:\n- {permille: 1}\n- {" + fields + "}\n")
    assert f"3: returns[1].{where}" in found
    assert remedy in found[f"3: returns[1].{where}"]


def test_no_more_than_everything_comes_back(folder: Path) -> None:
    found = told(
        folder, "returns:\n- {permille: 600}\n- {permille: 401, skus: [CUP]}\n- {permille: 400, skus: [POT]}\n"
    )
    assert list(found) == ["1: returns"]
    assert "the rules for CUP come to more than 1000 together" in found["1: returns"]


def test_rules_for_different_orders_may_each_bring_back_everything(folder: Path) -> None:
    (folder / "channels.csv").write_text("channel_id\nweb\nshop\n")
    apart = (
        "returns:\n- {permille: 900, regions: [EAST]}\n- {permille: 900, regions: [WEST], channels: [web]}\n"
        "- {permille: 900, regions: [WEST], channels: [shop]}\n"
    )
    assert told(folder, apart) == {}
    more = apart + "- {permille: 101, regions: [WEST-CITY]}\n"
    assert "come to more than 1000 together" in told(folder, more)["1: returns"]


def test_returns_may_stand_beside_shares_of_stock(folder: Path) -> None:
    assert "backorders" in BULK_FILES
    (folder / "backorders.csv").write_text("site_id,sku,units\nW-EAST,TEA,4\n")
    assert told(folder, "returns:\n- {permille: 100}\n") == {}
