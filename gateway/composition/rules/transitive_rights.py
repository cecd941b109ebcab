"""MISSING_TRANSITIVE_AUTH_REQUIREMENTS: a field that is made from protected fields is protected like them.

Fields named by @requires and @fromContext are fetched for the field that needs them, without a check of their own; whoever
may read the result must therefore be allowed to read all of them (GHSA-m8jr-fxqx-8xx6).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, GraphQLError, InlineFragmentNode, SelectionNode

from gateway.composition.merge.marks import guarded_by
from gateway.composition.merged import Merged, MergedComposite, MergedField, MergedUnion
from gateway.composition.result import CompositionError
from gateway.schema.field_sets import parse_field_set, selected, split_context
from gateway.schema.subgraph import Conditions, Field, Marks, Subgraph, named_type


def check(merged: Merged) -> Iterator[CompositionError]:
    """The rights of a field imply those of everything that its @requires and contexts select."""
    for one in merged.composites():
        for field in one.fields.values():
            own = guarded_by(one.marks, [field.marks])
            for graph, source in field.sources.items():
                subgraph = merged.gathered.graphs[graph].subgraph
                yield from _check_requires(merged, one, field, own, subgraph, source)
                yield from _check_contexts(merged, one, field, own, subgraph, source)


def _check_requires(
    merged: Merged, one: MergedComposite, field: MergedField, own: Marks, subgraph: Subgraph, source: Field
) -> Iterator[CompositionError]:
    if source.requires is not None:
        found = next(_uncovered(merged, own, one.name, source.requires.selections), None)
        if found is not None:
            yield _error(subgraph, one, field, f"{found} data from @requires selection set")


def _check_contexts(
    merged: Merged, one: MergedComposite, field: MergedField, own: Marks, subgraph: Subgraph, source: Field
) -> Iterator[CompositionError]:
    for argument in source.arguments.values():
        parts = split_context(argument.context or "")
        if parts is None:
            continue
        try:
            selections = parse_field_set(parts[1]).selections
        except GraphQLError:
            continue  # reported by the rule on contexts
        for holder in subgraph.types.values():
            if parts[0] in getattr(holder, "contexts", ()):
                found = next(_uncovered(merged, own, holder.name, selections), None)
                if found is not None:
                    yield _error(subgraph, one, field, f"{found} data from @fromContext selection set")


def _error(subgraph: Subgraph, one: MergedComposite, field: MergedField, what: str) -> CompositionError:
    message = (
        f'[{subgraph.name}] Field "{one.name}.{field.name}" does not specify necessary @authenticated, @requiresScopes and/or'
        f" @policy auth requirements to access the transitive {what}."
    )
    return CompositionError("MISSING_TRANSITIVE_AUTH_REQUIREMENTS", message, (subgraph.name,))


def _uncovered(merged: Merged, own: Marks, parent: str, selections: tuple[SelectionNode, ...]) -> Iterator[str]:
    for selection in selections:
        match selection:
            case InlineFragmentNode():
                on = selection.type_condition.name.value if selection.type_condition else parent
                target = merged.types.get(on)
                if target is not None and not covers(own, target.marks):
                    yield f'type "{on}"'
                yield from _uncovered(merged, own, on, tuple(selection.selection_set.selections))
            case FieldNode() if selection.name.value == "__typename":
                yield from _uncovered_members(merged, own, parent)
            case FieldNode():
                yield from _uncovered_field(merged, own, parent, selection)


def _uncovered_members(merged: Merged, own: Marks, parent: str) -> Iterator[str]:
    union = merged.types.get(parent)
    for member in union.members if isinstance(union, MergedUnion) else ():
        if not covers(own, merged.types[member].marks):
            yield f'type "{member}"'


def _uncovered_field(merged: Merged, own: Marks, parent: str, node: FieldNode) -> Iterator[str]:
    owner = merged.composite(parent)
    field = owner.fields.get(node.name.value) if owner else None
    if field is None:
        return
    target = merged.types.get(named_type(field.type))
    if not covers(own, field.marks) or (target is not None and not covers(own, target.marks)):
        yield f'field "{parent}.{field.name}"'
    yield from _uncovered(merged, own, named_type(field.type), selected(node))


def covers(own: Marks, needed: Marks) -> bool:
    """Whether everyone who satisfies `own` also satisfies `needed`."""
    authenticated = own.authenticated or not needed.authenticated
    return authenticated and _implies(own.scopes, needed.scopes) and _implies(own.policies, needed.policies)


def _implies(own: Conditions, needed: Conditions) -> bool:
    if not needed:
        return True
    return bool(own) and all(any(set(group) <= set(mine) for group in needed) for mine in own)
