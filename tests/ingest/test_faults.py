"""Every reason for a refusal speaks both languages."""

from __future__ import annotations

import string

from ingest.faults import MESSAGES, Fault, Reason, distinct


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_reason_has_a_message_in_english_and_latvian_with_the_same_placeholders() -> None:
    assert set(MESSAGES) == set(Reason)
    for texts in MESSAGES.values():
        assert set(texts) == {"en", "lv"}
        assert placeholders(texts["en"]) == placeholders(texts["lv"])


def test_a_fault_says_its_reason_with_its_details() -> None:
    fault = Fault(Reason.OUT_OF_RANGE, "Edat", "150", {"low": "0", "high": "120"}).at("persons.csv", 7)
    assert fault.message() == "outside the permitted range 0 to 120"
    assert fault.message("lv") == "ārpus atļautajām robežām no 0 līdz 120"
    assert (fault.file, fault.line) == ("persons.csv", 7)


def test_a_column_that_several_fields_read_is_refused_once() -> None:
    fault = Fault(Reason.NOT_A_DATE, "day", "31", {"detail": "x"}, "a.csv", 2)
    assert distinct([fault, fault, fault.at("a.csv", 3)]) == [fault, fault.at("a.csv", 3)]
