"""What the two processes of an import say to each other, and how it goes through a pipe.

In: messages. Out: frames: four bytes of length, then MessagePack. The first frame to the worker is its `Order`, all later ones
are answers to `Ask`: our ids by the system's.
"""

from __future__ import annotations

from typing import IO, Final

import msgspec

from ingest.preparing import Left, Prepared, Staged


class Read(msgspec.Struct, frozen=True, tag=True):
    """So many more rows were read while staging."""

    rows: int


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Which of these events does the register have? The worker waits for the answer."""

    system: str
    keys: list[str]


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The end, too early: an error's code and words."""

    code: str
    message: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """The end."""


Message = Read | Ask | Staged | Prepared | Left | Failed | Done

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final[msgspec.msgpack.Decoder[Message]] = msgspec.msgpack.Decoder(Message)
_LENGTH: Final = 4


def send(pipe: IO[bytes], message: object) -> None:
    """Put a message into a pipe. Waits while the pipe is full; raises OSError when nobody reads."""
    body = _ENCODER.encode(message)
    pipe.write(len(body).to_bytes(_LENGTH))
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """The next message's bytes; none when the other side has closed or died."""
    head = pipe.read(_LENGTH)
    body = pipe.read(int.from_bytes(head)) if len(head) == _LENGTH else b""
    return body if len(body) == int.from_bytes(head) else b""


def read(body: bytes) -> Message:
    """The message in these bytes."""
    return _DECODER.decode(body)
