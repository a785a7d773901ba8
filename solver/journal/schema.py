"""The journal's tables. Entries and transfers are append-only; account balances and pending are kept from them.

Only archiving deletes entries, in a transaction that also writes what they came to.
"""

FIRST_JOURNAL_SCHEMA = """
CREATE TABLE IF NOT EXISTS journal_account (
    account_id INTEGER NOT NULL UNIQUE,
    book TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    holder TEXT NOT NULL,
    guarded INTEGER NOT NULL CHECK (guarded IN (0, 1)),
    debits_posted INTEGER NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
    credits_posted INTEGER NOT NULL DEFAULT 0 CHECK (credits_posted >= 0),
    debits_pending INTEGER NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
    credits_pending INTEGER NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
    PRIMARY KEY (book, kind, unit, holder),
    CHECK (guarded = 0 OR debits_posted - credits_posted - credits_pending >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS journal_account_by_holder ON journal_account (book, holder);

CREATE TABLE IF NOT EXISTS journal_entry (
    entry_id INTEGER PRIMARY KEY,
    phase TEXT NOT NULL CHECK (phase IN ('post', 'hold', 'confirm', 'release', 'expire')),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    expires_at_us INTEGER CHECK ((phase = 'hold') = (expires_at_us IS NOT NULL)),
    resolves INTEGER UNIQUE REFERENCES journal_entry (entry_id)
        CHECK ((phase IN ('confirm', 'release', 'expire')) = (resolves IS NOT NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS journal_entry_by_subject ON journal_entry (subject);
CREATE UNIQUE INDEX IF NOT EXISTS journal_hold_by_subject ON journal_entry (kind, subject) WHERE phase = 'hold';

CREATE TABLE IF NOT EXISTS journal_transfer (
    entry_id INTEGER NOT NULL REFERENCES journal_entry (entry_id),
    line INTEGER NOT NULL,
    debit_id INTEGER NOT NULL REFERENCES journal_account (account_id),
    credit_id INTEGER NOT NULL REFERENCES journal_account (account_id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    PRIMARY KEY (entry_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS journal_pending (
    entry_id INTEGER PRIMARY KEY REFERENCES journal_entry (entry_id),
    expires_at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS journal_pending_by_expiry ON journal_pending (expires_at_us);

OFTEN CHANGED journal_account;
APPEND ONLY journal_entry;
APPEND ONLY journal_transfer;
"""

# What was archived (docs/archive.md): each archive by its number, what accounts held after the last of them, and the
# archived entries that the journal still has, with their transfers or without.
ARCHIVE_SCHEMA = """
CREATE TABLE IF NOT EXISTS journal_archive (
    number INTEGER PRIMARY KEY,
    first_entry_id INTEGER NOT NULL,
    last_entry_id INTEGER NOT NULL,
    last_at_us INTEGER NOT NULL,
    before_us INTEGER NOT NULL,
    digest TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    opening_digest TEXT NOT NULL,
    kept_digest TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS journal_opening (
    account_id INTEGER PRIMARY KEY,
    debits_posted INTEGER NOT NULL,
    credits_posted INTEGER NOT NULL,
    debits_pending INTEGER NOT NULL,
    credits_pending INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS journal_kept (
    entry_id INTEGER PRIMARY KEY,
    is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1))
) STRICT;

CREATE INDEX IF NOT EXISTS journal_kept_whole ON journal_kept (entry_id) WHERE is_whole = 1;

-- Of what is kept of each archive, so that a later one reads only what it changes of that.
CREATE TABLE IF NOT EXISTS journal_kept_digest (
    number INTEGER PRIMARY KEY,
    digest TEXT NOT NULL
) STRICT;

APPEND ONLY journal_archive;
"""

JOURNAL_SCHEMA = FIRST_JOURNAL_SCHEMA + ARCHIVE_SCHEMA
