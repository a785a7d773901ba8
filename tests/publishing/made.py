"""A small channel, its mapping, and articles to be listed there."""

from solver.publishing.article import Article, Image
from solver.publishing.channel import Channel
from solver.publishing.channel_file import read_channel
from solver.publishing.listing import Listing, list_article
from solver.publishing.mapping import ChannelMapping
from solver.publishing.mapping_file import read_mapping

CHANNEL = """
channel: bazaar
title: Bazaar
currency: CNY
version: 1
items_per_call: 3
images: {least: 1, most: 2, least_pixels: 600, square: true}
prices: {least_minor: 100, most_minor: 900000, step_minor: 10, most_discount_permille: 500}
fields:
  - {name: title, title: 标题, kind: text, required: true, most_characters: 12, forbidden: [cheapest]}
  - {name: weight, title: 重量, kind: decimal, unit: kg, required: true, decimals: 2, least: 1, most: 5000}
  - {name: note, title: 备注, kind: text, most_characters: 9, counts_bytes: true}
categories:
  - id: kitchen
    title: 厨房电器
    fields:
      - {name: volts, title: 电压, kind: choice, required: true, allowed: [220V, 110V]}
    categories:
      - id: machines
        title: 咖啡机
        fields: [{name: watts, title: 功率, kind: number, unit: W, least: 10, most: 3000}]
      - {id: grinders, title: 磨豆机}
  - id: food
    title: 食品
    fields:
      - {name: claims, title: 宣称, kind: choices, allowed: [organic, vegan]}
      - {name: cold, title: 冷藏, kind: yes_no}
"""
MAPPING = """
channel: bazaar
version: 1
fields:
  title: name
  weight: {fact: weight_grams, divide: 1000}
  note: {text: "{brand} {model}", default: plain}
categories:
  electric:
    category: machines
    fields:
      volts: {fact: rated_volts, values: {"220": 220V, "110": 110V}}
      watts: rated_watts
  grind: {category: grinders}
  eatable: {category: food, fields: {claims: claims, cold: is_cold}}
shops:
  east: {title: {text: "E {name}"}}
"""


def channel() -> Channel:
    return read_channel(CHANNEL, "bazaar.yaml")


def mapping() -> ChannelMapping:
    return read_mapping(MAPPING, "mapping.yaml", channel())


def article(item_id: str = "M1", price_minor: int = 19_900, **facts: str | int | bool | tuple[str, ...]) -> Article:
    """A coffee machine that the channel takes."""
    known: dict[str, str | int | bool | tuple[str, ...]] = {
        "name": "Machine",
        "weight_grams": 9_804,
        "rated_volts": "220",
        "rated_watts": 1_450,
    }
    return Article(
        item_id=item_id,
        categories=("machines-auto", "electric"),
        facts=known | facts,
        price_minor=price_minor,
        currency="CNY",
        images=(Image(url=f"https://pictures.example/{item_id}.jpg", width_pixels=800, height_pixels=800),),
    )


def listing(item_id: str, name: str = "Machine") -> Listing:
    listed = list_article(article(item_id, name=name), channel(), mapping())
    assert listed.listing is not None
    return listed.listing
