"""What a shop must still be asked for, so that it shows what it should: no more calls than that takes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from solver.publishing.book import Standing, State
from solver.publishing.listing import Listing


class Ask(Enum):
    """What a call asks for. They are made in this order."""

    FIND = "find"
    DELIST = "delist"
    UPDATE = "update"
    CREATE = "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a platform, for some items of a shop."""

    ask: Ask
    item_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The calls, how many items stand as they should already, and those that were refused as they are."""

    calls: tuple[Call, ...]
    unchanged: int
    refused_before: int


def work_of(
    wanted: Mapping[str, Listing], known: Mapping[str, Standing], gone: Collection[str], items_per_call: int
) -> Work:
    """The work that is left of what a shop should show (`wanted`) and no longer show (`gone`).

    A listing that the platform refused is not sent again until it is another one. Where it is not known whether
    something was listed, that is found out first, and not listed again before.
    """
    asks: dict[Ask, list[str]] = {ask: [] for ask in Ask}
    unchanged = refused = 0
    for item_id, listing in wanted.items():
        if item_id in gone:
            continue
        standing = known.get(item_id)
        if standing is None or standing.state is State.DELISTED:
            asks[Ask.CREATE].append(item_id)
        elif standing.state is State.CREATING:
            asks[Ask.FIND].append(item_id)
        elif standing.digest == listing.digest:
            unchanged += standing.state is State.LISTED
            refused += standing.state is State.REFUSED
        else:
            asks[Ask.UPDATE if standing.remote_id else Ask.CREATE].append(item_id)
    for item_id in sorted(gone):
        standing = known.get(item_id)
        if standing is not None and standing.state is State.CREATING:
            asks[Ask.FIND].append(item_id)
        elif standing is not None and standing.remote_id and standing.state is not State.DELISTED:
            asks[Ask.DELIST].append(item_id)
    calls = tuple(
        Call(ask=ask, item_ids=part) for ask, items in asks.items() for part in in_parts(items, items_per_call)
    )
    return Work(calls=calls, unchanged=unchanged, refused_before=refused)


def in_parts(items: Sequence[str], most: int) -> Iterable[tuple[str, ...]]:
    """The items by so many."""
    return (tuple(items[start : start + most]) for start in range(0, len(items), most))
