"""The first stages: records that share a key, taken group by group."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from solver.ledger.matching.amounts import Agreement, agreement, paid_out_of, wanted_sums
from solver.ledger.matching.enumeration import subsets_of
from solver.ledger.matching.findings import Findings, matched
from solver.ledger.matching.groups import Group
from solver.ledger.matching.model import Item, Side, Stage
from solver.ledger.matching.rules import MatchRules

_MOST_SUBSET = 12
_MOST_SETS = 100
Pairs = list[tuple[Item, Item]]


class GroupSettler:
    """Settles one group after the other: equal amounts first, then sums, fees and taxes.

    `is_dense` says that a slip may turn one key into another: then only rows that say the same are one booked twice. On
    our side that is so anyhow, since our own references tell two payments of an order apart.
    """

    def __init__(self, rules: MatchRules, findings: Findings, *, is_dense: bool) -> None:
        self._rules, self._findings, self._is_dense = rules, findings, is_dense

    def settle(self, group: Group) -> None:
        """Match what an amount confirms, set aside what a side booked again, and leave the rest open."""
        if len(group.ours) == 1 == len(group.theirs):
            self._match_if_agreed(group, group.ours, group.theirs)
            return
        ours, theirs = _in_order(group.ours), _in_order(group.theirs)
        if self._is_dense:
            ours, theirs = _uncontested(ours, theirs)
        pairs, doubtful, left, right = self._equal(ours, theirs)
        for one, other in pairs:
            self._match(group, [one], [other], Agreement("equal", 0))
        if left and right and doubtful and not _add_up(left, right):
            # What a fee would explain of the rest may belong to the pair in doubt, and the pair's to the rest.
            self._findings.crowded.update(item.item_id for item in (*left, *right))
            return
        if left and right:
            left, right = self._sums(group, left, right)
        if not (left and right):
            self._repeated(pairs, left, right)

    def _equal(self, ours: Sequence[Item], theirs: Sequence[Item]) -> tuple[Pairs, Pairs, list[Item], list[Item]]:
        """Pairs of the same amount, those in doubt since a fee would part them in favour of the rest, and this rest."""
        pairs = _equal_pairs(ours, theirs)
        left = [item for item in ours if all(item is not one for one, _ in pairs)]
        right = [item for item in theirs if all(item is not other for _, other in pairs)]
        torn = [pair for pair in pairs if self._is_torn(pair, left, right)]
        self._findings.torn.update(item.item_id for pair in torn for item in pair)
        doubtful = [pair for pair in pairs if pair in torn or self._is_doubtful(pair, left, right, theirs)]
        for one, other in doubtful:
            self._findings.crowded.update((one.item_id, other.item_id))
        return [pair for pair in pairs if pair not in doubtful], doubtful, left, right

    def _is_doubtful(
        self, pair: tuple[Item, Item], left: Sequence[Item], right: Sequence[Item], theirs: Sequence[Item]
    ) -> bool:
        """Whether another payment of the order may be meant: by a fee, as a part, or since this one is later."""
        one, other = pair
        if not self._rules.is_plausible((other.on - one.on).days):
            return True
        if any(_is_by_rule(agreement([item], [other], self._rules)) for item in left):
            return True
        if any(_is_by_rule(agreement([one], [item], self._rules)) for item in right):
            return True
        parts = [item.amount_minor for item in theirs if item is not other][:_MOST_SUBSET]
        rest = [item.amount_minor - other.amount_minor for item in left]
        return bool(rest) and bool(subsets_of(parts, rest, most=1))

    def _is_torn(self, pair: tuple[Item, Item], left: Sequence[Item], right: Sequence[Item]) -> bool:
        """Whether several records that are left under the key have the amount of one of the pair as well."""
        one, other = pair
        sides = (
            (right, paid_out_of(one.amount_minor, self._rules)),
            (left, wanted_sums(other.amount_minor, self._rules, other.channel)),
        )
        return any(
            len(some) > 1
            for rest, wanted in sides
            for some in subsets_of([item.amount_minor for item in rest[:_MOST_SUBSET]], wanted, most=_MOST_SETS)
        )

    def _match_if_agreed(self, group: Group, ours: Sequence[Item], theirs: Sequence[Item]) -> bool:
        agreed = agreement(ours, theirs, self._rules)
        if agreed is None or not self._is_in_time(ours, theirs):
            return False
        self._match(group, ours, theirs, agreed)
        return True

    def _is_in_time(self, ours: Sequence[Item], theirs: Sequence[Item]) -> bool:
        """Whether their first record comes when one may; otherwise a slip may have made its key another's."""
        days = (min(item.on for item in theirs) - min(item.on for item in ours)).days
        if not self._rules.is_plausible(days):
            self._findings.crowded.update(item.item_id for item in (*ours, *theirs))
            return False
        return True

    def _sums(self, group: Group, left: list[Item], right: list[Item]) -> tuple[list[Item], list[Item]]:
        """Match what sums up: all with all, one with some, pair with pair; returns what is left."""
        if min(len(left), len(right)) == 1 and self._match_if_agreed(group, left, right):
            return [], []
        if len(left) == 1 and (chosen := _only_subset(left, right)) is not None:
            self._match_if_agreed(group, left, chosen)
            return [], [item for item in right if item not in chosen]
        if len(right) == 1 and (chosen := _only_subset(right, left)) is not None:
            self._match_if_agreed(group, chosen, right)
            return [item for item in left if item not in chosen], []
        return self._by_fee(group, left, right)

    def _by_fee(self, group: Group, left: list[Item], right: list[Item]) -> tuple[list[Item], list[Item]]:
        """Pairs that a fee or a tax explains, each the only one for the other; all of them, or none.

        Where records of the order are left over, an amount that a fee would explain may belong to one of those.
        """
        fits = {
            (i, j): agreed
            for i, one in enumerate(left)
            for j, other in enumerate(right)
            if (agreed := agreement([one], [other], self._rules)) is not None and self._is_in_time([one], [other])
        }
        lone = [
            (i, j) for i, j in fits if sum(1 for a, _ in fits if a == i) == 1 and sum(1 for _, b in fits if b == j) == 1
        ]
        if not len(lone) == len(left) == len(right):
            self._findings.crowded.update(item.item_id for item in (*left, *right))
            return left, right
        for i, j in lone:
            self._match(group, [left[i]], [right[j]], fits[i, j])
        return [], []

    def _repeated(self, pairs: Sequence[tuple[Item, Item]], left: Sequence[Item], right: Sequence[Item]) -> None:
        """Set aside what a side booked again: as much once more, when the other side has no more of it."""
        for side, rest in ((Side.OURS, left), (Side.THEIRS, right)):
            is_strict = self._is_dense or side is Side.OURS
            matched_ones = [pair[side is Side.THEIRS] for pair in pairs]
            for item in rest:
                first = next((one for one in matched_ones if _repeats(item, one, is_strict=is_strict)), None)
                if first is not None:
                    self._findings.duplicate(side, item, first)

    def _match(self, group: Group, ours: Sequence[Item], theirs: Sequence[Item], agreed: Agreement) -> None:
        stage = Stage.EXACT_KEY if group.is_exact else Stage.NORMALISED_KEY
        how = "the same key" if group.is_exact else "the same key but for how it is written"
        confidence = 1_000 if agreed.kind is None else 970
        match = matched(
            ours,
            theirs,
            stage=stage,
            reason=f"{how} ({group.key}); {agreed.cause}",
            confidence_permille=confidence - (0 if group.is_exact else 5),
            is_sure=True,
            agreed=agreed,
            rules=self._rules,
        )
        self._findings.match(match, ours, theirs)


