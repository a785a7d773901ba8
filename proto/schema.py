"""Make docs/problem.schema.json and docs/problem-fields.md from the protos: `python proto/schema.py`.

With --check, only say whether they are current. Both describe a problem's file, which is the JSON form of
OptimizeFulfillmentRequest; every comment of a field is its description.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
)
from grpc_tools import protoc

ROOT = Path(__file__).resolve().parent
DOCS = ROOT.parent / "docs"
REQUEST = "xunyuan.sourcing.v1.OptimizeFulfillmentRequest"
# Without these a problem is always refused; everything else may be left out, or is needed only beside something else.
REQUIRED = {
    "OptimizeFulfillmentRequest": ("orders", "sources", "materials"),
    "Order": ("order_id", "currency", "lines"),
    "OrderLine": ("sku", "quantity"),
    "Material": ("sku", "weight_grams"),
    "SalesItem": ("item_id", "parts"),
    "Part": ("sku", "units"),
    "Source": ("source_id",),
    "SourceState": ("source_id",),
    "ServiceState": ("service_id",),
    "StockAmount": ("source_id", "sku"),
    "Lane": ("source_id", "service_id"),
    "Service": ("service_id", "currency", "rates"),
    "ZoneRate": ("card",),
    "RateCard": ("bands",),
    "Region": ("region_id",),
    "Calendar": ("calendar_id",),
    "Transfer": ("from_source_id", "to_source_id"),
    "SourceTerms": ("source_id",),
    "CarrierCapacity": ("service_id",),
    "Quota": ("source_id",),
    "OrderTerms": ("order_id",),
    "WorkMinutes": ("order_id", "source_id"),
    "Surcharge": ("name",),
    "Level": ("measure",),
}
_MESSAGE, _ENUM = FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.TYPE_ENUM
_SCALARS = {
    FieldDescriptorProto.TYPE_STRING: "string",
    FieldDescriptorProto.TYPE_BOOL: "boolean",
    FieldDescriptorProto.TYPE_DOUBLE: "number",
    FieldDescriptorProto.TYPE_INT32: "integer",
    FieldDescriptorProto.TYPE_INT64: "integer",
}
_TIME = "google.protobuf.Timestamp"


@dataclass(frozen=True)
class Described:
    """A message or an enum with its comments: its own under the empty name, its fields' or values' under theirs."""

    noun: DescriptorProto | EnumDescriptorProto
    comments: dict[str, str]


def described() -> dict[str, Described]:
    """Every message and enum of the protos by its full name."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "set.binpb"
        flags = ["--include_source_info", "--include_imports", f"--descriptor_set_out={target}"]
        protos = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.proto"))
        well_known = str(files("grpc_tools") / "_proto")
        if protoc.main(["protoc", f"-I{ROOT}", f"-I{well_known}", *flags, *protos]):
            raise SystemExit("protoc failed")
        found = FileDescriptorSet.FromString(target.read_bytes())
    nouns: dict[str, Described] = {}
    for file in found.file:
        comments = {tuple(one.path): " ".join(one.leading_comments.split()) for one in file.source_code_info.location}
        for number, message in enumerate(file.message_type):
            names = [field.name for field in message.field]
            nouns[f"{file.package}.{message.name}"] = Described(message, _comments(comments, (4, number), names))
        for number, enum in enumerate(file.enum_type):
            names = [value.name for value in enum.value]
            nouns[f"{file.package}.{enum.name}"] = Described(enum, _comments(comments, (5, number), names))
    return nouns


def _comments(of_file: dict[tuple[int, ...], str], path: tuple[int, int], names: list[str]) -> dict[str, str]:
    """Fields and values both stand at number 2 of what they belong to."""
    parts = {name: of_file.get((*path, 2, position), "") for position, name in enumerate(names)}
    return {"": of_file.get(path, "")} | parts


