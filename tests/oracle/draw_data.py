"""Draws the data of a world: a few rows per object type. Key fields differ in every row, in every type.

In: a draft. Out: tables.
"""

from __future__ import annotations

from graphql import ListTypeNode, NonNullTypeNode, TypeNode, parse_type

from tests.oracle.draft import Draft, Field, Object
from tests.oracle.world import Clock, Ref, Tables, named

ROWS = 3


def draw_data(draft: Draft) -> Tables:
    """Rows for every type."""
    tables: dict[str, list[dict[str, object]]] = {}
    for number, one in enumerate(draft.objects.values()):
        rows = 1 if one.kind == "root" else ROWS
        tables[one.name] = [
            {inner.name: _value(draft, one, number, inner, row) for inner in one.fields.values() if inner.resolvers()}
            for row in range(rows)
        ]
    return tables


def _value(draft: Draft, one: Object, number: int, field: Field, row: int) -> object:
    if field.unique:
        return _unique(draft, one, number, field, row)
    if field.name == "seq":
        return Clock()
    strictest = max((home.type for home in field.homes.values()), key=len, default="") or field.type
    return _Draw(draft, one, field, row, strictest).of(parse_type(strictest))


def _unique(draft: Draft, one: Object, number: int, field: Field, row: int) -> object:
    if field.is_leaf:
        return number * 100 + row if field.target == "Int" else f"{one.name.lower()}{field.name}{row}"
    ref = Ref(field.target, row)
    return [ref, Ref(field.target, (row + 1) % ROWS)] if field.type.startswith("[") else ref


class _Draw:
    """One value."""

    def __init__(self, draft: Draft, one: Object, field: Field, row: int, kind: str) -> None:
        self._draft = draft
        self._owner = one
        self._field = field
        self._row = row
        self._target = named(parse_type(kind))
        self._count = 0
        self._nulls = 0.03 if one.kind == "root" else 0.12

    def of(self, node: TypeNode) -> object:
        random = self._draft.random
        if isinstance(node, NonNullTypeNode):
            return self._present(node.type)
        return None if random.random() < self._nulls else self._present(node)

    def _present(self, node: TypeNode) -> object:
        if isinstance(node, ListTypeNode):
            return [self.of(node.type) for _ in range(self._draft.random.choice((0, 1, 1, 2, 2, 3)))]
        return self._leaf() if self._field.is_leaf else self._object()

    def _object(self) -> Ref:
        draft = self._draft
        target = self._target
        if target == "Query":
            return Ref("Query", 0)
        possible = draft.possible(target)
        if target in draft.abstracts:
            abstract = draft.abstracts[target]
            declared = [*self._field.homes, *self._field.mentions]
            possible = [one for one in possible if all(one in draft.known(abstract, graph) for graph in declared)]
        return Ref(draft.random.choice(possible), draft.random.randrange(ROWS))

    def _leaf(self) -> object:
        random = self._draft.random
        self._count += 1
        match self._field.target:
            case "Int":
                return random.randrange(1000)
            case "Float":
                return random.randrange(1000) + 0.5
            case "Boolean":
                return random.random() < 0.5
            case "E" | "F" as name:
                graphs = (*self._field.homes, *self._field.mentions)
                known = [set(self._draft.values_at(name, graph)) for graph in graphs]
                return random.choice([value for value in self._draft.enum_values[name] if all(value in one for one in known)])
            case "Json":
                return random.choice(({"a": [1, None, {"b": "c"}]}, "text", 7, ["x", None], {}))
            case _:
                return f"{self._owner.name.lower()}{self._row}.{self._field.name}{self._count}"
