"""Combinations by themselves: exploded in batches, counted, and what a return gives back. Nothing is kept."""

from collections.abc import Sequence
from dataclasses import replace

from solver.catalog.combination_store import Combinations
from solver.catalog.combinations.availability import CombinationAvailability, availability_of
from solver.catalog.combinations.basket import Basket, Seen
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.lines import ExplodedOrder, Worths, exploded_lines
from solver.catalog.combinations.reach import combination_reach, reach
from solver.catalog.combinations.returning import Bought, quoted_return
from solver.catalog.sharing.returns import Refund
from solver.catalog.worths import worths_of
from solver.errors import FieldViolation, InvalidRequest, NotFound, Violations
from solver.fulfilment.exploding.command import ExplodeCommand, ReturnQuestion
from solver.fulfilment.exploding.exploding import Exploding
from solver.money import is_currency
from solver.orders.validate import MOST_LINES
from solver.validation import check_rows, check_unique


class CombinationDesk:
    """Answers questions about the combinations in force."""

    def __init__(self, exploding: Exploding) -> None:
        self._exploding = exploding

    def explode(self, command: ExplodeCommand) -> tuple[ExplodedOrder, ...]:
        """Every order by itself: all see the same stock. Raises InvalidRequest with the paths of all that is wrong."""
        violations = Violations()
        check_rows(command.orders, "orders", violations)
        check_unique([basket.order_id for basket in command.orders], "orders", violations)
        _check_currency(command.currency, violations)
        for position, basket in enumerate(command.orders):
            check_rows(basket.lines, f"orders[{position}].lines", violations, MOST_LINES)
        violations.refuse_any("the orders to explode")
        known = self._in_force()
        orders = [self._of_channel(basket, command.channel, known) for basket in command.orders]
        available = None if command.ignore_stock else self._available(command.channel, orders, known)
        made = []
        for position, basket in enumerate(orders):
            try:
                made.append(_exploded(basket, known, Seen(available=available), command.currency))
            except InvalidRequest as refused:
                violations.found += [_below(f"orders[{position}]", one) for one in refused.violations]
        violations.refuse_any("the orders to explode")
        return tuple(made)

    def availability(self, combination_ids: Sequence[str], channel: str = "") -> tuple[CombinationAvailability, ...]:
        """How many of each a channel can sell, in sequence. Raises InvalidRequest, NotFound."""
        violations = Violations()
        check_rows(combination_ids, "combination_ids", violations)
        violations.refuse_any("the combinations")
        known = self._in_force()
        asked = []
        for position, combination_id in enumerate(combination_ids):
            combination = known.known.get(combination_id)
            if combination is None:
                raise NotFound(
                    f"there is no combination {combination_id!r}", metadata={"combination_id": combination_id[:128]}
                )
            remedy = "it is an offer and applies by itself; name combinations that are sold"
            violations.require(combination.goods is not None, f"combination_ids[{position}]", combination_id, remedy)
            asked.append(combination)
        violations.refuse_any("the combinations")
        skus = {sku for one in asked for sku in combination_reach(one.combination_id, known.book)}
        there = self._exploding.there(channel, skus)
        return tuple(
            CombinationAvailability(combination_id=one.combination_id, units=0, is_proven=True)
            if known.refusal(one.combination_id)
            else availability_of(one, known.catalog, known.known, there)
            for one in asked
        )

    def quote_return(self, question: ReturnQuestion) -> Refund:
        """What is given back, by the rules in force. Raises InvalidRequest."""
        violations = Violations()
        _check_currency(question.currency, violations)
        check_rows(question.order.lines, "order.lines", violations, MOST_LINES)
        check_rows(question.returned, "returned", violations)
        violations.refuse_any("the return")
        known = self._in_force()
        worths = Worths(of=worths_of(known.catalog, reach(question.order, known.book)), currency=question.currency)
        return quoted_return(
            Bought(basket=question.order, decisions=question.decisions),
            known.book,
            worths,
            question.returned,
            before=question.returned_before,
            refunded_minor=question.refunded_minor,
        )

    def _in_force(self) -> Combinations:
        known = self._exploding.combinations
        if known is None:
            raise NotFound("there are no combinations; add them by UpsertCombinations")
        return known

    def _of_channel(self, basket: Basket, channel: str, known: Combinations) -> Basket:
        lines = tuple(replace(line, item_id=known.catalog.item_of(channel, line.item_id)) for line in basket.lines)
        return replace(basket, lines=lines)

    def _available(self, channel: str, baskets: Sequence[Basket], known: Combinations) -> dict[str, int]:
        skus = {sku for basket in baskets for sku in reach(basket, known.book)}
        return {sku: sum(of.values()) for sku, of in self._exploding.there(channel, skus).items()}


def _exploded(basket: Basket, known: Combinations, seen: Seen, currency: str) -> ExplodedOrder:
    violations = Violations()
    for position, line in enumerate(basket.lines):
        why = known.refusal(line.item_id)
        violations.require(not why, f"lines[{position}].item_id", line.item_id, why)
    violations.refuse_any("the order")
    explosion = explode(basket, known.book, seen, seed=basket.order_id)
    worths = Worths(of=worths_of(known.catalog, explosion.demand), currency=currency)
    return ExplodedOrder(explosion=explosion, lines=exploded_lines(explosion, known.book, worths))


def _check_currency(currency: str, violations: Violations) -> None:
    violations.require(is_currency(currency), "currency", currency, "give an ISO 4217 code such as CNY")


def _below(path: str, violation: FieldViolation) -> FieldViolation:
    return replace(violation, field=f"{path}.{violation.field}")
