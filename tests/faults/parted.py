"""A server and its callers on a network of their own, which is parted: run it by `unshare --net`."""

import subprocess
import sys
from pathlib import Path

from tests.faults.lines import opened_shop, prove_told, prove_under
from tests.faults.process import ServerProcess


def main(folder: Path, seed: int) -> None:
    """Serve from `folder`, part the network and join it, and prove that nothing was lost."""
    _switch("up")
    server = ServerProcess(opened_shop(folder / "data"))
    try:
        load = prove_under(server.port, seed, lambda: _switch("down"), lambda: _switch("up"))
        prove_told(folder / "data", server, load)
    finally:
        server.clean_up()
    sys.stdout.write(f"{load.unanswered} calls went unanswered and were repeated; the books are sound\n")


def _switch(to: str) -> None:
    """The cable, pulled or put back: what is sent meanwhile is lost, and no side is told."""
    subprocess.run(["ip", "link", "set", "lo", to], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
