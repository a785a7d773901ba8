"""Fields of messages as bytes, for answers that are put together from parts which have much in common.

A message is its fields one after another, in any sequence, and a message within another is its bytes with their length
before them: so parts that were encoded apart are joined to the very message. Each of these makes what encodes one field
of a message; a value that was encoded lately is looked up. As in a message, zeros and empty texts take no bytes.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

from google.protobuf.message import Message

from solver.clock import EPOCH

Number: TypeAlias = Callable[[int], bytes]
Text: TypeAlias = Callable[[str], bytes]
Moment: TypeAlias = Callable[[datetime], bytes]
Amount: TypeAlias = Callable[[str, int], bytes]
_VARINT, _LENGTH_DELIMITED = 0, 2
_SEVEN_BITS, _MORE, _ALL_BITS = 0x7F, 0x80, (1 << 64) - 1
_MOST_BITS = 63  # beside the sign
_KEPT = 1024  # values of a field
_KEY, _VALUE = b"\x0a", b"\x10"  # the two fields of an entry of a map from texts to numbers
_SECONDS, _NANOS = b"\x08", b"\x10"  # those of a Timestamp
_SECOND, _MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)


class Encoded:
    """An answer that is bytes already; its sender asks it for them as it asks a message."""

    __slots__ = ("_content",)

    def __init__(self, content: bytes) -> None:
        self._content = content

    def SerializeToString(self) -> bytes:  # noqa: N802  # named as a message names it
        """See `Message`."""
        return self._content


def number(message: type[Message], name: str) -> Number:
    """Encodes an integer, a truth or a word of an enumeration. OverflowError for more than a message can hold."""
    tag = _tag(message, name, _VARINT)

    @lru_cache(_KEPT)
    def encoded(value: int) -> bytes:
        return tag + varint(value) if value else b""

    return encoded


def stated_number(message: type[Message], name: str) -> Number:
    """The same of a number that may be absent: a zero is stated."""
    tag = _tag(message, name, _VARINT)
    return lru_cache(_KEPT)(lambda value: tag + varint(value))


def text(message: type[Message], name: str) -> Text:
    """Encodes a text."""
    repeated = each_text(message, name)
    return lru_cache(_KEPT)(lambda value: repeated(value) if value else b"")


def each_text(message: type[Message], name: str) -> Text:
    """Encodes one of a list of texts, which may be empty."""
    tag = _tag(message, name, _LENGTH_DELIMITED)
    return lru_cache(_KEPT)(lambda value: within(tag, value.encode()))


def moment(message: type[Message], name: str) -> Moment:
    """Encodes a time as a Timestamp."""
    tag = _tag(message, name, _LENGTH_DELIMITED)

    @lru_cache(_KEPT)
    def encoded(value: datetime) -> bytes:
        seconds, rest = divmod(value - EPOCH, _SECOND)
        nanos = rest // _MICROSECOND * 1_000
        parts = (_SECONDS + varint(seconds) if seconds else b"", _NANOS + varint(nanos) if nanos else b"")
        return within(tag, b"".join(parts))

    return encoded


def amount(message: type[Message], name: str) -> Amount:
    """Encodes an entry of a map from texts to numbers."""
    tag = _tag(message, name, _LENGTH_DELIMITED)

    @lru_cache(_KEPT)
    def encoded(key: str, value: int) -> bytes:
        return within(tag, within(_KEY, key.encode()) + _VALUE + varint(value))

    return encoded


def message_tag(message: type[Message], name: str) -> bytes:
    """What stands before a field that is a message; see `within`."""
    return _tag(message, name, _LENGTH_DELIMITED)


def within(tag: bytes, content: bytes) -> bytes:
    """An encoded message as a field of another."""
    return b"".join((tag, varint(len(content)), content))


@lru_cache(1 << 14)
def varint(value: int) -> bytes:
    """A number as the wire has it. OverflowError for more than a message can hold."""
    if not -(1 << _MOST_BITS) <= value < 1 << _MOST_BITS:
        raise OverflowError(f"{value} does not fit into {_MOST_BITS + 1} bits")
    written, rest = bytearray(), value & _ALL_BITS
    while rest > _SEVEN_BITS:
        written.append(rest & _SEVEN_BITS | _MORE)
        rest >>= 7
    written.append(rest)
    return bytes(written)


def _tag(message: type[Message], name: str, kind: int) -> bytes:
    of_field: int = message.DESCRIPTOR.fields_by_name[name].number
    return varint(of_field << 3 | kind)
