"""The judge of reconciliation on real payments, corrupted: nothing wrong is posted, and next to nothing is lost."""

from pathlib import Path

import pytest

from benchmarks.corruption import MIX, corrupted, olist_payments
from benchmarks.reconciliation import RULES, items_of, judge
from solver.ledger.matching.reconcile import reconcile


@pytest.mark.parametrize("running", [False, True])
def test_no_wrong_match_of_corrupted_payments_is_posted(shared_data: Path, seed: int, running: bool) -> None:
    payments = olist_payments(shared_data / "olist/sample_a")[:1_000]
    world = corrupted(payments, MIX, seed, running_numbers=running)
    score = judge(world, reconcile(items_of(world.ours), items_of(world.theirs), RULES))
    assert score.wrong == []
    assert sum(score.posted.values()) + sum(score.offered.values()) >= 0.99 * sum(score.true.values())
