"""Which materials an order may come to, whatever is chosen and drawn."""

from collections.abc import Iterator

from solver.catalog.combinations.basket import Basket
from solver.catalog.combinations.flat import Book, Flat, FlatChoice, FlatDraw, FlatGift, FlatStock


def reach(basket: Basket, book: Book) -> set[str]:
    """Every SKU of its lines, and of what offers may add."""
    flats = [book.flat(line.item_id) for line in basket.lines if line.item_id in book]
    flats += [flat for _, steps in book.offers for flat in steps if flat is not None]
    return {sku for flat in flats for sku in _skus(flat)}


def combination_reach(combination_id: str, book: Book) -> set[str]:
    """Every SKU that a combination which is sold may come to."""
    return set(_skus(book.flats[combination_id]))


def _skus(flat: Flat) -> Iterator[str]:
    for part in flat.parts:
        yield part.sku
    for opening in flat.openings:
        within: tuple[Flat, ...] = ()
        if isinstance(opening, FlatChoice):
            within = tuple(option.flat for option in opening.options.values())
            within += () if opening.otherwise is None else (opening.otherwise,)
        elif isinstance(opening, FlatDraw):
            within = tuple(chance.flat for chance in opening.chances)
        elif isinstance(opening, FlatStock | FlatGift):
            within = tuple(option.flat for option in opening.options)
        for one in within:
            yield from _skus(one)
