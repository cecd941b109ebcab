"""The GraphQL request in an HTTP request: from a JSON body, or from the query string of a GET.

In: bytes and headers. Out: an `Asked`, or a `BadHttp`.
Source: GraphQL over HTTP, "Request" (draft of 2024–2025).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from gateway.access import Asked
from gateway.server.errors import BadBody, BatchNotServed, CrossSite, MediaTypeNotServed

PREFLIGHT_HEADERS: Final = ("authorization", "graphql-preflight", "apollo-require-preflight", "x-apollo-operation-name")

_decode = msgspec.json.Decoder().decode


def from_post(body: bytes, headers: Mapping[str, str], *, peer: str | None = None) -> Asked:
    """The request in a JSON body."""
    if _media_type(headers) != "application/json":
        raise MediaTypeNotServed("Send the request as JSON, with the header `Content-Type: application/json`.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise MediaTypeNotServed("Compressed request bodies are not served. Send the body as it is.")
    content = _json(body, "The request body")
    if isinstance(content, list):
        raise BatchNotServed("Several operations in one request are not served. Send one request each.")
    if not isinstance(content, dict):
        raise BadBody("The request body is not a JSON object. Send an object with `query`.")
    return _asked(content, headers, only_queries=False, peer=peer)


def from_get(query_string: bytes, headers: Mapping[str, str], *, max_bytes: int, peer: str | None = None) -> Asked:
    """The request in a query string: queries only, and not from another site's page behind the user's back."""
    if headers.get("content-type") is not None and _media_type(headers) != "application/json":
        raise MediaTypeNotServed("A GET has no body. Leave the header Content-Type out.")
    _check_same_site(headers)
    if len(query_string) > max_bytes:
        raise BadBody(f"The query string is longer than {max_bytes} bytes. Send the operation by POST.")
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, max_num_fields=16, errors="strict")
    except ValueError as error:
        raise BadBody("The query string is not URL-encoded UTF-8.") from error
    content: dict[str, Any] = {}
    for name, value in pairs:
        if name in content:
            raise BadBody(f"The parameter {name!r} is there twice.")
        content[name] = (
            _json(value.encode(), f"The parameter {name!r}") if name in ("variables", "extensions") and value else value
        )
    if content.get("operationName") == "":
        del content["operationName"]
    return _asked(content, headers, only_queries=True, peer=peer)


def _asked(content: dict[str, Any], headers: Mapping[str, str], *, only_queries: bool, peer: str | None) -> Asked:
    query = content.get("query")
    if not isinstance(query, str) or not query:
        raise BadBody("The request has no `query`. Send the document as a string.")
    name = content.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadBody("`operationName` is not a string.")
    variables = content.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise BadBody("`variables` is not an object.")
    extensions = content.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadBody("`extensions` is not an object.")
    return Asked(query, name, variables or {}, headers, only_queries, peer)


def _json(content: bytes, what: str) -> Any:
    try:
        return _decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadBody(f"{what} is not JSON: {error}") from error
    except RecursionError as error:
        raise BadBody(f"{what} is nested too deeply.") from error


def _media_type(headers: Mapping[str, str]) -> str:
    essence, _, parameters = headers.get("content-type", "").partition(";")
    charset = dict(part.strip().lower().split("=", 1) for part in parameters.split(";") if "=" in part).get("charset", "utf-8")
    if charset.strip('"') not in ("utf-8", "utf8"):
        raise MediaTypeNotServed("Only UTF-8 is served. Send `Content-Type: application/json; charset=utf-8`.")
    return essence.strip().lower()


def _check_same_site(headers: Mapping[str, str]) -> None:
    """Browsers say where a request comes from. From elsewhere it needs a header that only a preflight lets through."""
    site = headers.get("sec-fetch-site")
    foreign = site in ("cross-site", "same-site") or (site is None and "origin" in headers)
    if foreign and not any(name in headers for name in PREFLIGHT_HEADERS):
        raise CrossSite("A GET from another site needs the header `GraphQL-Preflight: 1`, or use POST.")
