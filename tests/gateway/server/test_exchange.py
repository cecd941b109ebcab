"""`POST /token`: the form of RFC 8693 over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from authz.audit import AuditLog
from authz.identity import AUDIENCE, AgencySource, Exchange, StaticKeys, TokenValidator, TrustedIssuer
from authz.identity.exchange import ACCESS_TOKEN, GRANT, exchange_trust
from gateway.access.sign_ins import SignIns
from gateway.server import ExchangeEndpoint
from tests.authz.identity.conftest import LocalProvider, new_key
from tests.authz.small_world import CLOCK, CONTRACT, book_of
from tests.gateway.server.conftest import AsgiClient

KEY = new_key("one")
PARTNER = LocalProvider("https://idp.example")
OURS, FIVE = "https://gateway.example/exchange", timedelta(minutes=5)
BOOK = book_of(f"{CONTRACT}\nclients: [{{client_id: case-management, issuer: '{PARTNER.issuer}'}}]\n")
FORM = {"content-type": "application/x-www-form-urlencoded"}
GOOD = {
    "grant_type": GRANT,
    "subject_token": PARTNER.sign(KEY, CLOCK.now(), aud="urn:saite:exchange"),
    "subject_token_type": ACCESS_TOKEN,
}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    opened = AuditLog.open(tmp_path / "audit.sqlite3", CLOCK)
    yield opened
    opened.close()


@pytest.fixture
def client(tmp_path: Path, log: AuditLog) -> AsgiClient:
    partner = TrustedIssuer(PARTNER.issuer, StaticKeys([KEY]), frozenset({"ES256"}), agency_source=AgencySource.CONTRACT)
    exchange = Exchange.open(tmp_path, TokenValidator([partner], "urn:saite:exchange"), OURS, AUDIENCE, FIVE)
    endpoint = ExchangeEndpoint(exchange, lambda _scope: None, lambda: BOOK, CLOCK, SignIns(log, CLOCK))
    return AsgiClient(Starlette(routes=[endpoint.route()]))


async def test_a_partners_token_gives_one_that_the_gateway_accepts(client: AsgiClient, tmp_path: Path):
    form = urlencode({**GOOD, "purpose": "INVESTIGATION", "scope": "ignored"}).encode()
    answer = await client.request("POST", "/token", headers=FORM, chunks=(form,))
    assert answer.status == 200
    given = answer.json
    assert {name: given[name] for name in ("issued_token_type", "token_type", "expires_in")} == {
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": 300,
    }
    assert answer.headers["cache-control"] == "no-store"
    gateway = TokenValidator([exchange_trust(tmp_path, OURS, FIVE)], AUDIENCE)
    actor = gateway.actor(f"Bearer {given['access_token']}", CLOCK.now(), book=BOOK)
    assert (actor.agency, actor.purpose) == ("LV-TEST", "INVESTIGATION")


async def test_a_token_leaves_when_it_is_recorded_who_got_it(client: AsgiClient, log: AuditLog):
    form = urlencode({**GOOD, "purpose": "INVESTIGATION"}).encode()
    token = (await client.request("POST", "/token", headers=FORM, chunks=(form,))).json["access_token"]
    (kept,) = log.tail(5)
    told = kept.entry
    assert (told.kind, told.status, told.agency, told.client_id) == ("authentication", "ok", "LV-TEST", "case-management")
    assert (told.issuer, told.purpose, bool(told.user)) == (PARTNER.issuer, "INVESTIGATION", True)
    assert not any(part in repr(kept) for part in (*token.split("."), *GOOD["subject_token"].split(".")))
    log.close()
    answer = await client.request("POST", "/token", headers=FORM, chunks=(form,))
    assert (answer.status, answer.json) == (503, {"error": "temporarily_unavailable"})


@pytest.mark.parametrize(
    ("form", "code", "reason"),
    [
        (GOOD | {"subject_token": "a.b.c"}, "INVALID_REQUEST", "token_header"),
        (GOOD | {"grant_type": "password"}, "UNSUPPORTED_GRANT_TYPE", "grant"),
    ],
)
async def test_a_token_that_is_not_exchanged_is_recorded_by_the_reason(client: AsgiClient, log: AuditLog, form, code, reason):
    await client.request("POST", "/token", headers=FORM, chunks=(urlencode(form).encode(),))
    log.close()
    (kept,) = log.tail(5)
    assert (kept.entry.kind, kept.entry.status, kept.entry.user) == ("authentication", "denied", "unknown")
    assert (kept.entry.error_code, kept.entry.reason) == (code, reason)


OTHER_FORMS = [
    (urlencode(GOOD | {"subject_token": "a.b.c"}), FORM, 400, "invalid_request"),
    (urlencode(GOOD | {"grant_type": "password"}), FORM, 400, "unsupported_grant_type"),
    (urlencode(GOOD | {"audience": "persons"}), FORM, 400, "invalid_target"),
    (urlencode([*GOOD.items(), ("grant_type", GRANT)]), FORM, 400, "invalid_request"),
    (urlencode(GOOD | {"purpose": ""}), FORM, 200, None),
    (urlencode(GOOD), {"content-type": "application/json"}, 400, "invalid_request"),
    ("", FORM, 400, "unsupported_grant_type"),
    ("a=%ff", FORM, 400, "invalid_request"),
    ("&".join(f"p{n}=1" for n in range(40)), FORM, 400, "invalid_request"),
    ("a=" + "x" * 40_000, FORM, 413, "invalid_request"),
]


@pytest.mark.parametrize(("body", "headers", "status", "error"), OTHER_FORMS, ids=range(len(OTHER_FORMS)))
async def test_a_request_of_another_form_gets_the_code_of_the_standard(client: AsgiClient, body, headers, status, error):
    answer = await client.request("POST", "/token", headers=headers, chunks=(body.encode(),))
    assert answer.status == status
    assert answer.json.get("error") == error


async def test_nothing_but_post_is_served(client: AsgiClient):
    answer = await client.request("GET", "/token?" + urlencode(GOOD))
    assert answer.status == 405
    assert answer.headers["allow"] == "POST"
