"""A room of events in which cases are kept."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.subgraphs.conftest import OpenRoom, Room
from tests.subgraphs.events.registration.conftest import Desk

ERRORS = "userErrors { path code message messageLv currentVersion possible }"
SHOWN = "id version number status procedure subject agency { code } openedBy { code } closedAt events { nodes { id } }"
INPUTS = {
    "openCase": "OpenCaseInput",
    "addEventToCase": "AddEventToCaseInput",
    "removeEventFromCase": "RemoveEventFromCaseInput",
    "transferCase": "TransferCaseInput",
    "closeCase": "CaseReasonInput",
    "reopenCase": "CaseReasonInput",
}


@dataclass
class Office:
    """Somebody of an agency who keeps cases."""

    room: Room
    desk: Desk
    agency: str = "LV-VP"
    purpose: str = "EVENT_RESPONSE"
    keys: Any = None

    async def do(self, name: str, given: dict[str, Any], *, key: str | None = None) -> dict[str, Any]:
        document = f"mutation ($input: {INPUTS[name]}!) {{ {name}(input: $input) {{ version case {{ {SHOWN} }} {ERRORS} }} }}"
        given = {"idempotencyKey": key or f"case-key-{next(self.keys)}", **given}
        answer = await self.room.ask(document, {"input": given}, agency=self.agency, purpose=self.purpose)
        found: dict[str, Any] = answer.data[name]
        return found

    async def change(self, name: str, case: dict[str, Any], given: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        return await self.do(name, {"caseId": case["id"], "expectedVersion": case["version"], **(given or {})}, **more)

    async def done(self, name: str, case: dict[str, Any], given: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self.change(name, case, given)
        assert answer["userErrors"] == [], (name, answer)
        assert answer["version"] == case["version"] + 1
        found: dict[str, Any] = answer["case"]
        return found

    async def opened(self, **more: Any) -> dict[str, Any]:
        answer = await self.do("openCase", {"procedure": "CRIMINAL", "subject": "Zādzība", **more})
        assert answer["userErrors"] == []
        found: dict[str, Any] = answer["case"]
        return found

    async def ask(self, query: str, **variables: Any) -> Any:
        return (await self.room.ask(query, variables, agency=self.agency, purpose=self.purpose)).data


@pytest.fixture
async def office(open_room: OpenRoom) -> Office:
    room, keys = await open_room("events"), count(1)
    return Office(room, Desk(room, "LV-VP", keys=keys), keys=keys)
