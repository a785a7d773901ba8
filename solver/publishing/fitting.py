"""Whether a value is one that a channel's field takes."""

from solver.publishing.article import Value
from solver.publishing.channel import ChannelField, Kind
from solver.publishing.fault import Rule
from solver.publishing.filling import Unfit, as_text
from solver.validation import unknown


def fit(field: ChannelField, value: Value) -> None:
    """Raise Unfit for the first rule of the field that the value breaks."""
    if field.kind in (Kind.CHOICE, Kind.CHOICES):
        for one in value if isinstance(value, tuple) else (as_text(value),):
            if one not in field.allowed:
                some = f"choose among {', '.join(field.allowed[:12])}{' ...' if len(field.allowed) > 12 else ''}"
                raise Unfit(Rule.ALLOWED, one, unknown(one, field.allowed, "choice", some))
    elif field.kind in (Kind.NUMBER, Kind.DECIMAL):
        _fit_number(field, as_text(value))
    elif field.kind is Kind.TEXT:
        _fit_text(field, as_text(value))


def _fit_number(field: ChannelField, written: str) -> None:
    places = int(written.replace(".", ""))
    for bound, rule, breaks, word in (
        (field.least, Rule.LEAST, field.least is not None and places < field.least, "at least"),
        (field.most, Rule.MOST, field.most is not None and places > field.most, "at most"),
    ):
        if breaks and bound is not None:
            shown = f"{bound / 10**field.decimals:.{field.decimals}f}"
            raise Unfit(rule, written, f"give {word} {shown} {field.unit}".rstrip())


def _fit_text(field: ChannelField, text: str) -> None:
    length = len(text.encode()) if field.counts_bytes else len(text)
    if field.most_characters and length > field.most_characters:
        noun = "bytes" if field.counts_bytes else "characters"
        raise Unfit(
            Rule.LENGTH, text, f"{length} {noun}: shorten it by {length - field.most_characters}, or map a shorter text"
        )
    for word in field.forbidden:
        if word.lower() in text.lower():
            raise Unfit(Rule.FORBIDDEN, text, f"leave out {word!r}, which the channel forbids")
