"""A field's value from an article's facts, as a mapping says."""

import re
from collections.abc import Callable, Mapping

from solver.publishing.article import Article, Value
from solver.publishing.channel import ChannelField, Kind
from solver.publishing.fault import Fault, Rule
from solver.publishing.mapping import Source

_NAMED = re.compile(r"\{([^{}]+)\}")
YES = frozenset({"yes", "true", "1", "是"})
NO = frozenset({"no", "false", "0", "否"})


class Unfit(Exception):
    """A value that a channel would refuse: by which rule, what stands there, what to do; `place` where it is known."""

    def __init__(self, rule: Rule, value: str, remedy: str, place: str = "") -> None:
        super().__init__(remedy)
        self.rule, self.value, self.remedy, self.place = rule, value, remedy, place

    def of(self, item_id: str, shop_id: str, field: str) -> Fault:
        """The fault of an item in a shop."""
        return Fault(
            item_id=item_id, shop_id=shop_id, field=field, rule=self.rule, value=self.value, remedy=self.remedy
        )


def fill(field: ChannelField, source: Source | None, article: Article) -> Value | None:
    """The value in the field's own kind; None where there is nothing to fill it from. Raises Unfit."""
    if source is None:
        return None
    value = _written(source, article)
    if value is None or value == "":
        value = source.default
    if value == "":
        return None
    return _AS[field.kind](_replaced(source, value), field, source)


def _written(source: Source, article: Article) -> Value | None:
    if source.constant:
        return source.constant
    if source.fact:
        return article.facts.get(source.fact)
    names = _NAMED.findall(source.text)
    missing = [name for name in names if article.facts.get(name) in (None, "")]
    if missing and not source.default:
        raise Unfit(Rule.FACT, source.text, f"the article has no {missing[0]}; add it, or give a default")
    if missing:
        return source.default
    return _NAMED.sub(lambda found: as_text(article.facts[found[1]]), source.text)


def _replaced(source: Source, value: Value) -> Value:
    if source.values is None:
        return value
    if isinstance(value, tuple):
        return tuple(source.values.get(one, one) for one in value)
    return source.values.get(as_text(value), value)


def as_text(value: Value) -> str:
    """A value as a person writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _text(value: Value, _field: ChannelField, _source: Source) -> Value:
    return as_text(value)


def _number(value: Value, field: ChannelField, source: Source) -> Value:
    """Whole, in units of the field's last place."""
    text = as_text(value)
    negative, digits = text.startswith("-"), text.lstrip("-")
    if isinstance(value, bool) or not (digits.isascii() and digits.isdecimal()):
        raise Unfit(Rule.KIND, text, f"{field.name} is a number; map it to a fact that is one")
    scaled = int(digits) * source.multiply * int(10**field.decimals)
    rounded = (2 * scaled + source.divide) // (2 * source.divide)
    return -rounded if negative else rounded


def _decimal(value: Value, field: ChannelField, source: Source) -> Value:
    places = _number(value, field, source)
    assert isinstance(places, int)
    if not field.decimals:
        return str(places)
    whole, part = divmod(abs(places), 10**field.decimals)
    return f"{'-' if places < 0 else ''}{whole}.{part:0{field.decimals}}"


def _choices(value: Value, _field: ChannelField, _source: Source) -> Value:
    return value if isinstance(value, tuple) else (as_text(value),)


def _yes_no(value: Value, field: ChannelField, _source: Source) -> Value:
    word = as_text(value).lower()
    if word not in YES | NO:
        raise Unfit(Rule.KIND, word, f"{field.name} is yes or no; map it to a fact that is, or give `values`")
    return word in YES


_AS: Mapping[Kind, Callable[[Value, ChannelField, Source], Value]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.CHOICE: _text,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
}
