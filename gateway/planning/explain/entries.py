"""By which key a look-up finds an object, and what else is sent along.

In: a delivery's representation for one type, the fields it asks. Out: an `Entry`. The key is not written in a plan: of the
subgraph's keys it is the smallest that covers everything sent beyond what the asked fields require.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode, VariableNode, parse

from gateway.planning.check.delivery import Delivery
from gateway.planning.explain.answers import Answer
from gateway.planning.explain.explanation import Entry, Keys
from gateway.planning.explain.reasons import Reasons
from gateway.planning.plan import ContextInput, RequiredField, RequiredFragment
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


def filled_by(delivery: Delivery, variable: str) -> str:
    """The arguments that a request fills with a variable: `the argument currency of Offer.price`."""
    found: dict[str, None] = {}
    pending = [("", delivery.selections)]
    while pending:
        type_name, node = pending.pop(0)
        for one in node.selections:
            if isinstance(one, InlineFragmentNode):
                pending.append((one.type_condition.name.value if one.type_condition else type_name, one.selection_set))
            elif isinstance(one, FieldNode):
                for given in one.arguments or ():
                    if isinstance(given.value, VariableNode) and given.value.name.value == variable:
                        found[f"the argument {given.name.value} of {type_name}.{one.name.value}"] = None
    return " and ".join(found)


def purpose_of(entry: Entry, field: str) -> str:
    """What a value that is sent is for; `field` is its path, with dots."""
    path = tuple(field.split("."))
    if entry.key is not None and path in field_paths(entry.key):
        return "the key"
    users = [name for name, text in entry.requires.items() if path in field_paths(text)]
    return f"required by {' and '.join(users)}" if users else "sent along"


def input_paths(sent: RequiredFragment | ContextInput) -> Iterator[tuple[Keys, Keys]]:
    """(field names as sent, response keys where they are read) of every leaf of what is sent but `__typename`."""
    pending: list[tuple[Keys, Keys, RequiredField | RequiredFragment]] = [((), (), one) for one in sent.selections]
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
