"""The JSON Schema of messages, as it is published, and everything that a message breaks of it.

In: the structs of `message`. Out: the schema, generated; the faults of one message, all at once. What is shipped lies beside
this file (`asyncapi` writes it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import msgspec
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ingest.receiving.message import STRUCTS, UNION
from subgraphs.events.registration.arrival import Receipt
from subgraphs.events.registration.reasons import reason
from subgraphs.events.registration.refusal import Problem

MOST_FAULTS: Final = 50
_PLACE: Final = "https://saite.example/schemas/ingest"


def message_schema() -> dict[str, Any]:
    """The schema of any message (JSON Schema 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{_PLACE}/message/1",
        "title": "A message of a journal or of 112 to the register of events",
        **msgspec.json.schema(UNION),
    }


def receipt_schema() -> dict[str, Any]:
    """The schema of receipts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{_PLACE}/receipt/1",
        "title": "What the register tells a source of one of its messages",
        **msgspec.json.schema(Receipt),
    }


def text_of(schema: dict[str, Any]) -> str:
    """A schema as it is shipped."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def faults_of(raw: bytes, error: Exception) -> tuple[Problem, ...]:
    """Everything that is wrong with a message that cannot be decoded; `error` says why not, where the schema says nothing."""
    try:
        given = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as broken:
        return (reason((), "NOT_A_MESSAGE", detail=str(broken) or type(broken).__name__),)
    kind = given.get("kind") if isinstance(given, dict) else None
    found = list(_broken(given, kind if isinstance(kind, str) and kind in STRUCTS else None))[:MOST_FAULTS]
    return tuple(found) or (reason((), "NOT_A_MESSAGE", detail=str(error)),)


def _broken(given: object, kind: str | None) -> Iterator[Problem]:
    if kind is None:
        detail = f"`kind` is one of {', '.join(STRUCTS)}" if isinstance(given, dict) else "a message is an object"
        yield reason(("kind",), "NOT_A_MESSAGE", detail=detail)
        return
    try:
        for fault in sorted(_validator(kind).iter_errors(given), key=lambda each: [str(part) for part in each.absolute_path]):
            yield from _told(fault)
    except RecursionError:
        return


def _told(fault: ValidationError) -> Iterator[Problem]:
    path = tuple(str(part) for part in fault.absolute_path)
    deeper = [each for each in fault.context or () if each.validator != "type"]
    if fault.validator == "anyOf" and deeper:
        for each in deeper:
            yield from _told(each)
        return
    yield reason(path, "NOT_A_MESSAGE", detail=_words(fault))


def _words(fault: ValidationError) -> str:
    """What is broken, without the value: it may be anybody's data."""
    match fault.validator:
        case "required":
            return fault.message  # names the property
        case "additionalProperties":
            known = ", ".join(fault.schema["properties"]) if isinstance(fault.schema, Mapping) else "none"
            return f"there is a property that is not known here; known are {known}"
        case _:
            return f"it has to fulfil {fault.validator}: {fault.validator_value!r}"[:300]


@cache
def _validator(kind: str) -> Draft202012Validator:
    (references,), definitions = msgspec.json.schema_components([STRUCTS[kind]], ref_template="#/$defs/{name}")
    return Draft202012Validator({**references, "$defs": definitions})
