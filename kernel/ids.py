"""Opaque ids: a prefix that says the kind, and a UUIDv7 in URL-safe form (`evt_0192f0c1d2e37abc8def0123456789ab`).

The time part makes ids of one register sort by creation, which keeps B-trees dense; nothing else may be read from an id.
Natural keys (personal code, plate) never become ids.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from typing import Final, Literal

Prefix = Literal["evt", "per", "veh", "doc", "inv", "case", "aud", "org", "qrn", "imp"]

_FORM: Final = re.compile(r"\A[a-z]{3,4}_[0-9a-f]{32}\Z")


def _assemble(prefix: str, millis: int, randomness: bytes) -> str:
    value = (millis & ((1 << 48) - 1)) << 80
    value |= int.from_bytes(randomness[:10], "big")
    value &= ~(0xF << 76)
    value |= 0x7 << 76  # version 7
    value &= ~(0x3 << 62)
    value |= 0x2 << 62  # variant of RFC 9562
    return f"{prefix}_{value:032x}"


def new_id(prefix: Prefix, at: datetime) -> str:
    """A new id made at the instant `at`."""
    return _assemble(prefix, int(at.timestamp() * 1000), secrets.token_bytes(10))


def derived_id(prefix: Prefix, at: datetime, *parts: str) -> str:
    """The id of something that a source names: the same `at` and `parts` give the same id, so that a second import finds it.

    `parts` are joined by an unprintable separator, so `("a", "bc")` and `("ab", "c")` differ.
    """
    digest = hashlib.sha256("\x1f".join((prefix, *parts)).encode()).digest()
    return _assemble(prefix, int(at.timestamp() * 1000), digest)


def is_id(text: str, prefix: Prefix | None = None) -> bool:
    """Whether `text` has the form of an id (of that kind, when a prefix is given)."""
    return bool(_FORM.match(text)) and (prefix is None or text.startswith(f"{prefix}_"))
