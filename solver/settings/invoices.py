"""Where invoices are asked for."""

from dataclasses import dataclass

from solver.settings.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSettings:
    """Section `invoices`."""

    platform: str | None = setting(
        None,
        "what issues invoices: module:function, or practice; without it none are asked for",
        option="--invoice-platform",
    )
