"""The tables of settlement: settled orders and refunds as they came, items, what partners shipped, and runs."""

SETTLEMENT_SCHEMA = """
CREATE TABLE IF NOT EXISTS settlement_order (
    order_id TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL,
    contract_id TEXT NOT NULL,
    turnover_minor INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS settlement_refund (
    refund_id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (order_id, number)
) STRICT;
CREATE TABLE IF NOT EXISTS settlement_turnover (
    contract_id TEXT NOT NULL,
    first_day TEXT NOT NULL,
    base_minor INTEGER NOT NULL,
    PRIMARY KEY (contract_id, first_day)
) STRICT;
CREATE TABLE IF NOT EXISTS settlement_item (
    item_id INTEGER NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    refund_id TEXT NOT NULL,
    role TEXT NOT NULL,
    party TEXT NOT NULL,
    currency TEXT NOT NULL,
    charge TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    held_minor INTEGER NOT NULL,
    earned_on TEXT NOT NULL,
    release_on TEXT NOT NULL,
    channel TEXT NOT NULL,
    counterparty TEXT NOT NULL,
    base_minor INTEGER NOT NULL DEFAULT 0,
    rate TEXT NOT NULL DEFAULT '',
    taken_run TEXT NOT NULL DEFAULT '',
    released_run TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS settlement_item_by_run ON settlement_item (party, currency, taken_run, earned_on);
CREATE INDEX IF NOT EXISTS settlement_item_by_order ON settlement_item (order_id);
CREATE INDEX IF NOT EXISTS settlement_item_by_release ON settlement_item (party, currency, released_run, release_on);
CREATE TABLE IF NOT EXISTS settlement_shipped (
    party TEXT NOT NULL,
    currency TEXT NOT NULL,
    earned_on TEXT NOT NULL,
    order_id TEXT NOT NULL,
    refund_id TEXT NOT NULL,
    paid_minor INTEGER NOT NULL,
    units INTEGER NOT NULL,
    share_minor INTEGER NOT NULL,
    PRIMARY KEY (party, currency, earned_on, order_id, refund_id)
) STRICT;
CREATE TABLE IF NOT EXISTS settlement_run (
    run_id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    currency TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    steps INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS settlement_run_by_party ON settlement_run (party, currency, last_day);
"""
