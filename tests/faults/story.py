"""A small run of calls with a known end, for faults that strike at every step of it in turn."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from solver.app import Application
from solver.clock import ManualClock
from solver.scenario.load import load
from solver.storage.once import answered_before
from tests.faults.simulation.calls import Call
from tests.faults.simulation.verbs import COMES_TO, VERBS
from tests.made_world import MONDAY_AT_8, made_world

CUPS = ("W-EAST", "CUP")
STORY = (
    Call(request_id="1", verb="receive", rows=((*CUPS, 20),)),
    Call(request_id="2", verb="hold", hold_id="sold", rows=((*CUPS, 5),), minutes=10),
    Call(request_id="3", verb="confirm", hold_id="sold"),
    Call(request_id="4", verb="hold", hold_id="given back", rows=((*CUPS, 2),), minutes=10),
    Call(request_id="5", verb="release", hold_id="given back"),
    Call(request_id="6", verb="ship", hold_id="sold"),
    Call(request_id="7", verb="hold", hold_id="committed", rows=((*CUPS, 4),), minutes=10),
    Call(request_id="8", verb="confirm", hold_id="committed"),
    Call(request_id="9", verb="hold", hold_id="held", rows=((*CUPS, 3),), minutes=10),
    Call(request_id="10", verb="lose", rows=((*CUPS, 1),)),
    Call(request_id="11", verb="split", hold_id="held", other_id="part", rows=((*CUPS, 1),)),
    Call(request_id="12", verb="transfer", hold_id="part", other_id="passed on"),
    Call(request_id="13", verb="short", hold_id="committed", rows=((*CUPS, 1),)),
    Call(request_id="14", verb="advise", other_id="C-1", coming=(("C-1", 5),)),
    Call(request_id="15", verb="hold", hold_id="promised", coming=(("C-1", 2),), minutes=10),
    Call(request_id="16", verb="arrive", other_id="C-1", coming=(("C-1", 4),)),
)
END = {CUPS: (13, 3, 3), COMES_TO: (4, 2, 0)}  # on hand, held, committed


def tell(application: Application, call: Call) -> None:
    """Carry a call out. Raises whatever it raises."""
    VERBS[call.verb](application, call)


def opened(where: Path | str) -> Application:
    """The application, on a clock that stands still."""
    return Application.open(where, ManualClock(MONDAY_AT_8))


def begin(where: Path | str) -> None:
    """A network and a catalogue, and nothing in stock."""
    application = opened(where)
    load(application, made_world(stock=()))
    application.close()


def begun(template: Path, folder: Path) -> Path:
    """A copy of what `begin` made, in a folder of its own."""
    shutil.copytree(template, folder)
    return folder


def prove_kept(application: Application, acknowledged: Iterable[Call]) -> None:
    """Whatever was acknowledged is there, the books balance, and the whole story told again ends as it should."""
    with application.database.read() as reader:
        lost = [call for call in acknowledged if answered_before(reader, call.request) is None]
    assert not lost, f"acknowledged and lost: {lost}"
    prove_sound(application)
    for call in STORY:
        tell(application, call)
    prove_sound(application)
    found = figures(application)
    assert found == END, found


def prove_sound(application: Application) -> None:
    """The books sum to zero, nothing is below zero, every layer is in step."""
    with application.database.read() as reader:
        broken = (*application.journal.audit(reader), *application.stock.audit(reader))
    assert not broken, broken


def figures(application: Application) -> dict[tuple[str, str], tuple[int, int, int]]:
    """(site, SKU) -> units on hand, held, committed; where there are any."""
    with application.database.read() as reader:
        levels = application.stock.levels(reader)
    found = {(one.site_id, one.sku): (one.on_hand, one.held, one.committed) for one in levels}
    return {place: units for place, units in found.items() if any(units)}
