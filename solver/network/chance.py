"""The chance that a lane's package is at the door in time."""

from datetime import datetime

from solver.network.lanes import Lane
from solver.network.transit import after, arrival_permille


def lane_permille(lane: Lane, *, placed_at: datetime, deadline: datetime) -> int | None:
    """The chance, of 1,000, of arriving by the deadline; None where nobody counted, or nobody says when transit begins.

    With lead times that were seen, both times count from the order; otherwise the hand-over that is planned is taken as
    certain, and transit counts from there.
    """
    if lane.transit_times is None:
        return None
    if lane.lead_times is not None:
        return arrival_permille(after(lane.lead_times, lane.transit_times), begins_at=placed_at, deadline=deadline)
    if lane.hand_over_at is None:
        return None
    return arrival_permille(lane.transit_times, begins_at=lane.hand_over_at, deadline=deadline)
