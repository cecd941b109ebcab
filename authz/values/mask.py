"""One value mask: how a room shows a value in part, and whether a value that came can be such a part.

keep_last, keep_first   n characters of a text, the others filled
initials                of a name
year                    of a day, an instant, or a text that begins with one: the 1st of January stands for the year
hash                    of a text, keyed per contract: the same value is recognised again, and never told
grid                    the middle of a cell of a grid for a point
atvk                    the municipality for a territorial unit
hit                     that there is something, and nothing of it: HIT for any text, at most one item of any list
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from authz.document.model import MaskRule
from authz.errors import MaskDoesNotFit
from authz.values.places import grid_line, municipality

HIT: Final = "HIT"
_HASH: Final = re.compile(r"\A#[0-9a-f]{32}\Z")
_YEAR: Final = re.compile(r"\A\d{4}(-01-01(T00:00:00(\.0+)?(Z|\+00:00))?)?\Z")
_DATED: Final = re.compile(r"\A\d{4}(-\d{2}-\d{2}.*)?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ValueMask:
    """How values of one field are shown in part."""

    rule: MaskRule

    def apply(self, value: object, key: bytes = b"") -> object:
        """The value as it is shown; of a list, each item. `key` is the contract's own, for `hash`.

        Raises MaskDoesNotFit for a value that the mask cannot show in part: then it is not shown at all.
        """
        if self.rule.fn == "hit":
            return _hit(value)
        match value:
            case None:
                return None
            case list() | tuple():
                return [self.apply(item, key) for item in value]
            case _:
                return self._single(value, key)

    def _single(self, value: object, key: bytes) -> object:
        match self.rule.fn, value:
            case "year", datetime():
                return datetime(value.astimezone(UTC).year, 1, 1, tzinfo=UTC)
            case "year", date():
                return date(value.year, 1, 1)
            case "year", str() if _DATED.match(value):
                return value[:4]
            case "grid", _ if _is_point(value):
                point: Any = value
                metres = self.rule.metres
                return replace(point, lat=grid_line(point.lat, metres, "lat"), lon=grid_line(point.lon, metres, "lon"))
            case "atvk", str() if (territory := municipality(value)) is not None:
                return territory
            case "hash", str() if key:
                return f"#{hmac.digest(key, value.encode(), 'sha256').hex()[:32]}"
            case (("keep_last" | "keep_first" | "initials"), str()):
                return _shortened(value, self.rule)
            case fn, _:
                reason = (
                    "has no key here" if fn == "hash" and isinstance(value, str) else f"does not fit a {type(value).__name__}"
                )
                raise MaskDoesNotFit(f"The mask {fn} {reason}.")

    def is_result(self, value: object, part: str | None = None) -> bool:
        """Whether a JSON value can have come of the mask; `part` names a field of an object that is masked as a whole.

        For the gateway, which knows neither the value nor the key.
        """
        if self.rule.fn == "hit":
            return len(value) <= 1 if isinstance(value, list) else value in (None, "", HIT)
        match value:
            case None:
                return True
            case list():
                return all(self.is_result(item, part) for item in value)
        match self.rule.fn, value:
            case "year", str():
                return _YEAR.match(value) is not None
            case "hash", str():
                return _HASH.match(value) is not None
            case "grid", float() | int():
                return part is not None and grid_line(value, self.rule.metres, part) == value
            case "atvk", str():
                return municipality(value) == value
            case (("keep_last" | "keep_first" | "initials"), str()):
                return _shortened(value, self.rule) == value
            case _:
                return False

    @property
    def parts(self) -> tuple[str, ...]:
        """The fields of an object that the gateway looks at, where the mask is on an object."""
        return ("lat", "lon") if self.rule.fn == "grid" else ()


def _is_point(value: object) -> bool:
    return isinstance(getattr(value, "lat", None), float | int) and isinstance(getattr(value, "lon", None), float | int)


def _hit(value: object) -> object:
    match value:
        case list() | tuple():
            # At most one item: how many there are would tell more than that there is something.
            return [_hit(item) for item in value[:1]]
        case str() if value:
            return HIT
        case _:
            return value  # nothing, or an object of which no field is granted


def _shortened(text: str, rule: MaskRule) -> str:
    match rule.fn:
        case "keep_last" if 0 < rule.n < len(text):
            return rule.fill * (len(text) - rule.n) + text[-rule.n :]
        case "keep_first" if 0 < rule.n < len(text):
            return text[: rule.n] + rule.fill * (len(text) - rule.n)
        case "initials":
            return " ".join(f"{word[0]}." for word in text.replace("-", " ").split())
        case _:
            # A text no longer than what is kept would be shown whole.
            return rule.fill * len(text)
