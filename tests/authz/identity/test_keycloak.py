"""Tokens of a real Keycloak: log-in, what is refused and why, rotation of keys, and its absence."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from authz.book import ContractBook
from authz.identity import (
    AUDIENCE,
    Actor,
    AgencySource,
    FetchedKeys,
    Pace,
    Provider,
    TokenForm,
    TokenValidator,
    TrustedIssuer,
    Unauthenticated,
)
from tests.authz.identity.realm import Realm, client, made_realm, realm_of
from tests.authz.small_world import CONTRACT, book_of
from tests.conftest import SERVICES

CLIENTS = (
    client("case-management"),
    client("at-jwt", **{"access.token.header.type.rfc9068": "true"}),
    client("unnamed"),
    client("elsewhere", audience="urn:another:service"),
    client("old-fashioned", algorithm="RS256"),
    client("modern", algorithm="EdDSA"),
    client("short", **{"access.token.lifespan": "1"}),
)
NAMED = ("case-management", "at-jwt", "elsewhere", "old-fashioned", "modern", "short")
ALGORITHMS = frozenset({"ES256", "EdDSA"})
AT_ONCE = Pace(unknown_kid=timedelta(0), retry=timedelta(0))


@pytest.fixture(scope="module")
def realm(keycloak_url: str) -> Iterator[Realm]:
    with realm_of(keycloak_url, *CLIENTS) as one:
        yield one


def now() -> datetime:
    return datetime.now(UTC)


def trusted(realm: Realm, keys: FetchedKeys | None = None, form: TokenForm = TokenForm.KEYCLOAK) -> TrustedIssuer:
    return TrustedIssuer(
        realm.issuer,
        keys or FetchedKeys(Provider(realm.issuer, ALGORITHMS), pace=AT_ONCE),
        ALGORITHMS,
        frozenset({"LV-TEST"}),
        timedelta(hours=1),
        form,
        AgencySource.CONTRACT,
    )


def book_for(realm: Realm) -> ContractBook:
    named = "".join(f"\n  - {{client_id: {name}, issuer: '{realm.issuer}'}}" for name in NAMED)
    return book_of(f"{CONTRACT}\nclients:{named}\n")


async def refused(validator: TokenValidator, token: str, book: ContractBook, reason: str, at: datetime | None = None) -> None:
    before = validator.refusals.snapshot().get(reason, 0)
    with pytest.raises(Unauthenticated) as caught:
        await validator.identify(f"Bearer {token}", at or now(), book=book)
    assert str(caught.value) == str(Unauthenticated())
    assert validator.refusals.snapshot().get(reason, 0) == before + 1, validator.refusals.snapshot()


async def test_a_person_who_logged_in_acts_for_the_agency_whose_contract_names_the_client(realm: Realm):
    validator = TokenValidator([trusted(realm)], AUDIENCE)
    actor = await validator.identify(f"Bearer {realm.token('case-management', 'anna')}", now(), book=book_for(realm))
    assert actor == Actor("LV-TEST", actor.user, "case-management", realm.issuer, roles=frozenset({"EMERGENCY"}))
    assert len(actor.user) == 36  # Keycloak's own id of the person


async def test_a_client_may_log_in_by_itself(realm: Realm):
    validator = TokenValidator([trusted(realm)], AUDIENCE)
    actor = await validator.identify(f"Bearer {realm.token('case-management')}", now(), book=book_for(realm))
    assert (actor.agency, actor.client_id) == ("LV-TEST", "case-management")


async def test_tokens_in_the_form_of_rfc_9068_are_accepted_where_nothing_else_is(realm: Realm):
    strict = TokenValidator([trusted(realm, form=TokenForm.KEYCLOAK)], AUDIENCE)
    assert (await strict.identify(f"Bearer {realm.token('at-jwt')}", now(), book=book_for(realm))).client_id == "at-jwt"
    rfc = TokenValidator([trusted(realm, form=TokenForm.RFC9068)], AUDIENCE)
    assert (await rfc.identify(f"Bearer {realm.token('at-jwt')}", now(), book=book_for(realm))).client_id == "at-jwt"
    await refused(rfc, realm.token("case-management"), book_for(realm), "type")


async def test_eddsa_is_accepted(realm: Realm):
    realm.add_key(90, "eddsa-generated")
    validator = TokenValidator([trusted(realm)], AUDIENCE)
    assert (await validator.identify(f"Bearer {realm.token('modern')}", now(), book=book_for(realm))).client_id == "modern"


async def test_a_client_that_no_contract_names_is_refused(realm: Realm):
    await refused(TokenValidator([trusted(realm)], AUDIENCE), realm.token("unnamed"), book_for(realm), "client")


async def test_a_token_for_another_audience_is_refused(realm: Realm):
    await refused(TokenValidator([trusted(realm)], AUDIENCE), realm.token("elsewhere"), book_for(realm), "audience")


async def test_a_token_by_an_algorithm_that_is_not_listed_is_refused(realm: Realm):
    await refused(TokenValidator([trusted(realm)], AUDIENCE), realm.token("old-fashioned"), book_for(realm), "algorithm")


async def test_an_expired_token_is_refused_also_after_it_was_accepted(realm: Realm):
    validator = TokenValidator([trusted(realm)], AUDIENCE)
    token = realm.token("short")
    await validator.identify(f"Bearer {token}", now(), book=book_for(realm))
    await refused(validator, token, book_for(realm), "expired", now() + timedelta(seconds=32))


async def test_an_id_token_and_a_refresh_token_are_no_access_tokens(realm: Realm):
    validator = TokenValidator([trusted(realm)], AUDIENCE)
    given = realm.tokens("case-management", "anna")
    await refused(validator, given["id_token"], book_for(realm), "type")
    await refused(validator, given["refresh_token"], book_for(realm), "algorithm")


async def test_a_token_of_another_realm_is_refused_and_its_keys_do_not_sign_for_this_one(realm: Realm, keycloak_url: str):
    with realm_of(keycloak_url, client("case-management")) as other:
        validator = TokenValidator([trusted(realm)], AUDIENCE)
        await refused(validator, other.token("case-management"), book_for(realm), "issuer")
        theirs = FetchedKeys(Provider(other.issuer, ALGORITHMS), pace=AT_ONCE)
        confused = TokenValidator([trusted(realm, theirs)], AUDIENCE)
        await refused(confused, realm.token("case-management"), book_for(realm), "key")


async def test_discovery_that_speaks_for_another_issuer_gives_no_keys(realm: Realm):
    other = FetchedKeys(Provider(realm.issuer.replace("127.0.0.1", "localhost") + "/", ALGORITHMS), pace=AT_ONCE)
    await other.ensure("any", now().timestamp())
    assert (other.counts.fetched, other.counts.failed) == (0, 1)


async def test_a_new_key_is_found_and_a_withdrawn_one_ends_its_tokens(keycloak_url: str):
    with realm_of(keycloak_url, client("case-management")) as realm:
        keys = FetchedKeys(Provider(realm.issuer, ALGORITHMS), pace=AT_ONCE)
        validator = TokenValidator([trusted(realm, keys)], AUDIENCE)
        book = book_for(realm)
        first_key = realm.add_key(200)
        old = realm.token("case-management")
        await validator.identify(f"Bearer {old}", now(), book=book)
        realm.add_key(300)
        new = realm.token("case-management")
        await validator.identify(f"Bearer {new}", now(), book=book)
        await validator.identify(f"Bearer {old}", now(), book=book)
        assert keys.counts.fetched == 2
        realm.withdraw_key(first_key)
        later = now() + timedelta(minutes=4)
        await validator.identify(f"Bearer {old}", later, book=book)  # nobody told us yet: keys are young
        await keys.ensure("unknown", later.timestamp())
        await refused(validator, old, book, "key", later)
        await validator.identify(f"Bearer {new}", later, book=book)


@contextmanager
def own_keycloak() -> Iterator[tuple[str, Callable[[], None]]]:
    """A second Keycloak that a test may stop."""
    if "not installed" in subprocess.run([SERVICES, "status", "keycloak"], capture_output=True, text=True, check=True).stdout:
        pytest.skip("the server behind SAITE_TEST_KEYCLOAK_URL is not ours to stop")
    with tempfile.TemporaryDirectory() as folder:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SAITE_TEST_")}

        def services(word: str) -> str:
            environment = clean | {"SAITE_SERVICES_STATE": folder}
            words = [SERVICES, word, "keycloak"]
            return subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout

        services("start")
        try:
            yield services("env").strip().partition("=")[2], lambda: services("stop") and None
        finally:
            services("stop")


@pytest.mark.slow
@pytest.mark.timeout(300)  # it starts a server of its own
async def test_while_the_provider_is_away_known_keys_admit_and_unknown_ones_do_not(keycloak_url: str, tmp_path: Path):
    with own_keycloak() as (url, stop):
        realm = made_realm(url, client("case-management"))
        keys = FetchedKeys(Provider(realm.issuer, ALGORITHMS, seconds=2), tmp_path / "kept.json", AT_ONCE)
        validator = TokenValidator([trusted(realm, keys)], AUDIENCE)
        book = book_for(realm)
        before, other = realm.token("case-management"), realm.token("case-management", "anna")
        await validator.identify(f"Bearer {before}", now(), book=book)
        realm.add_key(500)
        unknown = realm.token("case-management")
        stop()
        await validator.identify(f"Bearer {before}", now(), book=book)
        await validator.identify(f"Bearer {other}", now(), book=book)
        await refused(validator, unknown, book, "key")
        assert keys.counts.failed == 1
        await keys.ensure(kid_of(before), (now() + timedelta(hours=1)).timestamp())
        assert keys.find(kid_of(before)) is not None  # stale, and good as long as the provider is away
        restarted = FetchedKeys(Provider(realm.issuer, ALGORITHMS, seconds=2), tmp_path / "kept.json", AT_ONCE)
        again = TokenValidator([trusted(realm, restarted)], AUDIENCE)
        assert (await again.identify(f"Bearer {before}", now(), book=book)).agency == "LV-TEST"
        await keys.ensure("any", (now() + timedelta(hours=25)).timestamp())
        await refused(validator, before, book, "key")


def kid_of(token: str) -> str:
    from joserfc.jws import extract_compact

    return str(extract_compact(token.encode()).headers()["kid"])
