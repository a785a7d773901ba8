"""A network between a server and its clients, or its PostgreSQL: it can fall silent, slow down, or be cut."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CHUNK = 65_536
HOST = "127.0.0.1"


class Proxy:
    """Passes bytes on to where `connect` leads; its own `port` is another one whenever it is made."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._pause_seconds, self._chunk_bytes = 0.0, CHUNK
        self._flows = threading.Event()
        self._flows.set()
        self._answers_flow = threading.Event()
        self._answers_flow.set()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @classmethod
    def to_postgres(cls, folder: Path) -> "Proxy":
        """To the socket of the PostgreSQL whose data are in `folder`."""

        def connect() -> socket.socket:
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                made.connect(str(folder / ".s.PGSQL.5432"))
            except OSError:
                made.close()
                raise
            return made

        return cls(connect)

    @classmethod
    def to_port(cls, port: int) -> "Proxy":
        """To a server on loopback."""
        return cls(lambda: socket.create_connection((HOST, port)))

    def url(self, original: str) -> str:
        """The same database as `original`, a URL on a local socket, through this proxy."""
        before, _, after = original.partition("@/")
        options = "&".join(part for part in after.partition("?")[2].split("&") if not part.startswith("host="))
        return f"{before}@{HOST}:{self.port}/{after.partition('?')[0]}?{options}"

    def fall_silent(self) -> None:
        """Nothing gets through any more, and nobody is told."""
        self._flows.clear()

    def lose_answers(self) -> None:
        """What clients send arrives; what they are answered does not."""
        self._answers_flow.clear()

    def slow_down(self, pause_seconds: float, chunk_bytes: int) -> None:
        """So many bytes get through at once, and then nothing for a while, on each way of each connection."""
        self._pause_seconds, self._chunk_bytes = pause_seconds, chunk_bytes

    def cut(self) -> None:
        """Every connection ends. Whatever was under way is lost."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                _shut(end)

    def heal(self) -> None:
        """New connections get through again, and quickly; those that were only silent go on."""
        self._pause_seconds, self._chunk_bytes = 0.0, CHUNK
        self._flows.set()
        self._answers_flow.set()

    def close(self) -> None:
        """End everything."""
        _shut(self._listener)
        self.cut()
        self.heal()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = self._connect()
                except OSError:
                    _shut(client)
                    continue
                self._pairs.append((client, server))
                threading.Thread(target=self._pass_on, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(server, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, sent: bool) -> None:
        with suppress(OSError):
            while data := source.recv(self._chunk_bytes):
                self._flows.wait()
                if self._pause_seconds:
                    time.sleep(self._pause_seconds)
                if not sent:
                    self._answers_flow.wait()
                target.sendall(data)
        _shut(source)
        _shut(target)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
