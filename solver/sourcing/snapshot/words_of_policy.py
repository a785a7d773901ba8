"""What the policy says, as the words that the inner loops read."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.policy import Policy
from solver.sourcing.rules.packages_arrive_by_the_promise import GRACE
from solver.sourcing.rules.packages_arrive_by_the_promise import SWITCH as BY_THE_PROMISE
from solver.sourcing.rules.packages_arrive_soon_enough import LIMIT as SOON
from solver.sourcing.rules.sources_are_near_enough import LIMIT as NEAR
from solver.sourcing.rules.stores_are_near_enough import LIMIT as STORE_NEAR
from solver.sourcing.rules.stores_keep_their_last_units import KEPT
from solver.sourcing.rules.transit_is_short_enough import LIMIT as TRANSIT
from solver.sourcing.setting import Setting
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.support import is_strict
from solver.sourcing.terms import distance, landed_cost, lateness, split, stock_value, waiting

_MICROS_PER_MINUTE = 60_000_000
MOST_STATES = 1 << 17  # with more, the exact engine first tries to take large quantities as one


def policy_words(policy: Policy) -> Ints:
    """All words but those that depend on the network's costs, which are 0."""
    words = np.zeros(g.POLICY_WORDS, dtype=np.int64)
    words[g.FURTHER_PACKAGE] = _price(policy, "split", split.PACKAGE_PRICE)
    words[g.FURTHER_SOURCE] = _price(policy, "split", split.SOURCE_PRICE)
    words[g.DISTANCE_PER_KM] = _price(policy, "distance", distance.PRICE)
    words[g.LATE_HOUR] = _price(policy, "lateness", lateness.PRICE)
    words[g.LATE_DAY] = _price(policy, "lateness", lateness.PRICE_PER_DAY)
    words[g.WAITING_DAY] = _price(policy, "waiting", waiting.PRICE)
    words[g.BY_PROMISE] = _limit(policy, "packages_arrive_by_the_promise", BY_THE_PROMISE)
    words[g.GRACE_MICROS] = GRACE.of(policy) * _MICROS_PER_MINUTE
    words[g.SOON_MICROS] = _limit(policy, "packages_arrive_soon_enough", SOON) * _MICROS_PER_MINUTE
    words[g.MOST_STATES] = MOST_STATES
    value_permille = _price(policy, "stock_value", stock_value.SHARE)
    words[g.VALUE_PERMILLE] = value_permille or _price(policy, "landed_cost", landed_cost.SHARE)
    return words


def near_limits(policy: Policy) -> tuple[int, int]:
    """How far any source and how far a store may be (meters); 0: no limit."""
    return _limit(policy, "sources_are_near_enough", NEAR), _limit(policy, "stores_are_near_enough", STORE_NEAR)


def may_close_lanes_by_order(policy: Policy) -> bool:
    """Whether a rule may close lanes that asks how far or how late an order's packages travel."""
    by_time = (
        _limit(policy, "packages_arrive_by_the_promise", BY_THE_PROMISE),
        _limit(policy, "packages_arrive_soon_enough", SOON),
    )
    return any((*near_limits(policy), *by_time, _limit(policy, "transit_is_short_enough", TRANSIT)))


def units_kept_by_stores(policy: Policy) -> int:
    """How many units of each SKU a store keeps."""
    return _limit(policy, "stores_keep_their_last_units", KEPT)


def _price(policy: Policy, term: str, setting: Setting) -> int:
    return 0 if term in policy.off else setting.of(policy)


def _limit(policy: Policy, rule: str, setting: Setting) -> int:
    return setting.of(policy) if is_strict(policy, rule) else 0
