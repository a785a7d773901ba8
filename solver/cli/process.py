"""A service of our own as a child process, for as long as a demo needs it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solver.errors import XunyuanError

START_SECONDS = 900.0  # on a busy machine that has not compiled the search yet
STOP_SECONDS = 20.0
_SERVER = Path(__file__).resolve().parents[2] / "server.py"


class ServerDidNotStart(XunyuanError):
    """The child process ended, or said nothing, before it served."""

    reason = "SERVER_DID_NOT_START"


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    """A service with its data in `folder` on a free port of this machine; yields its address.

    `options` are further ones of `server.py`; one of them may be `--url`, in place of the folder. Raises
    ServerDidNotStart. The service is stopped by SIGTERM, and by force if it does not end in time.
    """
    place = () if "--url" in options else ("--data", str(folder))
    command = [sys.executable, str(_SERVER), "--port", "0", *place, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own server
        try:
            yield _address(process)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
    if process.returncode != 0:
        raise XunyuanError(f"the service ended with code {process.returncode}", reason="SERVER_DID_NOT_STOP")


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None, "asked for above"
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    line = process.stdout.readline()
    watchdog.cancel()
    if not line.startswith("serving on "):
        _, errors = process.communicate()
        raise ServerDidNotStart(f"the service did not start: {errors.strip() or line.strip() or 'it said nothing'}")
    return line.removeprefix("serving on ").partition(",")[0]
