"""Tags, ids and pairs of words as flags; the tightest of limits."""

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.limits import least_of
from solver.sourcing.tagging import bearing, pairs_of, refused


def test_bearing_has_a_row_for_each_row_and_a_column_for_each_tag() -> None:
    assert bearing([("a", "b"), (), ("c",)], ["b", "c"]).tolist() == [[True, False], [False, False], [False, True]]
    assert bearing([], ["b"]).shape == (0, 1)
    assert bearing([("a",)], []).shape == (1, 0)


def test_only_and_blocked_words_refuse_and_blocked_goes_first() -> None:
    rows = [("a",), ("b",), ("a", "b"), ()]
    assert refused(rows, (), ()).tolist() == [False, False, False, False]
    assert refused(rows, ("a",), ()).tolist() == [False, True, False, True]
    assert refused(rows, (), ("a",)).tolist() == [True, False, True, False]
    assert refused(rows, ("a",), ("b",)).tolist() == [False, True, True, True]


def test_a_pair_is_split_at_its_sign_and_spaces_around_it_do_not_count() -> None:
    assert list(pairs_of(("gold|flagship", " gold | flagship ", "gold"))) == [
        ("gold", "flagship"),
        ("gold", "flagship"),
        ("gold", ""),
    ]


def test_the_least_limit_of_each_group_holds() -> None:
    limits = np.array([5, 2, NO_LIMIT], dtype=np.int64)
    group = np.array([0, 0, 1], dtype=np.int64)
    assert least_of(limits, group, 3).tolist() == [2, NO_LIMIT, NO_LIMIT]
