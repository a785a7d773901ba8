"""The machines of stock, physical stock and holds beside their models, on PostgreSQL: shorter, for it is slower."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.stock.test_hold_machine import HoldMachine
from tests.stock.test_physical_machine import PhysicalMachine
from tests.stock.test_stock_machine import StockMachine

SHORT = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("machine", [HoldMachine, PhysicalMachine, StockMachine])
def test_a_machine_and_its_model_agree_on_postgres_as_well(
    machine: type[RuleBasedStateMachine], another_postgres_url: Callable[[], str]
) -> None:
    begun: list[str] = []

    def begin_books(_: str) -> str:
        begun.append(another_postgres_url())
        return begun[-1]

    on_postgres = type(f"{machine.__name__}OnPostgres", (machine,), {"begin_books": begin_books})
    run_state_machine_as_test(on_postgres, settings=SHORT)
    assert len(begun) >= SHORT.max_examples
