"""What was said about a setting, and where."""

from dataclasses import dataclass

from solver.settings.setting import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One setting as somebody stated it. `place` is the file and line, the variable or the option."""

    setting: Setting
    text: str
    place: str
