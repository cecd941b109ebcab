"""Why a row was not imported: one fault per bad value, with its place, in English and Latvian.

In: what a parser found. Out: `Fault` values that the quarantine keeps and people read. The catalogue below is the whole list;
a test holds that every code has both languages and that both use the same placeholders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

Language = Literal["en", "lv"]


class Reason(StrEnum):
    """Every reason for which a row can be refused."""

    MISSING_VALUE = "MISSING_VALUE"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_A_WHOLE_NUMBER = "NOT_A_WHOLE_NUMBER"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    NO_MATCH = "NO_MATCH"
    TOO_LONG = "TOO_LONG"
    NOT_A_DATE = "NOT_A_DATE"
    UNKNOWN_ZONE = "UNKNOWN_ZONE"
    TIME_DOES_NOT_EXIST = "TIME_DOES_NOT_EXIST"
    TIME_IS_AMBIGUOUS = "TIME_IS_AMBIGUOUS"
    BAD_PERSONAL_CODE = "BAD_PERSONAL_CODE"
    BAD_VIN = "BAD_VIN"
    DUPLICATE_ID = "DUPLICATE_ID"
    NO_EVENT = "NO_EVENT"
    NO_SUCH_LINK = "NO_SUCH_LINK"
    COLUMN_COUNT = "COLUMN_COUNT"
    NOT_UTF8 = "NOT_UTF8"
    NOT_JSON = "NOT_JSON"
    LINE_TOO_LONG = "LINE_TOO_LONG"


MESSAGES: Final[Mapping[Reason, Mapping[Language, str]]] = {
    Reason.MISSING_VALUE: {
        "en": "a value is needed here and there is none",
        "lv": "šeit vajadzīga vērtība, bet tās nav",
    },
    Reason.NOT_A_NUMBER: {"en": "not a number", "lv": "nav skaitlis"},
    Reason.NOT_A_WHOLE_NUMBER: {"en": "not a whole number", "lv": "nav vesels skaitlis"},
    Reason.OUT_OF_RANGE: {
        "en": "outside the permitted range {low} to {high}",
        "lv": "ārpus atļautajām robežām no {low} līdz {high}",
    },
    Reason.UNKNOWN_CODE: {
        "en": "not in the code list `{list}`; nearest: {nearest}",
        "lv": "nav kodu sarakstā `{list}`; tuvākais: {nearest}",
    },
    Reason.NO_MATCH: {"en": "does not have the form {pattern}", "lv": "neatbilst pierakstam {pattern}"},
    Reason.TOO_LONG: {"en": "longer than {limit} characters", "lv": "garāks par {limit} rakstzīmēm"},
    Reason.NOT_A_DATE: {"en": "not a date or time ({detail})", "lv": "nav datums vai laiks ({detail})"},
    Reason.UNKNOWN_ZONE: {"en": "not a time zone of the IANA list", "lv": "nav IANA saraksta laika josla"},
    Reason.TIME_DOES_NOT_EXIST: {
        "en": "this time does not exist in {zone}: clocks were put forward over it",
        "lv": "šāda laika joslā {zone} nav: pulksteņi toreiz tika pagriezti uz priekšu",
    },
    Reason.TIME_IS_AMBIGUOUS: {
        "en": "this time came twice in {zone}: clocks were put back",
        "lv": "šāds laiks joslā {zone} bija divreiz: pulksteņi tika pagriezti atpakaļ",
    },
    Reason.BAD_PERSONAL_CODE: {
        "en": "not a personal code (form, date or check digit)",
        "lv": "nav personas kods (pieraksts, datums vai kontrolcipars)",
    },
    Reason.BAD_VIN: {
        "en": "not a vehicle identification number (17 characters, no I, O, Q)",
        "lv": "nav VIN (17 zīmes, bez I, O, Q)",
    },
    Reason.DUPLICATE_ID: {
        "en": "the event `{id}` came already in line {line} of this journal",
        "lv": "notikums `{id}` šajā žurnālā jau ir {line}. rindā",
    },
    Reason.NO_EVENT: {
        "en": "no event `{id}` in this import: correct the key here, or import again together with the event",
        "lv": "šajā importā nav notikuma `{id}`: izlabojiet atslēgu vai importējiet vēlreiz kopā ar notikumu",
    },
    Reason.NO_SUCH_LINK: {
        "en": "names `{id}`, which is not among the event's {what}",
        "lv": "norāda uz `{id}`, kas nav starp notikuma ierakstiem `{what}`",
    },
    Reason.COLUMN_COUNT: {
        "en": "the row has {found} values, the header {expected}",
        "lv": "rindā ir {found} vērtības, galvenē {expected}",
    },
    Reason.NOT_UTF8: {"en": "not valid {encoding} text", "lv": "nav derīgs {encoding} teksts"},
    Reason.NOT_JSON: {"en": "not a JSON object ({detail})", "lv": "nav JSON objekts ({detail})"},
    Reason.LINE_TOO_LONG: {"en": "the row is longer than {limit} characters", "lv": "rinda ir garāka par {limit} rakstzīmēm"},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad value: where it stands (file, line, column), what stood there and why it was refused.

    `detail` fills the message's placeholders. `column` is empty when the whole row is at fault.
    """

    reason: Reason
    column: str = ""
    value: str = ""
    detail: Mapping[str, str] | None = None
    file: str = ""
    line: int = 0

    def message(self, language: Language = "en") -> str:
        """The reason in words, e.g. `outside the permitted range 0 to 120`."""
        return MESSAGES[self.reason][language].format_map(dict(self.detail or {}))

    def at(self, file: str, line: int) -> Fault:
        """The same fault with its place filled in."""
        return replace(self, file=file, line=line)


def distinct(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, each place and reason once: a column may be read for several fields."""
    return list({(fault.file, fault.line, fault.column, fault.reason): fault for fault in faults}.values())


class Refused(Exception):  # noqa: N818, RUF100  a signal inside the stage, not an error that anyone sees
    """Raised by a parser for a bad value; the assembly turns it into a quarantine entry."""

    def __init__(self, reason: Reason, column: str = "", value: object = "", **detail: object) -> None:
        super().__init__(reason)
        self.fault = Fault(reason, column, str(value)[:400], {name: str(text) for name, text in detail.items()} or None)
