"""What clients ask of a server, and what a server answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from solver.app import Application
from solver.errors import LostRace, TooBusy, XunyuanError
from solver.fulfilment.hold_model import HoldWish
from solver.stock.model import Claim, Movement
from solver.storage.errors import StorageFailed
from solver.storage.once import Request, request_for

Row = tuple[str, str, int]  # site, SKU, units
AGAIN = (StorageFailed, TooBusy, LostRace)  # answers that say: repeat it


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. It is sent as often as needed, always under the same id."""

    request_id: str
    verb: str
    hold_id: str = ""
    rows: tuple[Row, ...] = ()
    channel: str = ""
    minutes: int = 0

    @property
    def request(self) -> Request:
        """Its name, and a digest of all that it says."""
        return request_for(self.verb, self.request_id, self.hold_id, self.rows, self.channel, self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`refused` is empty where it was done. `given` numbers the answers in the order in which they were given."""

    call: Call
    refused: str = ""
    given: int = 0


def carry_out(application: Application, call: Call) -> Answer | None:
    """Ask the application. None: it says that the call is to be repeated."""
    try:
        VERBS[call.verb](application, call)
    except AGAIN:
        return None
    except XunyuanError as error:
        return Answer(call=call, refused=error.reason)
    return Answer(call=call)


def _hold(application: Application, call: Call) -> Any:
    wish = HoldWish(
        hold_id=call.hold_id,
        claims=tuple(Claim(site_id=site_id, sku=sku, units=units) for site_id, sku, units in call.rows),
        hold_for=timedelta(minutes=call.minutes),
        channel=call.channel,
    )
    return application.holding.hold(call.request, wish)


def _movements(rows: Sequence[Row], sign: int) -> list[Movement]:
    return [Movement(site_id=site_id, sku=sku, units=sign * units) for site_id, sku, units in rows]


VERBS: dict[str, Callable[[Application, Call], Any]] = {
    "receive": lambda app, call: app.stockroom.receive(call.request, _movements(call.rows, 1), "po"),
    "lose": lambda app, call: app.stockroom.adjust(call.request, _movements(call.rows, -1), "count"),
    "hold": _hold,
    "extend": lambda app, call: app.holding.extend(call.request, call.hold_id, timedelta(minutes=call.minutes)),
    "confirm": lambda app, call: app.holding.confirm(call.request, call.hold_id),
    "release": lambda app, call: app.holding.release(call.request, call.hold_id),
    "ship": lambda app, call: app.committing.ship(call.request, hold_id=call.hold_id),
    "cancel": lambda app, call: app.committing.cancel(call.request, hold_id=call.hold_id),
}
