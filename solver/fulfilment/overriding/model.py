"""The nouns of a plan that a person decides."""

from dataclasses import dataclass
from datetime import datetime

from solver.fulfilment.replanning.model import Move
from solver.sourcing.plan import PackedUnits


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPackage:
    """What a person wants one source to hand to one service. `offer_id` names stock that is not there yet."""

    source_id: str
    service_id: str
    contents: tuple[PackedUnits, ...]
    via_source_id: str = ""
    offer_id: str = ""

    @property
    def lane_id(self) -> tuple[str, str, str, str]:
        """The id of the lane that it is to travel by."""
        return (self.source_id, self.service_id, self.via_source_id, self.offer_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideCommand:
    """What is to ship of a standing plan that has not left yet, and why.

    Units that stand in no package stay unfilled. `override_rules` are rules of the policy that the packages may break;
    those of what is physically possible may not be named. With `validate_only` nothing changes.
    """

    plan_id: str
    packages: tuple[StatedPackage, ...]
    reason: str
    override_rules: tuple[str, ...] = ()
    validate_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Who decided a plan, why, which `rules` of the policy it breaks, and what the optimiser would have done.

    Its plan, under every rule of the policy, would have cost `best_minor` and filled all but `best_unfilled_units`; the
    person's costs `extra_minor` more. `moves` lead from the optimiser's plan to the person's.
    """

    reason: str
    by: str
    at: datetime
    rules: tuple[str, ...] = ()
    best_minor: int = 0
    best_unfilled_units: int = 0
    extra_minor: int = 0
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverriddenPlan:
    """A plan that a person decided, and the one in whose place it stands."""

    number: int
    plan_id: str
    order_id: str
    replaces_plan_id: str
    override: Override
