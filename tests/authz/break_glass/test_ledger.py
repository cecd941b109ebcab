"""The ledger: one emergency at a time, reviewed by somebody else, and no new one while an old one waits too long."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from authz.break_glass import EmergencyLedger, EmergencyRefused, LedgerUnavailable, ReviewRefused

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path):
    return EmergencyLedger(tmp_path / "emergencies.sqlite3")


def declare(ledger, at=NOW, user="anna"):
    return ledger.declare("LV-VP", user, "C-1", "EVENT_RESPONSE", "a child is in danger", at, HOUR)


def test_an_emergency_is_open_for_its_time_and_a_later_one_is_new(ledger, caplog):
    with caplog.at_level(logging.CRITICAL, "saite.alarm"):
        first, is_new = declare(ledger)
        again, is_second_new = declare(ledger, NOW + timedelta(minutes=59))
        later, is_third_new = declare(ledger, NOW + HOUR)
    assert (is_new, is_second_new, is_third_new) == (True, False, True)
    assert first == again
    assert later.id != first.id
    assert [record.message for record in caplog.records] == ["a user declared an emergency"] * 2
    assert "child" not in caplog.text


def test_each_user_has_an_emergency_of_their_own(ledger):
    assert declare(ledger)[0].id != declare(ledger, user="berts")[0].id


def test_a_review_is_a_second_persons_with_a_note_and_once(ledger):
    emergency, _ = declare(ledger)
    for by, note in (("anna", "fine"), (" Anna ", "fine"), ("", "fine"), ("inga", " ")):
        with pytest.raises(ReviewRefused):
            ledger.review(emergency.id, by, "justified", note, NOW)
    with pytest.raises(ReviewRefused, match="no emergency"):
        ledger.review("emg_none", "inga", "justified", "fine", NOW)
    reviewed = ledger.review(emergency.id, "inga", "justified", "a life was in danger", NOW)
    assert reviewed.review is not None
    assert (reviewed.review.by, reviewed.review.verdict) == ("inga", "justified")
    with pytest.raises(ReviewRefused, match="already"):
        ledger.review(emergency.id, "vita", "justified", "fine", NOW)


def test_an_unjustified_emergency_raises_the_alarm(ledger, caplog):
    emergency, _ = declare(ledger)
    ledger.review(emergency.id, "inga", "unjustified", "curiosity", NOW)
    assert caplog.records[-1].message == "an emergency was found unjustified"


def test_while_one_waits_too_long_for_its_review_there_is_no_other(ledger):
    emergency, _ = declare(ledger)
    with pytest.raises(EmergencyRefused, match="review"):
        declare(ledger, NOW + timedelta(days=4))
    ledger.review(emergency.id, "inga", "justified", "fine", NOW)
    assert declare(ledger, NOW + timedelta(days=4))[1]


def test_what_waits_is_listed_newest_first(ledger):
    first, _ = declare(ledger)
    second, _ = declare(ledger, NOW + HOUR)
    assert [one.id for one in ledger.all(only_pending=True)] == [second.id, first.id]
    ledger.review(first.id, "inga", "justified", "fine", NOW)
    assert [one.id for one in ledger.all(only_pending=True)] == [second.id]
    assert len(ledger.all()) == 2


def test_a_ledger_that_cannot_be_written_opens_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LedgerUnavailable):
        declare(EmergencyLedger(tmp_path / "file" / "emergencies.sqlite3"))
