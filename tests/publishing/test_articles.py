from solver.catalog.catalog import Catalog
from solver.catalog.categories import Category
from solver.catalog.life import LifeState
from solver.catalog.model import ChannelItem, Material, Part, SalesItem
from solver.publishing.article import Image
from solver.publishing.articles import article_of, items_of
from solver.publishing.assortments import Assortments
from solver.publishing.shop import Shop
from tests.publishing.made import channel, mapping

MACHINE = Material(
    sku="M",
    name="Machine",
    weight_grams=9_800,
    length_mm=400,
    width_mm=460,
    height_mm=420,
    category_id="machines",
    attributes={"brand": "Hill", "rated_volts": "220", "rated_watts": "1450"},
)
CUP = Material(sku="C", name="Cup", weight_grams=380, attributes={"brand": "Hill", "colour": "white"})
SET = SalesItem(item_id="SET", name="A set", parts=(Part(sku="M", units=1), Part(sku="C", units=2)))
CATEGORIES = (
    Category(category_id="electric", name="E"),
    Category(category_id="machines", name="M", parent_id="electric"),
)
PICTURES = "https://p.example/1.jpg#800x800|https://p.example/2.jpg"


def item(channel_id: str, code: str, item_id: str, **more: object) -> ChannelItem:
    return ChannelItem(
        channel=channel_id,
        code=code,
        item_id=item_id,
        price_minor=19_900,
        currency="CNY",
        attributes={"image_urls": PICTURES},
        **more,  # type: ignore[arg-type] # fields of a channel item
    )


def catalog(*items: ChannelItem) -> Catalog:
    made = Catalog.of((MACHINE, CUP), (SET,), items)
    return Catalog(
        materials=made.materials,
        sales_items=made.sales_items,
        channel_items=made.channel_items,
        categories={one.category_id: one for one in CATEGORIES},
        refused=made.refused,
        refused_codes=made.refused_codes,
    )


def test_a_material_that_is_sold_singly_is_known_with_its_categories_and_measures() -> None:
    article = article_of(item("bazaar", "B-1", "M", name="Machine for you"), catalog())
    assert article.item_id == "B-1"
    assert article.categories == ("machines", "electric")
    assert article.images == (
        Image(url="https://p.example/1.jpg", width_pixels=800, height_pixels=800),
        Image(url="https://p.example/2.jpg"),
    )
    facts = ("name", "sku", "weight_grams", "length_mm", "brand", "rated_watts")
    assert [article.facts[name] for name in facts] == ["Machine for you", "M", 9_800, 400, "Hill", "1450"]


def test_of_a_bundle_is_known_what_its_parts_agree_on_and_the_weight_of_all() -> None:
    article = article_of(item("bazaar", "B-2", "SET"), catalog())
    assert article.facts["weight_grams"] == 10_560
    assert article.facts["brand"] == "Hill"
    assert article.facts["name"] == "A set"
    assert "colour" not in article.facts
    assert "length_mm" not in article.facts


def test_a_shop_shows_its_channels_items_and_its_own_in_place_of_them() -> None:
    own, shared, other = item("east", "B-1", "SET"), item("bazaar", "B-1", "M"), item("bazaar", "B-3", "M")
    known = catalog(own, shared, other)
    assert items_of(known, Shop(shop_id="east", channel_id="bazaar")) == {"B-1": own, "B-3": other}
    assert items_of(known, Shop(shop_id="west", channel_id="bazaar")) == {"B-1": shared, "B-3": other}


def test_what_may_not_be_ordered_is_hidden_and_what_has_faults_is_told() -> None:
    paused = item("bazaar", "B-4", "M", state=LifeState.PAUSED)
    assortments = Assortments(
        catalog(item("bazaar", "B-1", "M"), item("bazaar", "B-5", "C"), paused),
        {"bazaar": channel()},
        {"bazaar": mapping()},
    )
    checked = assortments.of(Shop(shop_id="west", channel_id="bazaar"))
    assert list(checked.assortment.show) == ["B-1"]
    assert checked.assortment.hide == {"B-4"}
    assert [str(fault) for fault in checked.faults] == [
        "B-5: category (category): no category: map no category, or a category above it, to one of Bazaar"
    ]


def test_shops_of_which_nothing_special_is_said_share_one_assortment() -> None:
    assortments = Assortments(catalog(item("bazaar", "B-1", "M")), {"bazaar": channel()}, {"bazaar": mapping()})
    west, north, east = (assortments.of(Shop(shop_id=name, channel_id="bazaar")) for name in ("west", "north", "east"))
    assert west is north
    assert east.assortment.show["B-1"].fields["title"] == "E Machine"
