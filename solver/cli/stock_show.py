"""`stock show`: one SKU through all five layers, with every number between."""

import argparse
import sys
from collections.abc import Iterator

import msgspec

from solver.cli.connecting import connected
from solver.cli.ids import meant
from solver.client import CallFailed, Client
from solver.errors import NotFound
from solver.stock.layers.picture_model import PartPicture, PoolPicture, ShopPicture, SitePicture, StockPicture
from solver.stock.physical.places import PlaceLevel


def run(options: argparse.Namespace) -> int:
    """Ask a running service, print the page."""
    with connected(options) as client:
        picture = _picture(client, options.sku)
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(picture)).decode() + "\n")
        return 0
    sys.stdout.writelines(f"{line}\n" for line in page(picture))
    return 0


def _picture(client: Client, sku: str) -> StockPicture:
    """Of this SKU; where there is none, of the only one with stock that begins like this, as tables show it."""
    try:
        return client.channels.picture(sku)
    except CallFailed as failed:
        whole = meant(sku, {level.sku for level in client.stock_levels()}) if failed.reason == NotFound.reason else sku
        if whole == sku:
            raise
    return client.channels.picture(whole)


def page(picture: StockPicture) -> Iterator[str]:
    """The layers from below, a line for each thing that has units."""
    yield picture.sku
    yield from _section("places", (_place(one) for one in picture.places))
    yield from _section("sites", (_site(one) for one in picture.sites))
    yield from _section("logical warehouses", (line for one in picture.sites for line in _dispatch(one)))
    pools = (line for one in picture.pools for line in _pool(one))
    channels = (f"{one.channel_id} may still sell {one.sellable_units:,}" for one in picture.channels)
    yield from _section("channels", (line for lines in (pools, channels) for line in lines))
    yield from _section("shops", (_shop(one) for one in picture.shops))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"{title}:"
    found = False
    for line in lines:
        found = True
        yield f"  {line}"
    if not found:
        yield "  none"


def _place(level: PlaceLevel) -> str:
    place = level.place
    until = f"until {place.expires_on.isoformat()}" if place.expires_on else ""
    lot = f"lot {place.lot}" if place.lot else ""
    where = " ".join(one for one in (place.site_id, place.zone, place.bin, lot, until) if one)
    return f"{where}: {level.units:,} {level.state}"


def _site(site: SitePicture) -> str:
    others = "".join(
        f"; {units:,} {state}" for state, units in sorted(site.states.items()) if state != "good" and units
    )
    figures = f"{site.available:,} available, {site.held:,} held, {site.committed:,} committed"
    return f"{site.site_id}: {site.on_hand:,} on hand: {figures}{others}"


def _dispatch(site: SitePicture) -> Iterator[str]:
    if site.unallotted is not None:
        for part in (*site.allotted, site.unallotted):
            yield f"{site.site_id}, {part.name or 'unallotted'}: {_figures(part)}"


def _pool(pool: PoolPicture) -> Iterator[str]:
    of = pool.logical_id or "all sites"
    for part in (*pool.exclusive, pool.shared):
        yield f"{of}, {part.name or 'shared'}: {_figures(part)}"
    for one in pool.ceilings:
        yield f"{of}, {one.seller}: {one.taken_units:,} held or sold of at most {one.ceiling_units:,}"


def _figures(part: PartPicture) -> str:
    return f"{part.units:,}: {part.free_units:,} free, {part.held_units:,} held"


def _shop(shop: ShopPicture) -> str:
    terms = [f"{shop.sellable_units:,} sellable"]
    if shop.buffer_units:
        terms.append(f"less {shop.buffer_units:,}")
    if shop.multiple_units > 1:
        terms.append(f"in multiples of {shop.multiple_units:,}")
    if shop.cap_units is not None:
        terms.append(f"at most {shop.cap_units:,}")
    return f"{shop.shop_id} shows {shop.shown_units:,} {shop.sku}: {', '.join(terms)}"
