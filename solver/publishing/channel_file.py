"""A channel's rules from a file of YAML or JSON; docs/publishing.md tells how one is written."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from solver.errors import Violations
from solver.page import Fields, Page, shown
from solver.publishing.channel import Category, Channel, ChannelField, ImageRule, Kind, PriceRule
from solver.publishing.numbers import flag, number
from solver.validation import unknown

SHIPPED = Path(__file__).parent / "channels"
MOST_CHARACTERS = 1_000_000
MOST_DEPTH = 40  # a tree of categories is lists within lists
_HEADING = ("channel", "title", "currency", "version", "items_per_call", "images", "prices", "fields", "categories")
_NUMBERS = ("least", "most", "decimals", "most_characters")
_FLAGS = ("required", "counts_bytes")
_FIELD = ("name", "title", "kind", "unit", "allowed", "forbidden", *_NUMBERS, *_FLAGS)


def shipped_channels() -> tuple[str, ...]:
    """The ids of the channels that ship as examples."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def load_channel(name: str) -> Channel:
    """A shipped channel by its id, or one from a file. Raises InvalidRequest with every fault and its line."""
    path = SHIPPED / f"{name}.yaml"
    if not path.is_file():
        path = Path(name)
    if not path.is_file():
        violations = Violations()
        violations.add("channel", name, unknown(name, shipped_channels(), "channel", "name a file, or a shipped one"))
        violations.refuse_any("the channel")
    return read_channel(path.read_text(encoding="utf-8"), path.name)


def read_channel(text: str, origin: str) -> Channel:
    """The channel that a text describes. Raises InvalidRequest with every fault: `origin:line: field`."""
    page = Page(origin, noun="channel", most_characters=MOST_CHARACTERS, most_depth=MOST_DEPTH)
    root = page.compose(text)
    channel = None if root is None else _read(page, root)
    violations = Violations(found=page.violations)
    violations.refuse_any(f"channel {origin}")
    assert channel is not None, "what cannot be read was recorded"
    return channel


def _read(page: Page, root: yaml.Node) -> Channel | None:
    fields = page.fields(root, "", _HEADING)
    if not fields:
        return None
    for name in ("channel", "title", "currency", "fields", "categories"):
        if name not in fields:
            page.wrong(root, name, "missing", "say it")
    return Channel(
        channel_id=page.text(fields["channel"], "channel") if "channel" in fields else "",
        title=page.text(fields["title"], "title") if "title" in fields else "",
        currency=page.text(fields["currency"], "currency") if "currency" in fields else "",
        version=number(page, fields, "version", "version", 1, least=1),
        items_per_call=number(page, fields, "items_per_call", "items_per_call", 1, least=1, most=1_000),
        images=_images(page, fields.get("images")),
        prices=_prices(page, fields.get("prices")),
        fields=_fields(page, fields.get("fields"), "fields"),
        categories=_categories(page, fields.get("categories")),
    )


def _images(page: Page, node: yaml.Node | None) -> ImageRule:
    if node is None:
        return ImageRule()
    fields = page.fields(node, "images", ("least", "most", "least_pixels", "square"))
    rule = ImageRule(
        least=number(page, fields, "least", "images.least", 0),
        most=number(page, fields, "most", "images.most", 0),
        least_pixels=number(page, fields, "least_pixels", "images.least_pixels", 0),
        square=flag(page, fields, "square", "images.square"),
    )
    if rule.most and rule.least > rule.most:
        page.wrong(node, "images.most", rule.most, "cannot be less than images.least")
    return rule


def _prices(page: Page, node: yaml.Node | None) -> PriceRule:
    if node is None:
        return PriceRule()
    fields = page.fields(node, "prices", ("least_minor", "most_minor", "step_minor", "most_discount_permille"))
    return PriceRule(
        least_minor=number(page, fields, "least_minor", "prices.least_minor", 1, least=1),
        most_minor=number(page, fields, "most_minor", "prices.most_minor", 0),
        step_minor=number(page, fields, "step_minor", "prices.step_minor", 1, least=1),
        most_discount_permille=number(
            page, fields, "most_discount_permille", "prices.most_discount_permille", 1_000, most=1_000
        ),
    )


