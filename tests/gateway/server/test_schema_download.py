"""`GET /graphql/schema`: what introspection tells, as SDL, for each caller their own."""

from __future__ import annotations

import msgspec
import pytest
from graphql import build_client_schema, build_schema, get_introspection_query, print_schema

from gateway.access import OpenGate
from gateway.pipeline import Pipeline
from gateway.server.endpoint import no_certificate
from gateway.server.schema_download import SchemaEndpoint
from tests.gateway.access.conftest import book, graph, protected  # noqa: F401  # fixtures
from tests.gateway.server.conftest import AsgiClient

SDL = "type Query {\n  hello: String\n}\n"


@pytest.mark.parametrize(
    ("agency", "purpose"), [("LV-STAT", "STATISTICS"), ("LV-PP-RIGA", "EVENT_RESPONSE"), ("LV-OP-RIGA", "IDENTITY_CHECK")]
)
async def test_the_download_is_what_introspection_tells(protected, agency, purpose):  # noqa: F811
    pipeline: Pipeline = protected.pipeline
    client = AsgiClient(SchemaEndpoint(pipeline._gate, no_certificate))
    headers = {"authorization": f"Bearer {protected.token(agency, None)}", "saite-purpose": purpose}
    answer = await client.request("GET", "/graphql/schema", headers=headers)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/graphql; charset=utf-8"
    told = await protected.ask(get_introspection_query(input_value_deprecation=True), protected.token(agency, purpose))
    introspected = build_client_schema(msgspec.json.decode(told.body)["data"])
    assert set(build_schema(answer.body.decode()).type_map) == set(introspected.type_map)
    assert ("Person" in introspected.type_map) == (agency != "LV-STAT")


async def test_who_is_not_admitted_gets_what_an_operation_would_get(protected):  # noqa: F811
    client = AsgiClient(SchemaEndpoint(protected.pipeline._gate, no_certificate))
    nobody = await client.request("GET", "/graphql/schema")
    assert (nobody.status, nobody.code) == (401, "UNAUTHENTICATED")
    assert nobody.headers["www-authenticate"] == "Bearer"
    headers = {"authorization": f"Bearer {protected.token('LV-STAT', None)}"}
    undeclared = await client.request("GET", "/graphql/schema", headers=headers)
    assert (undeclared.status, undeclared.code) == (403, "PURPOSE_REQUIRED")
    assert (await client.request("POST", "/graphql/schema", headers=headers)).status == 405


async def test_in_the_open_mode_everybody_gets_the_whole_schema():
    client = AsgiClient(SchemaEndpoint(OpenGate(build_schema(SDL)), no_certificate))
    answer = await client.request("GET", "/graphql/schema")
    assert answer.body.decode() == print_schema(build_schema(SDL)) + "\n"
    assert (await client.request("HEAD", "/graphql/schema")).body == b""
