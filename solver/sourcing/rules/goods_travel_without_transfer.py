"""Goods go straight from where they lie to the door, not by way of another source (调拨)."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

SWITCH = Setting(name="forbid_transfers", most=1, meaning="1: no package may go by way of another source")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    if not SWITCH.of(policy):
        return None
    return Restriction(closed_lanes=np.array([lane.via_source_id != "" for lane in facts.lanes], dtype=bool))


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        if SWITCH.of(finished.policy) and parcel.package.via_source_id:
            yield f"the package from {parcel.source_id} goes by way of {parcel.package.via_source_id}"


RULE = Rule(
    name="goods_travel_without_transfer",
    meaning="with forbid_transfers no package goes by way of another source",
    chinese="禁止调拨后发货",
    settings=(SWITCH,),
    asked_by=(SWITCH,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
