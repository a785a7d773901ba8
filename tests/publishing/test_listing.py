from dataclasses import replace

import pytest

from solver.publishing.article import Article, Image
from solver.publishing.listing import list_article
from tests.publishing.made import article, channel, mapping


def faults(given: Article, shop_id: str = "") -> list[str]:
    listed = list_article(given, channel(), mapping(), shop_id)
    assert listed.listing is None
    return [str(fault) for fault in listed.faults]


def fields(given: Article, shop_id: str = "") -> dict[str, object]:
    listed = list_article(given, channel(), mapping(), shop_id)
    assert listed.faults == ()
    assert listed.listing is not None
    return dict(listed.listing.fields)


def test_fields_are_filled_from_facts_in_the_channels_units() -> None:
    assert fields(article(brand="Hill", model="A1")) == {
        "title": "Machine",
        "weight": "9.80",
        "note": "Hill A1",
        "volts": "220V",
        "watts": 1_450,
    }


def test_a_text_without_one_of_its_facts_takes_the_default() -> None:
    assert fields(article(brand="Hill"))["note"] == "plain"


def test_a_shop_may_say_it_differently() -> None:
    assert fields(article(), "east")["title"] == "E Machine"


def test_the_digest_changes_with_what_is_shown_and_with_nothing_else() -> None:
    first, same, other = (list_article(one, channel(), mapping()).listing for one in VERSIONS)
    assert first is not None
    assert same is not None
    assert other is not None
    assert first.digest == same.digest != other.digest


VERSIONS = (article(), article(erp_code="not mapped"), article(name="Machine 2"))


def test_lists_and_yes_or_no_are_read_in_words() -> None:
    eatable = replace(article(claims=("vegan",), is_cold="是"), categories=("eatable",))
    assert fields(eatable)["claims"] == ("vegan",)
    assert fields(eatable)["cold"] is True


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (article(name=""), "title (required): missing: map title to a fact that the article has, or give a default"),
        (
            article(name="A very long name"),
            "title (length): A very long name: 16 characters: shorten it by 4, or map a shorter text",
        ),
        (
            article(name="The CHEAPEST"),
            "title (forbidden): The CHEAPEST: leave out 'cheapest', which the channel forbids",
        ),
        (
            article(brand="山", model="岚山岚"),
            "note (length): 山 岚山岚: 13 bytes: shorten it by 4, or map a shorter text",
        ),
        (article(weight_grams="heavy"), "weight (kind): heavy: weight is a number; map it to a fact that is one"),
        (article(weight_grams=60_000), "weight (most): 60.00: give at most 50.00 kg"),
        (article(rated_watts=5), "watts (least): 5: give at least 10 W"),
        (article(rated_volts="230V"), "volts (allowed): 230V: there is no such choice; did you mean 220V?"),
        (article(price_minor=90), "price_minor (price): 90: from 100 to 900,000"),
        (article(price_minor=19_905), "price_minor (price): 19905: give a multiple of 10"),
        (replace(article(), currency="USD"), "price_minor (currency): USD: price it in CNY"),
        (
            replace(article(), list_price_minor=10_000),
            "list_price_minor (price): 10000: not less than the price, 19,900",
        ),
        (
            replace(article(), list_price_minor=40_000),
            "price_minor (discount): 19900: at this list price not below 20,000",
        ),
        (replace(article(), images=()), "images (images): 0 images: add 1"),
        (replace(article(), images=article().images * 3), "images (images): 3 images: give 2 at most"),
        (
            replace(article(), images=(Image(url="u", width_pixels=500, height_pixels=900),)),
            "images[0] (image_size): 500 x 900: give 600 pixels a side at least",
        ),
        (
            replace(article(), images=(Image(url="u", width_pixels=800, height_pixels=900),)),
            "images[0] (image_size): 800 x 900: give a square picture",
        ),
        (
            replace(article(), categories=("toys",)),
            "category (category): toys: map toys, or a category above it, to one of Bazaar",
        ),
    ],
)
def test_what_the_channel_would_refuse_is_told_with_field_rule_and_remedy(given: Article, said: str) -> None:
    assert faults(given) == [f"M1: {said}"]


def test_all_faults_of_an_article_are_told_at_once() -> None:
    wrong = replace(article(name="", weight_grams=0, rated_volts=""), images=())
    assert [fault.split(" (")[0] for fault in faults(wrong, "west")] == [
        "M1 in west: title",
        "M1 in west: weight",
        "M1 in west: volts",
        "M1 in west: images",
    ]


def test_a_picture_whose_size_nobody_knows_is_not_judged_by_it() -> None:
    assert fields(replace(article(), images=(Image(url="u"),)))["title"] == "Machine"
