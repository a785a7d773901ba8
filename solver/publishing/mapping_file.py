"""A channel's mapping from a file of YAML or JSON; docs/publishing.md tells how one is written."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import yaml

from solver.errors import Violations
from solver.page import Fields, Page
from solver.publishing.channel import Channel
from solver.publishing.channel_file import MOST_CHARACTERS
from solver.publishing.mapping import CategoryMapping, ChannelMapping, Source
from solver.publishing.numbers import number
from solver.validation import unknown

T = TypeVar("T")
_HEADING = ("channel", "version", "fields", "categories", "shops")
_SOURCE = ("fact", "constant", "text", "multiply", "divide", "values", "default")
_ORIGINS = ("fact", "constant", "text")


def read_mapping(text: str, origin: str, channel: Channel) -> ChannelMapping:
    """The mapping that a text describes. Raises InvalidRequest with every fault: `origin:line: field`."""
    page = Page(origin, noun="mapping", most_characters=MOST_CHARACTERS)
    root = page.compose(text)
    mapping = None if root is None else _Reading(page, channel).mapping(root)
    violations = Violations(found=page.violations)
    violations.refuse_any(f"mapping {origin}")
    assert mapping is not None, "what cannot be read was recorded"
    return mapping


class _Reading:
    """One mapping as it is read, against the channel that it is for."""

    def __init__(self, page: Page, channel: Channel) -> None:
        self._page = page
        self._channel = channel
        every = [*channel.fields, *(field for one in channel.categories.values() for field in one.fields)]
        self._names = tuple(dict.fromkeys(field.name for field in every))

    def mapping(self, root: yaml.Node) -> ChannelMapping | None:
        fields = self._page.fields(root, "", _HEADING)
        if not fields:
            return None
        self._check_channel(root, fields)
        return ChannelMapping(
            channel_id=self._channel.channel_id,
            version=number(self._page, fields, "version", "version", 1, least=1),
            fields=self._sources(fields.get("fields"), "fields"),
            categories=self._each(fields.get("categories"), "categories", self._category),
            shops=self._each(fields.get("shops"), "shops", self._sources),
        )

    def _check_channel(self, root: yaml.Node, fields: Fields) -> None:
        said = self._page.text(fields["channel"], "channel") if "channel" in fields else "missing"
        if said != self._channel.channel_id:
            self._page.wrong(fields.get("channel", root), "channel", said, f"this is about {self._channel.channel_id}")

    def _each(self, node: yaml.Node | None, path: str, read: Callable[[yaml.Node, str], T]) -> Mapping[str, T]:
        if node is None:
            return {}
        return {name: read(one, f"{path}.{name}") for name, one in self._page.fields(node, path).items()}

    def _category(self, node: yaml.Node, path: str) -> CategoryMapping:
        fields = self._page.fields(node, path, ("category", "fields"))
        category_id = self._page.text(fields["category"], f"{path}.category") if "category" in fields else ""
        if category_id and category_id not in self._channel.categories:
            remedy = unknown(category_id, self._channel.categories, "category", "`publish suggest` names those alike")
            self._page.wrong(fields["category"], f"{path}.category", category_id, remedy)
        elif category_id and not self._channel.is_leaf(category_id):
            remedy = "goods are listed under leaves; name a category below it"
            self._page.wrong(fields["category"], f"{path}.category", category_id, remedy)
        return CategoryMapping(category_id=category_id, fields=self._sources(fields.get("fields"), f"{path}.fields"))

    def _sources(self, node: yaml.Node | None, path: str) -> Mapping[str, Source]:
        sources = self._each(node, path, self._source)
        for name in sources:
            if name not in self._names and node is not None:
                remedy = unknown(name, self._names, "field of it", f"one of {', '.join(self._names)}")
                self._page.wrong(node, f"{path}.{name}", name, remedy)
        return sources

    def _source(self, node: yaml.Node, path: str) -> Source:
        if isinstance(node, yaml.ScalarNode):  # `color: colour` is short for `color: {fact: colour}`
            return Source(fact=self._page.text(node, path))
        fields = self._page.fields(node, path, _SOURCE)
        said = [name for name in _ORIGINS if name in fields]
        if len(said) != 1:
            shown = " and ".join(said) or "none"
            self._page.wrong(node, path, shown, f"give exactly one of {', '.join(_ORIGINS)}")
        texts = {name: self._text(fields, name, path) for name in (*_ORIGINS, "default")}
        return Source(
            fact=texts["fact"],
            constant=texts["constant"],
            text=texts["text"],
            multiply=number(self._page, fields, "multiply", f"{path}.multiply", 1, least=1),
            divide=number(self._page, fields, "divide", f"{path}.divide", 1, least=1),
            values=self._each(fields["values"], f"{path}.values", self._page.text) if "values" in fields else None,
            default=texts["default"],
        )

    def _text(self, fields: Fields, name: str, path: str) -> str:
        return self._page.text(fields[name], f"{path}.{name}") if name in fields else ""
