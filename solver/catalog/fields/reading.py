"""Values of fields: from what somebody wrote to the one text form that is kept."""

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import TypeAlias

from solver.catalog.fields.codes import FORMATS
from solver.catalog.fields.model import Field, FieldKind
from solver.catalog.fields.units import whole_number
from solver.validation import MOST_MINOR

Read: TypeAlias = tuple[str | None, str]  # the text as it is kept, or None and what to write instead

NEXT = "|"  # between the words of a list
MOST_CHARACTERS = 5_000
MOST_WORDS = 100
MOST_WORD_CHARACTERS = 500
_MOST_NUMBER = 1_000_000_000_000
_FLAGS = {"yes": "yes", "no": "no", "true": "yes", "false": "no", "是": "yes", "否": "no", "1": "yes", "0": "no"}


def canonical(field: Field, text: str) -> Read:
    """The value in the form that is kept; None, and what to write instead, where it is not sound."""
    return _READERS[field.kind](field, text.strip())


def _whole(field: Field, text: str) -> Read:
    number, remedy = whole_number(text, field.unit)
    if number is None:
        return None, remedy
    least, most = field.least, field.most or _MOST_NUMBER
    if not least <= number <= most:
        return None, f"must lie between {least:,} and {most:,}"
    return str(number), ""


def _money(field: Field, text: str) -> Read:
    number, _ = whole_number(text, "")
    if number is None:
        return None, "give whole minor units, such as 1250 for 12.50"
    most = field.most or MOST_MINOR
    return (str(number), "") if field.least <= number <= most else (None, f"must lie between 0 and {most:,}")


def _text(field: Field, text: str) -> Read:
    most = field.most or MOST_CHARACTERS
    if not 0 < len(text) <= most:
        return None, f"give 1 to {most:,} characters; this has {len(text):,}"
    if not all(letter.isprintable() or letter in "\n\t" for letter in text):
        return None, "give characters that can be printed"
    return text, ""


def _enum(field: Field, text: str) -> Read:
    if text in field.values:
        return text, ""
    folded = text.casefold()
    for value, label in field.values.items():
        if folded == value.casefold() or text == label:
            return value, ""
    return None, _one_of(folded, field.values)


def _one_of(text: str, values: Mapping[str, str]) -> str:
    close = get_close_matches(text, values, n=1)
    return f"give one of {', '.join(values)}" + (f"; did you mean {close[0]}?" if close else "")


def _date(_: Field, text: str) -> Read:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, "give a day as YYYY-MM-DD"
    return (text, "") if day.isoformat() == text else (None, f"give a day as YYYY-MM-DD: {day.isoformat()}")


def _flag(_: Field, text: str) -> Read:
    known = _FLAGS.get(text.casefold())
    return (known, "") if known else (None, "give yes or no")


def _list(field: Field, text: str) -> Read:
    words = [word.strip() for word in text.split(NEXT)]
    most = field.most or MOST_WORDS
    if len(words) > most:
        return None, f"give at most {most} words, with {NEXT} between them; these are {len(words)}"
    kept: list[str] = []
    for word in words:
        read, remedy = _word(field, word)
        if read is None:
            return None, f"{word}: {remedy}" if word else f"give words with {NEXT} between them, none of them empty"
        if read in kept:
            return None, f"{read} stands twice; name it once"
        kept.append(read)
    return NEXT.join(kept), ""


def _word(field: Field, word: str) -> Read:
    if field.values:
        return _enum(field, word)
    if field.format:
        return _code(field, word)
    sound = 0 < len(word) <= MOST_WORD_CHARACTERS and word.isprintable()
    return (word, "") if sound else (None, f"give 1 to {MOST_WORD_CHARACTERS} printable characters")


def _code(field: Field, text: str) -> Read:
    known = FORMATS[field.format]
    wrong = known.wrong(text) if 0 < len(text) <= MOST_WORD_CHARACTERS else "give a code"
    return (None, wrong) if wrong else (text, "")


_READERS: Mapping[FieldKind, Callable[[Field, str], Read]] = {
    FieldKind.WHOLE: _whole,
    FieldKind.MONEY: _money,
    FieldKind.TEXT: _text,
    FieldKind.ENUM: _enum,
    FieldKind.DATE: _date,
    FieldKind.FLAG: _flag,
    FieldKind.LIST: _list,
    FieldKind.CODE: _code,
}
