"""The machine of changed plans, on both stores."""

from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fulfilment.replan_machine import ReplanMachine

CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


def test_plans_that_change_lose_nothing_and_promise_nothing_twice() -> None:
    run_state_machine_as_test(
        ReplanMachine,
        settings=settings(
            max_examples=15, stateful_step_count=30, deadline=None, print_blob=True, suppress_health_check=CALM
        ),
    )


def test_nor_do_they_on_postgres(another_postgres_url: Callable[[], str]) -> None:
    def begin_books(_: str) -> str:
        return another_postgres_url()

    on_postgres = type("ReplanMachineOnPostgres", (ReplanMachine,), {"begin_books": begin_books})
    run_state_machine_as_test(
        on_postgres,
        settings=settings(
            max_examples=4, stateful_step_count=15, deadline=None, print_blob=True, suppress_health_check=CALM
        ),
    )
