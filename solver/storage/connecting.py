"""A connection to PostgreSQL: how it is opened, and what must be true of the server."""

from contextlib import suppress
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from solver.storage.errors import StorageUnusable

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

OLDEST_SERVER = 14
CONNECT_SECONDS = 5
LOCK_TIMEOUT_MS = 5_000
# A process that is gone, or a network that is cut, must not keep the others from writing for longer.
IDLE_TIMEOUT_MS = 30_000
# How a writing connection is settled; whoever reads whole tables on it sets these back.
ONLY_FEW_ROWS = {
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
    "plan_cache_mode": "force_generic_plan",
}
# A server that has fallen silent is given up; the system's own limits are a quarter of an hour, and two hours.
_SILENCE = {"tcp_user_timeout": 20_000, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}


class _Whole(Loader):
    """Sums of whole numbers come as NUMERIC and are read as whole numbers."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if "." not in text else float(text)


def connect(url: str, *, reading: bool = False) -> Connection:
    """An open connection that commits when told to. Raises StorageUnusable with what to do about it."""
    try:
        given = conninfo_to_dict(url)
        wanted: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "application_name": "xunyuan", **_SILENCE}
        connection = psycopg.connect(
            url, autocommit=True, prepare_threshold=2, **{key: wanted[key] for key in wanted if key not in given}
        )
        try:
            _refuse_unfit(connection, shown(url))
            _settle(connection, reading=reading)
        except BaseException:
            connection.close()
            raise
    except psycopg.Error as error:
        raise StorageUnusable(
            f"there is no database to be had at {shown(url)}: {_first_line(error)}; "
            "is the server running, does the database exist, are user and password right?"
        ) from error
    return connection


def roll_back(connection: Connection) -> None:
    """End the transaction without effect; a connection that cannot even do that is closed."""
    with suppress(psycopg.Error):
        connection.execute("ROLLBACK")
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        connection.close()


def shown(url: str) -> str:
    """The URL without a password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    options = "&".join(
        one for one in parts.query.split("&") if one and not one.startswith(("password=", "sslpassword="))
    )
    at = f"{user}@{host}" if user else host
    return f"{parts.scheme}://{at}{parts.path}" + (f"?{options}" if options else "")


def _refuse_unfit(connection: Connection, name: str) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST_SERVER:
        raise StorageUnusable(f"{name} is PostgreSQL {version}; {OLDEST_SERVER} or later is needed")
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StorageUnusable(f"{name} keeps text as {encoding}; create the database with ENCODING 'UTF8'")


def _settle(connection: Connection, *, reading: bool) -> None:
    connection.adapters.register_loader("numeric", _Whole)
    connection.execute("SET client_encoding TO 'UTF8'")
    connection.execute(f"SET lock_timeout TO {LOCK_TIMEOUT_MS}")
    connection.execute(f"SET idle_in_transaction_session_timeout TO {IDLE_TIMEOUT_MS}")
    # To compile a statement takes 50 ms at every run; to ONLY_FEW_ROWS scans of small tables look dear enough for it.
    connection.execute("SET jit TO off")
    if not reading:
        # Whatever the server's default is: what is acknowledged is on disk.
        connection.execute(
            """SELECT set_config('synchronous_commit', 'on', false)
               WHERE current_setting('synchronous_commit') IN ('off', 'local')"""
        )
        # What is written is found by keys; a plan that reads whole tables comes of statistics that lag behind.
        for setting, value in ONLY_FEW_ROWS.items():
            connection.execute(f"SET {setting} TO {value}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
