"""Corrections of messages in quarantine, by people.

In: the body of a message, what is to stand where. Out: the body as it should have been. A place is a path of dots
(`body.place.atvk`, `body.qualification.0.law`); `PATH=TEXT` sets a text, `PATH:=JSON` anything, `PATH:=` takes it away.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ingest.errors import BadCorrection


def corrected(body: bytes, settings: Sequence[str]) -> bytes:
    """The body with these settings. Raises BadCorrection."""
    try:
        message = json.loads(body)
    except ValueError:
        raise BadCorrection("This message is no JSON: give the whole of it with --body FILE.") from None
    for setting in settings:
        path, value, is_removed = _parsed(setting)
        _set(message, path, value, is_removed=is_removed, said=setting)
    return json.dumps(message, ensure_ascii=False).encode()


def _parsed(setting: str) -> tuple[list[str], Any, bool]:
    path, separator, text = setting.partition("=")
    if not separator or not path.rstrip(":"):
        raise BadCorrection(f"{setting!r} has not the form PATH=TEXT or PATH:=JSON.")
    if not path.endswith(":"):
        return path.split("."), text, False
    try:
        return path[:-1].split("."), json.loads(text) if text else None, not text
    except ValueError as error:
        raise BadCorrection(f"{setting!r}: what is after := is no JSON ({error}).") from None


def _set(message: Any, path: Sequence[str], value: Any, *, is_removed: bool, said: str) -> None:
    *way, last = path
    here = message
    for part in way:
        here = _inside(here, part, said)
    match here:
        case dict() if is_removed:
            here.pop(last, None)
        case dict():
            here[last] = value
        case list() if last.isdecimal() and int(last) < len(here):
            here[int(last)] = value
        case _:
            raise BadCorrection(f"{said!r}: there is nothing of that name to be set.")


def _inside(here: Any, part: str, said: str) -> Any:
    match here:
        case dict():
            return here.setdefault(part, {})
        case list() if part.isdecimal() and int(part) < len(here):
            return here[int(part)]
    raise BadCorrection(f"{said!r}: there is nothing called {part!r}.")
