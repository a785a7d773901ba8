"""Policies are kept by id and version, and a version never changes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict
from solver.policies.document import parse
from solver.policies.library import shipped_policies
from solver.policies.model import PolicyDocument
from solver.policies.store import PolicyStore
from solver.storage.database import Database
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.once import Request
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database

CLOCK = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "policies.db", [DOCUMENT_SCHEMA, REQUEST_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> PolicyStore:
    return PolicyStore(database, CLOCK)


def request(request_id: str) -> Request:
    return Request(method="UpsertPolicies", request_id=request_id, body_digest=b"")


def policy(policy_id: str = "mine", version: int = 1, split_minor: int = 5, comment: str = "") -> PolicyDocument:
    text = f"{comment}\npolicy: {policy_id}\nversion: {version}\napplies_to: {{channels: [a], from: 2026-11-01}}\n"
    return parse(f"{text}prices: {{split_minor: {split_minor}}}\nrules: {{only_kinds: [store]}}\n", "p")


def own(store: PolicyStore) -> dict[tuple[str, int], PolicyDocument]:
    shipped = {document.key for document in shipped_policies()}
    return {key: document for key, document in store.documents.items() if key not in shipped}


def test_a_new_store_has_what_ships_with_the_product(store: PolicyStore) -> None:
    assert list(store.documents.values()) == list(shipped_policies())


def test_what_is_kept_is_there_at_once_and_after_reopening(database: Database, store: PolicyStore) -> None:
    kept = [policy(version=2, split_minor=7), policy(version=10), policy(), policy("another")]
    assert store.upsert(request("1"), kept) == 4
    for one in (store, PolicyStore(database, CLOCK)):
        assert own(one) == {document.key: document for document in kept}
        assert list(own(one)) == [("another", 1), ("mine", 1), ("mine", 2), ("mine", 10)]


def test_a_version_that_says_the_same_again_changes_nothing(store: PolicyStore) -> None:
    store.upsert(request("1"), [policy()])
    assert store.upsert(request("2"), [policy(comment="# the same in other words")]) == 0
    assert own(store) == {("mine", 1): policy()}


def test_a_version_that_says_something_else_is_refused_and_nothing_is_kept(store: PolicyStore) -> None:
    store.upsert(request("1"), [policy()])
    with pytest.raises(StateConflict) as refused:
        store.upsert(request("2"), [policy("new"), policy(split_minor=6)])
    assert refused.value.reason == "POLICY_VERSION_EXISTS"
    assert refused.value.metadata == {"policy_id": "mine", "version": "1"}
    assert str(refused.value) == (
        "version 1 of policy mine is kept and says something else; a version never changes: "
        "give the new one a higher number"
    )
    assert own(store) == {("mine", 1): policy()}
    assert store.upsert(request("2"), [policy(version=2, split_minor=6)]) == 1


def test_a_shipped_version_does_not_change_either(store: PolicyStore) -> None:
    shipped = shipped_policies()[0]
    with pytest.raises(StateConflict):
        store.upsert(request("1"), [policy(shipped.policy_id, shipped.version)])
    assert store.upsert(request("2"), [shipped]) == 0
    assert store.upsert(request("3"), [policy(shipped.policy_id, shipped.version + 1)]) == 1


def test_a_version_stands_once_in_a_request(store: PolicyStore) -> None:
    with pytest.raises(InvalidRequest) as refused:
        store.upsert(request("1"), [policy(), policy("b"), policy(split_minor=6)])
    assert [(one.field, one.value) for one in refused.value.violations] == [("documents[2]", "'mine, version 1'")]
    assert own(store) == {}


def test_ids_that_look_like_another_and_its_version_are_kept_apart(store: PolicyStore) -> None:
    kept = [policy("a 1", 1), policy("a", 11), policy("a", 1)]
    store.upsert(request("1"), kept)
    assert set(own(store)) == {("a 1", 1), ("a", 11), ("a", 1)}


def test_a_policy_is_read_by_id_and_version_and_the_latest_without_one(store: PolicyStore) -> None:
    store.upsert(request("1"), [policy(version=2), policy(version=10), policy()])
    assert [store.get("mine", 2).version, store.get("mine").version] == [2, 10]
    for policy_id, version, told in (("mine", 3, "no version 3 of policy 'mine'"), ("none", 0, "no policy 'none'")):
        with pytest.raises(NotFound, match=told):
            store.get(policy_id, version)


def test_the_documents_taken_earlier_do_not_change(store: PolicyStore) -> None:
    taken = store.documents
    store.upsert(request("1"), [policy()])
    assert ("mine", 1) not in taken
    assert ("mine", 1) in store.documents
