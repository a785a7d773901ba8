"""The counts of a plan: they are of plans that were checked, and no statement is asked twice without need."""

from benchmarks.load_world import Size
from benchmarks.plan_counts import counts


def test_a_plan_takes_few_statements_and_an_order_of_a_batch_less_than_one(seed: int) -> None:
    found = dict(counts(Size(sources=12, skus=5, stocked_percent=100), seed, plans=20))
    alone, of_batch = found["plan alone"], found["order of a batch of 100"]
    assert alone.statements <= 30, "with three transactions' begins and ends"
    assert of_batch.statements < 1
    assert of_batch.calls < alone.calls
    assert found["promise"].statements == 1, "whether anything was committed since the last"
