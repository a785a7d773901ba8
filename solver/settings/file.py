"""A configuration file: YAML or JSON, sections with their settings."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.page import Page, line_of, shown
from solver.settings.setting import Setting
from solver.settings.settings import SECTIONS, SETTINGS
from solver.settings.stated import Statement

_NOTHING = "tag:yaml.org,2002:null"


def stated_in_file(path: Path, violations: Violations) -> Iterator[Statement]:
    """What the file states. Raises InvalidRequest where it cannot be read; faults within it are recorded."""
    page = Page(str(path), noun="configuration")
    root = page.compose(_text_of(path))
    if root is not None:
        for section, node in page.fields(root, "", SECTIONS).items():
            if not _is_nothing(node):
                yield from _section(page, section, node)
    violations.found.extend(page.violations)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        fault = FieldViolation(field="--config", value=repr(str(path)), remedy=f"cannot be read: {what}")
        raise InvalidRequest("the configuration", [fault]) from error


def _section(page: Page, section: str, node: yaml.Node) -> Iterator[Statement]:
    known = {one.name: one for one in SETTINGS.values() if one.section == section}
    for name, value in page.fields(node, section, known).items():
        setting = known[name]
        text = None if _is_nothing(value) else _written(page, setting, value)
        if text is not None:
            yield Statement(setting=setting, text=text, place=f"{page.origin}:{line_of(value)}: {setting.path}")


def _written(page: Page, setting: Setting, node: yaml.Node) -> str | None:
    """The value as text; None, with the cause recorded, where it cannot be one."""
    if setting.kind.is_list and isinstance(node, yaml.SequenceNode):
        before = len(page.found)
        words = page.words(node, setting.path)
        return ",".join(words) if len(page.found) == before else None
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    page.wrong(node, setting.path, shown(node), f"give {setting.allowed}")
    return None


def _is_nothing(node: yaml.Node) -> bool:
    return bool(node.tag == _NOTHING)
