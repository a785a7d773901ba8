"""Each stage alone: what it matches, what it leaves to a person, and what it never does."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from solver.errors import InvalidRequest
from solver.ledger.matching.assignment import ALONE, assign
from solver.ledger.matching.enumeration import subsets_of
from solver.ledger.matching.keys import KeySpaces, are_dense, distance, key_distance, normalised
from solver.ledger.matching.model import DifferenceKind, Item, Reconciliation, Stage
from solver.ledger.matching.parties import Likeness, likeness
from solver.ledger.matching.program import choose
from solver.ledger.matching.reconcile import reconcile
from solver.ledger.matching.rules import FeeRule, MatchRules
from solver.ledger.matching.rules_file import read_rules

START = date(2026, 3, 2)
RULES = MatchRules(fees=(FeeRule(name="card", rate=Fraction(25, 1000)),), tax_rates=(Fraction(13, 100),))


def item(name: str, minor: int, key: str = "", *, day: int = 0, party: str = "shop", currency: str = "CNY") -> Item:
    return Item(
        item_id=name,
        on=START + timedelta(days=day),
        amount_minor=minor,
        currency=currency,
        keys={"order": key} if key else {},
        party=party,
    )


def number(position: int) -> str:
    """Random numbers, as many orders have."""
    return f"{random.Random(position).randrange(16**24):024x}"


def running(position: int) -> str:
    return f"{20_260_000_000 + position}"


def pairs(found: Reconciliation) -> set[tuple[tuple[str, ...], tuple[str, ...], Stage]]:
    return {(match.ours, match.theirs, match.stage) for match in found.matches}


def told(found: Reconciliation) -> list[tuple[DifferenceKind, int, str]]:
    return [(one.kind, one.amount_minor, one.cause) for one in found.differences]


def test_the_same_key_and_amount_match_whatever_the_order_of_the_records() -> None:
    ours = [item(f"A{k}", 100 + k, number(k)) for k in range(20)]
    theirs = [item(f"B{k}", 100 + k, number(k).upper(), day=1) for k in range(20)]
    found = reconcile(ours, theirs, RULES)
    assert pairs(found) == {((f"A{k}",), (f"B{k}",), Stage.NORMALISED_KEY) for k in range(20)}
    assert all(match.is_sure for match in found.matches)
    random.Random(1).shuffle(theirs)
    assert reconcile(ours[::-1], theirs, RULES) == found


@pytest.mark.parametrize(
    ("shown", "currency", "kind", "gap"),
    [
        (9_750, "CNY", DifferenceKind.FEE, -250),
        (11_300, "CNY", DifferenceKind.TAX, 1_300),
        (10_000, "USD", DifferenceKind.CURRENCY, 10_000),
    ],
)
def test_a_gap_that_a_rule_knows_is_told_as_what_it_is(
    shown: int, currency: str, kind: DifferenceKind, gap: int
) -> None:
    found = reconcile([item("A", 10_000, number(1))], [item("B", shown, number(1), currency=currency)], RULES)
    all_told = [*found.differences, *(one for q in found.questions for m in q.candidates for one in m.differences)]
    assert [(one.kind, one.amount_minor) for one in all_told] == [(kind, gap)]


def test_a_gap_that_no_rule_knows_is_left_to_a_person() -> None:
    found = reconcile([item("A", 10_000, number(1))], [item("B", 8_000, number(1))], RULES)
    assert found.matches == ()
    [question] = found.questions
    assert [(match.ours, match.theirs, match.is_sure) for match in question.candidates] == [(("A",), ("B",), False)]
    assert question.candidates[0].differences[0].kind is DifferenceKind.SHORT


def test_parts_under_one_key_sum_up_and_a_refund_joins_what_it_gives_back_of() -> None:
    ours = [item("A", 10_000, number(1)), item("C", 5_000, number(2))]
    theirs = [item("B1", 3_000, number(1)), item("B2", 7_000, number(1)), item("D", 5_000, number(2))]
    refund = item("R", -1_200, number(2), day=6)
    found = reconcile(ours, [*theirs, refund], RULES)
    assert pairs(found) == {
        (("A",), ("B1", "B2"), Stage.EXACT_KEY),
        (("C",), ("D", "R"), Stage.EXACT_KEY),
    }
    assert told(found) == [(DifferenceKind.SHORT, -1_200, "refund_not_booked")]


def test_a_fee_explains_no_rest_beside_a_pair_that_may_be_parted_by_the_same_fee() -> None:
    # 97.50 is 100.00 less the fee, and 97.50 in full; the parts come to 97.50 as well. Nothing says which is which.
    ours = [item("A1", 10_000, number(1)), item("A2", 9_750, number(1))]
    parts = [item("B2", 6_000, number(1)), item("B3", 3_750, number(1))]
    found = reconcile(ours, [item("B1", 9_750, number(1)), *parts], RULES)
    assert found.matches == ()
    # Where the parts come to 100.00, they are its parts; of the pair a person is asked.
    found = reconcile(ours, [item("B1", 9_750, number(1)), parts[0], item("B3", 4_000, number(1))], RULES)
    assert ("A1",) in [match.ours for match in found.matches]


@pytest.mark.parametrize("party", ["shop", "another"])
def test_a_pair_is_asked_about_where_other_records_of_the_key_have_its_amount_together(party: str) -> None:
    # A slip may have made the number of 95.37 that of this order, whose payment was shown in two parts.
    ours = [item("A", 9_537, running(1)), *(item(f"K{k}", 100 + k, running(k)) for k in range(5, 30))]
    theirs = [item("B", 9_537, running(1), day=1, party=party), item("C", 7_186, running(1), day=2)]
    theirs += [item("D", 2_351, running(1), day=5), *(item(f"S{k}", 100 + k, running(k)) for k in range(5, 30))]
    found = reconcile(ours, theirs, RULES)
    assert not any("A" in match.ours for match in found.matches)
    offered = {(one.ours, one.theirs) for question in found.questions for one in question.candidates}
    assert {(("A",), ("B",)), (("A",), ("C",)), (("A",), ("D",))} <= offered
    assert len(found.matches) == 25


def test_what_a_side_booked_twice_is_told_and_matched_once() -> None:
    found = reconcile(
        [item("A", 900, number(1))], [item("B", 900, number(1)), item("B2", 900, number(1), day=1)], RULES
    )
    assert pairs(found) == {(("A",), ("B",), Stage.EXACT_KEY)}
    assert told(found) == [(DifferenceKind.DUPLICATE, 900, "booked_twice")]
    assert found.differences[0].refs == ("theirs/B2", "theirs/B")


def test_a_slip_in_a_random_number_is_seen_through_and_one_in_a_running_number_needs_more() -> None:
    typo = number(1)[:5] + "x" + number(1)[6:]
    found = reconcile([item("A", 900, number(1))], [item("B", 900, typo, party="")], RULES)
    assert pairs(found) == {(("A",), ("B",), Stage.NEAR_KEY)}
    ours = [item(f"A{k}", 900 + k, f"{20260000 + k}") for k in range(50)]
    theirs = [item(f"B{k}", 900 + k, f"{20260000 + k}") for k in range(50) if k != 7]
    lost = item("B", 907, "20260097", party="")
    found = reconcile(ours, [*theirs, lost], RULES)
    assert len(found.matches) == 49
    assert [question.refs for question in found.questions] == [("ours/A7", "theirs/B")]
    known = item("B", 907, "20260097")
    assert len(reconcile(ours, [*theirs, known], RULES).matches) == 50


def test_without_a_key_a_special_amount_of_a_party_matches_and_a_common_one_is_asked() -> None:
    ours = [item("A", 12_345, number(1)), item("C", 900, number(2)), item("E", 900, number(3))]
    theirs = [item("B", 12_345, day=1), item("D", 900, day=1), item("F", 900, day=1)]
    found = reconcile(ours, theirs, RULES)
    assert pairs(found) == {(("A",), ("B",), Stage.AMOUNT_DATE_PARTY)}
    assert {ref for question in found.questions for ref in question.refs} == {
        "ours/C",
        "ours/E",
        "theirs/D",
        "theirs/F",
    }
    assert all(len(question.candidates) == 3 for question in found.questions)


def test_a_payout_is_the_only_set_that_has_its_sum_or_a_person_is_asked() -> None:
    ours = [item(f"A{k}", minor, number(k), day=k) for k, minor in enumerate((12_345, 20_177, 31_007, 44_021))]
    payout = item("P", 12_345 + 20_177 + 31_007, day=4)
    found = reconcile(ours, [payout], RULES)
    assert pairs(found) == {(("A0", "A1", "A2"), ("P",), Stage.SUBSET)}
    twin = [*ours, item("A9", 31_007, number(9), day=2)]
    found = reconcile(twin, [payout], RULES)
    assert found.matches == ()
    [question] = found.questions
    assert {match.ours for match in question.candidates} == {("A0", "A1", "A2"), ("A0", "A1", "A9")}


def test_a_payout_of_more_records_than_a_float_has_sets_of_is_offered_by_its_days() -> None:
    ours = [item(f"A{k}", 1_000 + 7 * k, number(k), day=k // 500) for k in range(1_100)]
    payout = item("P", sum(one.amount_minor for one in ours[500:1_000]), day=3)
    found = reconcile(ours, [payout], RULES)
    assert found.matches == ()
    runs = {match.ours for question in found.questions for match in question.candidates}
    assert tuple(sorted(f"A{k}" for k in range(500, 1_000))) in runs


def test_a_single_record_is_not_taken_for_a_payout_of_two_others() -> None:
    ours = [item("A", 7_757, number(1)), item("B", 7_757, number(2), day=1), item("C", 15_514, number(3), day=2)]
    found = reconcile(ours, [item("P", 15_514, day=3)], RULES)
    assert found.matches == ()
    [question] = found.questions  # of all of them: both explanations are shown together
    assert question.refs == ("ours/A", "ours/B", "ours/C", "theirs/P")
    assert [match.ours for match in question.candidates] == [("C",), ("A", "B")]


def test_two_payouts_of_one_party_are_explained_together() -> None:
    minors = (12_345, 20_177, 31_007, 44_021, 57_803)
    ours = [item(f"A{k}", minor, number(k), day=k) for k, minor in enumerate(minors)]
    theirs = [item("P", 12_345 + 20_177, day=5), item("Q", 31_007 + 44_021 + 57_803, day=6)]
    found = reconcile(ours, theirs, RULES)
    assert pairs(found) == {(("A0", "A1"), ("P",), Stage.SUBSET), (("A2", "A3", "A4"), ("Q",), Stage.SUBSET)}


@pytest.mark.parametrize(
    ("shown", "day", "is_sure"),
    [(203, 1, True), (203, 18, True), (325, 1, True), (325, 18, False)],  # of order 253: one slip, and two
)
def test_two_slips_in_a_running_number_and_a_late_day_are_one_fault_too_many(
    shown: int, day: int, is_sure: bool
) -> None:
    ours = [item("A", 900, running(253)), *(item(f"A{k}", 900 + k, running(k), day=k % 28) for k in range(1, 60))]
    theirs = [item(f"B{k}", 900 + k, running(k), day=k % 28) for k in range(1, 60)]
    found = reconcile(ours, [*theirs, item("B", 900, running(shown), day=day)], RULES)
    assert ((("A",), ("B",), Stage.NEAR_KEY) in pairs(found)) == is_sure
    assert [one.refs for one in found.questions] == ([] if is_sure else [("ours/A", "theirs/B")])
    assert not alone_in(found)


def alone_in(found: Reconciliation) -> set[str]:
    return {one.refs[0] for one in found.differences if one.cause in ("under_way", "not_in_ours", "not_in_theirs")}


@pytest.mark.parametrize(
    ("key", "party", "is_offered"),
    [
        ("202600", "", True),  # cut off: it fits every number, so that the amount alone speaks
        ("000007", "", True),
        ("0620000079", "shop", True),  # two slips: another number, but the party's
        ("0620000079", "s**p", True),
        ("0620000079", "", False),  # another number, and nobody's
        ("202600", "another", False),
    ],
)
def test_what_would_be_missing_is_offered_where_amount_and_days_agree_and_nothing_speaks_against_it(
    key: str, party: str, is_offered: bool
) -> None:
    ours = [item(f"A{k}", 900 + k, running(k)) for k in range(50)]
    theirs = [item(f"B{k}", 900 + k, running(k)) for k in range(50) if k != 7]
    found = reconcile(ours, [*theirs, item("B", 907, key, day=1, party=party)], RULES)
    assert len(found.matches) == 49
    candidates = [(one.ours, one.theirs, one.is_sure) for q in found.questions for one in q.candidates]
    assert candidates == ([(("A7",), ("B",), False)] if is_offered else [])
    assert alone_in(found) == (set() if is_offered else {"ours/A7", "theirs/B"})


def test_a_payout_one_record_of_which_is_asked_about_already_joins_that_question() -> None:
    # By its amount A1 might be what B shows; then the payout would have no explanation, and A2 no partner.
    ours = [item("A1", 1_085, running(1)), item("A2", 1_535, running(2), day=1)]
    theirs = [item("B", 1_085, running(71), day=1, party=""), item("P", 2_620, day=3)]
    kept = [item(f"K{k}", 40_000 + k, running(k), party="else") for k in range(10, 60)]
    shown = [item(f"S{k}", 40_000 + k, running(k), party="else") for k in range(10, 60)]
    found = reconcile([*ours, *kept], [*theirs, *shown], RULES)
    assert len(found.matches) == 50
    [question] = found.questions
    assert question.refs == ("ours/A1", "ours/A2", "theirs/B", "theirs/P")
    assert [(one.ours, one.theirs) for one in question.candidates] == [(("A1",), ("B",)), (("A1", "A2"), ("P",))]
    assert alone_in(found) == set()


def test_a_record_of_many_alike_is_not_asked_about_by_its_amount_alone() -> None:
    ours = [item(f"A{k}", 900, running(k), party="") for k in range(12)]
    found = reconcile(ours, [item("B", 900, day=1, party="")], RULES)
    assert (found.matches, found.questions) == ((), ())
    assert len(alone_in(found)) == 13


def test_every_record_ends_in_one_place() -> None:
    draw = random.Random(3)
    ours = [item(f"A{k}", draw.randint(1, 9) * 100, number(k % 30), day=draw.randint(0, 9)) for k in range(60)]
    theirs = [item(f"B{k}", draw.randint(1, 9) * 100, number(k % 40), day=draw.randint(0, 9)) for k in range(60)]
    found = reconcile(ours, theirs, RULES)
    ends = [f"ours/{one}" for match in found.matches for one in match.ours]
    ends += [f"theirs/{one}" for match in found.matches for one in match.theirs]
    ends += [ref for question in found.questions for ref in question.refs]
    alone = ("booked_twice", "under_way", "not_in_ours", "not_in_theirs")
    ends += [one.refs[0] for one in found.differences if one.cause in alone]
    assert sorted(ends) == sorted([*(f"ours/A{k}" for k in range(60)), *(f"theirs/B{k}" for k in range(60))])


def test_the_margin_of_an_assignment_is_what_the_best_other_one_costs_more() -> None:
    assert assign(2, 2, {(0, 0): 5, (0, 1): 10, (1, 0): 10, (1, 1): 5}) == [(0, 0, 10), (1, 1, 10)]
    assert assign(2, 2, {(0, 0): 5, (0, 1): 5, (1, 0): 5, (1, 1): 5}) == [(0, 0, 0), (1, 1, 0)]
    assert assign(1, 1, {(0, 0): 30}) == [(0, 0, 2 * ALONE - 30)]
    greedy = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 90}  # taking the cheapest first would cost 90
    assert [(one, other) for one, other, _ in assign(2, 2, greedy)] == [(0, 1), (1, 0)]


def test_subsets_by_enumeration_and_by_the_program_are_the_same() -> None:
    draw = random.Random(5)
    for _ in range(10):
        amounts = [draw.randint(-50, 300) for _ in range(7)]
        wanted = sum(draw.sample(amounts, 3))
        by_hand = set(subsets_of(amounts, [wanted], most=200))
        first = choose(amounts, [{wanted}], [set(range(7))])
        assert first is not None
        assert first[0] in by_hand
        other = choose(amounts, [{wanted}], [set(range(7))], least_explained=1, other_than=(0, first[0]))
        assert (other is not None) == (len(by_hand) > 1)


def test_keys_are_compared_as_people_read_them() -> None:
    assert normalised(" t200p-０0１2ab ", ("T200P",)) == "12AB"
    assert (distance("abcdef", "abdcef"), distance("abc", "abc"), distance("abcdef", "ab")) == (1, 0, 99)
    assert are_dense({"20260001", "20260002"})
    assert not are_dense({number(k).upper() for k in range(500)})
    spaces = KeySpaces(MatchRules(keys=(("order", "order"),)), [], [])
    long, cut = item("A", 1, number(1)), item("B", 1, number(1)[:14])
    assert key_distance(spaces.of_ours(long), spaces.of_theirs(cut)) == 2
    assert key_distance(spaces.of_ours(long), spaces.of_theirs(item("C", 1))) is None
    assert likeness("x4***6", "x4abc6") is Likeness.MASKED
    assert likeness("A Shop", "a-shop") is Likeness.SAME


def test_rules_are_read_strictly() -> None:
    text = "keys: {order: merchant_order}\ndays_after: 20\ntax_rates: [0.13]\n"
    text += "fees:\n  - {name: card, rate: 2.5%, fixed_minor: 30}\n"
    rules = read_rules(text, "rules.yaml")
    assert (rules.keys, rules.days_after, rules.tax_rates) == ((("order", "merchant_order"),), 20, (Fraction(13, 100),))
    assert rules.fees[0].fee_minor(10_000) == 280
    with pytest.raises(InvalidRequest) as caught:
        read_rules("days: 3\nfees:\n  - {name: x, rate: 120%}\ndays_after: -1\n", "rules.yaml")
    assert [str(one).split(": ")[0] for one in caught.value.violations] == [
        "rules.yaml:1",
        "rules.yaml:3",
        "rules.yaml:4",
    ]


def test_two_records_of_one_id_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="stands twice"):
        reconcile([item("A", 1), item("A", 2)], [], RULES)
