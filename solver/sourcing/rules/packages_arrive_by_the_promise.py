"""No package arrives after the promise, give or take a stated grace."""

from collections.abc import Iterator
from datetime import timedelta

from solver.sourcing.facts import Facts, micros_of
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

SWITCH = Setting(name="arrive_by_promise", most=1, meaning="1: no package may arrive after the promise")
GRACE = Setting(name="promise_grace_minutes", meaning="by so much it may, where arrive_by_promise is 1")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    promised_at = facts.problem.promised_at
    if promised_at is None or not SWITCH.of(policy):
        return None
    latest = micros_of(promised_at + timedelta(minutes=GRACE.of(policy)))
    return Restriction(closed_lanes=facts.arrives_micros > latest)


def _broken(finished: Finished) -> Iterator[str]:
    promised_at = finished.problem.promised_at
    if promised_at is None or not SWITCH.of(finished.policy):
        return
    for parcel in finished.parcels:
        late = parcel.lane.arrives_at - promised_at
        if late > timedelta(minutes=GRACE.of(finished.policy)):
            yield f"the package from {parcel.source_id} arrives {late} after the promise"


RULE = Rule(
    name="packages_arrive_by_the_promise",
    meaning="with arrive_by_promise no package arrives later than promise_grace_minutes after the promise",
    chinese="不晚于承诺时间",
    settings=(SWITCH, GRACE),
    asked_by=(SWITCH,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
