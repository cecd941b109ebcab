"""Draws operations on a schema: fields, aliases, arguments, variables, inline and named fragments, conditions.

In: a schema and a source of randomness. Out: the text and its variables. Nearly all are valid; those that are not are left
out by the comparison. The scopes see to it that fields which meet under one response key can be merged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


@dataclass(frozen=True, slots=True)
class Drawn:
    """An operation."""

    query: str
    variables: dict[str, Any]


@dataclass(slots=True)
class _Entry:
    """What stands under one response key at one place."""

    uses: list[tuple[str, bool, str, str]]  # parent type, is it an object type, field, arguments
    shape: str
    children: _Scope | None


_Scope = dict[str, _Entry]


@dataclass(slots=True)
class _Fragment:
    name: str
    type: str
    scope: _Scope
    text: str


def draw_operation(random: Random, schema: GraphQLSchema) -> Drawn:
    """One operation."""
    return _Drawing(random, schema).draw()


@dataclass(slots=True)
class _Drawing:
    random: Random
    schema: GraphQLSchema
    budget: int = 0
    conditions: float = 0
    variables: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    fragments: list[_Fragment] = field(default_factory=list)
    aliases: int = 0

    def draw(self) -> Drawn:
        random = self.random
        kind = "query"
        root = self.schema.query_type
        if self.schema.mutation_type is not None and random.random() < 0.2:
            kind, root = "mutation", self.schema.mutation_type
        assert root is not None
        self.budget = random.choice((6, 10, 16, 24, 36))
        self.conditions = random.choice((0.03, 0.06, 0.06, 0.3))
        body = self._selections(root, {}, 0)
        definitions = f"({', '.join(f'${name}: {type_}' for name, type_ in self.variables.items())})" if self.variables else ""
        texts = [f"{kind} Q{definitions} {body}", *(f"fragment {one.name} on {one.type} {one.text}" for one in self.fragments)]
        return Drawn("\n".join(texts), self.values)

    def _selections(self, type_: Composite, scope: _Scope, depth: int) -> str:
        parts = [self._selection(type_, scope, depth) for _ in range(self._width(depth))]
        return f"{{ {' '.join(parts)} }}"

    def _width(self, depth: int) -> int:
        most = 4 if depth else 2
        return self.random.randint(2 if depth == 1 else 1, most)

    def _selection(self, type_: Composite, scope: _Scope, depth: int) -> str:
        random = self.random
        self.budget -= 1
        fields = {} if isinstance(type_, GraphQLUnionType) else type_.fields
        draw = random.random()
        is_object = isinstance(type_, GraphQLObjectType)
        if self.budget > 0 and depth and draw < (0.12 if is_object else 0.5 if fields else 0.85):
            return self._fragment(type_, scope, depth)
        names = list(fields)
        if self.budget <= 0 or depth > 6:
            names = [name for name in names if is_leaf_type(get_named_type(fields[name].type))]
        if not names or random.random() < 0.08:
            return self._typename(type_, scope)
        name = random.choices(names, [self._weight(name, fields[name], depth) for name in names])[0]
        return self._field(type_, name, fields[name], scope, depth)

    @staticmethod
    def _weight(name: str, definition: GraphQLField, depth: int) -> int:
        """Fields that lead somewhere, and those that are computed from others (`r0`, …), are worth more."""
        if name.startswith("r"):
            return 4
        return 1 if is_leaf_type(get_named_type(definition.type)) else 4 if depth == 0 else 2

    def _typename(self, type_: Composite, scope: _Scope) -> str:
        key = self._key(type_, "__typename", "", "String!", scope)
        return self._prefixed(key, "__typename") + self._condition()

    def _field(self, type_: Composite, name: str, definition: GraphQLField, scope: _Scope, depth: int) -> str:
        arguments = self._arguments(definition)
        target = get_named_type(definition.type)
        shape = str(definition.type)
        if not is_leaf_type(target):
            shape = shape.replace(target.name, "*")
        key = self._key(type_, name, arguments, shape, scope)
        text = f"{self._prefixed(key, name)}{arguments}{self._condition()}"
        if isinstance(target, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
            entry = scope[key]
            if entry.children is None:
                entry.children = {}
            text += f" {self._selections(target, entry.children, depth + 1)}"
        return text

    @staticmethod
    def _prefixed(key: str, name: str) -> str:
        return name if key == name else f"{key}: {name}"

    def _key(self, type_: Composite, name: str, arguments: str, shape: str, scope: _Scope) -> str:
        """The response key: the name or an alias, whichever can be merged with what is there."""
        random = self.random
        wanted = [name, "x", "y"]
        if name != "__typename" and random.random() < 0.12:
            others = [] if isinstance(type_, GraphQLUnionType) else [other for other in type_.fields if other != name]
            wanted = [random.choice(["x", "y", *others]), *wanted]
        use = (type_.name, isinstance(type_, GraphQLObjectType), name, arguments)
        for key in wanted:
            entry = scope.get(key)
            if entry is None:
                scope[key] = _Entry([use], shape, None)
                return key
            if entry.shape == shape and all(_mergeable(use, other) for other in entry.uses):
                entry.uses.append(use)
                return key
        self.aliases += 1
        scope[f"a{self.aliases}"] = _Entry([use], shape, None)
        return f"a{self.aliases}"

    def _fragment(self, type_: Composite, scope: _Scope, depth: int) -> str:
        random = self.random
        condition = self._condition(0.2)
        if random.random() < 0.3:
            usable = [one for one in self.fragments if one.type == type_.name and not set(one.scope) & set(scope)]
            if usable:
                fragment = random.choice(usable)
                scope.update(fragment.scope)
                return f"...{fragment.name}{condition}"
        target = random.choice(self._overlapping(type_))
        if target is type_ and condition and random.random() < 0.5:
            return f"...{condition} {self._selections(type_, scope, depth + 1)}"
        if random.random() < 0.3 and not scope:
            text = self._selections(target, scope, depth + 1)
            fragment = _Fragment(f"F{len(self.fragments)}", target.name, dict(scope), text)
            self.fragments.append(fragment)
            return f"...{fragment.name}{condition}"
        return f"... on {target.name}{condition} {self._selections(target, scope, depth + 1)}"

    def _overlapping(self, type_: Composite) -> list[Composite]:
        """The types a fragment may be on; object types twice as likely."""
        possible = {type_.name} if isinstance(type_, GraphQLObjectType) else self._possible(type_)
        found: list[Composite] = []
        for other in self.schema.type_map.values():
            if isinstance(other, GraphQLObjectType) and other.name in possible:
                found += [other, other]
            elif isinstance(other, GraphQLInterfaceType | GraphQLUnionType) and possible & self._possible(other):
                found.append(other)
        return found

    def _possible(self, type_: GraphQLInterfaceType | GraphQLUnionType) -> set[str]:
        return {one.name for one in self.schema.get_possible_types(type_)}

    def _condition(self, likely: float = 0) -> str:
        random = self.random
        if random.random() >= max(likely, self.conditions):
            return ""
        name = random.choice(("include", "skip"))
        if random.random() < 0.15:
            return f" @{name}(if: {random.choice(('true', 'false'))})"
        variable = random.choice(("b0", "b1", "b2"))
        if variable not in self.variables:
            if random.random() < 0.2:
                self.variables[variable] = f"Boolean! = {random.choice(('true', 'false'))}"
            else:
                self.variables[variable] = "Boolean!"
                self.values[variable] = random.random() < 0.6
        both = f" @{random.choice(('include', 'skip'))}(if: ${variable})"
        return f" @{name}(if: ${variable})" if random.random() < 0.9 or name in both else f" @{name}(if: ${variable}){both}"

    def _arguments(self, definition: GraphQLField) -> str:
        random = self.random
        given = {
            name: self._argument(argument)
            for name, argument in definition.args.items()
            if is_required_argument(argument) or random.random() < 0.6
        }
        return f"({', '.join(f'{name}: {value}' for name, value in given.items())})" if given else ""

    def _argument(self, argument: GraphQLArgument) -> str:
        if self.random.random() < 0.35:
            return self._variable(argument.type, argument.default_value is not Undefined)
        return self._literal(argument.type, 0)

    def _variable(self, type_: GraphQLInputType, has_default: bool) -> str:
        random = self.random
        name = f"v{len(self.variables)}"
        kind = str(type_)
        if random.random() < 0.25 and not isinstance(type_, GraphQLNonNull):
            kind = f"{kind}!"
        if random.random() < 0.2 and isinstance(type_, GraphQLNonNull) and has_default:
            kind = kind.removesuffix("!")
        if random.random() < 0.25 and not kind.endswith("!"):
            kind = f"{kind} = {self._literal(type_, 1, variables=False)}"
        self.variables[name] = kind
        if kind.endswith("!") or random.random() < 0.75:
            self.values[name] = self._value(type_ if not kind.endswith("!") else GraphQLNonNull(_nullable(type_)), 0)
        return f"${name}"

    def _value(self, type_: GraphQLInputType, depth: int) -> Any:
        random = self.random
        if isinstance(type_, GraphQLNonNull):
            inner = type_.of_type
        elif random.random() < 0.1:
            return None
        else:
            inner = type_
        if isinstance(inner, GraphQLList):
            if random.random() < 0.1:
                return self._value(GraphQLNonNull(_nullable(inner.of_type)), depth)
            return [self._value(inner.of_type, depth) for _ in range(random.randint(0, 2))]
        if isinstance(inner, GraphQLInputObjectType):
            return {
                name: self._value(one.type, depth + 1)
                for name, one in inner.fields.items()
                if isinstance(one.type, GraphQLNonNull) or (random.random() < 0.4 and depth < 2)
            }
        if isinstance(inner, GraphQLEnumType):
            return random.choice(list(inner.values))
        return {"Int": random.randrange(9), "Float": 1.5, "Boolean": True}.get(inner.name, f"t{random.randrange(9)}")

    def _literal(self, type_: GraphQLInputType, depth: int, *, variables: bool = True) -> str:
        random = self.random
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if inner is type_ and random.random() < 0.08:
            return "null"
        if variables and depth and random.random() < 0.2:
            return self._variable(type_, has_default=False)
        if isinstance(inner, GraphQLList):
            items = [self._literal(inner.of_type, depth + 1, variables=variables) for _ in range(random.randint(0, 2))]
            return f"[{', '.join(items)}]"
        if isinstance(inner, GraphQLInputObjectType):
            given = {
                name: self._literal(one.type, depth + 1, variables=variables)
                for name, one in inner.fields.items()
                if isinstance(one.type, GraphQLNonNull) or (random.random() < 0.4 and depth < 2)
            }
            return f"{{{', '.join(f'{name}: {value}' for name, value in given.items())}}}"
        value = self._value(GraphQLNonNull(inner), depth)
        return str(value) if isinstance(inner, GraphQLEnumType) else json.dumps(value)


def _nullable(type_: GraphQLInputType) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def _mergeable(one: tuple[str, bool, str, str], other: tuple[str, bool, str, str]) -> bool:
    return one[2:] == other[2:] or (one[1] and other[1] and one[0] != other[0])
