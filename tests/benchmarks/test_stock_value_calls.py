"""Calls are told apart by what the service did meanwhile."""

from datetime import UTC, datetime, timedelta

from benchmarks.stock_value_calls import BETWEEN, DURING, OFF, Call, Measured

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def call(begun: float, ended: float, *, is_valued: bool = True) -> Call:
    return Call(begun=at(begun), ended=at(ended), is_valued=is_valued)


def test_a_call_is_of_the_reckoning_that_it_lies_in_and_of_none_where_it_reaches_beyond() -> None:
    calls = (call(0, 1), call(3, 3.5), call(4.5, 5.5), call(6, 8), call(8, 8.25, is_valued=False))
    measured = Measured(calls=calls, reckonings=((at(2), at(5)),), trusted_permille=600)
    counted = {
        state: (of.count, round(of.most_ms / 1000, 1) if of.count else 0) for state, of in measured.by_state().items()
    }
    assert counted == {OFF: (1, 0.3), BETWEEN: (2, 2.0), DURING: (1, 0.5)}
