"""A client that speaks ASGI to an application in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest


@dataclass
class HttpAnswer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def code(self) -> str:
        return self.json["errors"][0]["extensions"]["code"]


class AsgiClient:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def request(self, method, target, *, headers=(), chunks=(b"",), receive=None) -> HttpAnswer:
        path, _, query = target.partition("?")
        left = list(chunks)
        sent: list[dict[str, Any]] = []

        async def give():
            if not left:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

        async def take(message):
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in dict(headers).items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "state": {},
        }
        await self.app(scope, receive or give, take)
        if not sent:
            return HttpAnswer(0, {}, b"")
        start = sent[0]
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return HttpAnswer(start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body)

    async def post(self, content: Any, **headers: str) -> HttpAnswer:
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        named = {"content-type": "application/json", "content-length": str(len(body))}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.request("POST", "/graphql", headers=named, chunks=(body,))


@pytest.fixture
def client() -> Callable[[Any], AsgiClient]:
    return AsgiClient
