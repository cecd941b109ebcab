"""One operation under one mask: decided before it is planned.

    authorise   at the gateway: withheld selections are taken out, the rest may run
    recheck     in a room, on what the gateway sends: anything withheld refuses the call

In: a document that is valid for the contract's view of the schema, and the mask. Out: a Permit, or Unauthorized / NotInSchema.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_operation_ast,
)

from authz.catalogue import catalogue_of
from authz.errors import NotInSchema, Unauthorized
from authz.mask import Mask
from authz.operation.arguments import ArgumentWalk, Judged
from authz.operation.permit import Permit
from authz.operation.selections import SelectionWalk


def authorise(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    mask: Mask,
    *,
    exempt: frozenset[str] = frozenset(),
    audit_keys: bool = True,
) -> Permit:
    """What of the operation may run under the mask. `schema` is the one whose definitions carry the rights directives.

    `exempt` are fields (`Type.field`) that need no right, as keys do inside a room. Raises Unauthorized when a visible
    argument is not granted (or anything is, where the contract says `on_denied: reject`), NotInSchema for what the
    contract's view does not have, OperationTooLarge for fragment bombs.
    """
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        raise NotInSchema("The document does not hold the operation that is asked for: name one of its operations.")
    root = schema.get_root_type(operation.operation)
    if root is None:
        raise NotInSchema(f"The schema does not have {operation.operation.value} operations.")
    judged = Judged(catalogue_of(schema), mask)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    scope = frozenset((root.name,))
    key = _free_key(document, frozenset())
    while True:
        arguments = ArgumentWalk(judged, _defaults(operation))
        walk = SelectionWalk(schema, judged, fragments, arguments, exempt, key if audit_keys else None)
        pruned = walk.inside(operation.selection_set, root, scope)
        if not audit_keys or key not in walk.denied_keys:
            break
        # An added `id` must never stand where the client asked for an id that is withheld.
        key = _free_key(document, frozenset(walk.denied_keys))
    if pruned.withheld and mask.on_denied == "reject":
        first = min(pruned.withheld)
        raise Unauthorized(
            f"Your contract does not grant {first.field} for the purpose {mask.purpose}, and refuses operations that ask "
            "for it.",
            extensions={"field": first.field, "right": first.right},
        )
    return Permit(
        document=_document(operation, SelectionSetNode(selections=pruned.selections)),
        withheld=tuple(sorted(pruned.withheld)),
        fields=frozenset(walk.fields),
        filters=frozenset(arguments.filters),
        sorts=frozenset(arguments.sorts),
        counts=frozenset(walk.counts),
        audit_key=key,
        entities=frozenset(walk.entities),
        unreadable=walk.unreadable,
        judged=judged,
        uses=arguments.uses,
        lookups=tuple(arguments.lookups),
    )


def recheck(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    mask: Mask,
    variables: Mapping[str, object],
    *,
    exempt: frozenset[str],
) -> Permit:
    """The second enforcement, in a room: raises Unauthorized (or NotInSchema) when anything in the call is not granted.

    The gateway sends only what it permitted, so a refusal here means that somebody else is calling, or that the gateway is
    wrong.
    """
    permit = authorise(schema, document, operation_name, mask, exempt=exempt, audit_keys=False)
    if permit.withheld:
        first = permit.withheld[0]
        raise Unauthorized(
            f"The contract does not grant {first.field} for the purpose {mask.purpose}.",
            extensions={"field": first.field, "right": first.right},
        )
    permit.check_variables(variables)
    return permit


def _document(operation: OperationDefinitionNode, selections: SelectionSetNode) -> DocumentNode:
    pruned = replace(operation, selection_set=selections)
    used = {node.name.value for node in _nodes(selections) if isinstance(node, VariableNode)}
    used |= {node.name.value for d in operation.directives or () for node in _nodes(d) if isinstance(node, VariableNode)}
    kept = tuple(d for d in operation.variable_definitions or () if d.variable.name.value in used)
    return DocumentNode(definitions=(replace(pruned, variable_definitions=kept),))


def _nodes(node: Node) -> Iterator[Node]:
    waiting = [node]  # and no recursion: a document may be nested deeper than the interpreter's stack
    while waiting:
        found = waiting.pop()
        yield found
        for name in found.keys:
            inner = getattr(found, name, None)
            waiting.extend(item for item in (inner if isinstance(inner, tuple | list) else (inner,)) if isinstance(item, Node))


def _defaults(operation: OperationDefinitionNode) -> dict[str, ValueNode]:
    definitions = operation.variable_definitions or ()
    return {d.variable.name.value: d.default_value for d in definitions if d.default_value is not None}


def _free_key(document: DocumentNode, denied: frozenset[str]) -> str:
    """The response key for added ids: `id`, unless the document uses that for another field or is denied it."""
    taken = set(denied)
    for node in (node for definition in document.definitions for node in _nodes(definition)):
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            if (node.name.value, key) != ("id", "id"):
                taken.add(key)
    candidates = itertools.chain(("id",), (f"_id{number}" for number in itertools.count(1)))
    return next(candidate for candidate in candidates if candidate not in taken)
