"""The tables of access: rules, digests of keys, and the log of what became of calls."""

ACCESS_SCHEMA = """
CREATE TABLE IF NOT EXISTS access_role (
    role_id TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS access_caller (
    caller_id TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS access_key (
    key_id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS access_audit (
    number INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    decision TEXT NOT NULL,
    caller_id TEXT NOT NULL,
    method TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    detail TEXT NOT NULL,
    peer TEXT NOT NULL
) STRICT;

APPEND ONLY access_audit;
"""
