import pytest

from solver.errors import InvalidRequest
from solver.publishing.channel_file import load_channel, read_channel, shipped_channels
from tests.publishing.made import CHANNEL, channel


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        read_channel(text, "c.yaml")
    return [str(violation) for violation in refused.value.violations]


def test_a_category_has_the_fields_of_all_above_it() -> None:
    assert list(channel().fields_of("machines")) == ["title", "weight", "note", "volts", "watts"]
    assert list(channel().fields_of("grinders")) == ["title", "weight", "note", "volts"]


def test_a_nearer_field_replaces_one_of_the_same_name() -> None:
    text = CHANNEL.replace(
        "{id: grinders, title: 磨豆机}", "{id: grinders, title: 磨豆机, fields: [{name: volts, kind: text}]}"
    )
    assert read_channel(text, "c.yaml").fields_of("grinders")["volts"].allowed == ()


def test_a_path_names_the_categories_from_the_root_down() -> None:
    assert channel().path_of("machines") == "厨房电器 > 咖啡机"


def test_goods_are_listed_under_leaves() -> None:
    assert [one for one in channel().categories if channel().is_leaf(one)] == ["food", "machines", "grinders"]


def test_every_fault_is_told_with_its_line() -> None:
    text = CHANNEL.replace("kind: decimal", "kind: decimel").replace("items_per_call: 3", "items_per_call: none")
    text = text.replace("{id: grinders,", "{id: machines,").replace("allowed: [220V, 110V]", "forbiden: [x]")
    assert faults(text) == [
        "c.yaml:6: items_per_call: 'none': write a whole number from 1 to 1,000",
        "c.yaml:11: fields[1].kind: 'decimel': there is no such kind; did you mean decimal?",
        "c.yaml:17: categories[0].fields[0].forbiden: 'forbiden': there is no such field; did you mean forbidden?",
        "c.yaml:17: categories[0].fields[0].allowed: 'missing': say what may be chosen",
        "c.yaml:22: categories[0].categories[1].id: 'machines': stands twice; give each category an id of its own",
    ]


def test_what_a_channel_must_say_is_asked_for() -> None:
    assert faults("channel: x\n") == [
        f"c.yaml:1: {name}: 'missing': say it" for name in ("title", "currency", "fields", "categories")
    ]


def test_an_unknown_channel_names_the_one_that_was_meant() -> None:
    with pytest.raises(InvalidRequest, match="did you mean harbor"):
        load_channel("harbour")


def test_the_shipped_channels_file_a_coffee_machine_in_different_places() -> None:
    paths = {name: load_channel(name) for name in shipped_channels()}
    assert {name: one.path_of(leaf) for name, one in paths.items() for leaf in one.categories if leaf in MACHINES} == {
        "baihui": "厨房电器 > 咖啡机",
        "jingxuan": "家用电器 > 厨房小电 > 咖啡机",
        "kuaima": "家居百货 > 生活小家电",
        "harbor": "Home & Kitchen > Kitchen & Dining > Coffee, Tea & Espresso > Espresso Machines",
    }


MACHINES = ("101", "111", "home-appliances", "espresso-machines")