class Schema:
    """The schema of one message and of everything within it."""

    def __init__(self, nouns: dict[str, Described], root: str) -> None:
        self._nouns = nouns
        self._entries = {
            f"{name}.{nested.name}": nested
            for name, one in nouns.items()
            if isinstance(one.noun, DescriptorProto)
            for nested in one.noun.nested_type
        }
        self.messages = self._within(root)

    def _within(self, root: str) -> list[str]:
        found = [root]
        for name in found:  # grows as it goes
            for field in _fields(self._nouns[name].noun):
                for inner in self._types_of(field):
                    if inner != _TIME and inner not in found and inner in self._nouns:
                        found.append(inner)
        return [name for name in found if isinstance(self._nouns[name].noun, DescriptorProto)]

    def _types_of(self, field: FieldDescriptorProto) -> Iterator[str]:
        name = field.type_name.removeprefix(".")
        if name in self._entries:
            yield from (one.type_name.removeprefix(".") for one in self._entries[name].field)
        elif name:
            yield name

    def of_message(self, name: str) -> dict[str, Any]:
        """A message as an object; unknown fields are refused."""
        one = self._nouns[name]
        fields = _fields(one.noun)
        schema: dict[str, Any] = {
            "type": "object",
            "description": one.comments[""],
            "properties": {
                field.name: {"description": one.comments[field.name], **self._of_field(field)} for field in fields
            },
            "additionalProperties": False,
        }
        required = REQUIRED.get(one.noun.name, ())
        return schema | ({"required": list(required)} if required else {})

    def _of_field(self, field: FieldDescriptorProto) -> dict[str, Any]:
        entry = self._entries.get(field.type_name.removeprefix("."))
        if entry is not None:
            return {"type": "object", "additionalProperties": self._of_map_value(entry.field[1])}
        if field.label == FieldDescriptorProto.LABEL_REPEATED:
            return {"type": "array", "items": self._of_one(field)}
        return self._of_one(field)

    def _of_map_value(self, field: FieldDescriptorProto) -> dict[str, Any]:
        """A message that only holds a list may be written as the list."""
        one = self._of_one(field)
        if "$ref" not in one:
            return one
        [listed] = _fields(self._nouns[field.type_name.removeprefix(".")].noun)
        return {"anyOf": [self._of_field(listed), one]}

    def _of_one(self, field: FieldDescriptorProto) -> dict[str, Any]:
        name = field.type_name.removeprefix(".")
        if field.type == _ENUM:
            long = [value.name for value in _enum(self._nouns[name].noun).value][1:]
            return {"enum": [*self.choices(name), *long]}
        if name == _TIME:
            return {"type": "string", "format": "date-time"}
        if field.type == _MESSAGE:
            return {"$ref": f"#/$defs/{name.rpartition('.')[2]}"}
        return {"type": _SCALARS[field.type]}

    def choices(self, name: str) -> list[str]:
        """An enum's words, without the prefix and the zero."""
        values = [value.name for value in _enum(self._nouns[name].noun).value]
        prefix = values[0].removesuffix("UNSPECIFIED")
        return [value.removeprefix(prefix).lower() for value in values[1:]]

    def in_words(self, field: FieldDescriptorProto) -> str:
        """A field's type as people read it."""
        name = field.type_name.removeprefix(".")
        if name in self._entries:
            return f"map to {self.in_words(self._entries[name].field[1])}"
        if field.type == _ENUM:
            word = "one of " + ", ".join(f"`{choice}`" for choice in self.choices(name))
        elif name == _TIME:
            word = "time"
        elif field.type == _MESSAGE:
            short = name.rpartition(".")[2]
            word = f"[{short}](#{short.lower()})"
        else:
            word = {"string": "text", "boolean": "true, false", "number": "number", "integer": "whole number"}[
                _SCALARS[field.type]
            ]
        return f"list of {word}" if field.label == FieldDescriptorProto.LABEL_REPEATED else word


def schema_text(nouns: dict[str, Described]) -> str:
    """The JSON schema of a problem's file."""
    schema = Schema(nouns, REQUEST)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A sourcing problem",
        **schema.of_message(REQUEST),
        "$defs": {name.rpartition(".")[2]: schema.of_message(name) for name in schema.messages[1:]},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def fields_text(nouns: dict[str, Described]) -> str:
    """Every field of a problem's file in tables."""
    schema = Schema(nouns, REQUEST)
    page = [
        "# Every field of a problem's file\n",
        "Made from `proto/` by `make proto`; [problem-format.md](problem-format.md) tells how the parts fit together.",
        "Fields in **bold** must be given; what is left out otherwise is 0, empty or false, or what its row says.",
    ]
    for name in schema.messages:
        one = nouns[name]
        page += ["", f"## {'The file' if name == REQUEST else one.noun.name}\n", one.comments[""], ""]
        page += ["| field | | meaning |", "|---|---|---|"]
        for field in _fields(one.noun):
            shown = f"**`{field.name}`**" if field.name in REQUIRED.get(one.noun.name, ()) else f"`{field.name}`"
            page.append(f"| {shown} | {schema.in_words(field)} | {one.comments[field.name].replace('|', '/')} |")
    return "\n".join(page) + "\n"


def _fields(noun: DescriptorProto | EnumDescriptorProto) -> list[FieldDescriptorProto]:
    return list(noun.field) if isinstance(noun, DescriptorProto) else []


def _enum(noun: DescriptorProto | EnumDescriptorProto) -> EnumDescriptorProto:
    assert isinstance(noun, EnumDescriptorProto), noun.name
    return noun


def main() -> int:
    """Write both files, or with --check compare; 1 when one is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    nouns = described()
    stale = False
    for name, text in (("problem.schema.json", schema_text(nouns)), ("problem-fields.md", fields_text(nouns))):
        path = DOCS / name
        if check and (not path.exists() or path.read_text("utf-8") != text):
            sys.stderr.write(f"docs/{name} is not current: run `make proto`\n")
            stale = True
        elif not check:
            path.write_text(text, "utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
