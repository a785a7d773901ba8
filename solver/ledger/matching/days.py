"""Records by their days: those within reach of one are found without looking at all the others."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from solver.ledger.matching.model import Item, Side
from solver.ledger.matching.rules import MatchRules


def day_of(item: Item) -> int:
    """Its day as a number."""
    return item.on.toordinal()


def span(days: Sequence[int], first: int, last: int) -> range:
    """The places of the days from the first to the last, both counted, among days in order."""
    return range(bisect_left(days, first), bisect_right(days, last))


def reach_of_sums(rules: MatchRules, side: Side) -> tuple[int, int]:
    """Where the parts of a single record of this side may lie: the first and the last day, counted from its own.

    A payout comes after what it gathers; instalments come after what they pay.
    """
    if side is Side.THEIRS:
        return -rules.batch_days, rules.days_before
    return -rules.days_before, rules.batch_days


class ByDay:
    """Records, asked for by how near to a day they are."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._of_day: dict[int, list[Item]] = defaultdict(list)
        for item in items:
            self._of_day[day_of(item)].append(item)
        for of_day in self._of_day.values():
            of_day.sort(key=lambda item: item.item_id)

    def nearest(self, day: int, before: int, after: int, most: int) -> list[Item]:
        """So many at most, from `before` days before the day to `after` days after it; of a distance by their ids."""
        found: list[Item] = []
        for off in range(max(before, after) + 1):
            at = {day - off} if off <= before else set()
            at |= {day + off} if off <= after else set()
            rest = most - len(found)
            level = [item for one in at for item in self._of_day.get(one, ())[:rest]]
            found += sorted(level, key=lambda item: item.item_id)[:rest]
            if len(found) == most:
                break
        return found
