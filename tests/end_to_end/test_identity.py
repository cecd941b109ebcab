"""A gateway that believes a real Keycloak: log in there, ask here; and the exchange of a partner's token."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from pathlib import Path
from shutil import copytree

import pytest

import authz
from authz.identity.exchange import ACCESS_TOKEN, GRANT
from saite.cli.token import issue
from tests.authz.identity.realm import client, realm_of
from tests.end_to_end.conftest import SAITE

SAID = {"Saite-Purpose": "SUPERVISION"}
REFUSED = "This needs a valid token: send one as `Authorization: Bearer …`."


def contracts_with_clients(folder: Path, issuer: str) -> Path:
    """The shipped contracts, the prosecutor's office with its systems named."""
    contracts = copytree(Path(authz.__file__).parent / "contracts", folder)
    path = contracts / "LV-PROK.yaml"
    clients = (
        f"clients:\n  - {{client_id: case-management, issuer: '{issuer}'}}\n  - {{client_id: partner, issuer: '{issuer}'}}\n"
    )
    path.write_text(path.read_text() + clients)
    return contracts


@pytest.mark.slow
def test_a_person_logs_in_at_keycloak_and_asks_the_gateway(keycloak_url, start, ask, tmp_path):
    with realm_of(keycloak_url, client("case-management"), client("partner", audience="urn:saite:exchange")) as realm:
        identity = tmp_path / "identity.yaml"
        identity.write_text(f"issuers: [{{issuer: '{realm.issuer}', agencies: [LV-PROK], tokens: keycloak}}]\n")
        contracts = contracts_with_clients(tmp_path / "contracts", realm.issuer)
        words = [SAITE, "serve", "gateway", "--port", "0", "--data", tmp_path / "data", "--identity", identity]
        with start([*words, "--contracts", contracts, "--unsigned-contracts"], tmp_path / "gateway") as gateway:
            url = gateway.address("answers at")
            token = realm.token("case-management", "anna")
            status, answer = ask(url, {"query": "{ __typename }"}, {"Authorization": f"Bearer {token}", **SAID})
            assert (status, json.loads(answer)["data"]) == (200, {"__typename": "Query"})
            development = issue(tmp_path / "data", "LV-PROK", "anna", "SUPERVISION", None)
            for unwanted in (development, realm.token("partner", "anna")):
                status, answer = ask(url, {"query": "{ __typename }"}, {"Authorization": f"Bearer {unwanted}", **SAID})
                assert (status, json.loads(answer)["errors"][0]["message"]) == (401, REFUSED)
            assert "refused" in gateway.stderr.read_text()


def test_a_partners_token_is_exchanged_for_one_of_ours(keycloak_url, start, ask, tmp_path):
    with realm_of(keycloak_url, client("partner", audience="urn:saite:exchange")) as realm:
        identity = tmp_path / "identity.yaml"
        partner = f"{{issuer: '{realm.issuer}', agencies: [LV-PROK], tokens: keycloak, accepted: by-exchange}}"
        exchange = "{issuer: 'https://gateway.example/exchange', audience: 'urn:saite:exchange'}"
        identity.write_text(f"issuers: [{partner}]\nexchange: {exchange}\n")
        contracts = contracts_with_clients(tmp_path / "contracts", realm.issuer)
        words = [SAITE, "serve", "gateway", "--port", "0", "--data", tmp_path / "data", "--identity", identity]
        with start([*words, "--contracts", contracts, "--unsigned-contracts"], tmp_path / "gateway") as gateway:
            url = gateway.address("answers at")
            token = realm.token("partner", "anna")
            assert ask(url, {"query": "{ __typename }"}, {"Authorization": f"Bearer {token}", **SAID})[0] == 401
            given = exchanged(url.replace("/graphql", "/token"), token)
            status, answer = ask(url, {"query": "{ __typename }"}, {"Authorization": f"Bearer {given}"})
            assert status == 200
            assert json.loads(answer)["extensions"]["purpose"] == "SUPERVISION"


def exchanged(address: str, token: str) -> str:
    form = {"grant_type": GRANT, "subject_token": token, "subject_token_type": ACCESS_TOKEN, "purpose": "SUPERVISION"}
    with urllib.request.urlopen(address, urllib.parse.urlencode(form).encode(), timeout=30) as answer:
        return str(json.load(answer)["access_token"])
