"""Explosion (拆解): from an order's lines to material demand, prices, gifts and decisions."""

from collections.abc import Iterable, Iterator, Sequence

from solver.catalog.combinations.basket import Basket, BasketLine, Seen
from solver.catalog.combinations.draws import Shelf
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.offering import Amount, apply_offers
from solver.catalog.combinations.outcome import Decision, Explosion, LineOutcome
from solver.catalog.combinations.pricing import Bill, asks_list, settled_minor
from solver.catalog.combinations.unfold import Unfolding
from solver.catalog.combinations.wishes import MOST_CHOSEN, Wishes
from solver.errors import Violations
from solver.validation import MOST_MINOR, MOST_UNITS, check_between, check_unique

NOTHING_SEEN = Seen()


def explode(
    basket: Basket, book: Book, seen: Seen = NOTHING_SEEN, *, seed: str = "", decisions: Sequence[Decision] = ()
) -> Explosion:
    """What an order comes to. The same arguments give the same explosion.

    Stock and chance decide on what is `seen`, by the `seed`; what they decided before and is given as `decisions` is
    repeated, whatever is seen now. Raises InvalidRequest with the path to everything that is wrong with the basket.
    """
    violations = Violations()
    unfolding = Unfolding(
        order_id=basket.order_id,
        seed=seed,
        seen=seen,
        shelf=Shelf(available=seen.available),
        recorded={(decision.line_id, decision.path): decision for decision in decisions},
        violations=violations,
    )
    _check_lines(basket, book, violations)
    bills = [_billed(line, at, book, unfolding) for at, line in enumerate(basket.lines) if line.item_id in book]
    violations.refuse_any("the order")
    amounts = [
        Amount(line.line_id, line.item_id, line.quantity, _settled(line, bill, book))
        for line, bill in zip(basket.lines, bills, strict=True)
    ]
    given = _offered(basket, book, amounts, unfolding)
    violations.refuse_any("the order")
    unfolding.decide()
    unfolding.refuse_foreign()
    violations.refuse_any("the order")
    return Explosion(
        order_id=basket.order_id,
        lines=(*_outcomes(bills, amounts), *given),
        pieces=tuple(unfolding.pieces),
        gifts=tuple(unfolding.gifts),
        incoming=tuple(unfolding.incoming),
        decisions=tuple(unfolding.decisions),
    )


def explode_all(
    baskets: Iterable[Basket], book: Book, seen: Seen = NOTHING_SEEN, *, seed: str = ""
) -> Iterator[Explosion]:
    """The explosions of orders, each by itself: all see the same stock."""
    return (explode(basket, book, seen, seed=seed) for basket in baskets)


def _check_lines(basket: Basket, book: Book, violations: Violations) -> None:
    check_unique([line.line_id for line in basket.lines], "lines", violations)
    for at, line in enumerate(basket.lines):
        path = f"lines[{at}]"
        if line.item_id not in book:
            violations.add(f"{path}.item_id", line.item_id, _why_not(line.item_id, book))
        if not 1 <= line.quantity <= MOST_UNITS:
            check_between(line.quantity, 1, MOST_UNITS, f"{path}.quantity", violations)
        if not 0 <= line.unit_price_minor <= MOST_MINOR:
            check_between(line.unit_price_minor, 0, MOST_MINOR, f"{path}.unit_price_minor", violations)
        if len(line.chosen) > MOST_CHOSEN:
            violations.add(f"{path}.chosen", f"{len(line.chosen)} rows", f"choose at most {MOST_CHOSEN}")
    _check_exclusions(basket, book, violations)


def _why_not(item_id: str, book: Book) -> str:
    """What to do about an item that cannot be ordered."""
    if item_id in book.unsound:
        return f"it cannot be unfolded as its parts are now, change it: {book.unsound[item_id]}"
    if item_id in book.combinations:
        return "an offer applies by itself; order the goods that it is about"
    return "there is no such item; name a material, a sales item or a combination"


