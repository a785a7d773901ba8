"""The whole feed by pages, for who asks instead of being told."""

from dataclasses import dataclass

from solver.errors import Violations
from solver.stock.feed.audience import check_audience, shops_for
from solver.stock.feed.model import MOST_VALUES, Audience, Pair, Shopfront, ShownValue
from solver.stock.feed.rows import state, values_from
from solver.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMark:
    """Where a page begins: after this pair, in a walk that began when the feed stood at `number`."""

    after: Pair
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Some of what shops show. A watch after `number` tells what changed since the first page; `next`: the next one."""

    values: tuple[ShownValue, ...]
    number: int
    next: PageMark | None


def feed_page(
    database: Database, shopfront: Shopfront, audience: Audience, mark: PageMark | None, most: int = MOST_VALUES
) -> FeedPage:
    """The page at a mark, or the first. Raises InvalidRequest for channels or shops that do not exist."""
    violations = Violations()
    with database.read() as reader:
        check_audience(audience, shopfront, reader, violations)
        violations.refuse_any("the list of what shops show")
        mark = mark or PageMark(after=("", ""), number=state(reader).last_number)
        values = values_from(reader, mark.after, shops_for(audience, shopfront, reader), most + 1)
    shown = tuple(values[:most])
    following = None
    if len(values) > most:
        following = PageMark(after=(shown[-1].shop_id, shown[-1].sku), number=mark.number)
    return FeedPage(values=shown, number=mark.number, next=following)
