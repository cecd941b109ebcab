"""The clients of contracts: whose they are, and what they have to come with."""

from __future__ import annotations

import pytest

from authz.book import ContractBook
from authz.identity.clients import ClientDirectory, ClientEntry
from tests.authz.small_world import CLOCK, CONTRACT, SCHEMA, contract_of

ISSUER = "https://idp.example/realms/police"
SHA256 = "ab" * 32
THUMBPRINT = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s"


def book(*clients: str, second: tuple[str, ...] = ()) -> ContractBook:
    def listed(entries: tuple[str, ...]) -> str:
        return "clients:" + "".join(f"\n  - {{{entry}}}" for entry in entries) + "\n" if entries else ""

    other = CONTRACT.replace("LV-TEST", "LV-OTHER").replace("C-1", "C-2")
    contracts = [contract_of(CONTRACT + listed(clients)), contract_of(other + listed(second))]
    return ContractBook.of(contracts, SCHEMA, CLOCK)


def test_a_client_belongs_to_the_agency_whose_contract_names_it():
    found = ClientDirectory().named(book(f"client_id: app, issuer: '{ISSUER}'"), ISSUER, "app")
    assert found == ClientEntry("LV-TEST", frozenset(), None)


@pytest.mark.parametrize(("issuer", "client"), [(ISSUER + "/", "app"), (ISSUER, "App"), ("https://idp.other", "app"), ("", "")])
def test_another_issuer_or_client_belongs_to_nobody(issuer: str, client: str):
    assert ClientDirectory().named(book(f"client_id: app, issuer: '{ISSUER}'"), issuer, client) is None


def test_a_client_without_issuer_gives_no_agency_to_whoever_uses_its_name():
    assert ClientDirectory().named(book("client_id: app"), ISSUER, "app") is None
    assert ClientDirectory.of_agency(book("client_id: app"), "LV-TEST", ISSUER, "app") is not None


def test_a_client_that_two_agencies_name_belongs_to_neither():
    entry = f"client_id: app, issuer: '{ISSUER}'"
    assert ClientDirectory().named(book(entry, second=(entry,)), ISSUER, "app") is None


def test_a_new_book_counts_at_once():
    directory, entry = ClientDirectory(), f"client_id: app, issuer: '{ISSUER}'"
    assert directory.named(book(f"client_id: other, issuer: '{ISSUER}'"), ISSUER, "app") is None
    assert directory.named(book(entry), ISSUER, "app") == ClientEntry("LV-TEST", frozenset(), None)
    assert directory.named(book(second=(entry,)), ISSUER, "app") == ClientEntry("LV-OTHER", frozenset(), None)
    assert directory.named(book(), ISSUER, "app") is None


def test_certificates_are_named_by_their_sha_256():
    found = ClientDirectory().named(book(f"client_id: app, issuer: '{ISSUER}', cert_sha256: ['{SHA256}']"), ISSUER, "app")
    assert found is not None
    assert found.certificates == {THUMBPRINT}


@pytest.mark.parametrize(
    ("wanted", "acr", "enough"),
    [
        (None, None, True),
        ("high", "high", True),
        ("substantial", "http://eidas.europa.eu/LoA/high", True),
        ("high", "substantial", False),
        ("high", None, False),
        ("low", "urn:unknown", False),
        ("urn:mfa", "urn:mfa", True),
        ("urn:mfa", "high", False),
        ("urn:mfa", "urn:other", False),
    ],
)
def test_assurance_is_compared_by_level(wanted: str | None, acr: str | None, enough: bool):
    assert ClientEntry("LV-TEST", frozenset(), wanted).is_assured(acr) is enough


def test_an_old_version_that_named_the_client_does_not_stand_in_the_way():
    entry = f"clients: [{{client_id: app, issuer: '{ISSUER}'}}]\n"
    other = CONTRACT.replace("LV-TEST", "LV-OTHER").replace("C-1", "C-2")
    newer = other.replace("version: 1", "version: 2")
    contracts = [contract_of(CONTRACT + entry), contract_of(other + entry), contract_of(newer)]
    found = ClientDirectory().named(ContractBook.of(contracts, SCHEMA, CLOCK), ISSUER, "app")
    assert found == ClientEntry("LV-TEST", frozenset(), None)
