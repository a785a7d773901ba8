import pytest

from solver.errors import InvalidRequest
from solver.publishing.mapping import Source
from solver.publishing.mapping_file import read_mapping
from tests.publishing.made import MAPPING, channel, mapping


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        read_mapping(text, "m.yaml", channel())
    return [str(violation) for violation in refused.value.violations]


def test_a_category_takes_what_the_nearest_one_above_it_says() -> None:
    assert mapping().category_of(("machines-auto", "electric")) == "machines"
    assert mapping().category_of(("grind", "electric")) == "grinders"
    assert mapping().category_of(("toys",)) == ""


def test_fields_come_from_the_shop_before_the_category_before_the_channel() -> None:
    sources = mapping().sources_of(("grind", "electric"), "east")
    assert sources["title"] == Source(text="E {name}")
    assert sources["watts"] == Source(fact="rated_watts")
    assert mapping().sources_of((), "west") == mapping().fields


def test_every_fault_is_told_with_its_line() -> None:
    text = MAPPING.replace("channel: bazaar", "channel: bazar").replace("category: machines", "category: kitchen")
    text = text.replace("category: grinders", "category: grindres").replace("watts: rated_watts", "wats: rated_watts")
    text = text.replace("divide: 1000", "divide: 0, constant: x")
    assert faults(text) == [
        "m.yaml:2: channel: 'bazar': this is about bazaar",
        "m.yaml:6: fields.weight: 'fact and constant': give exactly one of fact, constant, text",
        "m.yaml:6: fields.weight.divide: '0': write a whole number from 1 to 1,000,000,000,000",
        "m.yaml:10: categories.electric.category: 'kitchen': goods are listed under leaves; name a category below it",
        "m.yaml:12: categories.electric.fields.wats: 'wats': there is no such field of it; did you mean watts?",
        "m.yaml:14: categories.grind.category: 'grindres': there is no such category; did you mean grinders?",
    ]
