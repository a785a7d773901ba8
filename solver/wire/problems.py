"""A problem in a JSON file, as docs/problem-format.md describes it, and the answer to it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.optimise import DecidedOrder
from solver.gen.xunyuan.sourcing.v1 import explanation_pb2
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2 as pb
from solver.sourcing.explanation.model import Explanation
from solver.waves.plan import WavePlan
from solver.wire.codec import from_proto, to_proto
from solver.wire.completion import complete_problem
from solver.wire.json_lines import JsonLines
from solver.wire.json_reading import fill_from_json, parsed
from solver.wire.plans import draft_to_proto
from solver.wire.waves import wave_to_proto


class ProblemFile:
    """The text of a problem; `origin` names it in errors, each of which has its line: `origin:line: field`."""

    def __init__(self, text: str, origin: str) -> None:
        self._text = text
        self._origin = origin

    def read(self, now: datetime) -> OptimizeCommand:
        """The problem; what has no time of its own happens `now`. Raises InvalidRequest with everything unreadable."""
        request, violations = pb.OptimizeFulfillmentRequest(), Violations()
        fill_from_json(self._parsed(), request, "", violations)
        self._refuse(violations.found)
        complete_problem(request, now)
        command = from_proto(request, OptimizeCommand, "", violations)
        self._refuse(violations.found)
        assert command is not None, "from_proto records why it returns nothing"
        return command

    def located(self, refused: InvalidRequest) -> InvalidRequest:
        """The refusal of what was read, with lines."""
        return InvalidRequest(f"the problem in {self._origin}", self._with_lines(refused.violations))

    def _parsed(self) -> object:
        try:
            return parsed(self._text)
        except json.JSONDecodeError as error:
            where, why = f"{self._origin}:{error.lineno}", f"{error.msg}; write JSON"
        except (ValueError, RecursionError) as error:
            where, why = self._origin, str(error)
        raise InvalidRequest("the problem", [FieldViolation(field=where, value="unreadable", remedy=why)])

    def _refuse(self, found: list[FieldViolation]) -> None:
        if found:
            raise InvalidRequest(f"the problem in {self._origin}", self._with_lines(found))

    def _with_lines(self, violations: Iterable[FieldViolation]) -> list[FieldViolation]:
        lines = JsonLines(self._text)
        placed = sorted(((lines.of(one.field), one) for one in violations), key=lambda pair: pair[0] or 0)
        return [replace(one, field=f"{self._place(line)}: {one.field}".removesuffix(": ")) for line, one in placed]

    def _place(self, line: int | None) -> str:
        return self._origin if line is None else f"{self._origin}:{line}"


def answer_to_json(
    decided: Sequence[DecidedOrder], explanations: Sequence[Explanation] = (), wave: WavePlan | None = None
) -> str:
    """The JSON form of OptimizeFulfillmentResponse, whole numbers as numbers, with every field that has a value.

    Beside its `plans` stand the `explanations` where there are any, in the same form.
    """
    plans = [draft_to_proto(one.plan, one.decision_micros) for one in decided]
    whole = None if wave is None else wave_to_proto(wave)
    said = _said(pb.OptimizeFulfillmentResponse(plans=plans, wave=whole))
    if explanations:
        said["explanations"] = [_said(to_proto(one, explanation_pb2.Explanation)) for one in explanations]
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _said(message: Message) -> dict[str, Any]:
    said = MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    return _numbers(said, message)


def _numbers(said: dict[str, Any], message: Message) -> dict[str, Any]:
    """protobuf writes 64-bit numbers as strings, for the sake of JavaScript; other readers want them as they are."""
    return {name: _number(value, message.DESCRIPTOR.fields_by_name[name], message) for name, value in said.items()}


def _number(value: Any, wire: Any, message: Message) -> Any:
    if wire.message_type is not None and wire.message_type.GetOptions().map_entry:
        return {key: int(one) for key, one in sorted(value.items())}  # the answer's maps all have whole numbers
    if wire.message_type is None:
        if wire.cpp_type != wire.CPPTYPE_INT64:
            return value
        return [int(one) for one in value] if isinstance(value, list) else int(value)
    if isinstance(value, dict):
        return _numbers(value, getattr(message, wire.name))
    if isinstance(value, list):
        return [_numbers(one, part) for one, part in zip(value, getattr(message, wire.name), strict=True)]
    return value  # a time
