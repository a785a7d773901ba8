"""`publish suggest`: a mapping to begin with, for people to read and mend."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from solver.catalog.categories import Category
from solver.catalog.fields.library import shipped_fields
from solver.clock import SystemClock
from solver.importers.catalog.folder import catalog_of
from solver.publishing.channel import Channel
from solver.publishing.channel_file import load_channel
from solver.publishing.suggest import suggest_categories, suggest_facts


def suggest(folder: Path, channel_name: str) -> int:
    """Print a mapping for the categories of a catalog, by the likeness of names."""
    channel = load_channel(channel_name)
    catalog = catalog_of(folder, SystemClock())
    labels = {field.name: field.label for field in shipped_fields().values()}
    lines = [f"channel: {channel.channel_id}", "version: 1", "categories:"]
    inner = {category.parent_id for category in catalog.categories.values()}
    for category in catalog.categories.values():
        if category.category_id not in inner:
            lines.extend(_category(category, channel, labels))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _category(category: Category, channel: Channel, labels: Mapping[str, str]) -> Iterator[str]:
    found = suggest_categories(category.name, channel)
    others = "; ".join(f"{one.name} {one.title} {one.likeness} %" for one in found)
    if not found:
        yield f"  # {category.category_id}: {{category: ...}}  {category.name}: nothing is like it"
        return
    yield f"  {category.category_id}:"
    yield f'    category: "{found[0].name}"  # {category.name}: {others}'
    yield "    fields:"
    labels = dict(labels) | {field.name: field.label for field in category.fields}
    suggested = suggest_facts(found[0].name, channel, labels)
    for field in channel.fields_of(found[0].name).values():
        needed = ", required" if field.required else ""
        if field.name in suggested:
            meant = suggested[field.name][0]
            yield f"      {field.name}: {meant.name}  # {field.title}, {meant.likeness} %{needed}"
        else:
            yield f"      # {field.name}: ...  {field.title}{needed}"