def _in_order(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.on, item.line, item.item_id))


def _equal_pairs(ours: Sequence[Item], theirs: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Records of the same amount, the earliest with the earliest."""
    waiting: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for other in theirs:
        waiting[other.amount_minor, other.currency].append(other)
    return [(one, queue.pop(0)) for one in ours if (queue := waiting[one.amount_minor, one.currency])]


def _is_by_rule(agreed: Agreement | None) -> bool:
    return agreed is not None and agreed.kind is not None


def _uncontested(ours: list[Item], theirs: list[Item]) -> tuple[list[Item], list[Item]]:
    """Without amounts of which one side has more, unless those all say the same: one may belong to another key."""
    contested = set()
    for amount in {item.amount_minor for item in (*ours, *theirs)}:
        left = [item for item in ours if item.amount_minor == amount]
        right = [item for item in theirs if item.amount_minor == amount]
        more = left if len(left) > len(right) else right
        if left and right and len(left) != len(right) and not all(says_same(item, more[0]) for item in more):
            contested.add(amount)
    return (
        [item for item in ours if item.amount_minor not in contested],
        [item for item in theirs if item.amount_minor not in contested],
    )


def _only_subset(whole: Sequence[Item], parts: Sequence[Item]) -> list[Item] | None:
    """The only parts that sum to the whole; of parts that say the same, the earliest. None: none, or several."""
    if len(parts) > _MOST_SUBSET:
        return None
    found: dict[tuple[int, ...], list[Item]] = {}
    for size in range(1, len(parts) + 1):
        for some in combinations(parts, size):
            if sum(item.amount_minor for item in some) == sum(item.amount_minor for item in whole):
                found.setdefault(tuple(sorted(item.amount_minor for item in some)), list(some))
    return next(iter(found.values())) if len(found) == 1 else None


def _add_up(ours: Sequence[Item], theirs: Sequence[Item]) -> bool:
    """Whether both sides come to the same, without any rule."""
    return sum(item.amount_minor for item in ours) == sum(item.amount_minor for item in theirs)


def _repeats(item: Item, first: Item, *, is_strict: bool) -> bool:
    is_as_much = (item.amount_minor, item.currency) == (first.amount_minor, first.currency)
    return is_as_much and (not is_strict or says_same(item, first))


def says_same(item: Item, first: Item) -> bool:
    """Whether two records of a side have the same keys and party."""
    return dict(item.keys) == dict(first.keys) and item.party == first.party
