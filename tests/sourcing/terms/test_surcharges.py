from solver.network.model import Band, RateCard
from solver.network.surcharge import Surcharge, SurchargeKind
from solver.sourcing.term import Recount
from tests.sourcing.made import first_and_more
from tests.sourcing.terms.shipping import asked, measured, package_costs, priced, recounted, shipped

FUEL = Surcharge(name="fuel", kind=SurchargeKind.FUEL, freight_basis_points=850)
REMOTE = Surcharge(name="remote", kind=SurchargeKind.REMOTE_AREA, per_package_minor=200, per_kg_minor=100)
CARD = first_and_more(700, 205)  # 7.00 for the first kilogram, 2.05 for every further one begun


def test_they_are_a_card_of_their_own_beside_the_freight() -> None:
    problem = asked(lane1={"card": CARD, "surcharges": (FUEL, REMOTE)})
    charge = priced("surcharges", problem)
    assert charge is not None
    card, none = charge.cards
    assert card is not None
    assert none is None
    # 8.5 % of 7.00 is 0.595, of 9.05 is 0.76925, of 11.10 is 0.9435, each rounded by itself, halves up.
    at = [(1, 60 + 300), (1000, 60 + 300), (1001, 77 + 400), (2000, 77 + 400), (2001, 94 + 500), (3200, 112 + 600)]
    assert [card.price_minor(grams) for grams, _ in at] == [minor for _, minor in at]


def test_lanes_of_the_same_terms_share_one_card() -> None:
    same = {"card": CARD, "surcharges": (FUEL,)}
    cards = measured("surcharges", asked(lane1=same, lane2=same)).cards
    assert cards[0] is cards[1]


def test_without_surcharges_nothing_is_charged() -> None:
    assert priced("surcharges", asked()) is None


def test_a_band_that_carries_nothing_stays_closed() -> None:
    gap = RateCard(
        bands=(
            Band(up_to_grams=1000, base_minor=500),
            Band(up_to_grams=2000, base_minor=0, closed=True),
            Band(up_to_grams=None, base_minor=900),
        )
    )
    card = measured("surcharges", asked(lane1={"card": gap, "surcharges": (FUEL,)})).cards[0]
    assert card is not None
    assert [card.price_minor(grams) for grams in (900, 1500, 2700)] == [43, None, 77]


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(lane1={"card": CARD, "surcharges": (FUEL, REMOTE)})
    plan = shipped(problem, (0, {"A": 2, "B": 1}), (1, {"A": 1}))  # 2,300 g: freight 11.10
    assert package_costs("surcharges", plan) == [594, 0]
    assert plan.packages[0].cost_minor["freight"] == 1_110
    assert recounted("surcharges", problem, plan) == (Recount(packages=(594, 0)), Recount(packages=(594, 0)))
