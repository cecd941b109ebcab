"""By which key a look-up finds an object, and what else is sent along.

In: a delivery's representation for one type, the fields it asks. Out: an `Entry`. The key is not written in a plan: of the
subgraph's keys it is the smallest that covers everything sent beyond what the asked fields require.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode, parse

from gateway.planning.check.delivery import Delivery
from gateway.planning.explain.answers import Answer
from gateway.planning.explain.explanation import Entry, Keys
from gateway.planning.explain.reasons import Reasons
from gateway.planning.plan import RequiredField, RequiredFragment
from gateway.query_graph.graph import QueryGraph


def entry_of(
    graph: QueryGraph,
    reasons: Reasons,
    delivery: Delivery,
    answers: Sequence[Answer],
    fragment: RequiredFragment,
    subgraph: str,
) -> Entry:
    """How the objects that `fragment` represents are found in `subgraph` (a `join__Graph` value)."""
    type_name = fragment.type_condition
    sent = {name for name, _ in input_paths(fragment)}
    requires = dict(_requires(graph, reasons, answers, fragment, subgraph))
    needed = sent - {path for text in requires.values() for path in field_paths(text)}
    keys = [(key, set(field_paths(key))) for key in reasons.entry_keys(type_name, subgraph)]
    covered = [(key, paths) for key, paths in keys if paths <= sent]
    whole = [one for one in covered if needed <= one[1]] or covered
    key = min(whole, key=lambda one: (len(one[1]), one[0]), default=None)
    sent_as = next((one.name for one in delivery.input_rewrites if set(one.of_types) & set(fragment.possible_types)), None)
    return Entry(type_name, key[0] if key else None, requires, sent_as if sent_as != type_name else None)


def _requires(
    graph: QueryGraph, reasons: Reasons, answers: Iterable[Answer], fragment: RequiredFragment, subgraph: str
) -> Iterator[tuple[str, str]]:
    mask = graph.supergraph.mask((*fragment.possible_types, fragment.type_condition))
    for answer in answers:
        if answer.depth or not answer.mask & mask:
            continue
        join = reasons.join(answer.type_name, answer.name, subgraph)
        if join is not None and join.requires:
            yield f"{answer.type_name}.{answer.name}", join.requires


def purpose_of(entry: Entry, field: str) -> str:
    """What a value that is sent is for; `field` is its path, with dots."""
    path = tuple(field.split("."))
    if entry.key is not None and path in field_paths(entry.key):
        return "the key"
    users = [name for name, text in entry.requires.items() if path in field_paths(text)]
    return f"required by {' and '.join(users)}" if users else "sent along"


def input_paths(fragment: RequiredFragment) -> Iterator[tuple[Keys, Keys]]:
    """(field names as sent, response keys where they are read) of every leaf of a representation but `__typename`."""
    pending: list[tuple[Keys, Keys, RequiredField | RequiredFragment]] = [((), (), one) for one in fragment.selections]
    while pending:
        names, keys, one = pending.pop(0)
        if isinstance(one, RequiredField):
            names, keys = (*names, one.name), (*keys, one.source)
            if not one.selections and one.name != "__typename":
                yield names, keys
        pending = [(names, keys, inner) for inner in one.selections] + pending


def field_paths(field_set: str) -> Iterator[Keys]:
    """The names on the way to every leaf of a field set."""
    operation = parse(f"{{ {field_set} }}", no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    yield from _paths(operation.selection_set, ())


def _paths(node: SelectionSetNode, names: Keys) -> Iterator[Keys]:
    for one in node.selections:
        if isinstance(one, InlineFragmentNode):
            yield from _paths(one.selection_set, names)
        elif isinstance(one, FieldNode):
            here = (*names, one.name.value)
            if one.selection_set is not None:
                yield from _paths(one.selection_set, here)
            elif one.name.value != "__typename":
                yield here
