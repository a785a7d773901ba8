"""The nouns of stock that comes as a file."""

from dataclasses import dataclass

from solver.stock.model import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRow:
    """What one line of a file says."""

    line: int
    movement: Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """What is wrong with a line: which field, what stands there, and what to do about it."""

    line: int
    field: str
    value: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.value}: {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """How many rows were loaded, the last journal entry of them (0: none), and what is wrong with the others."""

    loaded_rows: int
    entry_id: int
    refused: tuple[RefusedRow, ...]
