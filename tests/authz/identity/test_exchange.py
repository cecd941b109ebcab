"""Token exchange: a partner's token in, ours out: for the gateway only, shorter, through the client that the contract names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from authz.book import ContractBook
from authz.identity import (
    AUDIENCE,
    AgencySource,
    Asked,
    BadExchange,
    Exchange,
    StaticKeys,
    TokenValidator,
    TrustedIssuer,
    Unauthenticated,
)
from authz.identity.exchange import ACCESS_TOKEN, GRANT, JWT, exchange_trust
from tests.authz.identity.conftest import LocalProvider, new_key
from tests.authz.small_world import CONTRACT, book_of

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEY = new_key("one")
PARTNER = LocalProvider("https://idp.example")
HERE, OURS = "urn:saite:exchange", "https://gateway.example/exchange"
FIVE = timedelta(minutes=5)
THUMBPRINT = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s"


def book(more: str = "") -> ContractBook:
    clients = [f"{{client_id: {name}, issuer: '{PARTNER.issuer}'{more}}}" for name in ("case-management", "front")]
    return book_of(f"{CONTRACT}\nclients: [{', '.join(clients)}]\n")


def exchange(folder: Path) -> Exchange:
    partner = TrustedIssuer(
        PARTNER.issuer, StaticKeys([KEY]), frozenset({"ES256"}), frozenset({"LV-TEST"}), agency_source=AgencySource.CONTRACT
    )
    return Exchange.open(folder, TokenValidator([partner], HERE), OURS, AUDIENCE, FIVE)


def gateway(folder: Path) -> TokenValidator:
    return TokenValidator([exchange_trust(folder, OURS, FIVE)], AUDIENCE)


def subject(**claims: Any) -> str:
    return PARTNER.sign(KEY, NOW, **{"aud": HERE, **claims})


def asked(token: str, **changes: Any) -> Asked:
    return replace(Asked(GRANT, token, ACCESS_TOKEN), **changes)


async def test_the_person_keeps_the_partners_name_and_the_client_acts(tmp_path: Path):
    given = await exchange(tmp_path).exchange(asked(subject()), NOW, certificate=None, book=book())
    actor = gateway(tmp_path).actor(f"Bearer {given.access_token}", NOW, book=book())
    assert (actor.agency, actor.user, actor.issuer, actor.client_id) == (
        "LV-TEST",
        "anna",
        PARTNER.issuer,
        "case-management",
    )
    assert given.expires_in == 300


async def test_it_names_who_acts_and_is_for_the_gateway_alone(tmp_path: Path):
    given = await exchange(tmp_path).exchange(asked(subject()), NOW, certificate=None, book=book())
    proven = await gateway(tmp_path).prove(given.access_token, NOW, book=book())
    assert proven.claims.aud == AUDIENCE
    assert proven.claims.act == {"sub": "case-management", "iss": PARTNER.issuer}
    with pytest.raises(BadExchange) as caught:
        await exchange(tmp_path).exchange(asked(subject(), audience="persons"), NOW, certificate=None, book=book())
    assert caught.value.error == "invalid_target"


async def test_it_lives_no_longer_than_the_partners_token(tmp_path: Path):
    token = subject(exp=int(NOW.timestamp()) + 60)
    given = await exchange(tmp_path).exchange(asked(token), NOW, certificate=None, book=book())
    assert given.expires_in == 60
    with pytest.raises(BadExchange):  # within the leeway for clocks, yet nothing is left to give
        await exchange(tmp_path).exchange(asked(token), NOW + timedelta(seconds=61), certificate=None, book=book())


async def test_a_purpose_and_a_case_are_what_is_asked_for_else_what_the_token_says(tmp_path: Path):
    token = subject(purpose="STATISTICS", case_ref="11-00001")
    for changes, expected in (({}, "STATISTICS"), ({"purpose": "INVESTIGATION"}, "INVESTIGATION")):
        given = await exchange(tmp_path).exchange(asked(token, **changes), NOW, certificate=None, book=book())
        actor = gateway(tmp_path).actor(f"Bearer {given.access_token}", NOW, book=book())
        assert (actor.purpose, actor.case_ref) == (expected, "11-00001")


UNACCEPTABLE = [
    subject(aud=AUDIENCE),
    subject(exp=int(NOW.timestamp()) - 60, iat=int(NOW.timestamp()) - 90),
    subject(client_id="unnamed"),
    subject(iss="https://idp.other"),
    subject(cnf={"x5t#S256": "A" * 43}),
    PARTNER.sign(new_key("one"), NOW, aud=HERE),
    "not a token",
    "a.b.c",
    "",
]


@pytest.mark.parametrize("token", UNACCEPTABLE, ids=range(len(UNACCEPTABLE)))
async def test_a_token_that_would_not_be_accepted_is_not_exchanged_and_nobody_says_why(tmp_path: Path, token: str):
    with pytest.raises(BadExchange) as caught:
        await exchange(tmp_path).exchange(asked(token), NOW, certificate=None, book=book())
    assert (caught.value.error, caught.value.message) == ("invalid_request", "The token is not accepted.")


async def test_our_own_tokens_are_not_exchanged_again(tmp_path: Path):
    given = await exchange(tmp_path).exchange(asked(subject()), NOW, certificate=None, book=book())
    with pytest.raises(BadExchange):
        await exchange(tmp_path).exchange(asked(given.access_token), NOW, certificate=None, book=book())


async def test_a_partners_token_is_no_token_for_the_gateway(tmp_path: Path):
    with pytest.raises(Unauthenticated):
        gateway(tmp_path).actor(f"Bearer {subject(aud=AUDIENCE)}", NOW, book=book())


async def test_a_partners_own_claim_of_agency_or_person_does_not_count(tmp_path: Path):
    token = subject(agency="LV-PROK", sub_id={"format": "iss_sub", "iss": "https://idp.other", "sub": "boss"})
    given = await exchange(tmp_path).exchange(asked(token), NOW, certificate=None, book=book())
    actor = gateway(tmp_path).actor(f"Bearer {given.access_token}", NOW, book=book())
    assert (actor.agency, actor.user, actor.issuer) == ("LV-TEST", "anna", PARTNER.issuer)


async def test_a_token_stays_bound_to_its_certificate(tmp_path: Path):
    token = subject(cnf={"x5t#S256": THUMBPRINT})
    given = await exchange(tmp_path).exchange(asked(token), NOW, certificate=THUMBPRINT, book=book())
    bearer = f"Bearer {given.access_token}"
    assert gateway(tmp_path).actor(bearer, NOW, certificate=THUMBPRINT, book=book()).user == "anna"
    for other in (None, "A" * 43):
        with pytest.raises(Unauthenticated):
            gateway(tmp_path).actor(bearer, NOW, certificate=other, book=book())


async def test_a_token_is_bound_to_the_certificate_of_the_connection_that_asked_for_it(tmp_path: Path):
    given = await exchange(tmp_path).exchange(asked(subject()), NOW, certificate=THUMBPRINT, book=book())
    with pytest.raises(Unauthenticated):
        gateway(tmp_path).actor(f"Bearer {given.access_token}", NOW, book=book())


async def test_the_contracts_certificate_is_needed_for_the_exchange_too(tmp_path: Path):
    listed = book(f", cert_sha256: ['{'ab' * 32}']")
    with pytest.raises(BadExchange):
        await exchange(tmp_path).exchange(asked(subject()), NOW, certificate=None, book=listed)
    assert await exchange(tmp_path).exchange(asked(subject()), NOW, certificate=THUMBPRINT, book=listed)


async def test_another_client_acts_with_a_token_of_its_own(tmp_path: Path):
    person, application = subject(client_id="front"), subject(sub="service", client_id="case-management")
    wanted = asked(person, actor_token=application, actor_token_type=JWT)
    given = await exchange(tmp_path).exchange(wanted, NOW, certificate=None, book=book())
    proven = await gateway(tmp_path).prove(given.access_token, NOW, book=book())
    assert (proven.actor.user, proven.actor.client_id) == ("anna", "case-management")
    assert proven.claims.act == {"sub": "case-management", "iss": PARTNER.issuer}


@pytest.mark.parametrize("may_act", [{"sub": "another"}, {"client_id": "another"}, {}, {"sub": "service", "iss": "x"}])
async def test_a_client_that_may_not_act_for_the_person_does_not(tmp_path: Path, may_act: dict[str, str]):
    wanted = asked(subject(may_act=may_act), actor_token=subject(sub="service"), actor_token_type=JWT)
    with pytest.raises(BadExchange):
        await exchange(tmp_path).exchange(wanted, NOW, certificate=None, book=book())


async def test_the_one_that_may_act_does(tmp_path: Path):
    wanted = asked(subject(may_act={"sub": "service"}), actor_token=subject(sub="service"), actor_token_type=JWT)
    assert await exchange(tmp_path).exchange(wanted, NOW, certificate=None, book=book())


async def test_a_chain_of_actors_ends(tmp_path: Path):
    short: dict[str, Any] = {"sub": "one", "act": {"sub": "two"}}
    given = await exchange(tmp_path).exchange(asked(subject(act=short)), NOW, certificate=None, book=book())
    proven = await gateway(tmp_path).prove(given.access_token, NOW, book=book())
    assert proven.claims.act == {"sub": "case-management", "iss": PARTNER.issuer, "act": short}
    with pytest.raises(BadExchange):
        await exchange(tmp_path).exchange(asked(subject(act={"sub": "zero", "act": short})), NOW, certificate=None, book=book())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
        ({"subject_token": None}, "invalid_request"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:id_token"}, "invalid_request"),
        ({"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request"),
        ({"actor_token": "a.b.c"}, "invalid_request"),
        ({"actor_token_type": JWT}, "invalid_request"),
        ({"purpose": "two\nlines"}, "invalid_request"),
    ],
)
async def test_a_request_of_another_form_is_refused(tmp_path: Path, changes: dict[str, Any], error: str):
    with pytest.raises(BadExchange) as caught:
        await exchange(tmp_path).exchange(asked(subject(), **changes), NOW, certificate=None, book=book())
    assert caught.value.error == error
