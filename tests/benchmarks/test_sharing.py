"""The slow recomputation agrees with the product, and would tell if it did not."""

import json
import random

from benchmarks.sharing import as_shares, off, shared_in_turn
from benchmarks.sharing_slow import Slow
from benchmarks.sharing_worlds import Data, random_contracts, random_orders
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.sharing import Sharing


def test_every_cent_of_random_orders_agrees_and_a_changed_rate_is_found(seed: int) -> None:
    draw = random.Random(seed)
    documents = random_contracts(draw)
    orders = list(random_orders(draw, 150))
    shared = shared_in_turn(ContractBook(parse(json.dumps(one), "contract") for one in documents), orders)
    assert differing(documents, orders, shared) == 0
    carriers = [one for one in documents if one["role"] == "carrier"]
    changed = [{**one, "logistics": {**one["logistics"], "per_package": 999}} for one in carriers]
    others = [one for one in documents if one["role"] != "carrier"]
    assert differing([*others, *changed], orders, shared) > 0


def differing(documents: list[Data], orders: list[Data], shared: list[list[Sharing]]) -> int:
    """How many cents are not the same."""
    slow = Slow(documents)
    return sum(
        off(expected, as_shares(found))
        for order, states in zip(orders, shared, strict=True)
        for expected, found in zip(slow.shares(order), states, strict=True)
    )
