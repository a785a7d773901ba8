"""Where a server listens, how much it takes on, and how it ends."""

from dataclasses import dataclass

from solver.settings.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Section `server`."""

    host: str = setting("127.0.0.1", "address to listen on; the default is this machine only", option="--host")
    port: int = setting(50151, "port to listen on; 0 takes a free one", least=0, most=65_535, option="--port")
    processes: int = setting(
        1,
        "processes that serve the port together; more than one needs PostgreSQL",
        least=1,
        most=64,
        option="--processes",
    )
    shares_port: bool = setting(False, "others of this user may listen on the port too, and share its connections")
    workers: int = setting(8, "calls that a process works on at once", least=1, most=256, option="--workers")
    watchers: int = setting(100, "streams that a process keeps open at once", least=0, most=10_000)
    concurrent_calls: int = setting(
        10_000,
        "the outermost bound of calls that a process has at once, waiting ones and watchers among them",
        least=1,
        most=100_000,
    )
    request_bytes: int = setting(
        16 * 1024 * 1024, "the largest message that is taken", least=65_536, most=1024 * 1024 * 1024
    )
    notice_seconds: float = setting(
        0.0, "how long calls are still taken after health says NOT_SERVING, for balancers to notice", least=0, most=600
    )
    drain_seconds: float = setting(
        10.0, "how long running calls may take to finish when the server ends", least=0, most=3_600
    )
