"""Sharing of settled orders against an independent slow recomputation, cent by cent, and how fast it goes.

`python -m benchmarks.sharing --orders 100000`: contracts of platforms, dealers and stores, and carriers are drawn at
random, most in two versions; a seventh of the orders has refunds, and is compared after each.
"""

import argparse
import json
import random
import sys
import time
from datetime import date
from typing import Any

from benchmarks.sharing_slow import Shares, Slow
from benchmarks.sharing_worlds import random_contracts, random_orders
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.facts import Refund, RefundedLine, SettledLine, SettledOrder, ShippedPackage
from solver.ledger.contracts.in_turn import Shared
from solver.ledger.contracts.sharing import Sharing

ORDERS = 100_000


def main() -> int:
    """Print what differs, and the speed; fail where a cent does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    documents = random_contracts(draw)
    book = ContractBook(parse(json.dumps(one), str(one["contract"])) for one in documents)
    orders = list(random_orders(draw, options.orders))
    begun = time.process_time()
    shared = shared_in_turn(book, orders)
    seconds = time.process_time() - begun
    slow = Slow(documents)
    differing = 0
    for order, found in zip(orders, shared, strict=True):
        expected = slow.shares(order)
        got = [as_shares(one) for one in found]
        differing += sum(off(one, other) for one, other in zip(expected, got, strict=True))
        if any(sum(one.values()) != whole.paid_minor for one, whole in zip(got, found, strict=True)):
            print(f"{order['order_id']}: shares do not sum to what was paid")
            return 1
    states = sum(len(found) for found in shared)
    steps = sum(len(one.steps) for found in shared for one in found)
    paid = sum(found[0].paid_minor for found in shared)
    print(
        "| orders | states with refunds | contracts | steps | paid, minor units | differing cents | orders a second |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    print(
        f"| {len(orders):,} | {states:,} | {len(documents)} | {steps:,} | {paid:,} | {differing:,} | "
        f"{len(orders) / seconds:,.0f} |"
    )
    print(f"\nSeed {options.seed}; seconds are those of one processor, refunds included.")
    return int(differing > 0)


def shared_in_turn(book: ContractBook, orders: list[dict[str, Any]]) -> list[list[Sharing]]:
    """Of each order: its sharing, and that after each refund."""
    in_turn = Shared(book)
    return [in_turn.share_all(order_of(data), [refund_of(one) for one in data["refunds"]]) for data in orders]


def order_of(data: dict[str, Any]) -> SettledOrder:
    """Plain data as the product takes it."""
    rest = {name: value for name, value in data.items() if name not in ("lines", "packages", "refunds")}
    lines = tuple(SettledLine(**line) for line in data["lines"])
    return SettledOrder(lines=lines, packages=tuple(ShippedPackage(**one) for one in data["packages"]), **rest)


def refund_of(data: dict[str, Any]) -> Refund:
    """Plain data as the product takes it."""
    on: date = data["on"]
    return Refund(
        refund_id=data["refund_id"],
        order_id=data["order_id"],
        on=on,
        lines=tuple(RefundedLine(**line) for line in data["lines"]),
        freight_minor=data["freight_minor"],
        packages=tuple(ShippedPackage(**one) for one in data["packages"]),
    )


def as_shares(sharing: Sharing) -> Shares:
    """By role and party, without zeroes."""
    return {(one.role.value, one.party): one.amount_minor for one in sharing.shares if one.amount_minor}


def off(one: Shares, other: Shares) -> int:
    """How many cents two sharings differ by."""
    return sum(abs(one.get(key, 0) - other.get(key, 0)) for key in one.keys() | other.keys())


if __name__ == "__main__":
    sys.exit(main())
