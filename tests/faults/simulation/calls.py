"""What clients ask of a server, and what a server answers."""

from collections import Counter
from dataclasses import dataclass

from solver.storage.once import Request, request_for

Row = tuple[str, str, int]  # site, SKU, units
Slot = tuple[str, str]  # where units are: a site and SKU, or ON_ITS_WAY and a consignment
ON_ITS_WAY = ""
OF_A_PLAN = "plan:"  # what the hold of a plan is called by here, before the plan's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. It is sent as often as needed, always under the same id.

    `rows` are units that are there, `coming` units of consignments, by id. `other_id` names what a split or a transfer
    makes, or the consignment that is advised or arrives.
    """

    request_id: str
    verb: str
    hold_id: str = ""
    rows: tuple[Row, ...] = ()
    channel: str = ""
    minutes: int = 0
    other_id: str = ""
    coming: tuple[tuple[str, int], ...] = ()

    @property
    def request(self) -> Request:
        """Its name, and a digest of all that it says."""
        return request_for(
            self.verb, self.request_id, self.hold_id, self.rows, self.channel, self.minutes, self.other_id, self.coming
        )

    @property
    def slots(self) -> Counter[Slot]:
        """Its units."""
        return slots_of(self.rows, self.coming)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`refused` is empty where it was done. `given` numbers the answers in the order in which they were given.

    A plan is told as its `hold_id` and `rows`, the promises that an arrival broke as holds and units.
    """

    call: Call
    refused: str = ""
    given: int = 0
    hold_id: str = ""
    rows: tuple[Row, ...] = ()
    broken: tuple[tuple[str, int], ...] = ()

    @property
    def slots(self) -> Counter[Slot]:
        """The units of a plan."""
        return slots_of(self.rows)


def slots_of(rows: tuple[Row, ...], coming: tuple[tuple[str, int], ...] = ()) -> Counter[Slot]:
    """How many units are where."""
    units: Counter[Slot] = Counter()
    for site_id, sku, number in rows:
        units[site_id, sku] += number
    for consignment_id, number in coming:
        units[ON_ITS_WAY, consignment_id] += number
    return units
