"""Every method of every service has a benchmark: a new one is noticed here."""

from collections.abc import Iterator

import pytest

from benchmarks.methods import ELSEWHERE, MUTATING_CASES, READ_CASES, STATED, fields_of, measured, served_world
from tests.faults.every_method import Asked, methods, mutating


def test_every_method_is_measured_or_it_is_said_where() -> None:
    streams = {name for name, one in methods().items() if one.server_streaming}
    assert sorted({*measured(), *ELSEWHERE, *streams}) == sorted(methods())
    assert not {*ELSEWHERE} & {*measured()}
    assert sorted({*mutating()} - {*ELSEWHERE} - {*MUTATING_CASES}) == []
    assert {*READ_CASES, *STATED} <= {*measured()} - {*mutating()}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with served_world(tmp_path_factory.mktemp("methods")) as made:
        yield made


@pytest.mark.parametrize("method", sorted({*measured()} - {*mutating()}))
def test_a_method_that_reads_answers_what_its_benchmark_asks(asked: Asked, method: str) -> None:
    request = asked.request(method, **fields_of(asked, method, measured().index(method)))
    assert asked.future(method, request).result().IsInitialized()
