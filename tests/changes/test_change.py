from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from changes.change import Change, from_json, json_schema, to_json
from changes.errors import NotAChange

ID = "evt_0192f0c1d2e37abc8def0123456789ab"
AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
DISPATCHED = Change("events", ID, 3, "dispatched", AT, 1071)

CHANGES = st.builds(
    Change,
    st.sampled_from(["events", "persons", "vehicles", "documents"]),
    st.sampled_from(["evt", "case", "per", "veh", "doc"]).map(lambda prefix: f"{prefix}{ID[3:]}"),
    st.integers(1, 2**31),
    st.sampled_from(["created", "changed", "projected", "transferred"]),
    st.integers(0, 10**15).map(lambda micros: AT + timedelta(microseconds=micros)),
    st.integers(1, 2**63 - 1),
)


def test_a_change_is_a_cloud_event_that_names_a_version_and_nothing_of_it():
    assert msgspec.json.decode(to_json(DISPATCHED)) == {
        "specversion": "1.0",
        "id": f"{ID}/3/1071",
        "source": "/saite/events",
        "type": "lv.saite.event.dispatched",
        "subject": ID,
        "time": "2026-05-01T10:00:00Z",
        "datacontenttype": "application/json",
        "sequence": "00000000000000001071",
        "data": {"id": ID, "version": 3},
    }


@given(CHANGES)
def test_every_change_comes_back_and_has_the_published_form(change):
    body = to_json(change)
    assert from_json(body) == change
    assert list(Draft202012Validator(json_schema()).iter_errors(msgspec.json.decode(body))) == []


def test_the_published_schema_is_a_schema():
    Draft202012Validator.check_schema(json_schema())


def test_sequences_sort_as_text():
    sequences = [
        msgspec.json.decode(to_json(replace(DISPATCHED, sequence=number)))["sequence"] for number in (9, 10, 2**63 - 1)
    ]
    assert sequences == sorted(sequences)


@pytest.mark.parametrize(
    "wrong",
    [
        {"specversion": "0.3"},
        {"id": "another"},
        {"source": "saite/events"},
        {"source": "/saite/"},
        {"type": "lv.saite.event."},
        {"type": "event.dispatched"},
        {"type": "lv.saite.weapon.created"},
        {"subject": "evt_another"},
        {"time": "2026-05-01T10:00:00"},
        {"sequence": "many"},
        {"data": {"id": ID}},
        {"data": {"id": ID, "version": 4}},
    ],
)
def test_what_does_not_fit_together_is_no_change(wrong):
    body = msgspec.json.encode(msgspec.json.decode(to_json(DISPATCHED)) | wrong)
    with pytest.raises(NotAChange):
        from_json(body)


def test_what_is_no_json_is_no_change():
    with pytest.raises(NotAChange):
        from_json(b"\xff{")
