"""What was agreed with dealers, by site and SKU: what they keep for their own trade, and what a unit is settled at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from solver.storage.database import Reader, Transaction

DEALER_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_dealer (
    site_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    reserve_units INTEGER NOT NULL CHECK (reserve_units >= 0),
    settlement_minor INTEGER,
    currency TEXT NOT NULL,
    PRIMARY KEY (site_id, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_dealer_by_sku ON stock_dealer (sku);
"""

_COLUMNS = "site_id, sku, reserve_units, settlement_minor, currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class DealerTerms:
    """A dealer keeps up to `reserve_units` for his own trade and is paid `settlement_minor` for a unit of the rest.

    `settlement_minor` is in minor units of `currency`; None: nothing was agreed.
    """

    site_id: str
    sku: str
    reserve_units: int
    settlement_minor: int | None = None
    currency: str = ""


def put_terms(tx: Transaction, terms: Sequence[DealerTerms]) -> None:
    """Keep terms in place of those that stood for the same site and SKU."""
    tx.executemany(
        f"""INSERT INTO stock_dealer ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (site_id, sku) DO UPDATE SET reserve_units = excluded.reserve_units,
            settlement_minor = excluded.settlement_minor, currency = excluded.currency""",
        [(one.site_id, one.sku, one.reserve_units, one.settlement_minor, one.currency) for one in terms],
    )


def terms_at(reader: Reader, site_id: str, sku: str) -> DealerTerms | None:
    """What was agreed for one SKU at one site."""
    sql = f"SELECT {_COLUMNS} FROM stock_dealer WHERE site_id = ? AND sku = ?"
    return next((_terms(row) for row in reader.query(sql, (site_id, sku))), None)


def terms_of(reader: Reader, skus: Collection[str]) -> dict[tuple[str, str], DealerTerms]:
    """What was agreed for these SKUs, by site and SKU: a dealer's prices as a decision needs them."""
    sql = f"SELECT {_COLUMNS} FROM stock_dealer WHERE sku IN (?) ORDER BY sku, site_id"
    found = [_terms(row) for row in reader.query_within(sql, (list(dict.fromkeys(skus)),))] if skus else []
    return {(one.site_id, one.sku): one for one in found}


def all_terms(reader: Reader, site_ids: Collection[str] = ()) -> tuple[DealerTerms, ...]:
    """Everything that was agreed, with all dealers or at these sites, ordered by SKU and site."""
    rows = reader.query(f"SELECT {_COLUMNS} FROM stock_dealer ORDER BY sku, site_id")
    return tuple(terms for terms in map(_terms, rows) if not site_ids or terms.site_id in site_ids)


def _terms(row: tuple[Any, ...]) -> DealerTerms:
    site_id, sku, reserve_units, settlement_minor, currency = row
    return DealerTerms(
        site_id=site_id, sku=sku, reserve_units=reserve_units, settlement_minor=settlement_minor, currency=currency
    )
