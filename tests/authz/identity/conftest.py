"""An identity provider of our own, on a real port: discovery and a key set that a test may change, delay and spoil."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import pytest
from aiohttp import web
from joserfc import jws
from joserfc.jwk import ECKey

from authz.identity import AUDIENCE


def new_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "alg": "ES256", "use": "sig"})


@dataclass
class LocalProvider:
    """`members` is the key set; with `answer`, what that makes is answered in its place; `seconds` is how long it takes."""

    issuer: str = ""
    members: list[dict[str, Any]] = field(default_factory=list)
    answer: Callable[[], web.Response] | None = None
    seconds: float = 0.0
    asked: int = 0

    def sign(self, key: ECKey, at: datetime, kind: str = "at+jwt", **claims: Any) -> str:
        """An access token after RFC 9068."""
        second = int(at.timestamp())
        content = {
            "iss": self.issuer,
            "sub": "anna",
            "aud": AUDIENCE,
            "iat": second,
            "exp": second + 300,
            "client_id": "case-management",
        }
        header = {"alg": "ES256", "typ": kind, "kid": key.kid}
        return jws.serialize_compact(header, msgspec.json.encode(content | claims), key, algorithms=["ES256"])

    def publish(self, *keys: ECKey) -> None:
        self.members = [key.as_dict(private=False) for key in keys]

    async def discovery(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"})

    async def keys(self, _request: web.Request) -> web.Response:
        self.asked += 1
        await asyncio.sleep(self.seconds)
        return web.json_response({"keys": self.members}) if self.answer is None else self.answer()

    async def elsewhere(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": self.members})


@pytest.fixture
async def provider() -> AsyncIterator[LocalProvider]:
    local = LocalProvider()
    application = web.Application()
    application.router.add_get("/.well-known/openid-configuration", local.discovery)
    application.router.add_get("/keys", local.keys)
    application.router.add_get("/elsewhere", local.elsewhere)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    local.issuer = f"http://{host}:{port}"
    yield local
    await runner.cleanup()
