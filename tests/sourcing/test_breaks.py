"""Prices compared at their breaks only, against prices compared gram by gram."""

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.network.model import Band, RateCard
from solver.sourcing.cards import weight_breaks
from solver.sourcing.mip.candidates import is_subadditive
from tests.sourcing.made import FALLING_BRACKETS, first_and_more, flat


@st.composite
def small_cards(draw: st.DrawFn) -> RateCard:
    """One to three bands that end within 40 g, with steps of a few grams."""
    ends = sorted(draw(st.sets(st.integers(1, 40), min_size=0, max_size=2)))
    last = draw(st.sampled_from([None, 45]))
    return RateCard(
        bands=tuple(
            Band(
                up_to_grams=end,
                base_minor=draw(st.integers(0, 12)),
                from_grams=draw(st.integers(0, 30)),
                step_grams=draw(st.integers(1, 9)),
                step_minor=draw(st.integers(0, 5)),
                closed=draw(st.integers(0, 5)) == 0,
            )
            for end in (*ends, last)
        )
    )


def price(card: RateCard, grams: int, min_grams: int = 0) -> int | None:
    return card.price_minor(max(grams, min_grams))


@settings(max_examples=200, deadline=None)
@given(cards=st.lists(small_cards(), min_size=1, max_size=3), most_grams=st.integers(1, 60))
def test_between_two_breaks_no_card_changes_its_price(cards: list[RateCard], most_grams: int) -> None:
    breaks = weight_breaks(cards, most_grams).tolist()
    assert breaks == sorted(set(breaks))
    assert breaks[-1] == most_grams
    begins = 1
    for end in breaks:
        for card in cards:
            assert len({price(card, grams) for grams in range(begins, end + 1)}) == 1
        begins = end + 1


def test_the_breaks_are_the_last_grams_before_each_change_of_price() -> None:
    assert weight_breaks([first_and_more(700, 200)], 3_500).tolist() == [1_000, 2_000, 3_000, 3_500]
    assert weight_breaks([flat(600)], 3_500).tolist() == [3_500]
    assert weight_breaks([FALLING_BRACKETS], 1_150).tolist() == [*range(100, 1_101, 100), 1_150]


def is_subadditive_gram_by_gram(card: RateCard, min_grams: int, most_grams: int) -> bool:
    prices = [price(card, grams, min_grams) for grams in range(most_grams + 1)]
    known = [one for one in prices[1:] if one is not None]
    if len(known) < most_grams or known != sorted(known):
        return False
    return all(
        known[together - 1] <= known[part - 1] + known[together - part - 1]
        for together in range(2, most_grams + 1)
        for part in range(1, together)
    )


@settings(max_examples=300, deadline=None)
@given(card=small_cards(), min_grams=st.integers(0, 20), most_grams=st.integers(1, 44))
def test_no_card_is_called_subadditive_that_is_not(card: RateCard, min_grams: int, most_grams: int) -> None:
    if is_subadditive(card, min_grams, most_grams):
        assert is_subadditive_gram_by_gram(card, min_grams, most_grams)


def test_first_and_additional_weight_is_subadditive() -> None:
    assert is_subadditive(first_and_more(700, 200), 0, 10_000)
    assert is_subadditive_gram_by_gram(first_and_more(700, 200), 0, 3_100)


def test_a_first_kilogram_that_is_cheaper_than_the_next_is_not_subadditive() -> None:
    assert not is_subadditive(first_and_more(200, 700), 0, 2_000)
    assert is_subadditive(first_and_more(200, 700), 0, 1_000)  # no two kilograms to part


def test_a_card_that_falls_is_not_subadditive_in_the_sense_that_is_needed() -> None:
    assert not is_subadditive(FALLING_BRACKETS, 0, 1_100)
    assert is_subadditive(FALLING_BRACKETS, 0, 1_000)
