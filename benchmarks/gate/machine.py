"""Which machine it is, as far as it matters: the times of one class of machines may be compared."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Model of the processor, how many cores, which Python."""

    processor: str
    cores: int
    python: str

    @property
    def slug(self) -> str:
        """A name for files."""
        text = f"{self.processor} {self.cores} cores python {self.python}".lower()
        return re.sub(r"[^a-z0-9.]+", "-", text).strip("-")


def this_machine() -> Machine:
    """The one that this runs on."""
    python = ".".join(platform.python_version_tuple()[:2])
    return Machine(processor=_processor(), cores=os.cpu_count() or 1, python=python)


def _processor() -> str:
    """As Linux has it, or else as Python has."""
    known = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", known.read_text(), re.MULTILINE) if known.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()
