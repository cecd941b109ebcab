"""The HTTP edge by itself: what reaches the pipeline, and how its answers leave."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from authz.quotas.errors import QuotaExceeded
from gateway.operation.errors import KindNotServed, NotValid
from gateway.pipeline import Answered, refused
from gateway.server.endpoint import GraphQLEndpoint
from gateway.server.settings import ServerSettings

GRAPHQL = "application/graphql-response+json"


class Recorder:
    """Stands where the pipeline stands and keeps what was asked."""

    def __init__(self, answered=None):
        self.asked = []
        self.answered = answered or Answered(b'{"data":{"x":1}}', 200, has_data=True)

    async def answer(self, asked):
        self.asked.append(asked)
        return self.answered


@pytest.fixture
def edge(client):
    def make(answered=None, **settings):
        recorder = Recorder(answered)
        endpoint = GraphQLEndpoint(recorder, ServerSettings(**settings))
        return client(Starlette(routes=[Route("/graphql", endpoint)])), recorder

    return make


async def test_a_post_reaches_the_pipeline_with_everything_it_says(edge):
    http, recorder = edge()
    content = {"query": "{x}", "operationName": "A", "variables": {"n": 1}, "extensions": {"e": 1}}
    answer = await http.post(content, saite_purpose="STATISTICS")
    assert (answer.status, answer.body) == (200, b'{"data":{"x":1}}')
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    asked = recorder.asked[0]
    assert (asked.query, asked.operation_name, asked.variables, asked.only_queries) == ("{x}", "A", {"n": 1}, False)
    assert asked.headers["saite-purpose"] == "STATISTICS"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_REQUEST_BODY"),
        (b"{", "BAD_REQUEST_BODY"),
        (b"\xff\xfe", "BAD_REQUEST_BODY"),
        (b"null", "BAD_REQUEST_BODY"),
        (b'"query"', "BAD_REQUEST_BODY"),
        (b"{}", "BAD_REQUEST_BODY"),
        (b'{"query":null}', "BAD_REQUEST_BODY"),
        (b'{"query":7}', "BAD_REQUEST_BODY"),
        (b'{"query":""}', "BAD_REQUEST_BODY"),
        (b'{"query":"{x}","variables":[]}', "BAD_REQUEST_BODY"),
        (b'{"query":"{x}","variables":"x"}', "BAD_REQUEST_BODY"),
        (b'{"query":"{x}","operationName":1}', "BAD_REQUEST_BODY"),
        (b'{"query":"{x}","extensions":3}', "BAD_REQUEST_BODY"),
        (b'{"query":"{x}","variables":{"a":NaN}}', "BAD_REQUEST_BODY"),
        (b'[{"query":"{x}"}]', "BATCHING_NOT_SERVED"),
        (b'{"query":"{x}","variables":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}", "BAD_REQUEST_BODY"),
    ],
)
async def test_a_body_that_is_no_request_is_refused_with_400(edge, body, code):
    http, recorder = edge()
    answer = await http.post(body)
    assert (answer.status, answer.code, recorder.asked) == (400, code, [])


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_only_json_is_read(edge, media_type):
    http, recorder = edge()
    answer = await http.post({"query": "{x}"}, content_type=media_type)
    assert (answer.status, recorder.asked) == (415, [])


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"'])
async def test_json_in_utf_8_is_read_however_it_is_written(edge, media_type):
    http, _ = edge()
    assert (await http.post({"query": "{x}"}, content_type=media_type)).status == 200


async def test_other_charsets_and_compressed_bodies_are_refused(edge):
    http, _ = edge()
    assert (await http.post({"query": "{x}"}, content_type="application/json; charset=utf-16")).status == 415
    assert (await http.post({"query": "{x}"}, content_encoding="gzip")).status == 415


async def test_a_declared_length_over_the_limit_is_refused_before_reading(edge):
    http, _ = edge(max_body_bytes=100)

    async def never():
        raise AssertionError("the body must not be read")

    headers = {"content-type": "application/json", "content-length": "101"}
    answer = await http.request("POST", "/graphql", headers=headers, receive=never)
    assert (answer.status, answer.code) == (413, "BODY_TOO_LARGE")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 30, "x"])
async def test_a_length_that_is_none_is_refused(edge, length):
    http, _ = edge()
    headers = {"content-type": "application/json", "content-length": length}
    answer = await http.request("POST", "/graphql", headers=headers)
    assert answer.status in (400, 413)


async def test_an_undeclared_body_is_refused_where_it_grows_over_the_limit(edge):
    http, _ = edge(max_body_bytes=100)
    answer = await http.request("POST", "/graphql", headers={"content-type": "application/json"}, chunks=(b"x" * 60,) * 100)
    assert answer.status == 413


async def test_a_body_in_pieces_is_read_whole(edge):
    http, recorder = edge()
    await http.request("POST", "/graphql", headers={"content-type": "application/json"}, chunks=(b'{"que', b'ry":', b'"{x}"}'))
    assert recorder.asked[0].query == "{x}"


async def test_a_body_that_does_not_arrive_is_refused_with_408(edge):
    http, _ = edge(body_seconds=0.02)

    async def never():
        await asyncio.Event().wait()

    answer = await http.request("POST", "/graphql", headers={"content-type": "application/json"}, receive=never)
    assert (answer.status, answer.code) == (408, "REQUEST_TIMEOUT")


async def test_a_client_that_goes_away_is_not_answered(edge):
    http, recorder = edge()
    answer = await http.request("POST", "/graphql", headers={"content-type": "application/json"}, chunks=())
    assert (answer.status, recorder.asked) == (0, [])


async def test_a_get_reaches_the_pipeline_as_a_query(edge):
    http, recorder = edge()
    target = "/graphql?" + urlencode({"query": "query A{x}", "operationName": "A", "variables": '{"name":"Ā"}'})
    assert (await http.request("GET", target)).status == 200
    asked = recorder.asked[0]
    assert (asked.query, asked.operation_name, asked.variables, asked.only_queries) == ("query A{x}", "A", {"name": "Ā"}, True)


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query=",
        "query={x}&variables={",
        "query={x}&variables=[]",
        "query={x}&query={y}",
        "query=%ff",
        "query={x}&variables=5",
    ],
)
async def test_a_get_without_a_proper_request_is_refused(edge, query_string):
    http, recorder = edge()
    answer = await http.request("GET", f"/graphql?{query_string}")
    assert (answer.status, recorder.asked) == (400, [])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"sec-fetch-site": "cross-site", "graphql-preflight": "1"}, 200),
        ({"sec-fetch-site": "cross-site", "authorization": "Bearer x"}, 200),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "message/rfc822"}, 415),
        ({"content-type": "application/json"}, 200),
    ],
)
async def test_a_get_that_another_site_makes_behind_the_users_back_is_refused(edge, headers, status):
    http, _ = edge()
    assert (await http.request("GET", "/graphql?query={x}", headers=headers)).status == status


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "TRACE"])
async def test_other_methods_are_refused_with_405_and_what_is_allowed(edge, method):
    http, _ = edge()
    answer = await http.request(method, "/graphql")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST, OPTIONS")


async def test_options_says_what_is_allowed(edge):
    http, _ = edge()
    answer = await http.request("OPTIONS", "/graphql")
    assert (answer.status, answer.headers["allow"]) == (204, "GET, POST, OPTIONS")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        (GRAPHQL, GRAPHQL),
        (f"application/json, {GRAPHQL}", "application/json"),
        (f"application/json;q=0.5, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, application/json; charset=utf-8", GRAPHQL),
        ("text/html, */*;q=0.1", "application/json"),
        (f"*/*, {GRAPHQL}", GRAPHQL),
        ("text/html", None),
        ("application/json;q=0", None),
    ],
)
async def test_the_media_type_follows_accept(edge, accept, media_type):
    http, _ = edge()
    answer = await http.post({"query": "{x}"}, **({} if accept is None else {"accept": accept}))
    if media_type is None:
        assert answer.status == 406
    else:
        assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (GRAPHQL, 400)])
async def test_an_operation_that_does_not_fit_is_told_by_the_status_of_the_newer_media_type_only(edge, accept, status):
    http, _ = edge(refused(NotValid("no")))
    answer = await http.post({"query": "{x}"}, accept=accept)
    assert (answer.status, answer.code) == (status, "GRAPHQL_VALIDATION_FAILED")
    assert "data" not in answer.json


@pytest.mark.parametrize("accept", ["application/json", GRAPHQL])
async def test_a_kind_of_operation_that_the_method_does_not_serve_is_405(edge, accept):
    http, _ = edge(refused(KindNotServed("no")))
    answer = await http.request("GET", "/graphql?query=mutation{x}", headers={"accept": accept})
    assert answer.status == 405


@pytest.mark.parametrize(("status", "header"), [(401, "www-authenticate"), (503, "retry-after")])
async def test_a_refusal_carries_the_header_that_its_status_wants(edge, status, header):
    http, _ = edge(Answered(b'{"errors":[]}', status, has_data=False, code="X"))
    answer = await http.post({"query": "{x}"})
    assert (answer.status, header in answer.headers) == (status, True)


async def test_a_refusal_by_a_quota_says_when_to_come_again(edge):
    exceeded = QuotaExceeded("used up", extensions={}, retry_after=90)
    http, _ = edge(refused(exceeded))
    answer = await http.post({"query": "{x}"})
    assert (answer.status, answer.headers["retry-after"]) == (429, "90")
    http, _ = edge(refused(QuotaExceeded("more than there is", extensions={})))
    assert "retry-after" not in (await http.post({"query": "{x}"})).headers


async def test_of_a_repeated_header_the_first_stays():
    recorder = Recorder()
    endpoint = GraphQLEndpoint(recorder, ServerSettings())

    async def receive():
        return {"type": "http.request", "body": b'{"query":"{x}"}'}

    async def send(_message):
        pass

    headers = [(b"content-type", b"application/json"), (b"Saite-Purpose", b"A"), (b"saite-purpose", b"B")]
    await endpoint({"type": "http", "method": "POST", "headers": headers, "query_string": b""}, receive, send)
    assert recorder.asked[0].headers["saite-purpose"] == "A"
