"""Development identities: what the issuer issues, the validator of the same folder accepts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from authz.identity import Actor, BadDeclaration, BadTokenRequest, DevelopmentIssuer, Unauthenticated, development_validator
from kernel.clock import FixedClock

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_an_issued_token_names_who_for_whom_and_why(tmp_path: Path):
    token = DevelopmentIssuer(tmp_path, FixedClock(NOW)).issue("LV-PROK", "anna", "CRIMINAL_PROCEEDING", "11-00001")
    assert development_validator(tmp_path).actor(f"Bearer {token}", NOW) == Actor(
        agency="LV-PROK",
        user="anna",
        client_id="saite-cli",
        issuer="urn:saite:development",
        purpose="CRIMINAL_PROCEEDING",
        case_ref="11-00001",
    )


def test_a_purpose_and_a_case_are_optional(tmp_path: Path):
    token = DevelopmentIssuer(tmp_path, FixedClock(NOW)).issue("LV-STAT", "juris")
    actor = development_validator(tmp_path).actor(f"Bearer {token}", NOW)
    assert (actor.purpose, actor.case_ref) == (None, None)


def test_a_token_lives_as_long_as_was_asked(tmp_path: Path):
    token = DevelopmentIssuer(tmp_path, FixedClock(NOW)).issue("LV-PROK", "anna", lifetime=timedelta(minutes=5))
    validator = development_validator(tmp_path)
    validator.actor(f"Bearer {token}", NOW + timedelta(minutes=5))
    with pytest.raises(Unauthenticated):
        validator.actor(f"Bearer {token}", NOW + timedelta(minutes=6))
    assert validator.refusals.snapshot() == {"expired": 1}


def test_a_token_survives_a_restart_and_another_folder_does_not_know_it(tmp_path: Path):
    token = DevelopmentIssuer(tmp_path / "a", FixedClock(NOW)).issue("LV-PROK", "anna")
    development_validator(tmp_path / "a").actor(f"Bearer {token}", NOW)
    with pytest.raises(Unauthenticated):
        development_validator(tmp_path / "b").actor(f"Bearer {token}", NOW)


@pytest.mark.parametrize("lifetime", [timedelta(0), timedelta(seconds=-1), timedelta(days=8)])
def test_an_unreasonable_lifetime_is_refused(tmp_path: Path, lifetime: timedelta):
    with pytest.raises(BadTokenRequest, match="between one second and 7 days"):
        DevelopmentIssuer(tmp_path).issue("LV-PROK", "anna", lifetime=lifetime)


@pytest.mark.parametrize(
    ("agency", "user", "purpose", "case_ref"),
    [
        ("", "anna", None, None),
        ("LV PROK", "anna", None, None),
        ("LV-PROK\n", "anna", None, None),
        ("LV-PROK", "", None, None),
        ("LV-PROK", "anna\nroot", None, None),
        ("LV-PROK", "\ud800", None, None),
        ("LV-PROK", "a" * 257, None, None),
        ("LV-PROK", "anna", " X", None),
        ("LV-PROK", "anna", None, "11\x00"),
    ],
)
def test_what_no_validator_would_accept_is_not_issued(tmp_path: Path, agency, user, purpose, case_ref):
    with pytest.raises(BadTokenRequest):
        DevelopmentIssuer(tmp_path).issue(agency, user, purpose, case_ref)


def test_headers_of_a_request_come_before_the_tokens_own_purpose_and_case():
    actor = Actor("LV-PROK", "anna", "saite-cli", "urn:saite:development", "CRIMINAL_PROCEEDING", "11-00001")
    assert actor.declaring(None, None) is actor
    assert actor.declaring("PREVENTION", None).purpose == "PREVENTION"
    assert actor.declaring("PREVENTION", None).case_ref == "11-00001"
    assert actor.declaring(None, "11-00002").case_ref == "11-00002"


@pytest.mark.parametrize("text", ["11\n12", "\x00", "a" * 257, " 11", "\udcff", "\u202e11"])
def test_a_purpose_or_case_that_may_not_go_into_records_is_refused(text: str):
    actor = Actor("LV-PROK", "anna", "saite-cli", "urn:saite:development")
    with pytest.raises(BadDeclaration):
        actor.declaring(text, None)
    with pytest.raises(BadDeclaration):
        actor.declaring(None, text)


def test_an_empty_purpose_states_nothing():
    actor = Actor("LV-PROK", "anna", "saite-cli", "urn:saite:development", "CRIMINAL_PROCEEDING")
    assert actor.declaring("", None).purpose == ""
