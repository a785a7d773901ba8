"""What a check of an installation found."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """A fault keeps a server from starting or from being right; a warning may do so later."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: what was looked at, what is so, and where it is not well how to mend it."""

    check: str
    level: Level
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<7}  {self.check}: {self.text}"
        return f"{line}\n{'':9}-> {self.remedy}" if self.remedy else line


def ok(check: str, text: str) -> Finding:
    """All is well."""
    return Finding(check=check, level=Level.OK, text=text)


def warning(check: str, text: str, remedy: str) -> Finding:
    """It works now, and may not later."""
    return Finding(check=check, level=Level.WARNING, text=text, remedy=remedy)


def fault(check: str, text: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(check=check, level=Level.FAULT, text=text, remedy=remedy)


def has_faults(findings: Iterable[Finding]) -> bool:
    """Whether any of them is a fault."""
    return any(one.level is Level.FAULT for one in findings)
