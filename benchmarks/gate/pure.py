"""Small functions whose instructions can be counted: they load fast, and do the same at every call.

`python -m benchmarks.gate.pure TREE NAME LOOPS` runs one so often, with the `solver` of that folder.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

Run = Callable[[], object]


def _price_of_weights() -> Run:
    from solver.network.model import Band, RateCard

    bands = (
        Band(up_to_grams=1_000, base_minor=800),
        Band(up_to_grams=None, base_minor=800, from_grams=1_000, step_grams=500, step_minor=120),
    )
    card = RateCard(bands=bands)
    assert card.price_minor(1_001) == 920
    return lambda: [card.price_minor(grams) for grams in range(1, 20_000, 400)]


def _volumetric_weight() -> Run:
    from solver.network.volumetric import volumetric

    rule = volumetric(6_000, 0)
    assert rule.grams_of(6_000_001) == 1_001
    return lambda: [rule.grams_of(mm3) for mm3 in range(1, 50_000_000, 1_000_000)]


def _money_in_words() -> Run:
    from solver.money import format_minor

    assert format_minor(123_456, "CNY") == "1234.56"
    return lambda: [format_minor(minor, "CNY") for minor in range(1, 500_000, 10_000)]


PURE: Mapping[str, Callable[[], Run]] = {
    "price of a weight": _price_of_weights,
    "volumetric weight": _volumetric_weight,
    "money in words": _money_in_words,
}


def main() -> int:
    """Run one."""
    tree, name, loops = sys.argv[1:]
    sys.path.insert(0, str(Path(tree).resolve()))
    run = PURE[name]()
    for _ in range(int(loops)):
        run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
