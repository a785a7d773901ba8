"""Order, payment, invoice, shipment: each kind held against the orders, and joined into a chain for each of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from solver.ledger.matching.model import Item, Match, Reconciliation
from solver.ledger.matching.reconcile import reconcile
from solver.ledger.matching.rules import MatchRules


class Link(StrEnum):
    """What follows an order."""

    PAYMENT = "payment"
    INVOICE = "invoice"
    SHIPMENT = "shipment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """An order with what belongs to it, by kind. What is `asked` waits for a person, what is `lacking` is not there."""

    order_id: str
    matches: Mapping[Link, Match]
    asked: tuple[Link, ...]
    lacking: tuple[Link, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything is there, and no amount differs."""
        return not self.asked and not self.lacking and not any(match.differences for match in self.matches.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedRecords:
    """A chain for every order, by its id, and what each kind came to, with what belongs to no order."""

    chains: tuple[Chain, ...]
    found: Mapping[Link, Reconciliation]


def chain(
    orders: Sequence[Item], records: Mapping[Link, Sequence[Item]], rules: Mapping[Link, MatchRules]
) -> ChainedRecords:
    """Hold each kind of record that is given against the orders, under its rules.

    A record that belongs to several orders, such as an invoice of many, stands in the chain of each.
    """
    found = {link: reconcile(orders, list(of_kind), rules.get(link, MatchRules())) for link, of_kind in records.items()}
    matches: dict[str, dict[Link, Match]] = defaultdict(dict)
    asked: dict[str, list[Link]] = defaultdict(list)
    for link, result in found.items():
        for match in result.matches:
            for order_id in match.ours:
                matches[order_id][link] = match
        for question in result.questions:
            for order_id in {one for match in question.candidates for one in match.ours}:
                asked[order_id].append(link)
    chains = []
    for order_id in sorted(item.item_id for item in orders):
        there = matches[order_id]
        waiting = tuple(link for link in found if link in asked[order_id] and link not in there)
        lacking = tuple(link for link in found if link not in there and link not in waiting)
        chains.append(Chain(order_id=order_id, matches=there, asked=waiting, lacking=lacking))
    return ChainedRecords(chains=tuple(chains), found=found)
