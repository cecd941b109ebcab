"""The fields that selections ask of an object of one type, fragments resolved.

What comes in: selection sets with the conditions under which they stand, and which type conditions apply. What goes out:
`Asked` by response key. Used for the client's operation, for requests and for the field sets of a supergraph alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from gateway.planning.check.when import ALWAYS, NEVER, When, both, directives_when, either

Applies = Callable[[str], bool]
NO_FRAGMENTS: Mapping[str, FragmentDefinitionNode] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A selection set, and when it is asked."""

    node: SelectionSetNode
    when: When


Parts = tuple[Part, ...]


@dataclass(slots=True, eq=False)
class Asked:
    """One response key: the field, its arguments in canonical form, when, each node, what they ask below."""

    key: str
    name: str
    arguments: str
    when: When = NEVER
    nodes: list[tuple[FieldNode, When]] = field(default_factory=list)
    below: list[Part] = field(default_factory=list)

    def add(self, node: FieldNode, when: When) -> None:
        """One more node of the same key."""
        self.when = either(self.when, when)
        self.nodes.append((node, when))
        if node.selection_set is not None:
            self.below.append(Part(node.selection_set, when))


def collect(
    parts: Iterable[Part], applies: Applies, fragments: Mapping[str, FragmentDefinitionNode] = NO_FRAGMENTS
) -> dict[tuple[str, str, str], Asked]:
    """What `parts` ask, by key, name and arguments. `applies` says which type conditions the object meets."""
    found: dict[tuple[str, str, str], Asked] = {}
    seen: set[tuple[int, When]] = set()
    for node, when in _flat(parts, applies, fragments, seen):
        place = (response_key(node), node.name.value, print_arguments(node))
        asked = found.get(place)
        if asked is None:
            asked = found[place] = Asked(*place)
        asked.add(node, when)
    return found


def _flat(
    parts: Iterable[Part], applies: Applies, fragments: Mapping[str, FragmentDefinitionNode], seen: set[tuple[int, When]]
) -> Iterator[tuple[FieldNode, When]]:
    for part in parts:
        if (id(part.node), part.when) in seen:
            continue
        seen.add((id(part.node), part.when))
        for node in part.node.selections:
            when = both(part.when, directives_when(node.directives))
            if not when:
                continue
            match node:
                case FieldNode():
                    yield node, when
                case InlineFragmentNode():
                    if node.type_condition is None or applies(node.type_condition.name.value):
                        yield from _flat((Part(node.selection_set, when),), applies, fragments, seen)
                case FragmentSpreadNode():
                    spread = fragments[node.name.value]
                    if applies(spread.type_condition.name.value):
                        yield from _flat((Part(spread.selection_set, when),), applies, fragments, seen)


def response_key(node: FieldNode) -> str:
    """The key under which a field stands in the answer."""
    return node.alias.value if node.alias else node.name.value


def print_arguments(node: FieldNode, without: Collection[str] = ()) -> str:
    """`a: 1, b: $x`, sorted by name."""
    arguments = [argument for argument in node.arguments or () if argument.name.value not in without]
    if not arguments:
        return ""
    return ", ".join(sorted(f"{argument.name.value}: {print_ast(argument.value)}" for argument in arguments))


def print_field(name: str, arguments: str) -> str:
    """`price(currency: "EUR")`."""
    return f"{name}({arguments})" if arguments else name


class FieldSets:
    """The field sets of a supergraph's directives, parsed once."""

    def __init__(self) -> None:
        self._known: dict[str, Part] = {}

    def read(self, text: str) -> Part:
        """`"id owner { name }"`, with or without braces, as a selection set that is always asked."""
        part = self._known.get(text)
        if part is None:
            braced = text if text.lstrip().startswith("{") else f"{{ {text} }}"
            operation = parse(braced, no_location=True).definitions[0]
            assert isinstance(operation, OperationDefinitionNode)
            part = self._known[text] = Part(operation.selection_set, ALWAYS)
        return part
