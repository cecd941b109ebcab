"""The page for partners: which messages go where over RabbitMQ (AsyncAPI 3), made from the structs of messages and receipts.

In: nothing. Out: the document. `python -m ingest.receiving.asyncapi` writes it, and the two schemas, beside this file; a test
holds them against what the code says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from ingest.receiving.message import STRUCTS
from ingest.receiving.schema import message_schema, receipt_schema, text_of
from subgraphs.events.registration.arrival import Receipt

VERSION: Final = "1.0.0"
_ABOUT: Final = """\
Journals of municipal and port police and 112 send registrations and changes of events; the register sends receipts.

A confirm of the broker says that it has a message. Only a receipt says that the register has it: send a message again, with the
same `messageId` and content, until its receipt came. Messages of one event are counted (`sourceSeq`) from 1 without gaps and
applied in that order, however they arrive. Publish persistent and mandatory, with `user_id` set to the connection's user.
The same messages may be posted to `/ingest` over HTTPS (one as application/json, or one a line as application/x-ndjson); then
the answer holds the receipts.
"""


def document() -> dict[str, Any]:
    """The AsyncAPI document."""
    names = {kind: struct.__name__ for kind, struct in STRUCTS.items()}
    _, schemas = msgspec.json.schema_components([*STRUCTS.values(), Receipt], ref_template="#/components/schemas/{name}")
    messages = {kind: _message(kind, schemas[names[kind]], names[kind]) for kind in STRUCTS}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Register of events: messages of sources", "version": VERSION, "description": _ABOUT},
        "defaultContentType": "application/json",
        "servers": {"broker": {"host": "broker.example:5671", "protocol": "amqps", "security": [{"type": "userPassword"}]}},
        "channels": {
            "ingest": {
                "address": "{sourceId}",
                "description": "The exchange that messages are published to; the routing key is the source's id.",
                "parameters": {"sourceId": {"description": "The source, as it is registered."}},
                "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in STRUCTS},
                "bindings": {"amqp": _amqp({"is": "routingKey", "exchange": _exchange()})},
            },
            "receipts": {
                "address": "receipts.{sourceId}",
                "description": "A queue for each source. Acknowledge a letter when its receipts are on disk.",
                "parameters": {"sourceId": {"description": "The source, as it is registered."}},
                "messages": {"receipts": {"$ref": "#/components/messages/receipts"}},
                "bindings": {"amqp": _amqp({"is": "queue", "queue": {"durable": True, "exclusive": False}})},
            },
        },
        "operations": {
            "takeMessages": {
                "action": "receive",
                "channel": {"$ref": "#/channels/ingest"},
                "summary": "The register takes registrations and changes.",
                "bindings": {"amqp": _amqp({"ack": True})},
            },
            "sendReceipts": {
                "action": "send",
                "channel": {"$ref": "#/channels/receipts"},
                "summary": "The register tells what became of each message.",
                "bindings": {"amqp": _amqp({"deliveryMode": 2, "mandatory": True})},
            },
        },
        "components": {
            "messages": {
                **messages,
                "receipts": {
                    "name": "receipts",
                    "title": "What became of messages: one receipt a line.",
                    "contentType": "application/x-ndjson",
                    "payload": {"$ref": f"#/components/schemas/{Receipt.__name__}"},
                },
            },
            "schemas": schemas,
        },
    }


def text() -> str:
    """The document as it is shipped."""
    return yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=120)


def _message(kind: str, schema: dict[str, Any], name: str) -> dict[str, Any]:
    return {"name": kind, "title": schema["description"], "payload": {"$ref": f"#/components/schemas/{name}"}}


def _exchange() -> dict[str, Any]:
    return {"name": "ingest", "type": "topic", "durable": True, "autoDelete": False}


def _amqp(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "bindingVersion": "0.3.0"}


FILES: Final[Mapping[str, Callable[[], str]]] = {
    "asyncapi.yaml": text,
    "message.schema.json": lambda: text_of(message_schema()),
    "receipt.schema.json": lambda: text_of(receipt_schema()),
}
"""What is shipped, and what makes it."""

if __name__ == "__main__":
    for _name, _made in FILES.items():
        (Path(__file__).parent / _name).write_text(_made(), "utf-8")
