"""A room of events that is asked to register and to change."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from tests.subgraphs.conftest import OpenRoom, Room

PAYLOAD = """{ version event { id version status registrationNumber territoryOwner { code } }
  userErrors { path code message messageLv currentVersion possible } }"""
NEW = {
    "unit": "2. nodaļa",
    "kind": "ADMINISTRATIVE_VIOLATION",
    "place": {"atvk": "0001000"},
    "submission": {"receiptForm": "ORAL", "channel": "CALL_110", "receivedAt": "2026-11-23T11:50:00Z"},
}


@dataclass
class Desk:
    """Somebody of an agency who registers."""

    room: Room
    agency: str = "LV-PP-RIGA"
    purpose: str = "EVENT_RESPONSE"
    keys: Any = None

    async def do(self, name: str, given: dict[str, Any], *, key: str | None = None) -> dict[str, Any]:
        kind = {"registerEvent": "RegisterEventInput", "amendEvent": "AmendEventInput", "transferToAgency": "TransferInput"}
        taken = kind.get(name) or ("ReasonInput" if name in ("reopen", "annul") else f"{name[0].upper()}{name[1:]}Input")
        document = f"mutation ($input: {taken}!) {{ {name}(input: $input) {PAYLOAD} }}"
        given = {"idempotencyKey": key or f"test-key-{next(self.keys)}", **given}
        answer = await self.room.ask(document, {"input": given}, agency=self.agency, purpose=self.purpose)
        found: dict[str, Any] = answer.data[name]
        return found

    async def change(
        self, name: str, event: dict[str, Any], given: dict[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        return await self.do(name, {"eventId": event["id"], "expectedVersion": event["version"], **(given or {})}, **more)

    async def registered(self, **more: Any) -> dict[str, Any]:
        done = await self.do("registerEvent", {**NEW, **more})
        assert done["userErrors"] == []
        event: dict[str, Any] = done["event"]
        return event

    async def rows(self, table: str) -> list[Any]:
        async with self.room.store.database.reading() as connection:
            return list((await connection.execute(sa.text(f"SELECT * FROM {table}"))).all())


@pytest.fixture
async def desk(open_room: OpenRoom) -> Desk:
    return Desk(await open_room("events"), keys=count(1))
