"""The machine that a server would run on: libraries, the compiled search, files, disk, clock."""

import resource
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import cache_from_source, find_spec
from pathlib import Path

from solver.api.grpc_inside import KNOWN, REMEDY, UNKNOWN, VERSION
from solver.doctor.finding import Finding, fault, ok, warning
from solver.settings.settings import Settings
from solver.storage.sqlite import OLDEST_SQLITE, sqlite_version

EXTRAS = {  # extra of pyproject.toml: a module that it brings, what for
    "fast": ("numba", "the search is compiled"),
    "postgres": ("psycopg", "PostgreSQL"),
    "secure": ("cryptography", "TLS, signed tokens, personal data"),
    "statements": ("mt940", "bank statements"),
    "tables": ("pyarrow", "Parquet and workbooks"),
    "traces": ("opentelemetry", "traces"),
}
LEAST_FREE_BYTES, LOW_FREE_BYTES = 100 * 2**20, 2 * 2**30
FILES_BESIDE_CALLS = 128
MOST_DRIFT_SECONDS = 0.05
_SEARCH = Path(__file__).resolve().parents[1]


def sqlite_build() -> Iterator[Finding]:
    """Whether SQLite is without the bug of its write-ahead log."""
    found, wanted = (".".join(map(str, one)) for one in (sqlite_version(), OLDEST_SQLITE))
    if sqlite_version() < OLDEST_SQLITE:
        yield fault("sqlite", f"{found} can corrupt its write-ahead log", f"install an apsw with {wanted} or later")
    else:
        yield ok("sqlite", f"{found}")


def extras(settings: Settings, has: Callable[[str], object] = find_spec) -> Iterator[Finding]:
    """Which optional libraries are there, and whether those that the settings need are."""
    needed = set()
    if (settings.storage.url or "").startswith("postgres"):
        needed.add("postgres")
    if settings.tls.certificate is not None:
        needed.add("secure")
    if settings.watching.traces_endpoint is not None:
        needed.add("traces")
    missing = [name for name, (module, _) in EXTRAS.items() if has(module) is None]
    for name in missing:
        what, remedy = EXTRAS[name][1], f"pip install 'xunyuan[{name}]'"
        if name in needed:
            yield fault("extras", f"{name} is missing, which the settings need ({what})", remedy)
        elif name == "fast":
            yield warning("extras", "fast is missing: the search is not compiled and many times slower", remedy)
    rest = [name for name in EXTRAS if name not in missing]
    yield ok("extras", f"{', '.join(rest) or 'none'} installed")


def grpc_build(unknown: Sequence[str] = UNKNOWN) -> Iterator[Finding]:
    """Whether gRPC is built as admission needs it."""
    if unknown:
        text = f"{VERSION} is not built as {KNOWN} are ({', '.join(unknown)}): calls have no lanes"
        yield warning("grpc", text, REMEDY)
    else:
        yield ok("grpc", f"{VERSION}")


def compiled_search(root: Path = _SEARCH, has: Callable[[str], object] = find_spec) -> Iterator[Finding]:
    """Whether the search was compiled since it was last changed; else the first start takes minutes."""
    if has("numba") is None:
        return
    kept = {(one.parents[1], one.name.partition("-")[0]): one.stat().st_mtime for one in root.rglob("*.nbi")}
    stale = [
        name for (folder, name), when in kept.items() if _source(folder, name) and when < _changed_at(folder, name)
    ]
    if not kept or stale:
        state = "is not compiled yet" if not kept else f"has changed since it was compiled ({len(stale)} functions)"
        command = "python -c 'from solver.waves.warm import warm; warm()'"
        yield warning("search", f"{state}: the first start takes minutes", f"run {command} ahead of it")
    else:
        yield ok("search", f"{len(kept)} compiled functions are kept")


def bytecode(root: Path = _SEARCH) -> Iterator[Finding]:
    """Whether modules are kept as bytecode; else every start compiles them anew, which takes about a second."""
    modules = [one for one in root.rglob("*.py") if one.stat().st_size]
    stale = [one for one in modules if not _is_kept(one)]
    if len(stale) > len(modules) // 10:
        text = f"{len(stale)} of {len(modules)} modules are kept nowhere as bytecode: every start compiles them anew"
        yield warning("bytecode", text, f"run python -m compileall -q {root} as a user who may write there")
    else:
        yield ok("bytecode", f"{len(modules) - len(stale)} of {len(modules)} modules are kept")


def _is_kept(module: Path) -> bool:
    kept = Path(cache_from_source(str(module)))
    return kept.is_file() and kept.stat().st_mtime >= module.stat().st_mtime


def _source(folder: Path, name: str) -> Path | None:
    path = folder / f"{name.partition('.')[0]}.py"
    return path if path.is_file() else None


def _changed_at(folder: Path, name: str) -> float:
    path = _source(folder, name)
    return 0.0 if path is None else path.stat().st_mtime


def open_files(settings: Settings) -> Iterator[Finding]:
    """Whether as many connections may be open as calls and watchers."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.server.watchers + settings.admission.waiting_calls + FILES_BESIDE_CALLS
    if most != resource.RLIM_INFINITY and most < wanted:
        yield warning(
            "files",
            f"{most:,} may be open; waiting calls and watchers may need {wanted:,}",
            f"raise it with ulimit -n {wanted}, or LimitNOFILE= in the unit",
        )
    else:
        yield ok("files", "any number may be open" if most == resource.RLIM_INFINITY else f"{most:,} may be open")


def disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room where the data are."""
    if settings.storage.url is not None and not settings.storage.url.startswith("sqlite:"):
        return
    place = Path((settings.storage.url or str(settings.storage.data)).removeprefix("sqlite:")).absolute()
    while not place.is_dir():
        place = place.parent
    free = shutil.disk_usage(place).free
    text = f"{free / 2**30:,.1f} GiB free at {place}"
    remedy = "make room, or put the data on a larger disk: what finds no room is refused, and nothing of it is kept"
    if free < LEAST_FREE_BYTES:
        yield fault("disk", text, remedy)
    elif free < LOW_FREE_BYTES:
        yield warning("disk", text, remedy)
    else:
        yield ok("disk", text)


def clock(seconds: float = 0.25) -> Iterator[Finding]:
    """Whether the wall clock goes as the monotonic one does."""
    walls, steady = time.time(), time.monotonic()
    time.sleep(seconds)
    drift = (time.time() - walls) - (time.monotonic() - steady)
    if abs(drift) > MOST_DRIFT_SECONDS:
        yield warning(
            "clock", f"it moved by {drift:+.3f} s within {seconds} s", "let NTP slew the clock rather than step it"
        )
    else:
        yield ok("clock", "it goes evenly")
