"""Going through the nodes of combinations, with the path of each."""

from collections.abc import Iterator, Mapping

from solver.catalog.combinations.model import (
    AllOf,
    Choose,
    Combination,
    Draw,
    Gift,
    Item,
    Node,
    Period,
    PreSale,
    Primitive,
    TradeIn,
    Upgrade,
)


def below(primitive: Primitive) -> Iterator[tuple[str, Node]]:
    """The nodes directly within a primitive, each with its path from there."""
    match primitive:
        case AllOf():
            yield from ((f"parts[{at}]", part) for at, part in enumerate(primitive.parts))
        case Choose():
            yield from ((f"options[{at}].goods", option.goods) for at, option in enumerate(primitive.options))
        case Draw():
            yield from ((f"chances[{at}].goods", chance.goods) for at, chance in enumerate(primitive.chances))
        case Gift():
            yield "goods", primitive.goods
            yield from ((f"instead[{at}]", node) for at, node in enumerate(primitive.instead))
        case Upgrade():
            yield from (("base", primitive.base), ("better", primitive.better))
        case Period() | PreSale() | TradeIn():
            yield "goods", primitive.goods
        case Item():
            return


def tops(combination: Combination) -> Iterator[tuple[str, Node]]:
    """The nodes at the top of a combination, each with its path: what is sold, or what each step of an offer gives."""
    if combination.goods is not None:
        yield "goods", combination.goods
    if combination.offer is not None:
        for at, step in enumerate(combination.offer.steps):
            if step.goods is not None:
                yield f"offer.steps[{at}].goods", step.goods


def nodes_of(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """A node and all below it within its combination, from the top; nested combinations are not entered."""
    yield path, node
    for name, primitive in node.given:
        for step, inner in below(primitive):
            yield from nodes_of(inner, f"{path}.{name}.{step}")


def nodes(combination: Combination) -> Iterator[tuple[str, Node]]:
    """All nodes of a combination, with their paths."""
    for path, node in tops(combination):
        yield from nodes_of(node, path)


def nested_ids(combination: Combination, known: Mapping[str, Combination]) -> Iterator[tuple[str, str]]:
    """The combinations that stand directly within one, each with the path where it is named."""
    for path, node in nodes(combination):
        if node.item is not None and node.item.item_id in known:
            yield f"{path}.item.item_id", node.item.item_id
