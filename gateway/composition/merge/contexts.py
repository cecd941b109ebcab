"""@context and @fromContext: arguments that a graph fills from an ancestor's fields instead of from the client.

Source: the context specification v0.1 and join v0.5 (`contextArguments`). A context's name in the supergraph is prefixed by its
subgraph, since two subgraphs may use one name for different things.
"""

from __future__ import annotations

import re

from gateway.composition.merged import ContextArgument
from gateway.schema.field_sets import split_context
from gateway.schema.subgraph import Field, InputValue, Subgraph


def context_arguments(subgraph: Subgraph, field: Field) -> tuple[ContextArgument, ...]:
    """What @join__field says of the field's contextual arguments."""
    found = (_context_argument(subgraph, one) for one in field.arguments.values() if one.context is not None)
    return tuple(one for one in found if one is not None)


def context_name(subgraph: Subgraph, name: str) -> str:
    """The context's name in the supergraph."""
    return f"{re.sub(r'[^A-Za-z0-9_]', '_', subgraph.name)}__{name}"


def _context_argument(subgraph: Subgraph, argument: InputValue) -> ContextArgument | None:
    parts = split_context(argument.context or "")
    if parts is None:
        return None
    return ContextArgument(argument.name, argument.type, context_name(subgraph, parts[0]), parts[1])
