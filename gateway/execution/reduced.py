"""What can still be asked of an entity when an input of some of its fields has failed.

    { ... on Box { label  shipping } }     shipping requires weight, which an error left null:     { ... on Box { label } }

The entity is asked for the other fields, which need no more than its key: by a look-up of its own in the same request, since a
look-up asks the same of all its entities. Nothing is ever computed from a value that failed.

In: the fields left out, the look-up. Out: the reduced look-up, and the text of the request with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from gateway.execution.step import Part, Reduction
from gateway.planning.plan import Dependent

_NAME = "_reduced"


def needs(one: Dependent, lost: str) -> bool:
    """Whether a field needs a value, or one below it; `lost` is a path of names with dots."""
    return any(need == lost or need.startswith(f"{lost}.") for need in one.needs)


def fields_without(part: Part, type_name: str, lost: Collection[str]) -> frozenset[str] | None:
    """The keys of the answer that need something `lost`. None when the loss is not one that leaves other fields answerable."""
    own = [one for one in part.dependents if one.type_name == type_name]
    if not all(any(needs(one, path) for one in own) for path in lost):
        return None
    return frozenset(one.key for one in own for path in lost if needs(one, path))


def missed(part: Part, type_name: str, lost: Iterable[str], variables: Mapping[str, object]) -> list[str]:
    """What is `lost` without what only fields need that the variables skip: that may not even have been asked for."""
    asked = part.expected.keys(type_name, variables)
    own = [one for one in part.dependents if one.type_name == type_name]
    idle = [one for one in own if part.expected.shown_as(frozenset({one.key})).isdisjoint(asked)]
    needed = [one for one in own if one not in idle]
    return [path for path in lost if any(needs(one, path) for one in needed) or not any(needs(one, path) for one in idle)]


def reduced_part(part: Part, type_name: str, without: frozenset[str]) -> Part:
    """The look-up for what is left; it gets its name from `numbered`."""
    reduction = Reduction(part.alias, type_name, without)
    return replace(part, expected=part.expected.without(without), reduction=reduction)


def numbered(part: Part, number: int) -> Part:
    """The look-up with a key and a variable of its own: no name of a client starts like that, nor one that planning makes."""
    return replace(part, alias=f"{_NAME}{number}", variable=f"{_NAME}{number}_{part.variable}")


def with_reduced(operation: str, parts: Sequence[Part]) -> str:
    """The operation with reduced look-ups beside its own."""
    document = parse(operation, no_location=True)
    definition = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    heads = [print_ast(one) for one in definition.variable_definitions or ()]
    fields = [print_ast(one) for one in definition.selection_set.selections]
    others = [print_ast(one) for one in document.definitions if one is not definition]
    for part in parts:
        heads.append(f"${part.variable}: [_Any!]!")
        fields.append(f"{part.alias}: _entities(representations: ${part.variable}) {_reduced(document, definition, part)}")
    return " ".join([f"query({', '.join(heads)}) {{ {' '.join(fields)} }}", *others])


def _reduced(document: DocumentNode, definition: OperationDefinitionNode, part: Part) -> str:
    """The selections on one type of the look-up that `part` reduces, without what it leaves out."""
    reduction = part.reduction
    assert reduction is not None
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    lookup = next(one for one in definition.selection_set.selections if _key(one) == reduction.of)
    assert isinstance(lookup, FieldNode)
    assert lookup.selection_set is not None
    parts = [
        _on(one, kept)
        for one in lookup.selection_set.selections
        if isinstance(one, InlineFragmentNode)
        and one.type_condition is not None
        and one.type_condition.name.value == reduction.type_name
        and (kept := tuple(_kept(one.selection_set, fragments, reduction.without)))
    ]
    return print_ast(SelectionSetNode(selections=tuple(parts)))


def _kept(
    selections: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode], without: frozenset[str]
) -> Iterator[SelectionNode]:
    for node in selections.selections:
        match node:
            case FieldNode():
                if _key(node) not in without:
                    yield node
            case InlineFragmentNode():
                kept = tuple(_kept(node.selection_set, fragments, without))
                if kept:
                    yield _on(node, kept)
            case FragmentSpreadNode():
                yield from _kept(fragments[node.name.value].selection_set, fragments, without)


def _on(fragment: InlineFragmentNode, kept: tuple[SelectionNode, ...]) -> InlineFragmentNode:
    inner = SelectionSetNode(selections=kept)
    return InlineFragmentNode(type_condition=fragment.type_condition, directives=fragment.directives, selection_set=inner)


def _key(node: SelectionNode) -> str:
    return (node.alias or node.name).value if isinstance(node, FieldNode) else ""
