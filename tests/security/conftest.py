"""What the security cases share: an attacker's pen that writes any JWT, byte by byte; a town to attack."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from tests.security.city import opened
from tests.security.town import Town

Forge = Callable[..., str]


def _part(value: Mapping[str, Any] | bytes) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.fixture
def forge() -> Forge:
    """Writes a JWT: `key` signs it with Ed25519, `hmac_key` with HMAC-SHA256, neither leaves the signature empty."""

    def write(
        header: Mapping[str, Any] | bytes,
        claims: Mapping[str, Any] | bytes,
        key: OKPKey | None = None,
        hmac_key: bytes | None = None,
    ) -> str:
        signed = f"{_part(header)}.{_part(claims)}"
        signature = b""
        if key is not None:
            signature = key.private_key.sign(signed.encode())
        elif hmac_key is not None:
            signature = hmac.digest(hmac_key, signed.encode(), "sha256")
        return f"{signed}.{_part(signature)}"

    return write


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """The whole platform over the small registers, under the contract of `tests/security/city.py`."""
    async with opened(tmp_path) as (made, _, _):
        yield made
