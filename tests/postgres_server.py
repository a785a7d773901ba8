"""A PostgreSQL of the tests' own: started from the machine's binaries, in a folder of its own, on a socket there."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

SECONDS = 60.0
USER = "xunyuan"
_PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>


def find_binaries() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest version first; None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    for folder in [*map(Path, os.environ.get("PATH", "").split(os.pathsep)), *debian]:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return folder
    return None


class PostgresServer:
    """One server, running until `stop`. Nothing that it keeps outlives it.

    Without `durable` it forces nothing to disk: a crash of the server loses nothing then, one of the machine would.
    """

    def __init__(self, binaries: Path, *, durable: bool = False) -> None:
        self._durable = durable
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="xunyuan-pg-", dir="/tmp"))
        # PostgreSQL refuses to run as root: then it runs as its own user, or as nobody.
        self._user, self._group, self._groups = _unprivileged()
        if self._user is not None and self._group is not None:
            shutil.chown(self.folder, self._user, self._group)
        self._run("initdb", "--pgdata", "data", "--username", USER, "--auth", "trust", "--encoding", "UTF8",
                  "--locale", "C", "--no-sync")  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self) -> None:
        """Start the server, again too, and wait until it answers. Raises OperationalError where it does not."""
        settings = {
            "listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": _on(self._durable),
            "full_page_writes": _on(self._durable), "max_connections": "60", "shared_buffers": "32MB",
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", "data", *options],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                user=self._user, group=self._group, extra_groups=self._groups, preexec_fn=_end_with_parent,
            )  # fmt: skip
        ends_at = time.monotonic() + SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > ends_at or self.process.poll() is not None:
                    self._end()
                    raise
                time.sleep(0.05)

    def url(self, database: str, **options: str) -> str:
        """Where a database of this server is."""
        given = "&".join(f"{name}={value}" for name, value in {"host": str(self.folder), **options}.items())
        return f"postgresql://{USER}@/{database}?{given}"

    def crash(self) -> None:
        """End it at once, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(SECONDS)

    def stop(self) -> None:
        """End it, by its process id, and remove what it kept."""
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                self.crash()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            user=self._user,
            group=self._group,
            extra_groups=self._groups,
        )
        assert done.returncode == 0, done.stderr


def _end_with_parent() -> None:
    """On Linux the server is told to end when the test process does, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT))


def _on(wanted: bool) -> str:
    return "on" if wanted else "off"


def _unprivileged() -> tuple[int | None, int | None, list[int] | None]:
    if os.geteuid() != 0:
        return None, None, None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return entry.pw_uid, entry.pw_gid, []
