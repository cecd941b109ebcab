"""The canonical form of JSON values (RFC 8785, JCS) and its SHA-256: what contracts are signed and known by.

In: JSON values. Out: bytes, the same for everybody who means the same. Numbers are written as ECMAScript writes them, names are
sorted by UTF-16 code units, texts are escaped no more than JSON demands.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Final

_LARGEST: Final = 2**53 - 1


class NotCanonical(ValueError):
    """Raised for a value that has no canonical form: a number beyond ECMAScript's, a lone surrogate, no JSON value at all."""


def canonical(value: object) -> bytes:
    """The canonical form as UTF-8. Raises NotCanonical."""
    try:
        return _written(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"a text holds half a character ({error.reason})") from None


def digest_of(value: object) -> str:
    """`sha256:` and the hash of the canonical form in hexadecimal digits. Raises NotCanonical."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def _written(value: object) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int():
            if abs(value) > _LARGEST:
                raise NotCanonical(f"{value} is beyond 2^53 - 1")
            return str(value)
        case float():
            return _number(value)
        case list() | tuple():
            return f"[{','.join(_written(item) for item in value)}]"
        case dict():
            return f"{{{','.join(_pair(name, value[name]) for name in sorted(value, key=_utf16))}}}"
        case _:
            raise NotCanonical(f"{type(value).__name__} is no JSON value")


def _pair(name: object, value: object) -> str:
    return f"{json.dumps(name, ensure_ascii=False)}:{_written(value)}"


def _utf16(name: object) -> bytes:
    if not isinstance(name, str):
        raise NotCanonical(f"{name!r} is no name")
    return name.encode("utf-16-be", "surrogatepass")


def _number(value: float) -> str:
    """As ECMAScript's Number::toString: the shortest digits that read back as the same number (Python's repr finds them)."""
    if not math.isfinite(value):
        raise NotCanonical(f"{value} is no JSON number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """The digits with the decimal point after the first `point` of them, in the notation that ECMAScript chooses."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"
