"""The smallest set of rules that keeps an order from being filled, against all subsets of rules."""

import random
from collections.abc import Callable
from itertools import combinations

import pytest

from solver.sourcing.explanation.conflict import Conflict, smallest_conflict
from solver.sourcing.explanation.hitting import smallest_hitting_set
from solver.sourcing.policy import Policy

RULES = tuple("abcdefgh")


def refusing(*conflicts: str, asked: list[frozenset[str]] | None = None) -> Callable[[Policy], bool]:
    """The order is filled unless all rules (letters) of one of the conflicts are in force."""

    def fills(policy: Policy) -> bool:
        in_force = frozenset(RULES) - frozenset(policy.off)
        if asked is not None:
            asked.append(in_force)
        return not any(in_force >= frozenset(conflict) for conflict in conflicts)

    return fills


def sizes_of_blocking_sets(rules: str, fills: Callable[[Policy], bool]) -> list[int]:
    return [
        size
        for size in range(len(rules) + 1)
        for kept in combinations(rules, size)
        if not fills(Policy(off=tuple(set(RULES) - set(kept))))
    ]


def test_an_order_that_is_filled_under_all_rules_has_no_conflict() -> None:
    assert smallest_conflict(Policy(), RULES, refusing()) is None


def test_no_rule_is_to_blame_where_the_order_is_not_filled_without_any() -> None:
    assert smallest_conflict(Policy(), RULES, refusing("")) == Conflict(rules=(), is_smallest=True, questions=2)


def test_the_smallest_of_several_conflicts_is_found_whatever_their_names() -> None:
    found = smallest_conflict(Policy(), RULES, refusing("abcd", "bce", "gh"))
    assert found is not None
    assert (found.rules, found.is_smallest) == (("g", "h"), True)


def test_rules_that_the_policy_switched_off_stay_off() -> None:
    asked: list[frozenset[str]] = []
    found = smallest_conflict(Policy(off=("a",)), RULES[1:], refusing("ab", "cd", asked=asked))
    assert found is not None
    assert found.rules == ("c", "d")
    assert not any("a" in rules for rules in asked)


def test_rules_that_are_not_named_stay_in_force() -> None:
    found = smallest_conflict(Policy(), "bc", refusing("ab"))
    assert found is not None
    assert (found.rules, found.is_smallest) == (("b",), True)


@pytest.mark.parametrize("conflicts", [("abcd", "bce", "gh"), ("abcdefgh",), ("ab", "cd", "ef")])
def test_no_question_is_asked_twice_nor_where_earlier_answers_imply_it(conflicts: tuple[str, ...]) -> None:
    asked: list[frozenset[str]] = []
    fills = refusing(*conflicts, asked=asked)
    found = smallest_conflict(Policy(), RULES, fills)
    assert found is not None
    assert found.questions == len(asked)
    for position, rules in enumerate(asked):
        is_filled = refusing(*conflicts)(Policy(off=tuple(set(RULES) - rules)))
        for earlier in asked[:position]:
            was_filled = refusing(*conflicts)(Policy(off=tuple(set(RULES) - earlier)))
            assert not (is_filled and was_filled and rules <= earlier)
            assert not (not is_filled and not was_filled and rules >= earlier)


def test_when_the_questions_run_out_the_answer_is_minimal_and_says_that_it_may_not_be_smallest() -> None:
    fills = refusing("efgh", "ab")  # dropping rules by name meets the larger conflict first
    cut = smallest_conflict(Policy(), RULES, fills, most_questions=1)
    assert cut is not None
    assert (cut.rules, cut.is_smallest) == (("e", "f", "g", "h"), False)
    assert cut.questions <= len(RULES) + 2
    full = smallest_conflict(Policy(), RULES, fills)
    assert full is not None
    assert (full.rules, full.is_smallest) == (("a", "b"), True)


def test_on_random_rules_no_smaller_set_conflicts(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(300):
        conflicts = ["".join(rng.sample(RULES, k=rng.randint(1, 6))) for _ in range(rng.randint(1, 7))]
        named = "".join(rng.sample(RULES, k=rng.randint(4, 8)))
        fills = refusing(*conflicts)
        beside = Policy(off=tuple(set(RULES) - set(named)))
        found = smallest_conflict(beside, named, fills)
        blocking = sizes_of_blocking_sets(named, fills)
        assert (found is None) == (not blocking), f"seed {seed}: {conflicts} {named}"
        if found is not None:
            assert (len(found.rules), found.is_smallest) == (min(blocking), True), f"seed {seed}: {conflicts} {named}"
            assert not fills(Policy(off=tuple(set(RULES) - set(found.rules))))


def test_on_random_rules_and_few_questions_no_rule_of_the_answer_can_be_spared(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(300):
        conflicts = ["".join(rng.sample(RULES, k=rng.randint(1, 6))) for _ in range(rng.randint(1, 7))]
        fills = refusing(*conflicts)
        found = smallest_conflict(Policy(), RULES, fills, most_questions=rng.randint(1, 20))
        assert found is not None
        kept = set(found.rules)
        assert not fills(Policy(off=tuple(set(RULES) - kept))), f"seed {seed}: {conflicts}"
        assert all(fills(Policy(off=tuple(set(RULES) - kept | {rule}))) for rule in kept), f"seed {seed}: {conflicts}"
        if found.is_smallest:
            assert len(kept) == min(sizes_of_blocking_sets("".join(RULES), fills)), f"seed {seed}: {conflicts}"


def test_a_smallest_hitting_set_is_as_small_as_any(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(300):
        sets = [frozenset(rng.sample(RULES, k=rng.randint(1, 5))) for _ in range(rng.randint(0, 8))]
        found = smallest_hitting_set(sets)
        assert all(found & one for one in sets), f"seed {seed}: {sets}"
        smaller = combinations(RULES, max(0, len(found) - 1))
        assert not found or not any(all(set(names) & one for one in sets) for names in smaller), f"seed {seed}: {sets}"


def test_nothing_hits_an_empty_set() -> None:
    with pytest.raises(ValueError, match="an empty set cannot be hit"):
        smallest_hitting_set([frozenset("a"), frozenset()])
