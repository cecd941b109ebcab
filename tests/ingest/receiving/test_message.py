"""Messages: what the code takes, the published schema takes, and the other way round; the words are registration's own."""

from __future__ import annotations

import copy
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strawberry import UNSET

import ingest.receiving
from ingest.errors import BadCorrection
from ingest.receiving.asyncapi import FILES, document
from ingest.receiving.bodies import IN_ENVELOPE, KINDS, UNKNOWN_TO_SOURCES, as_input, body_of
from ingest.receiving.correcting import corrected
from ingest.receiving.message import decode, digest_of
from ingest.receiving.schema import faults_of, message_schema
from ingest.receiving.sources import read_sources
from journal.outbox import Outbox
from tests.ingest.receiving.conftest import message

FOLDER = Path(ingest.receiving.__file__).parent
SCHEMA = Draft202012Validator(message_schema())
WHOLE = json.loads(
    message(
        "registerEvent", summary="Fabula", qualification=[{"law": "APSP", "article": "13"}], occurredFrom="2026-11-23T10:00:00Z"
    )
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**7),
    st.sampled_from(["", "x", "0001000", "SAFETY_THREAT", "ORAL", "2026-11-23T10:00:00", "2026-11-23T10:00:00Z", "x" * 201]),
    st.just([]),
    st.just({}),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([path] if path else []), *(place for key, item in inner for place in places(item, (*path, key)))]


def is_taken(raw: bytes) -> bool:
    try:
        decode(raw)
    except msgspec.DecodeError:
        return False
    return True


@given(st.sampled_from(places(WHOLE)), VALUES, st.sampled_from(["set", "remove", "add"]))
def test_the_schema_takes_what_the_code_takes(place: tuple[Any, ...], value: Any, how: str):
    changed = copy.deepcopy(WHOLE)
    here = changed
    for part in place[:-1]:
        here = here[part]
    if how == "set":
        here[place[-1]] = value
    elif how == "remove":
        del here[place[-1]]
    elif isinstance(here, dict):
        here["unknown"] = value
    raw = json.dumps(changed).encode()
    assert SCHEMA.is_valid(changed) is is_taken(raw)


def test_every_fault_of_a_message_is_told_with_its_place_and_without_its_value():
    wrong = json.loads(message("registerEvent", place={"atvk": "Rīga, 3099 12345"}, unit="", extra=1))
    del wrong["body"]["kind"]
    found = faults_of(json.dumps(wrong).encode(), ValueError("not shown"))
    assert {each.path for each in found} == {("body",), ("body", "place", "atvk"), ("body", "unit")}
    assert len(found) == 4
    assert "3099" not in "".join(each.message + each.message_lv for each in found)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{", b'"x"', b"\xff", b"[" * 100_000, b'{"kind": "drop"}', b'{"kind": 1}']
)
def test_what_is_no_message_at_all_is_told_too(raw: bytes):
    with pytest.raises((msgspec.DecodeError, RecursionError)) as caught:
        decode(raw)
    assert [each.code for each in faults_of(raw, caught.value)] == ["NOT_A_MESSAGE"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_says_what_registration_asks_for_and_nothing_else(kind: str):
    asked = set(KINDS[kind].__dataclass_fields__) - {*IN_ENVELOPE, *UNKNOWN_TO_SOURCES}
    assert set(body_of(kind).__struct_fields__) == asked


def test_a_body_becomes_the_input_with_what_was_left_out_left_out():
    given_input = as_input(decode(message("registerEvent", summary=None)).body, idempotency_key="abcdefgh")
    assert given_input.summary is None
    assert given_input.subkind is UNSET
    assert given_input.submission.received_at.isoformat() == "2026-11-23T11:50:00+00:00"


def test_the_digest_tells_whether_two_messages_say_the_same():
    digest = digest_of(decode(message("registerEvent")))
    same = [message("registerEvent", key="another-key"), json.dumps(json.loads(message("registerEvent")), indent=1).encode()]
    others = [message("registerEvent", "2"), message("registerEvent", seq=2), message("registerEvent", unit="Cita")]
    assert {digest_of(decode(raw)) for raw in same} == {digest}
    assert digest not in {digest_of(decode(raw)) for raw in others}


@pytest.mark.parametrize("name", FILES)
def test_what_is_shipped_for_partners_is_what_the_code_says(name: str):
    assert (FOLDER / name).read_text("utf-8") == FILES[name](), "run python -m ingest.receiving.asyncapi"


def test_every_reference_of_the_page_for_partners_leads_somewhere():
    page = document()

    def follow(value: Any) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                here = page
                for part in value["$ref"].removeprefix("#/").split("/"):
                    here = here[part]
            for inner in value.values():
                follow(inner)
        elif isinstance(value, list):
            for inner in value:
                follow(inner)

    follow(page)
    assert set(page["channels"]["ingest"]["messages"]) == set(KINDS)


def test_a_person_sets_texts_values_and_takes_away():
    body = corrected(
        b'{"body": {"a": "1", "b": [{"c": 1}], "d": 2}}', ["body.a=0001", "body.b.0.c:=[2]", "body.d:=", "body.e.f=x"]
    )
    assert json.loads(body) == {"body": {"a": "0001", "b": [{"c": [2]}], "e": {"f": "x"}}}


@pytest.mark.parametrize("setting", ["", "=x", "body.b.9=x", "body.a:={", "body.a.b=x"])
def test_a_correction_that_cannot_be_meant_is_refused(setting: str):
    with pytest.raises(BadCorrection):
        corrected(b'{"body": {"a": "1", "b": []}}', [setting])


def test_the_examples_are_right(tmp_path: Path):
    examples = FOLDER.parents[1] / "examples" / "ingestion"
    assert {source.id for source in read_sources(examples / "sources.yaml")} == {"pp-riga", "op-riga", "call-112"}
    with closing(Outbox(tmp_path / "journal.sqlite3", "pp-riga")) as outbox:
        outbox.add(json.loads(line) for line in (examples / "journal.jsonl").read_text("utf-8").splitlines())
        kinds = [decode(item.body()).kind for item in outbox.due()]
    assert kinds == ["registerEvent", "dispatch", "recordArrival", "linkVehicle"]
