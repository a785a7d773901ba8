"""Every method against every role that ships; the expected answers are data, in method_roles.txt."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from solver.access.methods import methods
from solver.access.model import Binding, CallerTerms, KeyWish
from solver.access.permissions import allowed_by
from solver.access.roles import shipped_roles
from solver.access.store import AccessStore
from solver.clock import ManualClock
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8
from tests.running import SECONDS, Running

LINES = (Path(__file__).parent / "method_roles.txt").read_text("utf-8").splitlines()
ROLES = {found[1]: found[2] for line in LINES if (found := re.fullmatch(r"# (\w) (\w+)", line))}


def expected() -> dict[str, frozenset[str]]:
    """The roles that may call each method, by its path."""
    service, table = "", {}
    for line in LINES:
        if line.startswith("["):
            service = line.strip("[]")
        elif line and not line.startswith("#"):
            name, letters = line.split()
            table[f"/{service}/{name}"] = frozenset(ROLES[letter] for letter in letters)
    return table


def test_the_table_has_every_method_and_every_role() -> None:
    assert expected().keys() == methods().keys()
    assert set(ROLES.values()) == shipped_roles().keys()


@pytest.mark.parametrize("role_id", sorted(ROLES.values()))
def test_a_role_allows_what_the_table_says_and_nothing_else(role_id: str) -> None:
    may = {path for path, roles in expected().items() if role_id in roles}
    assert allowed_by(shipped_roles()[role_id].permissions) == may


@pytest.fixture(scope="module")
def tokens_and_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], Running]]:
    """A server with a caller for each role."""
    running = Running(tmp_path_factory.mktemp("data"), ManualClock(MONDAY_AT_8))
    store = AccessStore(running.application.database, running.application.clock)
    callers = [CallerTerms(caller_id=one, bindings=(Binding(role_id=one),)) for one in ROLES.values()]
    store.upsert_callers(request_for("UpsertCallers", "callers"), callers)
    tokens = {one: store.create_key(request_for("CreateKey", one), KeyWish(caller_id=one))[1] for one in ROLES.values()}
    running.server.entrance.look()
    yield tokens, running
    running.close()


@pytest.mark.parametrize("role_id", sorted(ROLES.values()))
def test_a_server_denies_before_it_reads_anything_and_lets_in_who_may(
    tokens_and_port: tuple[dict[str, str], Running], role_id: str
) -> None:
    tokens, running = tokens_and_port
    metadata = (("authorization", f"Bearer {tokens[role_id]}"),)
    for path, roles in expected().items():
        code = _code(running.channel, path, metadata)
        assert code is (grpc.StatusCode.INTERNAL if role_id in roles else grpc.StatusCode.PERMISSION_DENIED), path


def _code(channel: grpc.Channel, path: str, metadata: tuple[tuple[str, str], ...]) -> grpc.StatusCode:
    """How a call ends whose bytes are no message of any method: let in, it cannot be read."""
    call: Any = channel.unary_unary(path)
    with pytest.raises(grpc.RpcError) as raised:
        call(b"\xff\xff\xff\xff no message", timeout=SECONDS, metadata=metadata)
    assert isinstance(raised.value, grpc.Call)
    return raised.value.code()
