"""Records: canonical JSON, hashes that are RFC 6962 leaves, chains that belong to one log and one writer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from authz.audit.entry import AuditEntry, kind_of_reading
from authz.audit.record import Head, draft, genesis, hash_of, read_record, seal

NOW = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@given(
    user=TEXT,
    fields=st.frozensets(TEXT, max_size=5),
    entities=st.dictionaries(st.sampled_from(["Event", "Person"]), st.lists(TEXT)),
)
def test_a_body_is_canonical_json_and_reads_back(user, fields, entities):
    ids = {name: tuple(found) for name, found in entities.items()}
    entry = AuditEntry(kind="consultation", request_id="r", agency="A", user=user, status="ok", resources=fields, entities=ids)
    sealed, _ = seal([draft(entry, "aud_1", NOW)], "gateway-1", Head(0, "0" * 64))
    body = sealed[0].body
    assert body.decode() == json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    record = read_record(body)
    assert (record.entry, record.at, record.seq) == (entry, NOW, 1)


def test_a_records_hash_is_the_leaf_hash_of_rfc_6962():
    assert hash_of(b"{}") == sha256(b"\x00{}").hexdigest()


def test_each_record_holds_the_hash_of_the_one_before():
    entry = AuditEntry(kind="import", request_id="r", agency="A", user="u", status="ok")
    start = genesis("log", "gateway-1")
    sealed, head = seal([draft(entry, f"aud_{number}", NOW) for number in range(3)], "gateway-1", start)
    prevs = [read_record(record.body).prev for record in sealed]
    assert prevs == [start.hash, sealed[0].hash, sealed[1].hash]
    assert head == Head(3, sealed[2].hash)


def test_no_two_logs_and_no_two_writers_begin_alike():
    beginnings = {genesis(log_id, writer).hash for log_id in ("a", "b") for writer in ("gateway-1", "gateway-2", "ingest-1")}
    assert len(beginnings) == 6


def test_a_join_over_several_registers_is_a_combination():
    assert kind_of_reading(["persons"]) == "consultation"
    assert kind_of_reading(["persons", "persons"]) == "consultation"
    assert kind_of_reading(["persons", "events"]) == "combination"
