"""Every method of every service by its name, as the descriptors have it; and a server that is asked by name."""

import itertools
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

import solver.gen
from solver.schema import STEPS
from solver.storage.sqlite import made_by
from tests.running import SECONDS, Running

READS = (
    "Audit",
    "BatchGet",
    "Explain",
    "Explode",
    "Find",
    "Get",
    "List",
    "Optimize",
    "Promise",
    "Quote",
    "Resolve",
    "Watch",
)
_numbers = itertools.count(1)


@cache
def methods() -> Mapping[str, MethodDescriptor]:
    """By name: no two services have a method of the same name."""
    names = [one.name for one in walk_packages(solver.gen.__path__, "solver.gen.") if one.name.endswith("_pb2")]
    services = [one for name in names for one in import_module(name).DESCRIPTOR.services_by_name.values()]
    found = {method.name: method for service in services for method in service.methods}
    assert len(found) == sum(len(service.methods) for service in services)
    return found


def mutating() -> list[str]:
    """The methods that change something: all but those whose name says that they read."""
    return sorted(name for name in methods() if not name.startswith(READS))


def named_requests() -> list[str]:
    """The methods that take a request id."""
    return sorted(name for name, one in methods().items() if "request_id" in one.input_type.fields_by_name)


class Asked:
    """A server that is asked by the names of its methods."""

    def __init__(self, service: Running) -> None:
        self.service = service

    def request(self, method: str, **fields: Any) -> Message:
        """The message, with an id of its own; fields as in JSON, by their names in the proto."""
        said = {"request_id": f"asked {next(_numbers)}"} if method in named_requests() else {}
        return ParseDict({**said, **fields}, GetMessageClass(methods()[method].input_type)())

    def future(self, method: str, request: Message, timeout: float = SECONDS) -> Any:
        """The call under way."""
        of = methods()[method]
        answer = GetMessageClass(of.output_type)
        path = f"/{of.containing_service.full_name}/{method}"
        call = self.service.channel.unary_unary(
            path, request_serializer=type(request).SerializeToString, response_deserializer=answer.FromString
        )
        return call.future(request, timeout=timeout)

    def ask(self, method: str, **fields: Any) -> Any:
        """The answer."""
        return self.future(method, self.request(method, **fields)).result()

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, but for those that a thread of the server writes in its own time."""
        own = ("stock_feed", "webhook_turn")
        tables = [name for name in made_by(STEPS) if not name.startswith(own)]
        with self.service.application.database.read() as reader:
            return {name: sorted(reader.query(f"SELECT * FROM {name}"), key=repr) for name in tables}


def code_of(error: BaseException | None) -> grpc.StatusCode | None:
    """How a call ended that failed."""
    return error.code() if isinstance(error, grpc.Call) else None
