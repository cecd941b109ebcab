"""Reads one subgraph answer: bytes → data and errors, or the fault that says why they cannot be used.

In: HTTP status and body. Out: an `Answer` whose `data` is an object or None and whose `errors` are objects. Nothing here
trusts the subgraph: any JSON, and anything that is not, leads to an `Answer` or to a `SubgraphFault`.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from gateway.execution.errors import MalformedAnswer, SubgraphHttpError
from gateway.execution.raw import Json
from gateway.execution.transport import SubgraphAnswer


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL response of a subgraph, its outer shape checked. When `data` is None, `errors` is not empty."""

    data: dict[str, Json] | None
    errors: tuple[dict[str, Json], ...]


_decode = msgspec.json.Decoder().decode


def read_answer(service: str, answer: SubgraphAnswer) -> Answer:
    """Read `answer`. Raises SubgraphHttpError or MalformedAnswer."""
    failed = not 200 <= answer.status < 300
    try:
        content = _decoded(service, answer.body)
        data, errors = _parts(service, content)
    except MalformedAnswer as error:
        if failed:
            raise SubgraphHttpError(f"subgraph {service!r} answered HTTP {answer.status}, not GraphQL") from error
        raise
    if failed and not errors:
        # A body that looks complete under a failing status is not to be trusted.
        raise SubgraphHttpError(f"subgraph {service!r} answered HTTP {answer.status} without a GraphQL error")
    return Answer(data, errors)


def _decoded(service: str, body: bytes) -> Json:
    if not body:
        raise MalformedAnswer(f"subgraph {service!r} answered with an empty body")
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedAnswer(f"subgraph {service!r} answered with something that is not JSON: {error}") from error


def _parts(service: str, content: Json) -> tuple[dict[str, Json] | None, tuple[dict[str, Json], ...]]:
    if not isinstance(content, dict):
        raise MalformedAnswer(f"subgraph {service!r} answered with JSON that is not an object")
    data = content.get("data")
    if data is not None and not isinstance(data, dict):
        raise MalformedAnswer(f"subgraph {service!r} answered with `data` that is not an object")
    errors = _errors(content.get("errors"))
    if data is None and not errors:
        raise MalformedAnswer(f"subgraph {service!r} answered with neither data nor errors")
    return data, errors


def _errors(value: Json) -> tuple[dict[str, Json], ...]:
    if value is None:
        return ()
    entries = value if isinstance(value, list) else [value]
    return tuple(entry if isinstance(entry, dict) else {"message": "The subgraph reported an error."} for entry in entries)
