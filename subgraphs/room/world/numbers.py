"""Natural keys that nobody can really have: personal codes, plates, VINs, document numbers.

What comes in: the number of a person, vehicle or document in the world. What goes out: its key, different for every number.
Personal codes start with 3099 or 3199, plates and document numbers with Q, VINs with 0: none of these is ever issued
(`domain.md` §3).
"""

from __future__ import annotations

from typing import Final

_CAR_LETTERS: Final = "ABCDEFGHJKNOPSUV"
_LETTERS: Final = "ABCDEFGHJKLMNOPRSTUVZ"
_TEN_MILLION: Final = 10_000_000
_STANDARD_PLATES: Final = len(_CAR_LETTERS) * 9999
_VIN_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_VIN_YEARS: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"

_DOCUMENT_SERIES: Final = {
    "PASSPORT": "QV",
    "ID_CARD": "QA",
    "RETURN_CERTIFICATE": "QR",
    "TEMPORARY_TRAVEL": "QT",
    "SEAFARER_BOOK": "QS",
    "RESIDENCE_PERMIT": "QU",
    "VEHICLE_CERTIFICATE": "QF",
    "WEAPON_PERMIT": "QW",
}


def scattered(number: int, factor: int, size: int) -> int:
    """A permutation of 0 … size-1 (when `factor` and `size` share no divisor), so that neighbours do not look it."""
    return (number * factor + 17) % size


def personal_code(number: int, *, earlier: bool = False) -> str:
    """The person's code, as `309901-00017`; `earlier`: the one that it had before. Up to ten million persons."""
    digits = scattered(number, 7_368_787, _TEN_MILLION)
    prefix = "3199" if bool(number % 2) != earlier else "3099"
    return f"{prefix}{digits // 100_000:02d}-{digits % 100_000:05d}"


def plate(number: int, category: str, country: str) -> str:
    """The plate in the form of its kind: `QA-1234`, trailer `Q-234`, motorcycle `QM-123`, tractor `Q12 34 56 LV`, foreign
    `QZAB 1234`.

    When the short forms are used up, one more letter follows, as on plates made to order.
    """
    if country != "LV":
        return f"QZ{_pair(number // 10_000)} {number % 10_000:04d}"
    match category[0]:
        case "L":
            return _lettered("QM" if category == "L3e" else "QL", number)
        case "O":
            return f"Q-{number + 1}" if number < 999 else _lettered("QR", number)
        case "T":
            return f"Q{number // 10_000:02d} {number // 100 % 100:02d} {number % 100:02d} LV"
    if number < _STANDARD_PLATES:
        spot = scattered(number, 100_003, _STANDARD_PLATES)
        return f"Q{_CAR_LETTERS[spot // 9999]}-{spot % 9999 + 1}"
    spot = number - _STANDARD_PLATES
    return f"Q{_pair(spot // 10_000)}{spot % 10_000:04d}"


def _lettered(start: str, number: int) -> str:
    if number < 999:
        return f"{start}-{number + 1}"
    if number < 999 * 22:
        return f"{start}{_LETTERS[number // 999 - 1]}-{number % 999 + 1}"
    return f"{start}{_pair(number // 9999)}-{number % 9999 + 1:04d}"


def _pair(number: int) -> str:
    return _LETTERS[number // len(_LETTERS)] + _LETTERS[number % len(_LETTERS)]


def vin(number: int, maker: str, year: int, draw: int) -> str:
    """The VIN: 0, two characters of the maker, five of the type (out of the 30 bits of `draw`), year, plant, serial number."""
    kind = "".join(_VIN_LETTERS[(draw >> shift & 63) % len(_VIN_LETTERS)] for shift in (0, 6, 12, 18, 24))
    return f"0{maker}{kind}{_VIN_YEARS[(year - 1980) % 30]}{_VIN_LETTERS[draw % 23]}{number:07d}"


def document_number(number: int, kind: str) -> str:
    """The number of a document with its series: `QV1234567`, driving licence with six digits (`QB123456`)."""
    digits = scattered(number, 7_368_787, _TEN_MILLION)
    if kind == "DRIVING_LICENCE":
        return f"Q{_LETTERS[digits // 1_000_000]}{digits % 1_000_000:06d}"
    return f"{_DOCUMENT_SERIES[kind]}{digits:07d}"
