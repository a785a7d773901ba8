"""Random policies over every term and every rule that there is, the ones that come later included."""

import random

from solver.sourcing.dimensions import all_rules, all_terms, settings, term_of_measure
from solver.sourcing.policy import COST, LATEST_ARRIVAL, Level, Policy
from solver.sourcing.setting import Setting
from tests.sourcing.any_sources import SOURCE_TAGS, beside

# What a rule's number may be, so that it forbids something here and allows something there.
LIMITS = {
    "allow_backorder": (0,),
    "allow_in_transit": (0,),
    "allow_pre_sale": (0,),
    "max_load_basis_points": (4_000, 9_000),
    "max_minutes_to_door": (120, 1_500, 1_800, 3_000),
    "max_rejects": (1, 3),
    "max_store_distance_meters": (1_000, 5_000),
    "max_transit_minutes": (300, 2_000),
    "max_units_per_package": (1, 2, 4),
    "max_units_per_store": (1, 2, 3),
    "min_days_to_expiry": (5, 30),
    "min_on_time_permille": (700, 1_000),
    "min_value_to_split_minor": (2_500, 20_000),
    "promise_grace_minutes": (1, 60, 1_500),
    "store_keeps_units": (1, 2),
}
PRICED = 0.25  # the chance of a price or a preference, which forbid nothing
# What is priced would never be paid while a rule forbids it.
PRICED_INSTEAD = {
    "reserve_minor_per_unit": "dealers_keep_their_reserve",
    "stock_out_minor_per_unit": "safety_stock_is_kept",
}
WORDS = {
    "apart_tags": (("hazmat|food",), ("cold_chain",), ("food|food", "hazmat|cold_chain")),
    "blocked_carriers": (("C-V0",), ("C-V1",)),
    "blocked_kinds": (("dealer",), ("store", "drop_shipper")),
    "blocked_services": (("V0",), ("V1",)),
    "blocked_sources": (("S0",), ("S1",)),
    "blocked_tags": (("flagship",), ("bonded", "cold_room")),
    "channel_sources": (("tmall|bonded",), ("jd|flagship", "bonded")),
    "needs_tag": (("cold_chain|cold_room",), ("hazmat|bonded", "food|flagship")),
    "only_carriers": (("C-V0",), ("C-V1", "C-V0")),
    "only_kinds": (("warehouse", "store"), ("warehouse", "dealer")),
    "only_services": (("V0",), ("V1", "V0")),
    "only_sources": (("S0", "S1"), ("S1", "S2")),
    "only_tags": (SOURCE_TAGS[:2], ("cold_room",)),
    "preferred_carriers": (("C-V0",), ("C-V1",)),
    "preferred_kinds": (("store",), ("warehouse", "dealer")),
    "tier_sources": (("gold|flagship",), ("silver|flagship", "gold|bonded")),
}


# Drawn beside all others, so that the seeds that tests name keep their worlds. It stands in no level and is never off.
# Those named first are drawn first.
DRAWN_BESIDE = ("stock_value", "landed_cost")


def any_policy(rng: random.Random, core: Policy, busy: float) -> Policy:
    """The policy with more prices, rules and priorities: each rule with the chance `busy`, prices more often."""

    def some() -> bool:
        return rng.random() < busy

    strict = {setting.name for rule in all_rules() for setting in rule.settings}
    strict |= {setting.name for rule in all_rules() for setting in rule.words}
    beside_all = sorted(
        (term for term in all_terms() if term.name in DRAWN_BESIDE), key=lambda term: DRAWN_BESIDE.index(term.name)
    )
    aside = [setting for term in beside_all for setting in term.settings]
    known = [setting for setting in settings().values() if not setting.is_core and setting not in aside]
    numbers = {
        setting.name: _number(rng, setting)
        for setting in known
        if rng.random() < (busy if setting.name in strict else PRICED)
    }
    drawn = beside(rng)
    numbers |= {setting.name: _number(drawn, setting) for setting in aside if drawn.random() < PRICED}
    words = {
        name: rng.choice(lists) for name, lists in WORDS.items() if rng.random() < (busy if name in strict else PRICED)
    }
    off = tuple(rng.sample(_names(), k=rng.randint(1, 3))) if some() else ()
    free = [rule for rule in all_rules() if rule.name not in off]
    lenient = [rule.name for rule in free if rule.may_be_soft]
    soft = {name: rng.choice([0, 70, 2_000]) for name in lenient if rng.random() < busy}
    hard = [rule.name for rule in free if rule.name not in soft]
    relaxable = rng.sample(hard, k=rng.randint(1, len(hard))) if rng.random() < busy / 2 else []
    priced = [rule for price, rule in PRICED_INSTEAD.items() if price in numbers and rule not in relaxable]
    return Policy(
        distance_minor_per_km=core.distance_minor_per_km,
        lateness_minor_per_hour=core.lateness_minor_per_hour,
        split_minor=core.split_minor,
        unfilled_minor_per_unit=rng.choice([core.unfilled_minor_per_unit, 20_000, 100_000]),
        max_packages=rng.choice([core.max_packages, 5]),
        max_sources=rng.choice([core.max_sources, 0]),
        max_distance_meters=rng.choice([1_000, 120_499]) if some() else 0,
        time_limit_ms=core.time_limit_ms,
        settings=numbers,
        words=words,
        off=tuple(dict.fromkeys((*off, *priced))),
        soft=soft,
        relax={name: rng.randint(1, 3) for name in relaxable},
        levels=_levels(rng),
    )


def _number(rng: random.Random, setting: Setting) -> int:
    if setting.name in LIMITS:
        return rng.choice(LIMITS[setting.name])
    return rng.randint(1, min(setting.most, 999))


def _names() -> list[str]:
    terms = (term.name for term in all_terms() if term.name not in DRAWN_BESIDE)
    return [*terms, *(rule.name for rule in all_rules())]


def _levels(rng: random.Random) -> tuple[Level, ...]:
    """Half of the time only money; else up to four priorities before it, most often filling the order first."""
    if rng.random() < 0.5:
        return ()
    known = [measure for measure, term in term_of_measure().items() if term.name not in DRAWN_BESIDE]
    measures = rng.sample(sorted([*known, LATEST_ARRIVAL]), k=rng.randint(0, 3))
    if rng.random() < 0.85:
        measures = ["unfilled_units", *(measure for measure in measures if measure != "unfilled_units")]
    if rng.random() < 0.15 and LATEST_ARRIVAL not in measures:
        measures.append(LATEST_ARRIVAL)
    levels = [Level(measure=measure, tolerance=_tolerance(rng)) for measure in measures]
    if rng.random() < 0.1:
        levels.append(Level(measure=COST))
    return tuple(levels)


def _tolerance(rng: random.Random) -> int:
    return rng.choice([1, 60, 1_500, 200_000]) if rng.random() < 0.12 else 0
