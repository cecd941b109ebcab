"""Durations as contracts write them: `30s`, `5m`, `8h`, `1d`, `2w`, `1y` (365 days)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}


def duration_of(text: str) -> timedelta:
    """The duration that a checked text says.

    >>> duration_of("8h")
    datetime.timedelta(seconds=28800)
    """
    return timedelta(seconds=int(text[:-1]) * _SECONDS[text[-1]])
