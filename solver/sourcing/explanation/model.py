"""The whole explanation of a plan, as data; every part of it also says itself in English and in Chinese."""

from dataclasses import dataclass
from enum import StrEnum

from solver.sourcing.plan import RunnerUp


class Verdict(StrEnum):
    """What became of a source."""

    CHOSEN = "chosen"  # it ships
    DOMINATED = "dominated"  # it could ship, but the plan is as good or better without it
    EXCLUDED = "excluded"  # a rule keeps it from shipping anything
    NO_STOCK = "no_stock"  # it has nothing available of what is ordered
    NO_LANE = "no_lane"  # no service leads from it to this address
    NOT_CARRIED = "not_carried"  # services lead there, but none has a price for such a package


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A source that was looked at, and what became of it.

    `rules` are those that exclude it: each alone does, or, where none does alone, all of these together. `closures` say
    why its services make no lane. For one that is dominated, `best_minor` is what the best plan costs in which it ships
    something, `extra_minor` how much more that is, None where that was not worked out; `proven` tells whether that plan
    is known to be the best. 0 more: another plan is as good in money.
    """

    source_id: str
    verdict: Verdict
    units: int = 0
    rules: tuple[str, ...] = ()
    closures: tuple[str, ...] = ()
    best_minor: int | None = None
    extra_minor: int | None = None
    proven: bool = False
    text: str = ""
    text_zh: str = ""


class ChangeKind(StrEnum):
    """What would have to be different."""

    CHEAPER_FREIGHT = "cheaper_freight"
    MORE_STOCK = "more_stock"
    WITHOUT_RULE = "without_rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The least change of its kind with which a source that the plan leaves out would ship.

    `percent` by which its freight is lower (every amount on its cards, rounded half up); or `units` more of `sku`; or
    the policy without `rule`. `gain_minor` is how much better the plan would then be, in money.
    """

    source_id: str
    kind: ChangeKind
    percent: int = 0
    sku: str = ""
    units: int = 0
    rule: str = ""
    gain_minor: int = 0
    text: str = ""
    text_zh: str = ""


class LimitKind(StrEnum):
    """What is scarce."""

    PACKAGES = "packages"  # one more package in the order
    SOURCES = "sources"  # one more source in the order
    STOCK = "stock"  # one more unit of a SKU at a source
    RULE = "rule"  # the rule gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A constraint that binds, and what one more unit of what it limits would save (for a rule: what it costs in all).

    `filled_units` more units of the order would ship. With priorities before money, `saved_minor` may be negative.
    """

    kind: LimitKind
    rule: str = ""
    source_id: str = ""
    sku: str = ""
    saved_minor: int = 0
    filled_units: int = 0
    text: str = ""
    text_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """Why units stay unfilled that could ship: a smallest set of rules that conflict.

    They do so even if all others are off. `is_smallest`: no fewer rules stand in the way. Where rules beside these do
    as well, `freeing_rules` are those that would all have to go, and none of them can be spared; it is empty where
    it is enough that any one of `rules` goes.
    """

    rules: tuple[str, ...]
    is_smallest: bool
    freeing_rules: tuple[str, ...] = ()
    text: str = ""
    text_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why this plan and not another.

    `reproduced`: deciding again from what was known then gives the same plan. Where it does not, the service changed
    since, and what follows explains the plan as it was by the methods of today. `complete`: every question was asked;
    else time ran out before. Of `may_bind_rules` it is not known whether they bind.
    """

    order_id: str
    currency: str
    total_minor: int
    reproduced: bool
    complete: bool
    candidates: tuple[Candidate, ...] = ()
    runner_up: RunnerUp | None = None
    changes: tuple[Change, ...] = ()
    limits: tuple[Limit, ...] = ()
    may_bind_rules: tuple[str, ...] = ()
    conflict: Blame | None = None
    why: str = ""
    why_zh: str = ""
    plan_id: str = ""
