"""Refunds: what they show under the key of something that found its partner joins it, and is told as a difference."""

from collections import defaultdict
from collections.abc import Sequence

from solver.ledger.matching.findings import Findings, matched
from solver.ledger.matching.keys import KeySpaces
from solver.ledger.matching.model import Item, Match, Stage
from solver.ledger.matching.parties import Likeness, likeness
from solver.ledger.matching.rules import MatchRules


def join_refunds(
    ours: Sequence[Item],
    theirs: Sequence[Item],
    spaces: KeySpaces,
    findings: Findings,
    rules: MatchRules,
    *,
    is_dense: bool,
) -> None:
    """Every open record of theirs that goes the other way than a matched one of ours with its key joins that match.

    Of several such matches it is the largest that can bear it. Where keys are dense, a party must confirm it.
    """
    by_key: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for item in ours:
        if item.item_id in findings.match_of_ours:
            for key in spaces.of_ours(item):
                by_key[key].append(item)
    of_theirs = {item.item_id: item for item in theirs}
    of_ours = {item.item_id: item for item in ours}
    for item in theirs:
        if item.item_id in findings.done_theirs:
            continue
        bearers = [one for key in spaces.of_theirs(item) for one in by_key.get(key, ()) if _bears(one, item)]
        if not bearers:
            continue
        bearer = max(bearers, key=lambda one: (abs(one.amount_minor), one.item_id))
        place = findings.match_of_ours[bearer.item_id]
        match = findings.matches[place]
        left = [of_ours[one] for one in match.ours]
        right = [*(of_theirs[one] for one in match.theirs), item]
        is_sure = not is_dense or likeness(bearer.party, item.party) in (Likeness.SAME, Likeness.MASKED)
        joined = _joined(match, left, right, rules, is_sure=is_sure)
        if is_sure:
            findings.matches[place] = joined
            findings.close((), (item,))
        else:
            findings.ask((), (item,), (joined,), "its number may be another one's by a slip, and no party confirms it")


def _bears(one: Item, item: Item) -> bool:
    is_back = (one.amount_minor > 0) != (item.amount_minor > 0)
    return is_back and abs(item.amount_minor) <= abs(one.amount_minor) and one.currency == item.currency


def _joined(match: Match, left: Sequence[Item], right: Sequence[Item], rules: MatchRules, *, is_sure: bool) -> Match:
    return matched(
        left,
        right,
        stage=Stage(match.stage),
        reason=f"{match.reason}; with what was given back under the same key",
        confidence_permille=min(match.confidence_permille, 960),
        is_sure=is_sure,
        agreed=None,
        rules=rules,
    )
