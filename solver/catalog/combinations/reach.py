"""Which materials and gifts an order may come to, whatever is chosen and drawn."""

from collections.abc import Iterable, Iterator

from solver.catalog.combinations.basket import Basket
from solver.catalog.combinations.flat import Book, Flat, FlatChoice, FlatDraw, FlatGift, FlatStock, Opening


def reach(basket: Basket, book: Book) -> set[str]:
    """Every SKU of its lines, and of what offers may add."""
    flats = [book.flat(line.item_id) for line in basket.lines if line.item_id in book]
    flats += [flat for _, steps in book.offers for flat in steps if flat is not None]
    return {sku for flat in flats for sku in _skus(flat)}


def combination_reach(combination_id: str, book: Book) -> set[str]:
    """Every SKU that a combination which is sold may come to."""
    return set(_skus(book.flats[combination_id]))


def limited_gifts(flats: Iterable[Flat | None]) -> Iterator[str]:
    """The ids of the gifts within that have a limit over all orders."""
    for flat in flats:
        for opening in () if flat is None else flat.openings:
            if isinstance(opening, FlatGift) and (opening.most_per_customer or opening.most_in_total):
                yield opening.gift_id
            yield from limited_gifts(_within(opening))


def _skus(flat: Flat) -> Iterator[str]:
    for part in flat.parts:
        yield part.sku
    for opening in flat.openings:
        for one in _within(opening):
            yield from _skus(one)


def _within(opening: Opening) -> tuple[Flat, ...]:
    """What may be taken there."""
    if isinstance(opening, FlatChoice):
        options = tuple(option.flat for option in opening.options.values())
        return options if opening.otherwise is None else (*options, opening.otherwise)
    if isinstance(opening, FlatDraw):
        return tuple(chance.flat for chance in opening.chances)
    if isinstance(opening, FlatStock | FlatGift):
        return tuple(option.flat for option in opening.options)
    return ()
