"""The last look: what would be told as missing, held once more against all that the other side has not matched.

Nothing is posted here. A person is shown records that agree in amount and days though their numbers do not say so, and
sets of records that have a sum though another question is about one of them: either may be what the other is not.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from solver.ledger.matching.amounts import agreement, paid_out_of, wanted_sums
from solver.ledger.matching.days import day_of, reach_of_sums, span
from solver.ledger.matching.enumeration import subsets_of
from solver.ledger.matching.findings import Findings, matched, refs_of
from solver.ledger.matching.keys import KeySpaces, key_distance, normalised
from solver.ledger.matching.model import Item, Match, Side, Stage
from solver.ledger.matching.parties import Likeness, likeness
from solver.ledger.matching.rules import MatchRules

_MOST_OFFERED = 10  # candidates of one question
_MOST_ALIKE = 10  # records that one agrees with: more say nothing
_MOST_COMPARED = 200  # records of an amount that one is compared with
_MOST_PARTS = 14  # records, the nearest in time, that a sum is looked for in
_MOST_SETS = 1_000
_CONFIDENCE_PERMILLE = 400
_SHOWN = {Likeness.SAME: "the same party", Likeness.MASKED: "the same party as far as it is shown"}
_WHY = "its number names none that agrees; by amount, days and party this may be its partner"


@dataclass(frozen=True, slots=True)
class _Offer:
    """Records that might belong together; the lower the rank, the likelier."""

    rank: tuple[int, ...]
    ours: tuple[Item, ...]
    theirs: tuple[Item, ...]
    match: Match


class LeftoverAsker:
    """Asks about what is still open, and offers with it what other questions are about."""

    def __init__(self, rules: MatchRules, findings: Findings, spaces: KeySpaces) -> None:
        self._rules, self._findings, self._spaces = rules, findings, spaces

    def ask(self, ours: Sequence[Item], theirs: Sequence[Item]) -> None:
        """Ask about every open record that might belong to another one, or to several; all others stay open.

        So does one all of whose candidates are offered already.
        """
        place_of = {ref: place for place, one in enumerate(self._findings.questions) for ref in one.refs}
        done = self._findings.done_ours, self._findings.done_theirs
        left = [item for item in ours if item.item_id not in done[0] or f"ours/{item.item_id}" in place_of]
        right = [item for item in theirs if item.item_id not in done[1] or f"theirs/{item.item_id}" in place_of]
        offered = {match.match_id for question in self._findings.questions for match in question.candidates}
        for found in (
            self._pairs(left, right),
            self._sets(Side.THEIRS, right, left),
            self._sets(Side.OURS, left, right),
        ):
            offers = sorted(filter(self._open, found), key=lambda one: (one.rank, one.match.match_id))
            self._ask_about(self._join(offers, place_of, offered), offered)

    def _join(self, offers: Iterable[_Offer], place_of: Mapping[str, int], offered: set[str]) -> list[_Offer]:
        """Those with a record that is asked about become candidates of its question, which then is of all of them.

        Returns the others, and those that find no room there.
        """
        rest = []
        for offer in offers:
            refs = refs_of(offer.ours, offer.theirs)
            place = min((place_of[ref] for ref in refs if ref in place_of), default=None)
            question = None if place is None else self._findings.questions[place]
            if place is None or question is None or len(question.candidates) >= _MOST_OFFERED:
                rest.append(offer)
            elif offer.match.match_id not in offered:
                fresh = self._open(offer) or ([], [])
                self._findings.questions[place] = replace(
                    question,
                    refs=tuple(sorted({*question.refs, *refs_of(*fresh)})),
                    candidates=(*question.candidates, offer.match),
                )
                self._findings.close(*fresh)
                offered.add(offer.match.match_id)
        return rest

    def _open(self, offer: _Offer) -> tuple[list[Item], list[Item]] | None:
        """The records of an offer that no match and no question has yet; None: none is."""
        ours = [item for item in offer.ours if item.item_id not in self._findings.done_ours]
        theirs = [item for item in offer.theirs if item.item_id not in self._findings.done_theirs]
        return (ours, theirs) if ours or theirs else None

    def _ask_about(self, offers: Sequence[_Offer], offered: set[str]) -> None:
        """The likeliest first; each question offers everything that its records might belong to, each match once."""
        of_record: dict[str, list[_Offer]] = defaultdict(list)
        for offer in offers:
            for ref in refs_of(offer.ours, offer.theirs):
                of_record[ref].append(offer)
        for offer in offers:
            if offer.match.match_id in offered or (still := self._open(offer)) is None:
                continue
            fitting = [offer, *(one for ref in refs_of(*still) for one in of_record[ref])]
            fresh = {one.match.match_id: one.match for one in fitting if one.match.match_id not in offered}
            candidates = list(fresh.values())[:_MOST_OFFERED]
            offered.update(match.match_id for match in candidates)
            self._findings.ask(*still, candidates, _WHY)

    def _pairs(self, ours: Sequence[Item], theirs: Sequence[Item]) -> Iterator[_Offer]:
        """Records that agree in amount and days, and whose parties and numbers do not both speak against it."""
        booked: dict[tuple[str, int], tuple[list[int], list[Item]]] = defaultdict(lambda: ([], []))
        for item in ours:
            days, items = booked[item.currency, item.amount_minor]
            days.append(day_of(item))
            items.append(item)
        for other in theirs:
            first, last = day_of(other) - self._rules.days_after, day_of(other) + self._rules.days_before
            wanted = wanted_sums(other.amount_minor, self._rules, other.channel)
            agreeing = [booked[other.currency, amount] for amount in wanted if (other.currency, amount) in booked]
            near = [(items, span(days, first, last)) for days, items in agreeing]
            if sum(len(there) for _, there in near) > _MOST_COMPARED:
                continue
            fitting = (items[k] for items, there in near for k in there if self._may_belong(items[k], other))
            alike = list(islice(fitting, _MOST_ALIKE + 1))
            if len(alike) <= _MOST_ALIKE:
                yield from (self._pair(one, other) for one in alike)

    def _may_belong(self, one: Item, other: Item) -> bool:
        party = likeness(one.party, other.party)
        return party is not Likeness.OTHER and not (party is Likeness.UNKNOWN and self._is_contradicted(one, other))

    def _is_contradicted(self, one: Item, other: Item) -> bool:
        """Whether their numbers are other ones."""
        apart = key_distance(self._spaces.of_ours(one), self._spaces.of_theirs(other))
        return apart is not None and apart > 2

    def _pair(self, one: Item, other: Item) -> _Offer:
        party, is_contradicted = likeness(one.party, other.party), self._is_contradicted(one, other)
        days = (other.on - one.on).days
        told = f"{_SHOWN.get(party, 'party unknown')}; {days} days later"
        told += "; but other numbers" if is_contradicted else ""
        return self._offer((is_contradicted, party, abs(days)), [one], [other], Stage.AMOUNT_DATE_PARTY, told)

    def _sets(self, side: Side, targets: Sequence[Item], parts: Sequence[Item]) -> Iterator[_Offer]:
        """Records of a party that have the sum of one of the other side, which is the target's side."""
        with_parts: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in parts:
            if _is_named(item) and not (side is Side.OURS and self._spaces.of_theirs(item)):
                with_parts[normalised(item.party, ()), item.currency].append(item)
        for target in targets:
            if not _is_named(target) or (side is Side.THEIRS and self._spaces.of_theirs(target)):
                continue
            near = self._near(side, target, with_parts.get((normalised(target.party, ()), target.currency), []))
            yield from self._sums(side, target, near)

    def _near(self, side: Side, target: Item, parts: Sequence[Item]) -> Sequence[Item]:
        """The parts in reach that are nearest in time; a payout comes after what it gathers, an instalment too."""
        first, last = reach_of_sums(self._rules, side)
        day = day_of(target)
        low, high = bisect_left(parts, day + first, key=day_of), bisect_right(parts, day + last, key=day_of)
        middle = bisect_left(parts, day, key=day_of)
        around = parts[max(low, middle - 2 * _MOST_PARTS) : min(high, middle + 2 * _MOST_PARTS)]
        near = sorted(around, key=lambda item: (abs((item.on - target.on).days), item.item_id))
        return near[:_MOST_PARTS]

    def _sums(self, side: Side, target: Item, near: Sequence[Item]) -> Iterator[_Offer]:
        wanted = self._wanted(side, target)
        if len(near) < 2:
            return
        found = subsets_of([item.amount_minor for item in near], wanted, most=_MOST_SETS)
        ranked = [(self._rank(side, near, some), sorted(some)) for some in found if len(some) > 1]
        offers = []
        for rank, positions in sorted(ranked)[:_MOST_OFFERED]:
            some = [near[k] for k in positions]
            told = f"{len(some)} records of {target.party} have its sum, and others may"
            both = (some, [target]) if side is Side.THEIRS else ([target], some)
            offers.append(self._offer(rank, *both, Stage.SUBSET, told))
        yield from offers

    def _rank(self, side: Side, near: Sequence[Item], positions: Collection[int]) -> tuple[int, ...]:
        """First what nobody is asked about, then what leaves out few nearer records, then the most records."""
        asked = sum(self._is_asked(side, near[k]) for k in positions)
        return asked, max(positions) - len(positions), -len(positions)

    def _is_asked(self, side: Side, part: Item) -> bool:
        done = self._findings.done_ours if side is Side.THEIRS else self._findings.done_theirs
        return part.item_id in done

    def _wanted(self, side: Side, target: Item) -> Collection[int]:
        if side is Side.THEIRS:
            return wanted_sums(target.amount_minor, self._rules, target.channel)
        return paid_out_of(target.amount_minor, self._rules)

    def _offer(
        self, rank: tuple[int, ...], ours: Sequence[Item], theirs: Sequence[Item], stage: Stage, told: str
    ) -> _Offer:
        agreed = agreement(ours, theirs, self._rules)
        match = matched(
            ours,
            theirs,
            stage=stage,
            reason=told if agreed is None else f"{agreed.cause}; {told}",
            confidence_permille=_CONFIDENCE_PERMILLE,
            is_sure=False,
            agreed=agreed,
            rules=self._rules,
        )
        return _Offer(rank, tuple(ours), tuple(theirs), match)


def _is_named(item: Item) -> bool:
    return bool(item.party) and "*" not in item.party
