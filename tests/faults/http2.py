"""HTTP/2 by hand (RFC 9113), for peers that no library would be: connections, frames, a request's headers."""

import random
import socket

from tests.running import HOST

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEADERS, RST_STREAM, SETTINGS = 1, 3, 4
END_HEADERS = 4
CANCEL = 8
MOST_FRAME_BYTES = 16_384
SECONDS = 10.0


def connection(port: int, *sent: bytes) -> socket.socket:
    """A connection on which this was sent; the server may have ended it already."""
    made = socket.create_connection((HOST, port), timeout=SECONDS)
    send(made, *sent)
    return made


def send(to: socket.socket, *sent: bytes) -> None:
    """Send, and do not mind that the other side has hung up."""
    try:
        for data in sent:
            to.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        pass


def frame(kind: int, payload: bytes = b"", *, flags: int = 0, stream: int = 0) -> bytes:
    """One frame."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def frames(data: bytes) -> list[tuple[int, int, int]]:
    """Kind, flags and stream of each frame."""
    found = []
    while data:
        length = int.from_bytes(data[:3], "big")
        found.append((data[3], data[4], int.from_bytes(data[5:9], "big")))
        data = data[9 + length :]
    return found


def any_frame(draw: random.Random) -> bytes:
    """A frame of any kind, length, flags and stream; at times its length is not what it says."""
    payload = draw.randbytes(draw.choice([0, 1, 4, 5, 6, 8, 100, MOST_FRAME_BYTES, MOST_FRAME_BYTES + 1]))
    made = frame(draw.randrange(256) if draw.random() < 0.3 else draw.randrange(10), payload,
                 flags=draw.randrange(256), stream=draw.choice([0, 1, 2, 3, 2**31 - 1]))  # fmt: skip
    return made if draw.random() < 0.8 else made[: draw.randrange(len(made))]


def request_headers(path: str, *more: tuple[str, str]) -> bytes:
    """The headers of a gRPC call, as HPACK literals (RFC 7541)."""
    pairs = [("content-type", "application/grpc"), ("te", "trailers"), *more]
    fixed = b"\x83\x86" + b"\x04" + _text(path) + b"\x01" + _text("loopback")  # POST, http, :path, :authority
    return fixed + b"".join(b"\x00" + _text(name) + _text(value) for name, value in pairs)


def _text(text: str) -> bytes:
    said = text.encode()
    assert len(said) < 127, "longer ones take more than a byte"
    return bytes([len(said)]) + said
