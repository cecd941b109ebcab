"""Variables of operations as keyed hashes: an inspector who holds a personal code can ask whether it was looked up, while
the log itself tells nobody's.

In: the variables of one request. Out: one HMAC-SHA256 over all of them and one for each text value among them, in the form
that registers compare (upper case, no spaces and hyphens). The key lies in the data folder; without it, guessing is useless.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from authz.audit.errors import Unrecordable, UnrecordableVariables
from authz.identity.key_files import secret
from kernel.natural_keys import normal_number

KEY_FILE: Final = "audit-variables.key"
MAX_VALUES: Final = 64


@dataclass(frozen=True, slots=True)
class SealedVariables:
    """`whole` is None when there were no variables; `values` has at most MAX_VALUES of the text values."""

    whole: str | None
    values: frozenset[str]


class VariableSeal:
    """Seals variables with one secret; `open` finds or makes it in the data folder."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def open(cls, folder: Path) -> VariableSeal:
        """The seal whose secret lies in `folder`. Raises KeyFileUnusable."""
        return cls(secret(folder / KEY_FILE))

    def seal(self, variables: Mapping[str, Any] | None) -> SealedVariables:
        """The keyed hashes of a request's variables (JSON values). Raises UnrecordableVariables."""
        if not variables:
            return SealedVariables(None, frozenset())
        whole = hmac.digest(self._key, _canonical(variables), "sha256").hex()
        values: set[str] = set()
        for text in _texts(variables):
            values.add(self.value(text))
            if len(values) == MAX_VALUES:
                break
        return SealedVariables(whole, frozenset(values))

    def free_text(self, text: str) -> str:
        """The keyed hash of a justification in the caller's own words. Raises Unrecordable."""
        try:
            return hmac.digest(self._key, b"text\x00" + text.encode(), "sha256").hex()
        except UnicodeEncodeError:
            raise Unrecordable("The justification is not well-formed Unicode text, so it cannot be recorded.") from None

    def value(self, text: str) -> str:
        """The keyed hash of one text value: equal to the one in a record when the same key or code was asked for."""
        return hmac.digest(self._key, b"value\x00" + normal_number(text).encode(), "sha256").hex()[:32]


def _canonical(variables: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(variables, order="sorted")
    except (ValueError, TypeError, RecursionError):
        raise UnrecordableVariables(
            "These variables cannot be recorded: send well-formed Unicode text, nested less than a hundred deep."
        ) from None


def _texts(value: object) -> Iterator[str]:
    """Every text inside a JSON value, outermost first."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case Mapping() as members:
                waiting.extend(members.values())
            case list() | tuple() as items:
                waiting.extend(items)
            case _:
                pass
