"""Which media type answers, and with which status.

In: the Accept header, then whether the answer has data. Out: the media type and the HTTP status.
Source: GraphQL over HTTP, "Media Types" and "Status Codes": `application/json` answers 200 to every well-formed request,
`application/graphql-response+json` answers 4xx when nothing was executed.
"""

from __future__ import annotations

from typing import Final

from gateway.server.errors import NotAcceptable

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"

# Refusals of a well-formed HTTP request that concern its GraphQL: 200 under the older media type.
GRAPHQL_REFUSALS: Final = frozenset(
    {
        "BAD_VARIABLES",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "OPERATION_LIMIT_EXCEEDED",
        "OPERATION_RESOLUTION_FAILURE",
    }
)


def media_type_for(accept: str | None) -> str:
    """The media type to answer with. Raises NotAcceptable.

    Without a wish, and for `*/*`, it is `application/json`, which every client understands.
    """
    if accept is None or not accept.strip():
        return JSON
    best: tuple[float, int, str] | None = None
    for position, item in enumerate(accept.split(",")):
        essence, *parameters = (part.strip().lower() for part in item.split(";"))
        chosen = {GRAPHQL: GRAPHQL, JSON: JSON, "application/*": JSON, "*/*": JSON}.get(essence)
        quality = _quality(parameters)
        if chosen is None or quality <= 0:
            continue
        # An exact type outranks a wildcard of the same quality; then the earlier one wins.
        rank = (quality, (0 if "*" in essence else 1_000) - position, chosen)
        if best is None or rank[:2] > best[:2]:
            best = rank
    if best is None:
        raise NotAcceptable(f"Accept {GRAPHQL} or {JSON}.")
    return best[2]


def status_for(media_type: str, status: int, code: str | None) -> int:
    """The HTTP status of an answer whose own status is `status`."""
    if media_type == JSON and code in GRAPHQL_REFUSALS:
        return 200
    return status


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
