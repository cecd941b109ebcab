"""{KEY,REQUIRES,PROVIDES}_UNSUPPORTED_ON_INTERFACE: keys on interfaces need federation 2.3; the others never go there."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Kind, Subgraph
from gateway.schema.uses import uses
from gateway.schema.versions import FEDERATION_1, Version


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """@requires and @provides stand on object fields; @key on an interface needs federation v2.3 (v1 ignores it)."""
    for use in uses(subgraph, "key", "requires", "provides"):
        if use.owner.kind is not Kind.INTERFACE:
            continue
        if use.directive == "key":
            if FEDERATION_1 < subgraph.version < Version(2, 3):
                message = f'Cannot use @key on interface "{use.owner.name}": @key is not yet supported on interfaces'
                yield problem("KEY_UNSUPPORTED_ON_INTERFACE", f"{message} (link federation v2.3 or later)", use.applied.node)
        elif use.field is not None and not subgraph.is_federation_1:
            message = (
                f'Cannot use @{use.directive} on field "{use.owner.name}.{use.field.name}" of parent type "{use.owner.name}":'
                f" @{use.directive} is not yet supported within interfaces"
            )
            yield problem(f"{use.code}_UNSUPPORTED_ON_INTERFACE", message, use.applied.node)
