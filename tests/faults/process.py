"""`server.py` as a process of its own, which may be killed."""

import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.running import HOST, Stubs, plain_channel

PROJECT = Path(__file__).parents[2]
SECONDS_TO_END = 20


class ServerProcess(Stubs):
    """A server on a free port over the database in `folder`, or at `url`; what it logs goes to a file in the folder."""

    def __init__(self, folder: Path, *arguments: str, url: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "server.log"
        place = ["--url", url] if url else ["--data", str(folder)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "server.py", "--port", "0", *place, *arguments],
                cwd=PROJECT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        self.greeting = self.process.stdout.readline()
        found = re.fullmatch(rf"serving on {HOST}:(\d+), data in (.+)\n", self.greeting)
        assert found, f"it said {self.greeting!r}; its log: {self.log.read_text()}"
        assert url or found[2] == str(folder)
        self.port = int(found[1])
        super().__init__(plain_channel(self.port))

    def kill(self) -> None:
        """End it without a warning, as a power cut or the kernel would."""
        self.process.kill()
        assert self.process.wait(SECONDS_TO_END) == -signal.SIGKILL
        self._forget()

    def end(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Ask it to end; its exit code and what it said last."""
        self.process.send_signal(by)
        said, _ = self.process.communicate(timeout=SECONDS_TO_END)
        self.channel.close()
        return self.process.returncode, said

    def clean_up(self) -> None:
        """Leave no process behind, whatever happened."""
        if self.process.poll() is None:
            self.kill()

    def _forget(self) -> None:
        self.channel.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