def _fields(page: Page, node: yaml.Node | None, path: str) -> tuple[ChannelField, ...]:
    read = [_field(page, one, f"{path}[{position}]") for position, one in enumerate(_items(page, node, path))]
    seen: set[str] = set()
    for position, field in enumerate(read):
        if field.name in seen and node is not None:
            page.wrong(node, f"{path}[{position}].name", field.name, "stands twice; name it once")
        seen.add(field.name)
    return tuple(read)


def _field(page: Page, node: yaml.Node, path: str) -> ChannelField:
    fields = page.fields(node, path, _FIELD)
    for name in ("name", "kind"):
        if name not in fields:
            page.wrong(node, f"{path}.{name}", "missing", "say it")
    kind = _kind(page, fields, path)
    numbers = {name: number(page, fields, name, f"{path}.{name}", None) for name in _NUMBERS}
    field = ChannelField(
        name=page.text(fields["name"], f"{path}.name") if "name" in fields else "",
        title=page.text(fields["title"], f"{path}.title") if "title" in fields else "",
        kind=kind,
        unit=page.text(fields["unit"], f"{path}.unit") if "unit" in fields else "",
        required=flag(page, fields, "required", f"{path}.required"),
        allowed=page.words(fields["allowed"], f"{path}.allowed") if "allowed" in fields else (),
        forbidden=page.words(fields["forbidden"], f"{path}.forbidden") if "forbidden" in fields else (),
        least=numbers["least"],
        most=numbers["most"],
        decimals=numbers["decimals"] or 0,
        most_characters=numbers["most_characters"] or 0,
        counts_bytes=flag(page, fields, "counts_bytes", f"{path}.counts_bytes"),
    )
    if kind in (Kind.CHOICE, Kind.CHOICES) and not field.allowed:
        page.wrong(node, f"{path}.allowed", "missing", "say what may be chosen")
    return field


def _kind(page: Page, fields: Fields, path: str) -> Kind:
    kinds = tuple(kind.value for kind in Kind)
    written = shown(fields["kind"]) if "kind" in fields else Kind.TEXT.value
    if written not in kinds:
        page.wrong(fields["kind"], f"{path}.kind", written, unknown(written, kinds, "kind", f"one of {kinds}"))
        return Kind.TEXT
    return Kind(written)


def _categories(page: Page, node: yaml.Node | None) -> dict[str, Category]:
    """The tree as it is written: categories within categories."""
    found: dict[str, Category] = {}
    waiting = [(one, "", f"categories[{at}]") for at, one in enumerate(_items(page, node, "categories"))]
    while waiting:
        one, parent_id, path = waiting.pop(0)
        fields = page.fields(one, path, ("id", "title", "fields", "categories"))
        for name in ("id", "title"):
            if name not in fields:
                page.wrong(one, f"{path}.{name}", "missing", "say it")
        category_id = page.text(fields["id"], f"{path}.id") if "id" in fields else path
        if category_id in found:
            page.wrong(one, f"{path}.id", category_id, "stands twice; give each category an id of its own")
        found[category_id] = Category(
            category_id=category_id,
            title=page.text(fields["title"], f"{path}.title") if "title" in fields else "",
            parent_id=parent_id,
            fields=_fields(page, fields.get("fields"), f"{path}.fields"),
        )
        below = _items(page, fields.get("categories"), f"{path}.categories")
        waiting.extend((child, category_id, f"{path}.categories[{at}]") for at, child in enumerate(below))
    return found


def _items(page: Page, node: yaml.Node | None, path: str) -> Sequence[yaml.Node]:
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode):
        page.wrong(node, path, shown(node), "write a list")
        return ()
    items: Sequence[yaml.Node] = node.value
    return items
