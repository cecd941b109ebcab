"""Natural keys as people write them and as registers compare them.

Shown as registered, compared in normal form. Sources: law on the register of natural persons (personal code), CSDD plate
forms, ISO 3779 (VIN). The register of documents compares (kind, country, number).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_WEIGHTS: Final = (10, 5, 8, 4, 2, 1, 6, 3, 7, 9)
_CENTURY: Final = {"0": 1800, "1": 1900, "2": 2000}
_NEW_FORM: Final = re.compile(r"\A3[2-9]\d{9}\Z")
_INVENTED: Final = re.compile(r"\A3[01]99\d{7}\Z")
_VIN: Final = re.compile(r"\A[0-9A-HJ-NPR-Z]{17}\Z")
_NOT_ALPHANUMERIC: Final = re.compile(r"[\s\-]+")


def normal_personal_code(text: str) -> str:
    """The eleven digits of a personal code (personas kods), without the hyphen."""
    return _NOT_ALPHANUMERIC.sub("", text)


def is_personal_code(text: str) -> bool:
    """Whether `text` is a personal code: old form (date, century, check digit), new form (3, 2–9, nine random digits),
    or an invented one (3099…, 3199…), which can never be real.
    """
    digits = normal_personal_code(text)
    if _NEW_FORM.match(digits) or _INVENTED.match(digits):
        return True
    if len(digits) != 11 or not digits.isascii() or not digits.isdigit():
        return False
    return birth_date_of_code(digits) is not None and int(digits[10]) == check_digit(digits[:10])


def check_digit(ten_digits: str) -> int:
    """The eleventh digit of an old-form code. New-form codes need not have it."""
    total = 1 + sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, ten_digits, strict=True))
    return total % 11 % 10


def birth_date_of_code(text: str) -> date | None:
    """The birth date inside an old-form code; None for new-form codes, which carry none."""
    digits = normal_personal_code(text)
    if len(digits) != 11 or not digits.isdigit() or digits[6] not in _CENTURY:
        return None
    try:
        return date(_CENTURY[digits[6]] + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None


def normal_plate(text: str) -> str:
    """A plate (valsts reģistrācijas numurs) in upper case without spaces and hyphens."""
    return _NOT_ALPHANUMERIC.sub("", text).upper()


def normal_vin(text: str) -> str:
    """A vehicle identification number in upper case without spaces and hyphens."""
    return _NOT_ALPHANUMERIC.sub("", text).upper()


def is_vin(text: str) -> bool:
    """Whether `text` has the form of ISO 3779: 17 characters, no I, O, Q."""
    return bool(_VIN.match(normal_vin(text)))


def normal_number(text: str) -> str:
    """A document or registration number in upper case without spaces and hyphens."""
    return _NOT_ALPHANUMERIC.sub("", text).upper()
