"""Two sides held against each other, stage by stage; what is found early is out of the way of what is vaguer."""

from collections.abc import Iterable, Sequence

from solver.errors import InvalidRequest, Violations
from solver.ledger.matching.batches import BatchSettler
from solver.ledger.matching.by_key import GroupSettler
from solver.ledger.matching.extras import join_refunds
from solver.ledger.matching.findings import Findings, missing
from solver.ledger.matching.groups import groups_of
from solver.ledger.matching.keys import KeySpaces, are_dense
from solver.ledger.matching.leftovers import LeftoverAsker
from solver.ledger.matching.model import Item, Reconciliation, Side
from solver.ledger.matching.rules import MatchRules
from solver.ledger.matching.similar import SimilarSettler

MOST_ITEMS = 2_000_000


def reconcile(ours: Sequence[Item], theirs: Sequence[Item], rules: MatchRules) -> Reconciliation:
    """What belongs together, what a person must decide, and what does not agree.

    The order of the records does not matter. Raises InvalidRequest where two records of a side have one id, or there
    are too many.
    """
    _refuse_unsound(ours, theirs)
    ours, theirs = (sorted(side, key=lambda item: (item.on, item.line, item.item_id)) for side in (ours, theirs))
    findings = Findings(rules)
    spaces = KeySpaces(rules, ours, theirs)
    is_dense = _is_dense(ours, spaces)
    groups = GroupSettler(rules, findings, is_dense=is_dense)
    for group in groups_of(ours, theirs, spaces, rules):
        groups.settle(group)
    _set_repeats_aside(ours, theirs, spaces, findings)
    SimilarSettler(rules, findings, spaces, (ours, theirs), is_dense=is_dense).settle(*_open(ours, theirs, findings))
    join_refunds(ours, theirs, spaces, findings, rules, is_dense=is_dense)
    left, right = _open(ours, theirs, findings)
    BatchSettler(rules, findings, spaces, Side.THEIRS).settle(right, left)
    left, right = _open(ours, theirs, findings)
    BatchSettler(rules, findings, spaces, Side.OURS).settle(left, right)
    LeftoverAsker(rules, findings, spaces).ask(ours, theirs)
    left, right = _open(ours, theirs, findings)
    last_on = max((item.on for item in theirs), default=ours[-1].on if ours else None)
    if last_on is not None:
        findings.differences += [missing(Side.OURS, item, rules, last_on) for item in left]
        findings.differences += [missing(Side.THEIRS, item, rules, last_on) for item in right]
    return Reconciliation(
        matches=tuple(findings.matches),
        questions=tuple(findings.questions),
        differences=(*(one for match in findings.matches for one in match.differences), *findings.differences),
    )


def _open(ours: Iterable[Item], theirs: Iterable[Item], findings: Findings) -> tuple[list[Item], list[Item]]:
    return (
        [item for item in ours if item.item_id not in findings.done_ours],
        [item for item in theirs if item.item_id not in findings.done_theirs],
    )


def _is_dense(ours: Sequence[Item], spaces: KeySpaces) -> bool:
    """Whether a slip in a key may make it another record's, in any of the spaces."""
    of_space: dict[int, set[str]] = {}
    for item in ours:
        for space, key in spaces.of_ours(item):
            of_space.setdefault(space, set()).add(key)
    return any(are_dense(keys) for keys in of_space.values())


def _set_repeats_aside(ours: Sequence[Item], theirs: Sequence[Item], spaces: KeySpaces, findings: Findings) -> None:
    """Open records that say what an earlier one of their side says: keys, amount, party. Without a key none repeats."""
    for side, items in ((Side.OURS, ours), (Side.THEIRS, theirs)):
        done = findings.done_ours if side is Side.OURS else findings.done_theirs
        keys_of = spaces.of_ours if side is Side.OURS else spaces.of_theirs
        first: dict[tuple[object, ...], Item] = {}
        for item in items:
            if not keys_of(item):
                continue
            said = (tuple(sorted(item.keys.items())), item.amount_minor, item.currency, item.party)
            if said in first and item.item_id not in done:
                findings.duplicate(side, item, first[said])
            first.setdefault(said, item)


def _refuse_unsound(ours: Sequence[Item], theirs: Sequence[Item]) -> None:
    violations = Violations()
    for name, items in (("ours", ours), ("theirs", theirs)):
        many = len(items)
        violations.require(many <= MOST_ITEMS, name, f"{many:,} records", f"give at most {MOST_ITEMS:,}")
        seen: set[str] = set()
        for item in items:
            if item.item_id in seen:
                violations.add(f"{name}: item_id", item.item_id, "stands twice; give every record an id of its own")
            seen.add(item.item_id)
    if violations.found:
        raise InvalidRequest("the records", violations.found)
