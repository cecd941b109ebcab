"""Asking an OpenID provider for its keys: discovery, then the key set.

In: an issuer (or the address of its key set). Out: the public keys that may check signatures, by `kid`. No redirects are
followed, answers are bounded, and outside this machine only HTTPS is spoken.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from authz.identity.algorithms import fully_specified
from authz.identity.errors import ProviderUnusable

if TYPE_CHECKING:
    import aiohttp

_MAX_BYTES: Final = 256 * 1024
_MAX_KEYS: Final = 100
_MIN_RSA_BITS: Final = 2048
_SECRET_PARTS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
_ERRORS: Final = (asyncio.TimeoutError, OSError, ValueError, RecursionError)


class _Metadata(msgspec.Struct):
    issuer: str
    jwks_uri: str


class KeySet(msgspec.Struct):
    """A JWK set (RFC 7517 §5), its members still untyped."""

    keys: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Provider:
    """Where an issuer's keys are. `jwks_uri` leaves discovery out; `authorities` is a file of CA certificates to trust."""

    issuer: str
    algorithms: frozenset[str]
    jwks_uri: str | None = None
    authorities: str | None = None
    seconds: float = 5.0

    async def key_set(self) -> bytes:
        """The provider's key set, as it is. Raises ProviderUnusable."""
        import aiohttp  # only who trusts a provider needs an HTTP client

        context = ssl.create_default_context(cafile=self.authorities) if self.authorities else True
        limits = aiohttp.ClientTimeout(total=self.seconds)
        try:
            async with aiohttp.ClientSession(timeout=limits, connector=aiohttp.TCPConnector(ssl=context)) as session:
                address = self.jwks_uri or await self._discovered(session)
                return await _got(session, address)
        except (aiohttp.ClientError, *_ERRORS) as error:
            raise ProviderUnusable(f"{self.issuer} gives no keys ({type(error).__name__}: {error}).") from error

    async def _discovered(self, session: aiohttp.ClientSession) -> str:
        address = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
        metadata = msgspec.json.decode(await _got(session, address), type=_Metadata)
        if metadata.issuer != self.issuer:
            raise ProviderUnusable(f"{address} speaks for another issuer than {self.issuer}.")
        return metadata.jwks_uri


def is_safe(address: str) -> bool:
    """Whether keys may be fetched from there: HTTPS, or HTTP on this very machine."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme != "http" or parts.hostname is None:
        return False
    try:
        return parts.hostname == "localhost" or ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


async def _got(session: aiohttp.ClientSession, address: str) -> bytes:
    if not is_safe(address):
        raise ProviderUnusable(f"Keys are not fetched from {address}: it has to be HTTPS.")
    async with session.get(address, allow_redirects=False, headers={"Accept": "application/json"}) as answer:
        if answer.status != 200:
            raise ProviderUnusable(f"{address} answers {answer.status}.")
        content = b""
        async for part in answer.content.iter_chunked(64 * 1024):
            content += part
            if len(content) > _MAX_BYTES:
                raise ProviderUnusable(f"{address} answers more than {_MAX_BYTES} bytes.")
        return content


def usable_keys(key_set: bytes, algorithms: Collection[str]) -> Mapping[str, Key]:
    """`kid` → key, of those in a JWK set that may check a signature by one of `algorithms`. Raises ProviderUnusable."""
    try:
        listed = msgspec.json.decode(key_set, type=KeySet).keys
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProviderUnusable(f"This is no JWK set: {error}.") from error
    found: dict[str, Key] = {}
    doubled: set[str] = set()
    for member in listed[:_MAX_KEYS]:
        key = _usable(member, algorithms)
        if key is None or key.kid is None:
            continue
        if key.kid in found:
            doubled.add(key.kid)  # which of the two is meant cannot be told
        found[key.kid] = key
    return {kid: key for kid, key in found.items() if kid not in doubled}


def _usable(member: Mapping[str, Any], algorithms: Collection[str]) -> Key | None:
    is_for_signatures = member.get("use", "sig") == "sig" and "verify" in member.get("key_ops", ("verify",))
    if not is_for_signatures or not isinstance(member.get("kid"), str) or member.get("alg", "") not in {*algorithms, ""}:
        return None
    if _SECRET_PARTS & member.keys():
        return None
    kinds: dict[object, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
    kind = kinds.get(member.get("kty"))
    if kind is None:
        return None
    texts: dict[str, str | list[str]] = {name: value for name, value in member.items() if isinstance(value, str)}
    if "alg" in texts:
        texts["alg"] = fully_specified(member["alg"])  # joserfc compares it with the algorithm, to the letter
    if kind is OKPKey and texts.get("crv") != "Ed25519":
        return None
    if kind is RSAKey and len(texts.get("n", "")) * 6 < _MIN_RSA_BITS:
        return None
    try:
        return kind.import_key(texts)
    except (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return None
