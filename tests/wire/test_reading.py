"""Messages of any kind are read as the plainest reading has them, sound or not, fault for fault."""

from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from solver.errors import Violations
from solver.wire.codec import from_proto, to_proto
from tests.faults.any_message import any_message, spoilt
from tests.wire.plain_reading import Faults, plainly_read
from tests.wire.test_codec import SAID, nouns
from tests.wire.test_twins import TWINS

READ = [one for one in TWINS if one[0] not in SAID]


def reads_alike(message: Message, noun_type: type[Any]) -> None:
    """Text that is too long is cut by the violations themselves."""
    faults: Faults = []
    plain = plainly_read(message, noun_type, "it", faults)
    expected = Violations()
    for path, value, remedy in faults:
        expected.add(path, Said(value), remedy)
    violations = Violations()
    assert repr(from_proto(message, noun_type, "it", violations)) == repr(plain)  # where NaN is like NaN
    assert violations.found == expected.found


class Said:
    """What stood there, in the words of the plain reading."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


@pytest.mark.parametrize(("noun", "message"), READ, ids=lambda one: one.__name__)
def test_any_message_is_read_as_plainly(noun: type[Any], message: type[Any], seed: int) -> None:
    @hypothesis_seed(seed)
    @settings(max_examples=8, database=None, suppress_health_check=list(HealthCheck))
    @given(any_message(message.DESCRIPTOR))
    def read(one: Message) -> None:
        reads_alike(one, noun)

    read()


@pytest.mark.parametrize(("noun", "message"), READ, ids=lambda one: one.__name__)
def test_a_sound_message_and_one_with_fields_spoilt_are_read_as_plainly(
    noun: type[Any], message: type[Any], seed: int
) -> None:
    @hypothesis_seed(seed)
    @settings(max_examples=4, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def read(data: st.DataObject) -> None:
        sound = to_proto(data.draw(nouns(noun)), message)
        reads_alike(sound, noun)
        reads_alike(data.draw(spoilt(sound)) if sound.DESCRIPTOR.fields else sound, noun)

    read()
