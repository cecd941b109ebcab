"""Pages and cursors of Relay connections.

A cursor holds the sort values and the id of the item it stands at, so that a page goes on from there even when rows were
inserted before it. It is sealed (AES-SIV: same position, same cursor) and bound to a scope (contract, purpose, query):
nobody can read a value out of it, and under another contract, filter or order it is refused.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from kernel.errors import ClientError

DEFAULT_PAGE: Final = 20
MAX_PAGE: Final = 100


class BadPage(ClientError):
    """Raised when the paging arguments contradict each other or a cursor does not belong here."""

    code: ClassVar[str] = "BAD_PAGE"


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a list is wanted: `size` items after (or, with `backward`, before) a cursor's position.

    `position` is the tuple of sort values and, last, the id; None starts at the beginning (or the end).
    """

    size: int
    backward: bool
    position: tuple[Any, ...] | None


class CursorSealer:
    """Makes and reads cursors with one secret of 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 32:
            raise ValueError(f"a cursor secret has 32 bytes, this one has {len(secret)}: make one with secrets.token_bytes(32)")
        self._box = AESSIV(secret)

    def seal(self, position: Sequence[Any], scope: str) -> str:
        """The cursor for the item at `position` (JSON values) in the list named by `scope`."""
        sealed = self._box.encrypt(msgspec.json.encode(list(position)), [scope.encode()])
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, cursor: str, scope: str) -> tuple[Any, ...]:
        """The position inside `cursor`. Raises BadPage, always with the same words, when it was not made for `scope`."""
        try:
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            return tuple(msgspec.json.decode(self._box.decrypt(sealed, [scope.encode()])))
        except (ValueError, InvalidTag, msgspec.DecodeError, TypeError):
            raise BadPage(
                "This cursor does not belong to this list: cursors hold for one contract, purpose, filter and order. "
                "Start again without `after` and `before`."
            ) from None


def page_of(
    sealer: CursorSealer,
    scope: str,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> Page:
    """The page that Relay's four arguments ask for. Raises BadPage."""
    if first is not None and last is not None:
        raise BadPage("Give `first` or `last`, not both.")
    if after is not None and before is not None:
        raise BadPage("Give `after` or `before`, not both.")
    backward = last is not None or (before is not None and first is None)
    if backward and after is not None:
        raise BadPage("`last` goes with `before`, `first` with `after`.")
    if not backward and before is not None:
        raise BadPage("`first` goes with `after`, `last` with `before`.")
    size = last if backward else first
    name = "last" if backward else "first"
    if size is None:
        size = DEFAULT_PAGE
    if not 1 <= size <= MAX_PAGE:
        raise BadPage(f"`{name}` is {size}: ask for 1 to {MAX_PAGE} items at a time and go on with the page's cursor.")
    cursor = before if backward else after
    return Page(size, backward, None if cursor is None else sealer.open(cursor, scope))
