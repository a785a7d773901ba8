"""The simulation is no test unless it turns red where the guards are gone: they are taken away on purpose here.

Three stand behind each other: a hold measures what is there, the journal refuses an entry that takes too much, and the
schema has a CHECK. Each of them must do alone.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

import solver.app
from solver.journal import accounts
from solver.journal.model import Transfer
from solver.schema import STEPS
from solver.stock.accounts import committed, good
from solver.stock.holding import claiming
from solver.stock.model import Claim
from solver.storage import once
from tests.faults.simulation.model import Known, Oversold
from tests.faults.simulation.run import Simulation
from tests.faults.simulation.servers import SimulatedServer, first_folder

CHECK = ",\n    CHECK (guarded = 0 OR debits_posted - credits_posted - credits_pending >= 0)"
TICKS = 100


def hold_without_measure(patch: pytest.MonkeyPatch) -> None:
    def unmeasured(_: object, __: object, claims: Iterable[Claim]) -> tuple[list[Transfer], list[object]]:
        transfers = [
            Transfer(debit=committed(one.site_id, one.sku), credit=good(one.site_id, one.sku), amount=one.units)
            for one in claims
        ]
        return transfers, []

    patch.setattr(claiming, "_from_sites", unmeasured)


def post_without_guard(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(accounts, "_shortages", lambda *_: ())


def keep_without_check(patch: pytest.MonkeyPatch) -> None:
    bare = [step.replace(CHECK, "") if isinstance(step, str) else step for step in STEPS]
    assert bare[0] != STEPS[0]
    patch.setattr(solver.app, "STEPS", bare)


GUARDS = (hold_without_measure, post_without_guard, keep_without_check)


def run(folder: Path, seed: int) -> None:
    server = SimulatedServer(first_folder(folder / str(seed)))
    try:
        Simulation(seed, [server]).run(TICKS)
    finally:
        server.close()


def test_without_any_guard_the_clients_find_out_that_too_much_was_sold(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for remove in GUARDS:
        remove(monkeypatch)
    monkeypatch.setattr(SimulatedServer, "audit", lambda _: [])  # by what they are told alone
    with pytest.raises(Oversold):
        run(tmp_path, seed)


def test_without_any_guard_the_audit_finds_it_too(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for remove in GUARDS:
        remove(monkeypatch)
    monkeypatch.setattr(Known, "prove_safe", lambda _: None)
    with pytest.raises(AssertionError, match="guarded_accounts_stay_above_zero"):
        run(tmp_path, seed)


@pytest.mark.parametrize("kept", GUARDS, ids=["measured", "guarded", "checked"])
def test_each_guard_alone_is_enough(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch, kept: Callable[[pytest.MonkeyPatch], None]
) -> None:
    others: Sequence[Callable[[pytest.MonkeyPatch], None]] = [guard for guard in GUARDS if guard is not kept]
    for remove in others:
        remove(monkeypatch)
    run(tmp_path, seed)


def test_without_the_memory_of_requests_clients_find_out_that_they_were_served_twice(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "answered_before", lambda *_: None)
    monkeypatch.setattr(once, "remember", lambda *_: None)
    with pytest.raises(AssertionError, match="after it was acknowledged"):
        run(tmp_path, seed)
