"""Makes a case smaller for as long as it shows the same kind of difference.

First the operation, then the subgraphs (whole ones, types, fields, arguments, directives), then the data. In: a `Case` and its
`Difference`. Out: a smaller case and its difference. Whatever an edit breaks (an invalid operation, subgraphs that no longer
compose, data that a subgraph could not hold) is refused.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)
from graphql.language import REMOVE

from tests.oracle.compare import Bench, Difference
from tests.oracle.world import Case, Ref, World, named

_REMOVABLE = ("field", "inline_fragment", "fragment_spread", "directive", "argument", "variable_definition", "object_field")
_REMOVABLE_IN_SDL = (
    "object_type_definition",
    "interface_type_definition",
    "union_type_definition",
    "field_definition",
    "directive",
    "input_value_definition",
)
_FIELDS = re.compile(r'fields: ("(?:[^"\\]|\\.)*")')


def shrink(case: Case, difference: Difference, seconds: float = 60) -> tuple[Case, Difference]:
    """The smallest case found within the time."""
    return _Shrinking(case, difference, time.monotonic() + seconds).run()


@dataclass(slots=True)
class _Shrinking:
    case: Case
    found: Difference
    deadline: float
    bench: Bench | None = None

    def run(self) -> tuple[Case, Difference]:
        before = None
        while before != self.case and time.monotonic() < self.deadline:
            before = self.case
            self._improve(_smaller_queries)
            if not self.found.kind.startswith("composition") and self.found.kind != "schema":
                self._improve(_without_subgraph)
            self._improve(_smaller_sdls)
            self._improve(_smaller_tables)
        return self.case, self.found

    def _improve(self, candidates: Callable[[Case], Iterator[Case]]) -> None:
        """Take every candidate that keeps the difference; go on from there until none does."""
        improved = True
        while improved:
            improved = False
            for candidate in candidates(self.case):
                if time.monotonic() > self.deadline:
                    return
                if self._keeps(candidate):
                    improved = True
                    break

    def _keeps(self, candidate: Case) -> bool:
        """Try a candidate; take it when it shows the same kind of difference."""
        same_world = self.bench is not None and candidate.world is self.case.world
        try:
            bench = self.bench if self.bench is not None and same_world else Bench(_with_own_schema(candidate.world))
        except Exception:  # noqa: BLE001 - an edit that breaks the set-up is refused
            return False
        found = self._found(bench, candidate, is_new=not same_world)
        kept = found is not None and found.kind == self.found.kind
        if kept and found is not None:
            if self.bench is not None and self.bench is not bench:
                self.bench.close()
            self.bench, self.case, self.found = bench, replace(candidate, world=bench.world), found
        elif not same_world:
            bench.close()
        return kept

    @staticmethod
    def _found(bench: Bench, candidate: Case, *, is_new: bool) -> Difference | None:
        try:
            if is_new and bench.failure is None and not consistent(bench):
                return None
            return bench.difference(candidate.query, candidate.variables, candidate.labels)
        except Exception:  # noqa: BLE001 - it is no valid operation, or the data do not fit
            return None


def _with_own_schema(world: World) -> World:
    """With the schema that its subgraphs compose to, unless something is hidden in it."""
    return world if "@inaccessible" in world.schema else replace(world, schema="")


def consistent(bench: Bench) -> bool:
    """True when every subgraph declares the type of every object that its fields return."""
    assert bench.federation is not None
    for name, sdl in bench.world.subgraphs.items():
        schema = bench.federation.subgraphs[name].schema
        for node in parse(sdl).definitions:
            for field in getattr(node, "fields", None) or ():
                if not isinstance(field, FieldDefinitionNode):
                    continue
                target = schema.type_map.get(named(field.type))
                opaque = target is not None and target.name in bench.federation.subgraphs[name].opaque
                owners = bench.store.possible(node.name.value)  # type: ignore[attr-defined]  # it has fields, so a name
                for owner in owners:
                    for row in bench.world.tables.get(owner, ()):
                        for ref in _refs(row.get(field.name.value)):
                            if not opaque and ref.type not in schema.type_map:
                                return False
    return True


def _refs(value: object) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _refs(item)


class _Edit(Visitor):
    """Carries out the edit with number `wanted`; counts them all."""

    def __init__(self, wanted: int, kinds: tuple[str, ...], fragments: dict[str, FragmentDefinitionNode]) -> None:
        super().__init__()
        self.wanted = wanted
        self.count = 0
        self._kinds = kinds
        self._fragments = fragments

    def _is_next(self) -> bool:
        self.count += 1
        return self.count - 1 == self.wanted

    def enter(self, node: Node, *_: Any) -> Any:
        if node.kind in self._kinds and self._is_next():
            return REMOVE
        if isinstance(node, FieldNode) and node.alias is not None and self._is_next():
            return _rebuilt(node, alias=None)
        if isinstance(node, SelectionSetNode):
            return self._opened(node)
        return None

    def _opened(self, node: SelectionSetNode) -> SelectionSetNode | None:
        for number, one in enumerate(node.selections):
            inner = None
            if isinstance(one, InlineFragmentNode):
                inner = list(one.selection_set.selections)
            elif isinstance(one, FragmentSpreadNode):
                fragment = self._fragments[one.name.value]
                inner = [
                    InlineFragmentNode(
                        type_condition=fragment.type_condition, directives=one.directives, selection_set=fragment.selection_set
                    )
                ]
            elif isinstance(one, FieldNode) and one.selection_set is not None:
                inner = list(one.selection_set.selections)
            if inner is not None and self._is_next():
                return SelectionSetNode(selections=(*node.selections[:number], *inner, *node.selections[number + 1 :]))
        return None


def _edits(text: str, kinds: tuple[str, ...]) -> Iterator[str]:
    document = parse(text, no_location=True)
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    number, total = 0, 1
    while number < total:
        edit = _Edit(number, kinds, fragments)
        changed = visit(document, edit)
        total = max(total, edit.count)
        number += 1
        yield print_ast(_pruned(changed))


def _pruned(document: DocumentNode) -> DocumentNode:
    """Without fragments and variables that nothing uses."""
    used = _used(document)
    kept: list[Any] = []
    for one in document.definitions:
        if isinstance(one, FragmentDefinitionNode) and one.name.value not in used[0]:
            continue
        if isinstance(one, OperationDefinitionNode):
            variables = tuple(v for v in one.variable_definitions or () if v.variable.name.value in used[1])
            kept.append(_rebuilt(one, variable_definitions=variables))
        else:
            kept.append(one)
    return DocumentNode(definitions=tuple(kept))


def _used(document: DocumentNode) -> tuple[set[str], set[str]]:
    fragments: set[str] = set()
    variables: set[str] = set()

    class Uses(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
            fragments.add(node.name.value)

        def enter_variable(self, node: VariableNode, _key: Any, parent: Any, *_: Any) -> None:
            if getattr(parent, "kind", "") != "variable_definition":
                variables.add(node.name.value)

    visit(document, Uses())
    return fragments, variables


def _rebuilt(node: Any, **changes: object) -> Any:
    """The node with some attributes replaced."""
    return type(node)(**{**{key: getattr(node, key) for key in node.keys if key != "loc"}, **changes})


def _smaller_queries(case: Case) -> Iterator[Case]:
    for text in _edits(case.query, _REMOVABLE):
        names = {name for name in case.variables if f"${name}:" in text}
        yield replace(case, query=text, variables={name: case.variables[name] for name in names})
    for name in case.variables:
        yield replace(case, variables={key: value for key, value in case.variables.items() if key != name})


def _without_subgraph(case: Case) -> Iterator[Case]:
    for name in case.world.subgraphs:
        left = {other: sdl for other, sdl in case.world.subgraphs.items() if other != name}
        yield replace(case, world=replace(case.world, subgraphs=left))


def _smaller_sdls(case: Case) -> Iterator[Case]:
    for name, sdl in case.world.subgraphs.items():
        for text in _edits(sdl, _REMOVABLE_IN_SDL):
            if "@link" in text:
                yield replace(case, world=replace(case.world, subgraphs={**case.world.subgraphs, name: text}))
        for found in _FIELDS.finditer(sdl):
            for smaller in _edits(f"{{ {json.loads(found.group(1))} }}", ("field", "inline_fragment", "argument")):
                inner = " ".join(smaller.split())[1:-1].strip()
                if not inner:
                    continue
                text = f"{sdl[: found.start(1)]}{json.dumps(inner)}{sdl[found.end(1) :]}"
                yield replace(case, world=replace(case.world, subgraphs={**case.world.subgraphs, name: text}))


def _smaller_tables(case: Case) -> Iterator[Case]:
    tables = case.world.tables
    text = "\n".join(case.world.subgraphs.values())
    for type_name, rows in tables.items():
        columns = dict.fromkeys(key for row in rows for key in row)
        for column in columns:
            if f"{column}:" not in text and f"{column}(" not in text:
                fewer = [{key: value for key, value in row.items() if key != column} for row in rows]
                yield replace(case, world=replace(case.world, tables={**tables, type_name: fewer}))
        for number, row in enumerate(rows):
            for column, value in row.items():
                for smaller in _smaller_values(value):
                    changed = [*rows[:number], {**row, column: smaller}, *rows[number + 1 :]]
                    yield replace(case, world=replace(case.world, tables={**tables, type_name: changed}))


def _smaller_values(value: object) -> Iterator[object]:
    if isinstance(value, list | tuple) and value:
        yield []
        if len(value) > 1:
            for number in range(len(value)):
                yield [*value[:number], *value[number + 1 :]]
