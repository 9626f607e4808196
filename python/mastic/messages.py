"""The wire between the server and its zygote, on a stream socket.

A message is a list of strings: the size of what follows, then each string behind its own size, all sizes four bytes,
little-endian. `src/jobs/packed.h` is the other side.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

_SIZE = struct.Struct("<I")


def send(channel: socket.socket, *strings: str) -> None:
    body = b"".join(_SIZE.pack(len(encoded)) + encoded for encoded in (text.encode() for text in strings))
    channel.sendall(_SIZE.pack(len(body)) + body)


def receive(channel: socket.socket) -> Iterator[str] | None:
    """The strings of the next message, or None when the other side is gone."""
    head = _receive_exactly(channel, _SIZE.size)
    if head is None:
        return None
    body = _receive_exactly(channel, _SIZE.unpack(head)[0])
    return None if body is None else _strings(body)


def _strings(body: bytes) -> Iterator[str]:
    at = 0
    while at < len(body):
        begin = at + _SIZE.size
        at = begin + _SIZE.unpack_from(body, at)[0]
        yield body[begin:at].decode()


def _receive_exactly(channel: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = channel.recv(size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)
