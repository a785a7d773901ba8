"""A database that has lost a guard of its schema, or was given another, is refused by name on both stores."""

import pytest

from solver.app import Application
from solver.clock import SystemClock
from solver.schema import STEPS
from solver.storage.conditions import checks_of, condition
from solver.storage.errors import StorageUnusable
from solver.storage.steps import Step
from solver.storage.url import open_database

WHOLE = """
CREATE TABLE stock (
    site TEXT NOT NULL,
    sku TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('good', 'bad')),
    units INTEGER NOT NULL CHECK (units BETWEEN 0 AND 1000),
    held INTEGER NOT NULL,
    PRIMARY KEY (site, sku),
    UNIQUE (sku, kind),
    CHECK ((kind = 'good') = (held IS NOT NULL)),
    CHECK (kind = 'bad' OR units - held - 1 >= 0)
);
CREATE INDEX stock_by_kind ON stock (kind, site) WHERE kind <> '';
CREATE UNIQUE INDEX one_of_each ON stock (sku) WHERE held IS NULL;
APPEND ONLY stock
"""


@pytest.mark.parametrize(
    ("was", "lacks"),
    [
        (" CHECK (kind IN ('good', 'bad'))", "CHECK kind IN 'good', 'bad'"),
        (" CHECK (units BETWEEN 0 AND 1000)", "CHECK units >= 0 AND units <= 1000"),
        (",\n    CHECK ((kind = 'good') = (held IS NOT NULL))", "CHECK kind = 'good' = held IS NOT NULL"),
        (",\n    CHECK (kind = 'bad' OR units - held - 1 >= 0)", "CHECK kind = 'bad' OR units - held - 1 >= 0"),
        (",\n    PRIMARY KEY (site, sku)", "PRIMARY KEY (site, sku)"),
        (",\n    UNIQUE (sku, kind)", "UNIQUE (sku, kind)"),
        (
            "CREATE INDEX stock_by_kind ON stock (kind, site) WHERE kind <> '';",
            "index stock_by_kind (kind, site) where kind <> ''",
        ),
        (" WHERE held IS NULL", "unique index one_of_each (sku) where held IS NULL"),
        ("APPEND ONLY stock", "trigger stock_keeps_all, trigger stock_keeps_rows"),
    ],
)
def test_what_a_table_lacks_is_named(store_url: str, was: str, lacks: str) -> None:
    assert WHOLE.count(was) == 1
    open_database(store_url, [WHOLE.replace(was, "")]).close()
    with pytest.raises(StorageUnusable) as refused:
        open_database(store_url, [WHOLE])
    assert f"says it has schema 1, and is of no release: stock lacks {lacks}. Nothing was changed." in str(
        refused.value
    )


@pytest.mark.parametrize(
    ("was", "now", "besides"),
    [
        ("held INTEGER NOT NULL", "held INTEGER NOT NULL CHECK (held < 5)", "CHECK held < 5"),
        ("APPEND", "CREATE UNIQUE INDEX another ON stock (kind); APPEND", "unique index another (kind)"),
    ],
)
def test_what_refuses_more_than_the_release_does_is_named(store_url: str, was: str, now: str, besides: str) -> None:
    open_database(store_url, [WHOLE.replace(was, now)]).close()
    with pytest.raises(StorageUnusable, match="is of no release") as refused:
        open_database(store_url, [WHOLE])
    assert f": stock has {besides} besides." in str(refused.value)


def test_an_index_of_the_users_own_is_no_difference(store_url: str) -> None:
    database = open_database(store_url, [WHOLE])
    with database.write() as tx:
        tx.execute("CREATE INDEX mine ON stock (held)")
    database.close()
    open_database(store_url, [WHOLE]).close()


def test_what_the_product_makes_is_what_it_expects_and_each_lost_guard_is_named(store_url: str) -> None:
    Application.open(store_url, SystemClock()).close()
    database = open_database(store_url, STEPS)
    on_postgres = database.store == "postgres"
    with database.write() as tx:
        of_table = " ON journal_entry" if on_postgres else ""
        tx.execute(f"DROP TRIGGER journal_entry_keeps_rows{of_table}")
        tx.execute("DROP INDEX journal_hold_by_subject")
        tx.execute("DROP INDEX journal_pending_by_expiry")
    database.close()
    with pytest.raises(StorageUnusable) as refused:
        Application.open(store_url, SystemClock())
    assert (
        ": journal_entry lacks trigger journal_entry_keeps_rows, unique index journal_hold_by_subject (kind, subject) "
        "where phase = 'hold'; journal_pending lacks index journal_pending_by_expiry (expires_at_us). Nothing"
    ) in str(refused.value)


def test_a_trigger_that_was_made_to_do_nothing_is_none(store_url: str) -> None:
    database = open_database(store_url, [WHOLE])
    with database.write() as tx:
        if database.store == "postgres":
            tx.execute("ALTER TABLE stock DISABLE TRIGGER stock_keeps_rows")
        else:
            tx.execute("DROP TRIGGER stock_keeps_rows")
            tx.execute("CREATE TRIGGER stock_keeps_rows BEFORE UPDATE ON stock BEGIN SELECT 1; END")
    database.close()
    with pytest.raises(StorageUnusable, match="stock lacks trigger stock_keeps_rows"):
        open_database(store_url, [WHOLE])


def test_a_journal_without_its_check_is_refused(store_url: str) -> None:
    check = ",\n    CHECK (guarded = 0 OR debits_posted - credits_posted - credits_pending >= 0)"
    bare: list[Step] = [step.replace(check, "") if isinstance(step, str) else step for step in STEPS]
    assert bare[0] != STEPS[0]
    open_database(store_url, bare).close()
    lost = "journal_account lacks CHECK guarded = 0 OR debits_posted - credits_posted - credits_pending >= 0"
    with pytest.raises(StorageUnusable, match=lost):
        Application.open(store_url, SystemClock())


@pytest.mark.parametrize(
    ("sqlite", "postgres"),
    [
        ("guarded IN (0, 1)", "(guarded = ANY (ARRAY[(0)::bigint, (1)::bigint]))"),
        ("phase NOT IN ('a', 'b')", "(phase <> ALL (ARRAY['a'::text, 'b'::text]))"),
        ("a - b - c >= 0 OR d != 'it''s'", "((((a - b) - c) >= 0) OR (d <> 'it''s'::text))"),
        ("units BETWEEN 0 AND 9", "((units >= 0) AND (units <= 9))"),
        ("lot <> ''", "(lot <> ''::text COLLATE \"C\")"),
    ],
)
def test_both_stores_spell_a_condition_alike(sqlite: str, postgres: str) -> None:
    assert condition(sqlite) == condition(postgres)


def test_conditions_that_differ_stay_different() -> None:
    assert condition("a >= 0") != condition("a > 0")
    assert condition("a IN (0, 1)") != condition("a IN (0, 2)")
    assert condition("a = 'X'") != condition("a = 'x'")


def test_a_check_ends_with_its_own_bracket() -> None:
    sql = "CREATE TABLE t (a INTEGER CHECK ((a) > (0)), b TEXT DEFAULT 'CHECK (x)', CHECK (a IN (1, 2)))"
    assert list(checks_of(sql)) == ["a > 0", "a IN 1, 2"]
