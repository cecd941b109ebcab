"""Random operations of somebody who wants more than the contract gives.

In: a schema (the whole graph, or what one room serves), what may be read, values that the attacker could have heard of. Out: a
document and its variables: aliases under other fields' names, fragments, abstract types, `@include`, variables, filters, sorts,
pages, `node`, `_entities`, introspection. Most selections are allowed: operations get through, and denied parts lie deep.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType

INTROSPECTION: Final = (
    "__schema { types { name fields { name args { name } } inputFields { name } enumValues { name } } }",
    '__type(name: "Person") { fields(includeDeprecated: true) { name description } }',
    "__schema { directives { name args { name } } queryType { fields { name description } } }",
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the attacker knows: ids and texts, cursors of earlier answers."""

    ids: Sequence[str]
    texts: Sequence[str]
    cursors: list[str] = field(default_factory=list)


class Asker:
    """Writes one operation. `allowed` are the fields that most selections come from; `bold` is how often another is taken."""

    def __init__(
        self, rng: random.Random, schema: GraphQLSchema, allowed: frozenset[str], heard: Heard, *, bold: float = 0.03
    ) -> None:
        self._rng, self._schema, self._allowed, self._heard, self._bold = rng, schema, allowed, heard, bold
        self._variables: dict[str, tuple[str, Any]] = {}
        self._fragments: list[str] = []
        self._aliases = 0

    def operation(self) -> tuple[str, dict[str, Any]]:
        """A query and its variables."""
        root = self._schema.query_type
        assert root is not None
        parts = [self._selection(root, 4)]
        if self._rng.random() < 0.05:
            parts.insert(self._rng.randint(0, 1), self._rng.choice(INTROSPECTION))
        body = " ".join(parts)
        head = ", ".join(f"${name}: {kind}" for name, (kind, _) in self._variables.items())
        text = f"query Q{f'({head})' if head else ''} {{ {body} }} {' '.join(self._fragments)}"
        return text, {name: value for name, (_, value) in self._variables.items()}

    def _selection(self, parent: Composite, depth: int) -> str:
        if isinstance(parent, GraphQLObjectType):
            return self._fields(parent, depth)
        members = self._schema.get_possible_types(parent)
        chosen = self._rng.sample(members, min(len(members), self._rng.randint(1, 3)))
        parts = [f"... on {one.name} {{ {self._fields(one, depth)} }}" for one in chosen]
        if isinstance(parent, GraphQLInterfaceType) and self._rng.random() < 0.4:
            parts.append(self._fields(parent, depth, at_most=1))
        return " ".join(("__typename", *parts) if self._rng.random() < 0.4 else parts)

    def _fields(self, parent: GraphQLObjectType | GraphQLInterfaceType, depth: int, at_most: int = 6) -> str:
        names = [name for name, one in parent.fields.items() if depth > 0 or is_leaf_type(get_named_type(one.type))]
        own = [name for name in names if self._is_allowed(parent, name)]
        if isinstance(parent, GraphQLObjectType) and parent.name == "Query":
            at_most = 1 if self._rng.random() < 0.8 else 2
        parts = []
        for _ in range(self._rng.randint(1, at_most)):
            pool = own if own and self._rng.random() >= self._bold else names
            if pool:
                # lists at the root lead to more rows than look-ups by an id that may be another register's
                lists = [name for name in pool if parent.name == "Query" and name.endswith("s")]
                name = self._rng.choice(lists if lists and self._rng.random() < 0.5 else pool)
                parts.append(self._dressed(parent, self._field(parent, name, parent.fields[name], depth)))
        return " ".join(parts) or "__typename"

    def _is_allowed(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str) -> bool:
        if isinstance(parent, GraphQLInterfaceType):
            return any(f"{one.name}.{name}" in self._allowed for one in self._schema.get_possible_types(parent))
        is_structure = parent.name.endswith(("Connection", "Edge")) or parent.name in ("PageInfo", "Code", "Change")
        if name == "totalCount" or not is_structure:
            return f"{parent.name}.{name}" in self._allowed or name == "_entities"
        return True

    def _field(self, parent: Any, name: str, definition: GraphQLField, depth: int) -> str:
        self._aliases += 1
        disguise = self._rng.choice(list(parent.fields)) if self._rng.random() < 0.5 else "a"
        given = " ".join(self._arguments(definition))
        text = f"{disguise}_{self._aliases}: {name}{f'({given})' if given else ''}"
        named = get_named_type(definition.type)
        if is_leaf_type(named):
            return text
        return f"{text} {{ {self._selection(named, depth - 1)} }}"  # type: ignore[arg-type]  # no leaf

    def _dressed(self, parent: Any, text: str) -> str:
        """The same selection in a fragment, or under a directive."""
        draw = self._rng.random()
        if draw < 0.1:
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {parent.name} {{ {text} }}")
            return f"...{name}"
        if draw < 0.16:
            return f"... on {parent.name} {{ {text} }}"
        if draw < 0.22:
            variable = self._variable("Boolean!", self._rng.random() < 0.5)
            return f"... @{self._rng.choice(('include', 'skip'))}(if: {variable}) {{ {text} }}"
        return text

    def _variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self._variables)}"
        self._variables[name] = (kind, value)
        return f"${name}"

    def _arguments(self, definition: GraphQLField) -> list[str]:
        parts = []
        for name, argument in definition.args.items():
            needed = is_non_null_type(argument.type)
            if not needed and self._rng.random() < (0.75 if name in ("where", "orderBy") else 0.85):
                continue
            if name in ("after", "before", "last") and self._rng.random() < 0.7:
                continue
            value = self._value(argument.type, name, 2)
            if value is not None:
                is_variable = self._rng.random() < 0.5
                said = self._variable(str(argument.type), value) if is_variable else literal(argument.type, value)
                parts.append(f"{name}: {said}")
        return parts

    def _value(self, kind: Any, name: str, depth: int) -> Any:
        inner = get_nullable_type(kind)
        if is_list_type(inner):
            items = [self._value(inner.of_type, name, depth) for _ in range(self._rng.randint(1, 2))]
            return [item for item in items if item is not None]
        named = get_named_type(inner)
        if isinstance(named, GraphQLEnumType):
            return self._rng.choice(list(named.values))
        if isinstance(named, GraphQLInputObjectType):
            return self._input(named, depth)
        return self._scalar(named.name, name)

    def _input(self, named: GraphQLInputObjectType, depth: int) -> dict[str, Any] | None:
        names = [key for key in named.fields if depth > 0 or key not in ("and", "or", "not", "event")]
        chosen = list(named.fields) if named.name == "CircleInput" else self._rng.sample(names, min(len(names), 1))
        found = {key: self._value(named.fields[key].type, key, depth - 1) for key in chosen}
        return {key: value for key, value in found.items() if value is not None} or None

    def _scalar(self, kind: str, name: str) -> Any:
        match kind, name:
            case "_Any", _:
                one = self._rng.choice(self._heard.ids)
                names = {"evt": "Event", "per": "Person", "veh": "Vehicle", "doc": "Document"}
                return {"__typename": names.get(one[:3], "Event"), "ref": one}
            case "String", "after" | "before":
                return self._rng.choice(self._heard.cursors) if self._heard.cursors else None
            case "ID", _:
                return self._rng.choice(self._heard.ids)
            case "Int", _:
                return self._rng.randint(1, 5)
            case "Float", "lat":
                return 56.95
            case "Float", "lon":
                return 24.15
            case "Float", _:
                return 9000.0
            case "Date", _:
                return f"{self._rng.randint(1960, 2014)}-06-01"
            case "DateTime", _:
                return f"2026-0{self._rng.randint(1, 6)}-10T00:00:00Z"
            case "String", "country":
                return "LV"
            case "String", "startsWith":
                return self._rng.choice(self._heard.texts)[: self._rng.randint(2, 6)]
            case _:
                return self._rng.choice(self._heard.texts)


def literal(kind: Any, value: Any) -> str:
    """A value as it stands in a document."""
    inner = get_nullable_type(kind)
    if isinstance(value, list):
        item = inner.of_type if is_list_type(inner) else inner
        return f"[{', '.join(literal(item, one) for one in value)}]"
    named = get_named_type(inner)
    match value:
        case dict():
            fields = named.fields if isinstance(named, GraphQLInputObjectType) else {}
            parts = (f"{key}: {literal(fields[key].type if key in fields else None, one)}" for key, one in value.items())
            return f"{{{', '.join(parts)}}}"
        case bool():
            return str(value).lower()
        case str() if isinstance(named, GraphQLEnumType):
            return value
        case str():
            return f'"{value}"'
        case _:
            return str(value)
