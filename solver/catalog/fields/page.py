"""docs/fields.md, made from the fields that ship with the product."""

from collections.abc import Iterator

from solver.catalog.fields.codes import FORMATS
from solver.catalog.fields.library import groups, shipped_fields
from solver.catalog.fields.model import Field, FieldKind, Layer
from solver.catalog.fields.units import CONVERSIONS

_LAYERS = {Layer.MATERIAL: "material", Layer.SALES_ITEM: "sales item", Layer.CHANNEL_ITEM: "channel item"}
_NUMBERS = (FieldKind.WHOLE, FieldKind.MONEY)
_HEAD = """# Fields of the catalog

What may be said of a material (物料), a sales item (销售商品) and a channel item (渠道商品): {count} fields,
of which {held} are held by the noun itself and {attributes} are attributes. Made from
`solver/catalog/fields/fields.yaml` by `python -m solver catalog fields > docs/fields.md`; [catalog.md](catalog.md) says
how they are used, and how a category adds others.

Attributes are texts in one form, on the wire, in files and in the database:

| kind | form | also read |
|---|---|---|
| whole | `500`, in the field's unit | `0.5 kg`, `1,200`: other units of the kind, where the number is whole |
| money | minor units: `1250` | |
| text | as it is, without blanks at its ends | |
| enum | one of the values | its Chinese label, capitals |
| date | `2026-03-01` | |
| flag | `yes`, `no` | `true`, `1`, 是; `false`, `0`, 否 |
| list | words with `\\|` between them: `milk\\|soy` | labels of the words |
| code | text of a format, below | |

A value that is read otherwise is kept in the form above. A unit of another kind (`500 ml` in grams) is refused, with
what may be given.
"""


def fields_page() -> str:
    """The whole page, as Markdown."""
    fields = shipped_fields().values()
    held = sum(field.held for field in fields)
    lines = [_HEAD.format(count=len(fields), held=held, attributes=len(fields) - held)]
    for group in groups():
        lines += [f"## {group.title}", "", "| field | 名称 | kind | limits | layers | meaning | from |"]
        lines += ["|---|---|---|---|---|---|---|", *(_row(field) for field in group.fields), ""]
    lines += [*_formats(), *_units()]
    return "\n".join(lines)


def _row(field: Field) -> str:
    name = f"`{field.name}`" + (" (held)" if field.held else "")
    layers = ", ".join(_LAYERS[layer] for layer in field.layers)
    cells = (name, field.label, _kind(field), _limits(field), layers, field.meaning, field.standard)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _kind(field: Field) -> str:
    return f"{field.kind}, {field.unit}" if field.unit else str(field.kind)


def _limits(field: Field) -> str:
    told = []
    if field.format:
        told.append(f"format `{field.format}`")
    if field.values:
        told.append(", ".join(f"`{value}` {label}" for value, label in field.values.items()))
    if field.kind in _NUMBERS and (field.most or field.least):
        told.append(f"{field.least:,} to {field.most:,}" if field.most else f"from {field.least:,}")
    elif field.most:
        told.append(f"at most {field.most:,} {'words' if field.kind is FieldKind.LIST else 'characters'}")
    return "; ".join(told)


def _formats() -> Iterator[str]:
    yield from ("## Formats of codes", "", "| format | example |", "|---|---|")
    yield from (f"| `{name}` | `{known.example}` |" for name, known in FORMATS.items())
    yield ""


def _units() -> Iterator[str]:
    yield from ("## Units that are converted", "", "| field's unit | one of these is so many of it |", "|---|---|")
    for unit, known in CONVERSIONS.items():
        yield f"| {unit} | {', '.join(f'{written} {factor}' for written, factor in known.items())} |"
    yield ""
