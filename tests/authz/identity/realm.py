"""A realm of our own in a real Keycloak: clients, a person, keys that rotate. Removed at the end."""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from authz.identity import AUDIENCE

PASSWORD = "Q-invented-4711"
KEYS = "org.keycloak.keys.KeyProvider"


def _mapper(audience: str) -> dict[str, Any]:
    return {
        "name": f"audience {audience}",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-audience-mapper",
        "config": {"included.custom.audience": audience, "access.token.claim": "true"},
    }


def client(name: str, audience: str = AUDIENCE, algorithm: str | None = None, **attributes: str) -> dict[str, Any]:
    """A confidential client that may log in by itself and with a person's password."""
    chosen = {} if algorithm is None else {"access.token.signed.response.alg": algorithm}
    return {
        "clientId": name,
        "secret": f"{name}-secret",
        "serviceAccountsEnabled": True,
        "directAccessGrantsEnabled": True,
        "standardFlowEnabled": False,
        "protocolMappers": [_mapper(audience)],
        "attributes": {**chosen, **attributes},
    }


def _key(provider: str, priority: int) -> dict[str, Any]:
    config = {"priority": [str(priority)], "enabled": ["true"], "active": ["true"]}
    if provider.startswith("ecdsa"):
        config["ecdsaEllipticCurveKey"] = ["P-256"]
    if provider == "hmac-generated":
        config["algorithm"] = ["HS512"]
    return {"name": f"{provider}-{priority}", "providerId": provider, "config": config}


@dataclass(frozen=True, slots=True)
class Realm:
    """A realm with the person `anna`; signs by ES256 unless a client wants otherwise."""

    server: str
    administrator: str
    name: str

    @property
    def issuer(self) -> str:
        return f"{self.server}/realms/{self.name}"

    def token(self, client_id: str, user: str | None = None) -> str:
        """An access token: of the client itself, or of a person who logged in with it."""
        return str(self.tokens(client_id, user)["access_token"])

    def tokens(self, client_id: str, user: str | None = None, scope: str = "openid") -> dict[str, Any]:
        form = {"client_id": client_id, "client_secret": f"{client_id}-secret", "scope": scope}
        if user is None:
            form["grant_type"] = "client_credentials"
        else:
            form |= {"grant_type": "password", "username": user, "password": PASSWORD}
        return _ask(f"{self.issuer}/protocol/openid-connect/token", urllib.parse.urlencode(form).encode())

    def add_key(self, priority: int, provider: str = "ecdsa-generated") -> str:
        """Makes a new key that signs from now on; what `withdraw_key` needs."""
        wanted = _key(provider, priority)
        self._administrate("POST", "/components", wanted | {"providerType": KEYS})
        listed = self._administrate("GET", f"/components?type={KEYS}")
        return next(str(one["id"]) for one in listed if one["name"] == wanted["name"])

    def withdraw_key(self, component: str) -> None:
        self._administrate("DELETE", f"/components/{component}")

    def _administrate(self, method: str, path: str, content: object = None) -> Any:
        address = f"{self.server}/admin/realms/{self.name}{path}"
        return _administrate(self.server, self.administrator, method, address, content)


@contextmanager
def realm_of(keycloak_url: str, *clients: dict[str, Any]) -> Iterator[Realm]:
    """A realm with these clients, removed at the end."""
    realm = made_realm(keycloak_url, *clients)
    try:
        yield realm
    finally:
        _administrate(realm.server, realm.administrator, "DELETE", f"{realm.server}/admin/realms/{realm.name}")


def made_realm(keycloak_url: str, *clients: dict[str, Any]) -> Realm:
    """A realm with these clients in the Keycloak at `http://ADMINISTRATOR:PASSWORD@HOST:PORT`."""
    parts = urlsplit(keycloak_url)
    server = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    realm = Realm(server, f"{parts.username}:{parts.password}", f"saite-{secrets.token_hex(6)}")
    person = {
        "username": "anna",
        "enabled": True,
        "email": "anna@example.lv",
        "emailVerified": True,
        "firstName": "Anna",
        "lastName": "Izdomāta",
        "realmRoles": ["EMERGENCY"],
        "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
    }
    content = {
        "realm": realm.name,
        "enabled": True,
        "sslRequired": "none",
        "accessTokenLifespan": 300,
        "defaultSignatureAlgorithm": "ES256",
        "clients": list(clients),
        "users": [person],
        # without these Keycloak makes RSA keys, which takes seconds
        "roles": {"realm": [{"name": "EMERGENCY"}]},
        "components": {KEYS: [_key("ecdsa-generated", 100), _key("hmac-generated", 90), _key("aes-generated", 80)]},
    }
    _administrate(server, realm.administrator, "POST", f"{server}/admin/realms", content)
    return realm


def _administrate(server: str, administrator: str, method: str, address: str, content: object = None) -> Any:
    # a token lives for 60 seconds, and to get one takes longer than all the rest
    token = _administrators_token(server, administrator, int(time.monotonic() / 25))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return _ask(address, None if content is None else json.dumps(content).encode(), headers, method)


@lru_cache(maxsize=4)
def _administrators_token(server: str, administrator: str, _period: int) -> str:
    name, _, password = administrator.partition(":")
    form = {"grant_type": "password", "client_id": "admin-cli", "username": name, "password": password}
    given = _ask(f"{server}/realms/master/protocol/openid-connect/token", urllib.parse.urlencode(form).encode())
    return str(given["access_token"])


def _ask(address: str, body: bytes | None, headers: dict[str, str] | None = None, method: str | None = None) -> Any:
    request = urllib.request.Request(address, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            content = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{request.method} {address}: {error.code} {error.read().decode()}") from None
    return json.loads(content) if content else None
