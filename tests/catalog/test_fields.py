"""The fields of the catalog: what the file declares, what is sound, and what is told of what is not."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.catalog import handling
from solver.catalog.fields.codes import FORMATS, check_digit
from solver.catalog.fields.library import groups, shipped_fields
from solver.catalog.fields.model import Field, FieldKind, Layer
from solver.catalog.fields.page import fields_page
from solver.catalog.fields.reading import canonical
from solver.catalog.fields.together import NOT_MORE
from solver.catalog.fields.units import CONVERSIONS
from solver.catalog.model import ChannelItem, Material, SalesItem
from solver.importers.values import exact_multiple

FIELDS = shipped_fields()
PAGE = Path(__file__).resolve().parents[2] / "docs" / "fields.md"
NOUNS = {Layer.MATERIAL: Material, Layer.SALES_ITEM: SalesItem, Layer.CHANNEL_ITEM: ChannelItem}


def test_there_are_at_least_120_typed_attributes_beside_what_the_nouns_hold() -> None:
    assert sum(not field.held for field in FIELDS.values()) >= 120
    assert len(FIELDS) == sum(len(group.fields) for group in groups())


def test_the_page_is_what_the_file_says() -> None:
    assert PAGE.read_text("utf-8") == fields_page(), "run: python -m solver catalog fields > docs/fields.md"


def test_a_held_field_is_one_of_the_nouns_and_no_attribute_repeats_one() -> None:
    for layer, noun in NOUNS.items():
        own = {one.name for one in fields(noun)}
        for field in FIELDS.values():
            if layer in field.layers:
                assert (field.name in own) == field.held, field.name


def test_every_field_has_a_label_a_meaning_and_what_its_kind_needs() -> None:
    for field in FIELDS.values():
        assert field.label, field.name
        assert field.meaning.endswith("."), field.name
        assert field.layers, field.name
        assert (field.kind is FieldKind.WHOLE) == bool(field.unit), field.name
        assert not field.format or field.format in FORMATS, field.name
        assert field.kind is not FieldKind.ENUM or len(field.values) > 1, field.name
        assert field.kind is not FieldKind.TEXT or field.held or field.most, field.name


def test_what_tags_and_other_rules_look_at_are_fields_with_those_values() -> None:
    assert set(FIELDS["temperature_class"].values) >= handling.COLD
    assert handling.NO_BATTERY - {""} <= set(FIELDS["battery_type"].values)
    assert handling.NO_HAZARD - {""} <= set(FIELDS["hazard_class"].values)
    assert {name for pair in NOT_MORE for name in pair} <= set(FIELDS)
    assert {field.unit for field in FIELDS.values()} & set(CONVERSIONS) == set(CONVERSIONS)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_takes_its_example_and_refuses_nothing_and_blanks(name: str) -> None:
    known = FORMATS[name]
    assert known.wrong(known.example) == ""
    assert known.wrong("") != ""
    assert known.wrong("  ") != ""


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("net_weight_grams", "0.5 kg", "500"),
        ("net_weight_grams", " 1,200 ", "1200"),
        ("net_weight_grams", "1斤", "500"),
        ("case_length_mm", "12.5 cm", "125"),
        ("net_content_millilitres", "1.5L", "1500"),
        ("alcohol_by_volume_permille", "53% vol", "530"),
        ("battery_milliwatt_hours", "99.9 Wh", "99900"),
        ("shelf_life_days", "2 weeks", "14"),
        ("least_storage_celsius", "-18 ℃", "-18"),
        ("warranty_months", "2 年", "24"),
        ("cost_minor", "1250", "1250"),
        ("temperature_class", "冷藏 2–8°C", "chilled"),
        ("temperature_class", "Frozen", "frozen"),
        ("is_fragile", "是", "yes"),
        ("is_fragile", "0", "no"),
        ("allergens", "milk | 大豆", "milk|soy"),
        ("gtin", "4006381333931", "4006381333931"),
        ("hs_code", "851671", "851671"),
    ],
)
def test_a_value_is_kept_in_one_form(name: str, text: str, kept: str) -> None:
    assert canonical(FIELDS[name], text) == (kept, "")
    assert canonical(FIELDS[name], kept) == (kept, "")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("net_weight_grams", "500 ml", "ml does not fit: the field is in g; give mg, g"),
        ("net_weight_grams", "0.5", "give a whole number of g; this is 0.5"),
        ("net_weight_grams", "0", "must lie between 1 and 1,000,000,000"),
        ("net_weight_grams", "heavy", "give a whole number of g"),
        ("net_weight_grams", "1e9", "e9 does not fit"),
        ("net_weight_grams", "9" * 61, "give a whole number of g"),
        ("spf", "50 g", "g does not fit: the field is in SPF; give SPF"),
        ("cost_minor", "12.50", "give whole minor units, such as 1250 for 12.50"),
        ("temperature_class", "chiled", "did you mean chilled?"),
        ("is_fragile", "maybe", "give yes or no"),
        ("launches_on", "2026-02-30", "give a day as YYYY-MM-DD"),
        ("launches_on", "20260301", "give a day as YYYY-MM-DD: 2026-03-01"),
        ("allergens", "milk|mlik", "mlik: give one of gluten"),
        ("allergens", "milk|milk", "milk stands twice; name it once"),
        ("allergens", "milk||soy", "none of them empty"),
        ("image_urls", "https://a.example/1.jpg|ftp://b", "ftp://b: give an address"),
        ("short_name", "", "give 1 to 35 characters; this has 0"),
        ("short_name", "x" * 36, "give 1 to 35 characters; this has 36"),
        ("short_name", "a\x00b", "give characters that can be printed"),
        ("gtin", "4006381333932", "the check digit is wrong: behind 400638133393 it is 1; look at the code again"),
        ("gtin", "400638133393", "the check digit is wrong"),
        ("gtin", "12345", "a GTIN has 8 or 12 or 13 or 14 digits"),
        ("gtin", "４００６３８１３３３９３１", "a GTIN has"),
        ("isbn", "4006381333931", "an ISBN begins with 978 or 979"),
        ("hs_code", "8516.71", "without dots"),
        ("hs_code", "771671", "no chapter 77"),
        ("un_number", "UN9999", "from UN0004 on"),
        ("country_of_origin", "ZZ", "ISO 3166-1"),
        ("tax_item_code", "9" * 19, "a tax item has 19 digits"),
        ("food_licence", "SC123", "give SC and 14 digits"),
    ],
)
def test_what_is_not_sound_is_told_with_what_to_write(name: str, text: str, told: str) -> None:
    kept, remedy = canonical(FIELDS[name], text)
    assert kept is None
    assert told in remedy


@settings(max_examples=50)
@given(st.text(alphabet="0123456789", min_size=7, max_size=13).filter(lambda digits: len(digits) in (7, 11, 12, 13)))
def test_one_digit_alone_is_right_behind_any_digits_of_a_gtin(digits: str) -> None:
    sound = [digit for digit in "0123456789" if not FORMATS["gtin"].wrong(digits + digit)]
    assert sound == [str(check_digit(digits))]


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.sampled_from(["kg", "g"]))
def test_a_weight_in_another_unit_is_exact_or_refused(number: int, unit: str) -> None:
    text = f"{number / 1000:.3f}"
    wanted = exact_multiple(text, 1000 if unit == "kg" else 1)
    kept, _ = canonical(FIELDS["carbon_grams"], f"{text} {unit}")
    assert kept == (None if wanted is None else str(wanted))


@settings(max_examples=100)
@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=30))
def test_whatever_is_written_is_refused_with_a_remedy_or_kept_in_a_form_that_stays(name: str, text: str) -> None:
    field: Field = FIELDS[name]
    kept, remedy = canonical(field, text)
    assert (kept is None) == bool(remedy)
    if kept is not None:
        assert canonical(field, kept) == (kept, "")
