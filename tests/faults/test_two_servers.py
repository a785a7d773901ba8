"""Two server processes on one PostgreSQL: the last units of a hot SKU are sold once, and both tell the same."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from solver.access.model import Binding, CallerTerms, KeyState, KeyWish
from solver.client import CallFailed, Client, ClientSecurity
from solver.gen.xunyuan.catalog.v1 import catalog_pb2
from solver.scenario.model import OpeningStock
from solver.storage.editions import FRESH_SECONDS
from tests.begun import begin
from tests.faults.process import ServerProcess
from tests.made_world import made_world, order_of
from tests.running import HOST, SECONDS, fresh_id, plan_request

UNITS = 30
CALLERS = 2  # of each server


@pytest.fixture
def servers(postgres_url: str, tmp_path: Path) -> Iterator[list[ServerProcess]]:
    begin(postgres_url, made_world(stock=(OpeningStock(source_id="W-EAST", sku="TEA", units=UNITS),)))
    started: list[ServerProcess] = []
    try:
        started.append(ServerProcess(tmp_path / "first", url=postgres_url))
        started.append(ServerProcess(tmp_path / "second", url=postgres_url))
        yield started
    finally:
        for server in started:
            server.clean_up()


def plan_until_sold_out(server: ServerProcess, held: list[str], all_have_one: threading.Barrier) -> None:
    """Order one unit after the other; a race that was lost is no plan, and is tried again as another order.

    Whoever has his first one waits for the others to have theirs.
    """
    while True:
        try:
            plan = server.plan(plan_request(order_of(("TEA", 1), order_id=f"order {fresh_id()}")))
        except grpc.RpcError as error:
            if isinstance(error, grpc.Call) and error.code() is grpc.StatusCode.ABORTED:
                continue
            raise
        if plan.lines[0].unfilled_units:
            return
        held.append(plan.plan_id)
        if len(held) == 1:
            all_have_one.wait(SECONDS)


def test_two_servers_never_sell_a_unit_twice(servers: list[ServerProcess]) -> None:
    held: list[list[str]] = [[] for _ in range(len(servers) * CALLERS)]
    all_have_one = threading.Barrier(len(held))
    threads = [
        threading.Thread(target=plan_until_sold_out, args=(servers[number % len(servers)], plans, all_have_one))
        for number, plans in enumerate(held)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(4 * SECONDS)
        assert not thread.is_alive()
    assert len({plan_id for plans in held for plan_id in plans}) == UNITS
    for server in servers:
        assert server.levels("TEA") == {("W-EAST", "TEA"): (0, UNITS, 0)}
        assert server.discrepancies() == []
    servers[0].confirm(held[1][0])
    assert servers[1].state(held[1][0]) == "CONFIRMED"


def test_what_one_server_is_told_of_master_data_the_other_one_knows(servers: list[ServerProcess]) -> None:
    first, second = servers
    material = catalog_pb2.Material(sku="NEW", weight_grams=100)
    request = catalog_pb2.UpsertMaterialsRequest(request_id=fresh_id(), materials=[material])
    first.catalog.UpsertMaterials(request, timeout=SECONDS)
    time.sleep(2 * FRESH_SECONDS)  # what the other one has just looked at may be so old
    plan = second.plan(plan_request(order_of(("NEW", 1)), validate_only=True))
    assert [(one.sku, one.unfilled_units) for one in plan.lines] == [("NEW", 1)], "known, though there is none of it"


def test_a_right_that_is_given_and_taken_at_one_server_holds_at_both(servers: list[ServerProcess]) -> None:
    """How soon is told by counting looks: tests/access/test_keeper.py."""
    here, there = (f"{HOST}:{one.port}" for one in servers)
    viewer = CallerTerms(caller_id="clerk", bindings=(Binding(role_id="viewer"),))
    with Client(here) as nobody:  # the door stands open until the first key
        nobody.access.upsert_callers([CallerTerms(caller_id="root", bindings=(Binding(role_id="admin"),)), viewer])
        _, root_token = nobody.access.create_key(KeyWish(caller_id="root"))
    with Client(here, security=ClientSecurity(token=root_token)) as root, Client(there) as stranger:
        comes_to(stranger, "NO_TOKEN")
        key, token = root.access.create_key(KeyWish(caller_id="clerk"))
        with Client(there, security=ClientSecurity(token=token)) as clerk:
            comes_to(clerk, "")
            root.access.upsert_callers([CallerTerms(caller_id="clerk")])
            comes_to(clerk, "PERMISSION_DENIED")
            root.access.upsert_callers([viewer])
            comes_to(clerk, "")
            root.access.set_key_state(key.key_id, KeyState.REVOKED)
            comes_to(clerk, "KEY_NOT_ENABLED")


def comes_to(client: Client, reason: str) -> None:
    """Ask until the answer is a refusal for this reason, or none where there is no reason."""
    ends_at, found = time.monotonic() + SECONDS, "nothing yet"
    while found != reason:
        assert time.monotonic() < ends_at, f"it is {found!r} still, and not {reason!r}"
        try:
            client.get_policy("cheapest")
            found = ""
        except CallFailed as failed:
            found = failed.reason
