"""Workbooks for spreadsheets; they need the extra `tables`."""

from pathlib import Path
from typing import Any

from solver.errors import XunyuanError
from solver.money import currency_decimals

TIME_FORMAT = "yyyy-mm-dd hh:mm"
DAY_FORMAT = "yyyy-mm-dd"


def open_workbook(path: Path) -> Any:
    """A workbook that is being written, row by row, in little memory; no text in it is taken for a formula or a link.

    It is a context manager. Raises XunyuanError where the extra is missing.
    """
    try:
        from xlsxwriter import Workbook  # an extra: most people want the page alone
    except ImportError as error:
        raise XunyuanError("workbooks come with the extra `tables`, which is not installed") from error
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return Workbook(str(path), settings)


def money_format(currency: str, *, negative_red: bool = False) -> str:
    """The number format of amounts in a currency's own unit."""
    plain = f"#,##0.{'0' * currency_decimals(currency)}".removesuffix(".")
    return f"{plain};[Red]-{plain}" if negative_red else plain
