"""S-31 stream-expiry and S-32 stream-trigger, as long as no transport serves streams: a subscription is refused everywhere
before anything runs, so no stream outlives its contract and no change of a denied field wakes one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_schema

from gateway.operation import Limits, read_operation
from gateway.operation.errors import KindNotServed
from gateway.server import build_gateway
from saite.graph import shipped_graph
from tests.security.city import CITY, city, opened
from tests.security.town import Town

SUBSCRIPTION = "subscription { events(first: 1) { nodes { kind } } }"
WAYS = {
    "POST": ("POST", {}),
    "GET": ("GET", {}),
    "server-sent events": ("POST", {"accept": "text/event-stream, application/json"}),
    "multipart": ("POST", {"accept": "multipart/mixed; subscriptionSpec=1.0, application/json"}),
    "upgrade": ("GET", {"upgrade": "websocket", "connection": "upgrade"}),
}


@pytest.mark.parametrize("way", WAYS)
async def test_s31_a_subscription_is_refused_before_anything_runs(town: Town, way: str) -> None:
    method, headers = WAYS[way]
    answer = await town.ask(SUBSCRIPTION, way=method, **headers)
    assert "data" not in answer.json
    assert answer.codes == ["OPERATION_KIND_NOT_SERVED"]
    assert answer.json["errors"][0]["message"] == "Subscriptions are not served over this transport."
    assert answer.headers["content-type"].startswith("application/json"), "one answer, and no stream"
    assert town.fetched() == ""
    record = town.log.tail(1)[0].entry
    assert (record.kind, record.status, record.error_code) == ("denial", "denied", "OPERATION_KIND_NOT_SERVED")


async def test_s31_a_room_asked_directly_serves_none_either(town: Town) -> None:
    answer = await town.ask_room("events", SUBSCRIPTION)
    assert answer.status >= 400 or answer.json.get("errors")
    assert "data" not in answer.json or answer.json["data"] is None


async def test_s31_a_web_socket_is_closed_before_it_is_accepted(town: Town) -> None:
    application = build_gateway(shipped_graph(), town.pipeline._gate, town.spies)
    for app, path in ((application, "/graphql"), (town.rooms["events"], "/graphql")):
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "websocket.connect"}

        async def send(message: dict[str, object], sent: list[dict[str, object]] = sent) -> None:
            sent.append(message)

        where = {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": []}
        await app({"type": "websocket", **where}, receive, send)
        assert [message["type"] for message in sent] == ["websocket.close"]


def test_s32_where_a_graph_has_subscriptions_nothing_of_them_is_tried() -> None:
    schema = build_schema("type Query { a: Int } type Subscription { a: Int }")
    for text in ("subscription { a }", "subscription { nothing }", "subscription S { a } query Q { a }"):
        with pytest.raises(KindNotServed):
            read_operation(schema, text, "S" if " S " in text else None, Limits())
    assert read_operation(schema, "subscription S { a } query Q { a }", "Q", Limits()).is_query


async def test_s32_rights_to_subscribe_and_trigger_open_nothing(tmp_path: Path) -> None:
    grants = [*CITY["grants"], {"purposes": ["CHECK"], "subscribe": ["Event.kind"], "trigger": ["Event.kind"]}]
    async with opened(tmp_path, city(**{**CITY, "grants": grants})) as (town, _, _):
        assert (await town.ask(SUBSCRIPTION)).codes == ["OPERATION_KIND_NOT_SERVED"]
        assert town.fetched() == ""
