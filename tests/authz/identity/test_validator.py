"""What the contract says of a client is asked for every request: agency, certificate, assurance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey

from authz.book import ContractBook
from authz.identity import (
    AUDIENCE,
    AgencySource,
    DevelopmentIssuer,
    StaticKeys,
    TokenForm,
    TokenValidator,
    TrustedIssuer,
    Unauthenticated,
    development_validator,
)
from kernel.clock import FixedClock
from tests.authz.identity.conftest import LocalProvider, new_key
from tests.authz.small_world import CONTRACT, book_of

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEY = new_key("one")
SHA256, THUMBPRINT = "ab" * 32, "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s"
PARTNER = LocalProvider("https://idp.example")


def validator(agencies: frozenset[str] | None = None, form: TokenForm = TokenForm.RFC9068) -> TokenValidator:
    trust = TrustedIssuer(
        PARTNER.issuer,
        StaticKeys([KEY]),
        frozenset({"ES256"}),
        agencies,
        timedelta(hours=1),
        form,
        AgencySource.CONTRACT,
    )
    return TokenValidator([trust], AUDIENCE)


def book(more: str = "", client_id: str = "case-management") -> ContractBook:
    return book_of(f"{CONTRACT}\nclients: [{{client_id: {client_id}, issuer: '{PARTNER.issuer}'{more}}}]\n")


def token(**claims: Any) -> str:
    return "Bearer " + PARTNER.sign(KEY, NOW, **claims)


def refused(checked: TokenValidator, text: str, reason: str, **options: Any) -> None:
    with pytest.raises(Unauthenticated):
        checked.actor(text, NOW, **options)
    assert checked.refusals.snapshot() == {reason: 1}


def test_what_the_token_says_of_its_agency_does_not_count():
    assert validator().actor(token(agency="LV-PROK"), NOW, book=book()).agency == "LV-TEST"


def test_without_contracts_nobody_has_an_agency():
    refused(validator(), token(), "client")


def test_a_contract_that_no_longer_names_the_client_ends_a_token_that_was_accepted():
    checked, text = validator(), token()
    checked.actor(text, NOW, book=book())
    refused(checked, text, "client", book=book(client_id="another"))


def test_an_issuer_speaks_only_for_its_agencies():
    refused(validator(frozenset({"LV-PROK"})), token(), "agency", book=book())


def test_a_client_with_listed_certificates_has_to_come_with_one():
    listed = book(f", cert_sha256: ['{SHA256}']")
    assert validator().actor(token(), NOW, book=listed, certificate=THUMBPRINT).agency == "LV-TEST"
    refused(validator(), token(), "certificate_missing", book=listed)
    refused(validator(), token(), "certificate_unlisted", book=listed, certificate="A" * 43)


def test_a_client_with_a_certificate_needs_it_also_for_development_tokens(tmp_path):
    text = "Bearer " + DevelopmentIssuer(tmp_path, FixedClock(NOW)).issue("LV-TEST", "anna", client_id="case-management")
    listed = book_of(f"{CONTRACT}\nclients: [{{client_id: case-management, cert_sha256: ['{SHA256}']}}]\n")
    assert development_validator(tmp_path).actor(text, NOW, book=listed, certificate=THUMBPRINT).agency == "LV-TEST"
    refused(development_validator(tmp_path), text, "certificate_missing", book=listed)


def test_a_bound_token_needs_both_its_certificate_and_the_contracts():
    listed = book(f", cert_sha256: ['{SHA256}']")
    bound = token(cnf={"x5t#S256": THUMBPRINT})
    assert validator().actor(bound, NOW, book=listed, certificate=THUMBPRINT).agency == "LV-TEST"
    refused(validator(), token(cnf={"x5t#S256": "A" * 43}), "certificate_unlisted", book=listed, certificate="A" * 43)


def test_too_little_assurance_is_refused():
    demanding = book(", min_acr: substantial")
    assert validator().actor(token(acr="high"), NOW, book=demanding).agency == "LV-TEST"
    refused(validator(), token(acr="low"), "assurance", book=demanding)


def test_keycloaks_client_is_azp_unless_it_says_two():
    def keycloak(**claims: Any) -> str:
        return token(typ="Bearer", **claims)

    form = TokenForm.KEYCLOAK
    assert validator(form=form).actor(keycloak(client_id=None, azp="case-management"), NOW, book=book()).client_id
    refused(validator(form=form), keycloak(azp="another"), "claims", book=book())
    refused(validator(form=form), keycloak(client_id=None), "claims", book=book())
    refused(validator(), token(client_id=None, azp="case-management"), "claims", book=book())


def test_roles_of_the_realm_count_for_keycloak_alone():
    said = {"typ": "Bearer", "roles": ["a"], "realm_access": {"roles": ["b", "a", "\x00"], "more": 1}}
    assert validator(form=TokenForm.KEYCLOAK).actor(token(**said), NOW, book=book()).roles == {"a", "b"}
    assert validator().actor(token(**said), NOW, book=book()).roles == {"a"}
    refused(validator(form=TokenForm.KEYCLOAK), token(**said | {"realm_access": {"roles": "b"}}), "claims", book=book())


def test_a_key_that_its_issuer_keeps_for_another_algorithm_is_not_used():
    kept_for_another = ECKey.import_key({**KEY.as_dict(private=False), "alg": "PS256"})
    trust = TrustedIssuer(PARTNER.issuer, StaticKeys([kept_for_another]), frozenset({"ES256", "PS256"}))
    refused(TokenValidator([trust], AUDIENCE), token(), "algorithm", book=book())


def test_the_form_of_keycloak_is_accepted_only_where_it_is_expected():
    text = token(kind="JWT", typ="Bearer")
    assert validator(form=TokenForm.KEYCLOAK).actor(text, NOW, book=book()).agency == "LV-TEST"
    refused(validator(), text, "type", book=book())
    refused(validator(form=TokenForm.KEYCLOAK), token(kind="JWT", typ="ID"), "type", book=book())
    refused(validator(form=TokenForm.KEYCLOAK), token(kind="JWT"), "type", book=book())
