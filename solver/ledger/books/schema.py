"""The ledger's tables: what a voucher says beyond the journal's entry. Its lines stand as the transfers do."""

LEDGER_SCHEMA = """
CREATE TABLE IF NOT EXISTS ledger_voucher (
    entry_id INTEGER PRIMARY KEY REFERENCES journal_entry (entry_id),
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    entity TEXT NOT NULL,
    currency TEXT NOT NULL,
    on_day INTEGER NOT NULL,
    reason TEXT NOT NULL,
    reverses INTEGER UNIQUE REFERENCES ledger_voucher (entry_id),
    follows INTEGER REFERENCES ledger_voucher (entry_id)
) STRICT;
CREATE INDEX IF NOT EXISTS ledger_voucher_by_source ON ledger_voucher (source);
CREATE INDEX IF NOT EXISTS ledger_voucher_by_follows ON ledger_voucher (follows) WHERE follows IS NOT NULL;

CREATE TABLE IF NOT EXISTS ledger_line (
    entry_id INTEGER NOT NULL REFERENCES ledger_voucher (entry_id),
    line INTEGER NOT NULL,
    on_day INTEGER NOT NULL,
    debit_id INTEGER NOT NULL REFERENCES journal_account (account_id),
    credit_id INTEGER NOT NULL REFERENCES journal_account (account_id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
    charge TEXT NOT NULL,
    party TEXT NOT NULL,
    order_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    channel TEXT NOT NULL,
    cost_centre TEXT NOT NULL,
    profit_centre TEXT NOT NULL,
    about TEXT NOT NULL,
    PRIMARY KEY (entry_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ledger_line_by_debit ON ledger_line (debit_id, on_day, entry_id, line);
CREATE INDEX IF NOT EXISTS ledger_line_by_credit ON ledger_line (credit_id, on_day, entry_id, line);
CREATE INDEX IF NOT EXISTS ledger_line_by_order ON ledger_line (order_id) WHERE order_id <> '';
CREATE INDEX IF NOT EXISTS ledger_line_by_about ON ledger_line (about) WHERE about <> '';

CREATE TABLE IF NOT EXISTS ledger_total (
    account_id INTEGER NOT NULL REFERENCES journal_account (account_id),
    period INTEGER NOT NULL,
    cost_centre TEXT NOT NULL,
    profit_centre TEXT NOT NULL,
    debit_minor INTEGER NOT NULL,
    credit_minor INTEGER NOT NULL,
    base_debit_minor INTEGER NOT NULL,
    base_credit_minor INTEGER NOT NULL,
    PRIMARY KEY (account_id, period, cost_centre, profit_centre)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ledger_period_change (
    number INTEGER PRIMARY KEY,
    entity TEXT NOT NULL,
    period INTEGER NOT NULL,
    is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
    reason TEXT NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS ledger_rate (
    currency TEXT NOT NULL,
    base TEXT NOT NULL,
    on_day INTEGER NOT NULL,
    rate TEXT NOT NULL,
    PRIMARY KEY (currency, base, on_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ledger_carrying (
    account_id INTEGER PRIMARY KEY REFERENCES journal_account (account_id),
    amount_minor INTEGER NOT NULL,
    base_minor INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS ledger_untranslated (
    entry_id INTEGER PRIMARY KEY REFERENCES ledger_voucher (entry_id),
    entity TEXT NOT NULL,
    currency TEXT NOT NULL,
    base TEXT NOT NULL,
    on_day INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS ledger_untranslated_by_entity ON ledger_untranslated (entity, currency, entry_id);

CREATE TABLE IF NOT EXISTS ledger_translation (
    entry_id INTEGER NOT NULL REFERENCES ledger_voucher (entry_id),
    line INTEGER NOT NULL,
    base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
    PRIMARY KEY (entry_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ledger_chart (
    version INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS ledger_declaration (
    version INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;

OFTEN CHANGED ledger_total;
APPEND ONLY ledger_voucher;
APPEND ONLY ledger_line;
APPEND ONLY ledger_period_change;
APPEND ONLY ledger_rate;
APPEND ONLY ledger_translation;
APPEND ONLY ledger_chart;
APPEND ONLY ledger_declaration;
"""
