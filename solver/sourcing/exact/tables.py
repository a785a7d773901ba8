"""Rate cards as tables: between two cuts a price is constant, so a look-up replaces every computation.

Tables are kept, by the identity of the rate cards, from one order to the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from solver.network.model import Band, RateCard
from solver.network.volumetric import Volumetric
from solver.sourcing.case import Ints, Tariff

CLOSED = -1  # the price of a weight that is not carried
MOST_CUTS = 1 << 14
MOST_PRICES = 1 << 22
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceTables:
    """What every tariff charges at every weight.

    Tariffs with one rule for volumetric weight form a group g with common cuts: column c of its tariffs' prices holds
    for billable grams above cuts[c - 1] and up to cuts[c]; the column after the last cut is closed.
    """

    tariff_group: Ints  # [T]
    tariff_column: Ints  # [T]: where the minimum weight lies; no package is billed by an earlier column
    group_volumetric: Ints  # [G, 3], see `Volumetric`
    group_cuts: Ints  # [G + 1]: group g has cuts[group_cuts[g] : group_cuts[g + 1]]
    cuts: Ints
    prices: Ints  # [P, T, C], CLOSED where a weight is not carried


_kept: dict[tuple[int, ...], tuple[Sequence[Tariff], PriceTables]] = {}


def price_tables(tariffs: Sequence[Tariff], levels: int, grams: int, mm3: int) -> PriceTables | None:
    """Tables for packages up to this weight and volume; None where they would be too large."""
    grams_bits, mm3_bits = grams.bit_length(), mm3.bit_length()
    key = (grams_bits, mm3_bits, levels, *map(id, tariffs))
    kept = _kept.get(key)
    if kept is not None:
        return kept[1]
    tables = _build(tariffs, levels, 1 << grams_bits, 1 << mm3_bits)
    if tables is not None:
        if len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = tariffs, tables  # the tariffs are kept with it, so their identities stay taken
    return tables


def price_tables_at(tariffs: Sequence[Tariff], levels: int, grams: Ints, mm3: Ints) -> PriceTables | None:
    """Tables for exactly these packages: for cards that change their price at more weights than there are packages."""
    rules = _rules(tariffs)
    if not all(rule.fits(int(mm3.max(initial=0))) for rule in rules):
        return None
    cuts = [
        np.unique(np.concatenate([np.maximum(grams, rule.grams_of_all(mm3)), _minima(tariffs, rule)])) for rule in rules
    ]
    return _tables(tariffs, levels, rules, cuts)


def _rules(tariffs: Iterable[Tariff]) -> list[Volumetric]:
    return sorted({tariff.volumetric for tariff in tariffs})


def _minima(tariffs: Iterable[Tariff], rule: Volumetric) -> Ints:
    found = {one.min_billable_grams for one in tariffs if one.volumetric == rule}
    return np.array(sorted(found), dtype=np.int64)


def _build(tariffs: Sequence[Tariff], levels: int, grams: int, mm3: int) -> PriceTables | None:
    rules, cuts = _rules(tariffs), []
    for rule in rules:
        if not rule.fits(mm3):
            return None
        heaviest = max(grams, rule.grams_of(mm3), int(_minima(tariffs, rule).max()))
        cards = {
            id(card): card
            for tariff in tariffs
            if tariff.volumetric == rule
            for card in tariff.cards
            if card is not None
        }
        ends = [np.array([heaviest]), *(_card_cuts(card, heaviest) for card in cards.values())]
        merged = np.unique(np.concatenate(ends))
        if len(merged) > MOST_CUTS:
            return None
        cuts.append(merged)
    return _tables(tariffs, levels, rules, cuts)


def _tables(tariffs: Sequence[Tariff], levels: int, rules: list[Volumetric], cuts: list[Ints]) -> PriceTables | None:
    columns = 1 + max((len(one) for one in cuts), default=0)
    if columns * len(tariffs) * levels > MOST_PRICES:
        return None
    groups = [rules.index(tariff.volumetric) for tariff in tariffs]
    prices = np.full((levels, len(tariffs), columns), CLOSED, dtype=np.int64)
    known: dict[tuple[int, int], Ints] = {}
    for number, (tariff, group) in enumerate(zip(tariffs, groups, strict=True)):
        for card in tariff.cards:
            if card is not None and (id(card), group) not in known:
                known[id(card), group] = card_prices(card, cuts[group])
        open_at = _open(tariff, cuts[group])
        for level, card in enumerate(tariff.cards):
            price = np.zeros_like(cuts[group]) if card is None else known[id(card), group]
            prices[level, number, : len(price)] = np.where(open_at, price, CLOSED)
    return PriceTables(
        tariff_group=np.array(groups, dtype=np.int64),
        tariff_column=np.array(
            [np.searchsorted(cuts[g], one.min_billable_grams) for one, g in zip(tariffs, groups, strict=True)],
            dtype=np.int64,
        ),
        group_volumetric=np.array(rules, dtype=np.int64).reshape(-1, 3),
        group_cuts=np.cumsum([0, *(len(one) for one in cuts)], dtype=np.int64),
        cuts=np.concatenate([*cuts, np.empty(0, dtype=np.int64)]),
        prices=prices,
    )


def _open(tariff: Tariff, grams: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    carried = np.ones(len(grams), dtype=bool)
    for card in tariff.cards:
        if card is not None:
            carried &= card_prices(card, grams) != CLOSED
    return carried


def _card_cuts(card: RateCard, heaviest: int) -> Ints:
    """The last grams of every constant stretch of the card's price, up to the heaviest."""
    ends, begins = [np.empty(0, dtype=np.int64)], -1
    for band in card.bands:
        last = heaviest if band.up_to_grams is None else min(band.up_to_grams, heaviest)
        ends.append(np.array([last], dtype=np.int64))
        if band.step_minor:
            passed = max(0, -(-(begins - band.from_grams) // band.step_grams))
            first = band.from_grams + passed * band.step_grams
            most = first + MOST_CUTS * band.step_grams  # one more than is ever used
            ends.append(np.arange(first, min(last, most) + 1, band.step_grams, dtype=np.int64))
        begins = last
        if last >= heaviest:
            break
    merged = np.concatenate(ends)
    return merged[merged >= 0]


def card_prices(card: RateCard, grams: Ints) -> Ints:
    """The card's price at each billable weight, CLOSED where it does not carry it."""
    far = np.iinfo(np.int64).max
    ends = np.array([far if band.up_to_grams is None else band.up_to_grams for band in card.bands], dtype=np.int64)
    at = np.searchsorted(ends, grams)
    base, start, step, price, shut = _columns(card.bands)
    steps = -(-np.maximum(0, grams - start[at]) // step[at])
    return np.where(shut[at], CLOSED, base[at] + steps * price[at])


def _columns(bands: Sequence[Band]) -> tuple[Ints, Ints, Ints, Ints, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """The bands' fields as arrays, with a closed band after the last."""
    rows = [(band.base_minor, band.from_grams, max(1, band.step_grams), band.step_minor) for band in bands]
    fields = np.array([*rows, (0, 0, 1, 0)], dtype=np.int64).T
    shut = np.array([*(bool(getattr(band, "closed", False)) for band in bands), True])
    return fields[0], fields[1], fields[2], fields[3], shut
