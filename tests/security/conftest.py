"""What the security cases share: an attacker's pen that writes any JWT, byte by byte."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from joserfc.jwk import OKPKey

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
