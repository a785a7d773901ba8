"""The settings that hold: the default, unless a file, a variable or an option says otherwise; the later one counts."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.errors import Violations
from solver.settings.environment import CONFIG_VARIABLE, stated_in_environment
from solver.settings.file import stated_in_file
from solver.settings.kinds import Value
from solver.settings.options import stated_in_options
from solver.settings.setting import Setting
from solver.settings.settings import SECTIONS, SETTINGS, Settings
from solver.settings.shown import masked
from solver.settings.stated import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings, and by path where each that is not the default was stated."""

    settings: Settings
    places: Mapping[str, str]


def read_configuration(options: argparse.Namespace, environment: Mapping[str, str]) -> Configuration:
    """What holds for these options, of a parser that `add_options` was given.

    Raises InvalidRequest with everything that is wrong in all places: file and line, variable or option.
    """
    violations = Violations()
    values: dict[str, Value] = {}
    places: dict[str, str] = {}
    for statement in _statements(options, environment, violations):
        path = statement.setting.path
        try:
            values[path] = statement.setting.read(statement.text)
            places[path] = statement.place
        except ValueError as error:
            shown = "..." if statement.setting.secret else statement.text
            violations.add(statement.place, shown, str(error))
    settings = Settings(**{section: _section(section, kind, values) for section, kind in SECTIONS.items()})
    for path, remedy in _disagreements(settings):
        setting = SETTINGS[path]
        violations.add(places.get(path, path), masked(setting, _value_of(settings, setting)), remedy)
    violations.refuse_any("the configuration")
    return Configuration(settings=settings, places=places)


def _statements(
    options: argparse.Namespace, environment: Mapping[str, str], violations: Violations
) -> Iterator[Statement]:
    file = options.config or environment.get(CONFIG_VARIABLE)
    if file:
        yield from stated_in_file(Path(file), violations)
    yield from stated_in_environment(environment, violations)
    yield from stated_in_options(options)


def _section(section: str, kind: type[Any], values: Mapping[str, Value]) -> Any:
    mine = {path.removeprefix(f"{section}."): value for path, value in values.items() if path.startswith(f"{section}.")}
    return kind(**mine)


def _disagreements(settings: Settings) -> Iterator[tuple[str, str]]:
    """Paths of settings that do not go together within their section, each with its remedy."""
    for section in SECTIONS:
        part = getattr(settings, section)
        for name, remedy in part.faults() if hasattr(part, "faults") else ():
            yield f"{section}.{name}", remedy


def _value_of(settings: Settings, setting: Setting) -> Value:
    value: Value = getattr(getattr(settings, setting.section), setting.name)
    return value


def printed(configuration: Configuration) -> str:
    """The configuration as a file would state it, with where each value is from; secrets are masked."""
    lines: list[str] = []
    section = ""
    for setting in SETTINGS.values():
        if setting.section != section:
            section = setting.section
            lines.append(f"{section}:")
        value = masked(setting, _value_of(configuration.settings, setting))
        place = configuration.places.get(setting.path, "default").removesuffix(f": {setting.path}")
        lines.append(f"  {setting.name}: {value}  # {place}")
    return "\n".join((*lines, ""))