def _check_exclusions(basket: Basket, book: Book, violations: Violations) -> None:
    """Two combinations that exclude each other are not in one order, whichever of them says so."""
    ordered = {line.item_id for line in basket.lines}
    for at, line in enumerate(basket.lines):
        combination = book.combinations.get(line.item_id)
        if combination is not None and combination.excludes:
            for other in sorted(ordered.intersection(combination.excludes)):
                remedy = f"{line.item_id} and {other} exclude each other; order one of them"
                violations.add(f"lines[{at}].item_id", line.item_id, remedy)


def _billed(line: BasketLine, at: int, book: Book, unfolding: Unfolding) -> Bill:
    """Unfold a line and add up what it comes to."""
    bill = Bill()
    path = f"lines[{at}].chosen"
    wishes = Wishes(chosen=line.chosen, path=path, violations=unfolding.violations)
    unfolding.unfold(line.line_id, book.flat(line.item_id), line.quantity, wishes, bill)
    if line.chosen:
        wishes.refuse_unused()
    if line.unit_price_minor:
        bill.list_minor = line.quantity * line.unit_price_minor
    combination = book.combinations.get(line.item_id)
    if bill.list_minor is None and combination is not None and combination.price is not None:
        known = not asks_list(combination.price, line.quantity)
        remedy = f"the price of {line.item_id} follows from the list price, which is not known; give it"
        unfolding.violations.require(known, f"lines[{at}].unit_price_minor", line.unit_price_minor, remedy)
    return bill


def _settled(line: BasketLine, bill: Bill, book: Book) -> int:
    combination = book.combinations.get(line.item_id)
    return settled_minor(combination.price if combination is not None else None, line.quantity, bill)


def _offered(basket: Basket, book: Book, amounts: list[Amount], unfolding: Unfolding) -> list[LineOutcome]:
    """Apply the offers; the goods that they give become lines of their own."""
    given: list[LineOutcome] = []
    wishes = Wishes(chosen=basket.chosen, path="chosen", violations=unfolding.violations)
    goods = {combination.combination_id: steps for combination, steps in book.offers}
    offers = [combination for combination, _ in book.offers]
    for applied in apply_offers(offers, amounts, basket.customer_tier) if offers else ():
        offer_id = applied.combination.combination_id
        flat = goods[offer_id][applied.step]
        if flat is None or not applied.times:
            continue
        bill, before = Bill(), len(unfolding.pieces)
        opened = len(unfolding.promised) + len(unfolding.undecided)
        unfolding.unfold(offer_id, flat, applied.times, wishes, bill)
        if len(unfolding.pieces) > before or len(unfolding.promised) + len(unfolding.undecided) > opened:
            given.append(_offer_line(offer_id, applied.times, bill))
    wishes.refuse_unused()
    return given


def _offer_line(offer_id: str, times: int, bill: Bill) -> LineOutcome:
    """Goods of an offer cost what its choices add; a gift costs nothing."""
    return LineOutcome(
        line_id=offer_id,
        item_id=offer_id,
        quantity=times,
        list_minor=bill.list_minor or 0,
        price_minor=max(0, bill.extra_minor - bill.credit_minor),
        extra_minor=bill.extra_minor,
        credit_minor=bill.credit_minor,
    )


def _outcomes(bills: Sequence[Bill], amounts: Sequence[Amount]) -> Iterator[LineOutcome]:
    for bill, amount in zip(bills, amounts, strict=True):
        yield LineOutcome(
            line_id=amount.line_id,
            item_id=amount.item_id,
            quantity=amount.quantity,
            list_minor=bill.list_minor or 0,
            price_minor=amount.price_minor,
            extra_minor=bill.extra_minor,
            credit_minor=bill.credit_minor,
            deposit_minor=min(bill.deposit_minor, amount.price_minor),
            reductions=tuple(amount.reductions),
        )
