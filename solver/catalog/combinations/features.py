"""Features of a combination: what it is made with, in words. A kind (组合方式) is a set of them."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from solver.catalog.combinations.model import Choose, Combination, Draw, Gift, Node, Offer, PreSale, Primitive, Upgrade
from solver.catalog.combinations.pricing import PERMILLE
from solver.catalog.combinations.walk import nodes, tops


def features_of(combination: Combination, known: Mapping[str, Combination]) -> frozenset[str]:
    """Every feature that the combination has; `known` are the combinations that it may nest."""
    return frozenset(_features(combination, known))


def _features(combination: Combination, known: Mapping[str, Combination]) -> Iterator[str]:
    for _, node in tops(combination):
        if node.item is not None and node.units > 1:
            yield "multiple"
    for _, node in nodes(combination):
        yield from _of_node(node, known)
    if combination.price is not None:
        for rule in fields(combination.price):
            if getattr(combination.price, rule.name) is not None:
                yield f"price.{rule.name}"
    if combination.offer is not None:
        yield from _of_offer(combination.offer)


def _of_node(node: Node, known: Mapping[str, Combination]) -> Iterator[str]:
    if node.item is not None and node.item.item_id in known:
        yield "nested"
    if node.item is not None and node.item.substitutes:
        yield "substitutes"
    if node.all_of is not None and node.all_of.together:
        yield "together"
    for name, primitive in node.given:
        if name != "item":
            yield name
        yield from (f"{name}.{feature}" for feature, has in _of_primitive(primitive) if has)


def _of_primitive(primitive: Primitive) -> tuple[tuple[str, bool], ...]:
    match primitive:
        case Choose():
            return _of_choice(primitive)
        case Draw():
            several = primitive.count > 1
            return ("several", several), ("distinct", primitive.distinct), ("by_stock", primitive.by_stock)
        case Gift():
            return (
                ("per_order", primitive.most_per_order > 0),
                ("per_customer", primitive.most_per_customer > 0),
                ("in_total", primitive.most_in_total > 0),
                ("instead", bool(primitive.instead)),
            )
        case PreSale():
            return ("deposit", primitive.deposit_minor > 0), ("worth", primitive.worth_minor > primitive.deposit_minor)
        case Upgrade():
            return ("extra", primitive.extra_minor > 0), ("when_short", primitive.when_short)
        case _:
            return (("required", bool(getattr(primitive, "required", False))),)


def _of_choice(choose: Choose) -> tuple[tuple[str, bool], ...]:
    limited = bool(choose.exclusions) or any(1 <= option.most < choose.most for option in choose.options)
    return (
        ("optional", choose.least == 0),
        ("several", choose.most > 1),
        ("limited", limited),
        ("extra", any(option.extra_minor for option in choose.options)),
    )


def _of_offer(offer: Offer) -> Iterator[str]:
    steps = offer.steps
    has = {
        offer.measure.value: True,
        "repeats": offer.repeats,
        "steps": len(steps) > 1,
        "tiers": bool(offer.customer_tiers),
        "group": bool(offer.group),
        "off": any(step.off_minor for step in steps),
        "keep": any(step.keep_permille != PERMILLE for step in steps),
        "price": any(step.price_minor is not None for step in steps),
        "free": any(step.free_units for step in steps),
        "goods": any(step.goods is not None for step in steps),
    }
    yield from (f"offer.{feature}" for feature, there in has.items() if there)
