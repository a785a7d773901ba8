"""Stock moved from one source to another before it ships (调拨): the first leg of a way of two."""

from dataclasses import dataclass

from solver.network.schedule import ANY_TIME, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Stock of one source can be taken to another, which ships it on from there.

    It leaves at the schedule's pick-ups, is `transit_minutes` on its way, and is received at the schedule's deliveries.
    What the receiving source asks for handling it is part of the two prices.
    """

    from_source_id: str
    to_source_id: str
    transit_minutes: int
    per_package_minor: int = 0
    per_unit_minor: int = 0
    schedule: Schedule = ANY_TIME

    @property
    def ends(self) -> tuple[str, str]:
        """Where from and where to; unique among transfers."""
        return (self.from_source_id, self.to_source_id)

    @property
    def transfer_id(self) -> str:
        """The ends as one text that sorts as they do; ids are printable, so that no other pair reads the same."""
        return "\n".join(self.ends)
