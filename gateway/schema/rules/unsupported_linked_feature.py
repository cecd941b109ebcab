"""UNSUPPORTED_LINKED_FEATURE: a specification that would have to be followed is one that we follow."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import EnumValueNode

from gateway.schema.links import FEDERATION, SPECS, Link, argument
from gateway.schema.problems import Problem, problem
from gateway.schema.specification import KNOWN_FEATURE_VERSIONS

_REASONS = {
    f"{SPECS}/connect": "fields that are answered by REST connectors need a subgraph of their own here",
    f"{SPECS}/source": "fields that are answered by REST connectors need a subgraph of their own here",
    f"{SPECS}/join": "this is a supergraph, not a subgraph: compose the subgraphs it was made of",
}


def check(link: Link) -> Iterator[Problem]:
    """A link for SECURITY or EXECUTION names a specification that is known; what cannot be followed is refused, not ignored."""
    reason = _REASONS.get(link.identity)
    purpose = argument(link.node, "for")
    if reason is None and isinstance(purpose, EnumValueNode) and not _is_known(link):
        reason = f"it is for: {purpose.value}, and leaving it out would change what the subgraph means"
    if reason is not None:
        message = f"The feature {link.url} in @link is not supported: {reason}."
        yield problem("UNSUPPORTED_LINKED_FEATURE", message, link.node)


def _is_known(link: Link) -> bool:
    return link.identity == FEDERATION or link.identity.removeprefix(f"{SPECS}/") in KNOWN_FEATURE_VERSIONS
