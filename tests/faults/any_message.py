"""Messages that nobody would write: made from descriptors, or of a good one with fields spoilt."""

from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

KNOWN = ("", "TEA", "CUP", "GIFT", "W-EAST", "S-EAST", "CNY", "order 1", "hold 1", "cheapest", "2026-03-02")
ODD = ("\x00", "茶" * 200, "a" * 5_000, "../../etc/passwd", "'; DROP TABLE plan; --", "\u202e", "NaN", "-1", "%s{0}")
DEEPEST = 4
MOST_REPEATED = 3
_BITS = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}


@st.composite
def any_message(draw: st.DrawFn, descriptor: Descriptor, depth: int = 0) -> Message:
    """A message of this kind with some of its fields set to anything that the wire can carry."""
    message: Message = GetMessageClass(descriptor)()
    if depth >= DEEPEST or not descriptor.fields:
        return message
    for field in draw(st.lists(st.sampled_from(list(descriptor.fields)), unique_by=lambda one: one.name, max_size=6)):
        _set(draw, message, field, depth)
    return message


@st.composite
def spoilt(draw: st.DrawFn, good: Message) -> Message:
    """A copy of a good message with up to three of its fields, at any depth, set to anything or left out."""
    message: Message = type(good)()
    message.CopyFrom(good)
    for _ in range(draw(st.integers(1, 3))):
        where = draw(st.sampled_from(_within(message)))
        fields: list[Any] = list(where.DESCRIPTOR.fields)
        field = draw(st.sampled_from(fields))
        where.ClearField(field.name)
        if draw(st.booleans()):
            _set(draw, where, field, DEEPEST - 2)
    return message


def _within(message: Message) -> list[Message]:
    """The message, and every message within it that has fields."""
    found = [message] if message.DESCRIPTOR.fields else []
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        for one in value if field.is_repeated else [value]:
            found += _within(one)
    return found


def _set(draw: st.DrawFn, message: Message, field: FieldDescriptor, depth: int) -> None:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        _fill_map(draw, getattr(message, field.name), field, depth)
    elif field.is_repeated:
        for _ in range(draw(st.integers(0, MOST_REPEATED))):
            _add(draw, getattr(message, field.name), field, depth)
    elif field.message_type is not None:
        getattr(message, field.name).CopyFrom(draw(any_message(field.message_type, depth + 1)))
    else:
        setattr(message, field.name, draw(_scalar(field)))


def _fill_map(draw: st.DrawFn, entries: Any, field: FieldDescriptor, depth: int) -> None:
    assert field.message_type is not None
    key, value = (field.message_type.fields_by_name[name] for name in ("key", "value"))
    for _ in range(draw(st.integers(0, MOST_REPEATED))):
        if value.message_type is None:
            entries[draw(_scalar(key))] = draw(_scalar(value))
        else:
            entries[draw(_scalar(key))].CopyFrom(draw(any_message(value.message_type, depth + 1)))


def _add(draw: st.DrawFn, values: Any, field: FieldDescriptor, depth: int) -> None:
    if field.message_type is None:
        values.append(draw(_scalar(field)))
    else:
        values.add().CopyFrom(draw(any_message(field.message_type, depth + 1)))


def _scalar(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    if field.enum_type is not None:
        return st.sampled_from([*(value.number for value in field.enum_type.values), -1, 4711])
    if field.cpp_type in _BITS:
        least, most = _BITS[field.cpp_type]
        usual = st.sampled_from([one for one in (0, 1, 2, 100, -1, least, most) if least <= one <= most])
        return usual | st.integers(least, most)
    if field.cpp_type in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
        return st.floats(width=32)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return st.booleans()
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.binary(max_size=50)
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    return st.sampled_from(KNOWN) | st.sampled_from(ODD) | text
