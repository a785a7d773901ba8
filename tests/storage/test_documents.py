"""Documents: bytes under a kind and an id."""

from solver.storage import documents
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.url import open_database


def test_documents_come_back_by_kind_in_the_order_of_their_ids(store_url: str) -> None:
    database = open_database(store_url, [DOCUMENT_SCHEMA])
    with database.write() as tx:
        documents.put(tx, "source", [("b", b"B"), ("a", b"\x00A")])
        documents.put(tx, "carrier", [("a", b"other")])
    with database.read() as reader:
        assert list(documents.load(reader, "source").items()) == [("a", b"\x00A"), ("b", b"B")]
        assert documents.load(reader, "carrier") == {"a": b"other"}
        assert documents.load(reader, "region") == {}


def test_putting_a_document_again_replaces_its_body_alone(store_url: str) -> None:
    database = open_database(store_url, [DOCUMENT_SCHEMA])
    with database.write() as tx:
        documents.put(tx, "source", [("a", b"old"), ("b", b"B")])
    with database.write() as tx:
        documents.put(tx, "source", [("a", b"new")])
    with database.read() as reader:
        assert documents.load(reader, "source") == {"a": b"new", "b": b"B"}
