"""From an article to what a channel is sent, or to everything that the channel would refuse."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from solver.publishing.article import Article, Image, Value
from solver.publishing.channel import Channel, ImageRule, PriceRule
from solver.publishing.fault import Fault, Rule
from solver.publishing.filling import Unfit, fill
from solver.publishing.fitting import fit
from solver.publishing.mapping import ChannelMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A channel item as a channel is sent it. `item_id` is our key of it there, `digest` tells versions apart."""

    item_id: str
    category_id: str
    price_minor: int
    list_price_minor: int
    currency: str
    images: tuple[str, ...]
    fields: Mapping[str, Value]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A listing, or the faults that forbid it."""

    listing: Listing | None
    faults: tuple[Fault, ...]


def list_article(article: Article, channel: Channel, mapping: ChannelMapping, shop_id: str = "") -> Listed:
    """Fill a channel's fields from an article, and hold them to the channel's rules, all of them at once."""
    category_id = article.channel_category_id or mapping.category_of(article.categories)
    if category_id not in channel.categories or not channel.is_leaf(category_id):
        return Listed(listing=None, faults=(_unmapped(article, channel, category_id, shop_id),))
    fields: dict[str, Value] = {}
    faults: list[Fault] = []
    sources = mapping.sources_of(article.categories, shop_id)
    for name, field in channel.fields_of(category_id).items():
        try:
            value = fill(field, sources.get(name), article)
            if value is None and field.required:
                raise Unfit(Rule.REQUIRED, "missing", f"map {name} to a fact that the article has, or give a default")
            if value is not None:
                fit(field, value)
                fields[name] = value
        except Unfit as unfit:
            faults.append(unfit.of(article.item_id, shop_id, name))
    whole = (*_about_images(article.images, channel.images), *_about_prices(article, channel))
    faults.extend(one.of(article.item_id, shop_id, one.place) for one in whole)
    return Listed(listing=None if faults else _listing(article, category_id, fields), faults=tuple(faults))


def _listing(article: Article, category_id: str, fields: Mapping[str, Value]) -> Listing:
    images = tuple(image.url for image in article.images)
    prices = (article.price_minor, article.list_price_minor, article.currency)
    body = msgspec.json.encode((article.item_id, category_id, *prices, images, sorted(fields.items())))
    return Listing(
        item_id=article.item_id,
        category_id=category_id,
        price_minor=article.price_minor,
        list_price_minor=article.list_price_minor,
        currency=article.currency,
        images=images,
        fields=fields,
        digest=hashlib.sha256(body).hexdigest()[:32],
    )


def _unmapped(article: Article, channel: Channel, category_id: str, shop_id: str) -> Fault:
    own = article.categories[0] if article.categories else "no category"
    if category_id in channel.categories:
        remedy = f"{channel.path_of(category_id)} has categories below it; map {own} to one of them"
    elif category_id:
        remedy = f"{channel.title} has no category {category_id}; map {own} to one of its leaves"
    else:
        remedy = f"map {own}, or a category above it, to one of {channel.title}"
    return Fault(
        item_id=article.item_id, shop_id=shop_id, field="category", rule=Rule.CATEGORY, value=own, remedy=remedy
    )


def _about_images(images: tuple[Image, ...], rule: ImageRule) -> Iterator[Unfit]:
    if len(images) < rule.least:
        yield Unfit(Rule.IMAGES, f"{len(images)} images", f"add {rule.least - len(images)}", "images")
    if rule.most and len(images) > rule.most:
        yield Unfit(Rule.IMAGES, f"{len(images)} images", f"give {rule.most:,} at most", "images")
    for position, image in enumerate(images):
        if not image.width_pixels or not image.height_pixels:
            continue
        size = f"{image.width_pixels} x {image.height_pixels}"
        if min(image.width_pixels, image.height_pixels) < rule.least_pixels:
            yield Unfit(
                Rule.IMAGE_SIZE, size, f"give {rule.least_pixels:,} pixels a side at least", f"images[{position}]"
            )
        elif rule.square and image.width_pixels != image.height_pixels:
            yield Unfit(Rule.IMAGE_SIZE, size, "give a square picture", f"images[{position}]")


def _about_prices(article: Article, channel: Channel) -> Iterator[Unfit]:
    rule: PriceRule = channel.prices
    price, listed = article.price_minor, article.list_price_minor
    if article.currency != channel.currency:
        yield Unfit(Rule.CURRENCY, article.currency, f"price it in {channel.currency}", "price_minor")
    if price < rule.least_minor or (rule.most_minor and price > rule.most_minor):
        most = f"{rule.most_minor:,}" if rule.most_minor else "any"
        yield Unfit(Rule.PRICE, str(price), f"from {rule.least_minor:,} to {most}", "price_minor")
    if price % rule.step_minor:
        yield Unfit(Rule.PRICE, str(price), f"give a multiple of {rule.step_minor:,}", "price_minor")
    if listed and listed < price:
        yield Unfit(Rule.PRICE, str(listed), f"not less than the price, {price:,}", "list_price_minor")
    if listed and price * 1_000 < listed * (1_000 - rule.most_discount_permille):
        least = -(-listed * (1_000 - rule.most_discount_permille) // 1_000)
        yield Unfit(Rule.DISCOUNT, str(price), f"at this list price not below {least:,}", "price_minor")
