"""What a platform's interface must offer to be published to. One adapter a platform; it knows its shops' keys.

A call that raises Throttled did nothing. One that raises Unreachable may have done what was asked, or not: whoever
asked finds out with `find` before creating anything again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from solver.publishing.listing import Listing


class Throttled(Exception):
    """The platform takes no more calls of this shop for so many seconds."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(retry_after_seconds)  # so that it can be pickled
        self.retry_after_seconds = retry_after_seconds


class Unreachable(Exception):
    """No answer came: a time-out, a broken connection, a failure of the platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The platform shows the listing, under an id of its own."""

    remote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will not show the listing as it is: the field that it names, and what it says."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A listing that the platform shows, under our key or its own."""

    item_id: str
    remote_id: str


class Adapter(Protocol):
    """Calls carry at most as many listings as the channel takes (`items_per_call`); answers are in their order."""

    settles_after_seconds: float  # how long `find` may miss what the platform has taken

    def create(self, shop_id: str, listings: Sequence[Listing]) -> Sequence[Taken | Refused]:
        """List what the shop does not show. Raises Throttled, Unreachable."""
        ...

    def update(self, shop_id: str, listings: Mapping[str, Listing]) -> Sequence[Taken | Refused]:
        """Replace listings by the platform's ids. Asked twice, it does the same. Raises Throttled, Unreachable."""
        ...

    def find(self, shop_id: str, item_ids: Sequence[str]) -> Sequence[Shown]:
        """Which of our keys the shop shows. Raises Throttled, Unreachable."""
        ...

    def delist(self, shop_id: str, remote_ids: Sequence[str]) -> None:
        """Show them no more; one that is not shown is passed over. Raises Throttled, Unreachable."""
        ...
