"""A subgraph as strict as a real one: it resolves what its SDL says is its own, from what it was given, and nothing else.

    its own fields           from the tables; a field with @requires from the representation alone
    @external fields         only where a @provides above provided them, else an error
    overridden fields        a stale value
    `_entities`              by the resolvable keys it declares, for the types it declares

In: one SDL, those of its neighbours (who overrides what), the store. Out: a `Transport`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    FieldNode,
    FieldsOnCorrectTypeRule,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    InterfaceTypeDefinitionNode,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    NoUndefinedVariablesRule,
    NoUnusedVariablesRule,
    ObjectTypeDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    SchemaExtensionNode,
    SelectionSetNode,
    ValuesOfCorrectTypeRule,
    VariablesInAllowedPositionRule,
    build_ast_schema,
    execute_sync,
    get_named_type,
    parse,
    validate,
)

from gateway.execution import SubgraphAnswer, SubgraphRequest
from tests.oracle.values import NotResolvable, Store, field_set
from tests.oracle.world import Ref, argument

Coordinate = tuple[str, str]

_RULES = (
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    NoUndefinedVariablesRule,
    NoUnusedVariablesRule,
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    ValuesOfCorrectTypeRule,
    VariablesInAllowedPositionRule,
)
"""What a fetch could break; the other rules take half of the time and look for what no printer writes."""


@dataclass(frozen=True, slots=True)
class Handle:
    """An object inside a subgraph. `shown` is its type there, `given` the representation it came by."""

    ref: Ref
    shown: str
    given: Mapping[str, object] | None = None
    provided: SelectionSetNode | None = None


class OracleSubgraph:
    """Answers fetches."""

    def __init__(self, name: str, sdl: str, neighbours: Iterable[str], store: Store) -> None:
        self.name = name
        self._store = store
        self._external: set[Coordinate] = set()
        self._requires: dict[Coordinate, SelectionSetNode] = {}
        self._provides: dict[Coordinate, SelectionSetNode] = {}
        self._keys: dict[str, list[tuple[str, SelectionSetNode]]] = {}
        self.opaque: set[str] = set()
        self._index: dict[tuple[str, str], dict[str, Ref]] = {}
        document = parse(sdl, no_location=True)
        self._read(document)
        self._overridden = frozenset(_overridden(name, neighbours))
        self.schema = self._schema(document)

    def _read(self, document: DocumentNode) -> None:
        for node in document.definitions:
            if not isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
                continue
            type_name = node.name.value
            for directive in node.directives or ():
                if directive.name.value == "key" and argument(directive, "resolvable") is not False:
                    text = argument(directive, "fields")
                    self._keys.setdefault(type_name, []).append((text, field_set(text)))
                elif directive.name.value == "interfaceObject":
                    self.opaque.add(type_name)
                elif directive.name.value == "context":
                    self._store.holders.setdefault(argument(directive, "name"), set()).add(type_name)
            for field in node.fields or ():
                self._read_field(type_name, field.name.value, {one.name.value: one for one in field.directives or ()})
                self._read_contexts(type_name, field)

    def _read_field(self, type_name: str, name: str, directives: Mapping[str, Any]) -> None:
        if "external" in directives:
            self._external.add((type_name, name))
        if "provides" in directives:
            self._provides[type_name, name] = field_set(argument(directives["provides"], "fields"))
        if "requires" in directives:
            wanted = field_set(argument(directives["requires"], "fields"))
            self._requires[type_name, name] = wanted
            for one in self._store.possible(type_name):
                self._store.requires[one, name] = wanted

    def _read_contexts(self, type_name: str, field: FieldDefinitionNode) -> None:
        for one in field.arguments or ():
            for directive in one.directives or ():
                if directive.name.value == "fromContext":
                    name, text = argument(directive, "field").lstrip("$").split(maxsplit=1)
                    wanted = field_set(text.strip()[1:-1])
                    self._store.contextual.setdefault((type_name, field.name.value), {})[one.name.value] = (name, wanted)

    def _schema(self, document: DocumentNode) -> GraphQLSchema:
        kept = [node for node in document.definitions if not isinstance(node, SchemaExtensionNode)]
        objects = [one for one in kept if isinstance(one, ObjectTypeDefinitionNode) and _has_key(one)]
        extra = ""
        if objects or self._keys:
            extra = f"extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }} scalar _Any union _Entity = \
{' | '.join(one.name.value for one in objects)}"
        if not any(getattr(one, "name", None) and one.name.value == "Query" for one in kept):  # type: ignore[attr-defined]  # checked
            extra = extra.replace("extend type Query", "type Query") or "type Query { _service: String }"
        more = parse(extra, no_location=True).definitions if extra else ()
        schema = build_ast_schema(_merged(kept, more), assume_valid_sdl=True)
        for type_ in schema.type_map.values():
            if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
                for name, field in type_.fields.items():
                    is_entities = type_.name == "Query" and name == "_entities"
                    field.resolve = self._entities if is_entities else self._resolver(type_.name, name, field.type)
        return schema

    def _resolver(self, type_name: str, name: str, kind: Any) -> Callable[..., Any]:
        store, coordinate = self._store, (type_name, name)
        required, provides = self._requires.get(coordinate), self._provides.get(coordinate)
        is_external, is_stale = coordinate in self._external, coordinate in self._overridden
        target = get_named_type(kind).name
        shown = target if target in self.opaque else None
        is_root = type_name in ("Query", "Mutation")
        contextual = store.contextual.get(coordinate, {})

        def resolve(source: Handle | None, info: object, **arguments: object) -> Any:
            if source is None or is_root:
                source = Handle(Ref(type_name, 0), type_name)
            provided = _provided(store, source, name)
            if is_external and provided is None:
                raise NotResolvable(f"{self.name} does not know {type_name}.{name}: it is external")
            if is_stale and source.provided is None:
                return _stale(store.value(source.ref, name, arguments))
            inputs = None
            if required is not None and provided is None:
                if source.given is None:
                    raise NotResolvable(f"{type_name}.{name} was asked without what it requires")
                inputs = store.project(source.given, required)
            if contextual:
                inputs = {one: arguments.get(one) for one in contextual}
            inner = _joined(provided.selection_set if provided is not None else None, None if is_external else provides)
            return _handles(store.value(source.ref, name, arguments, inputs), shown, inner)

        return resolve

    def _entities(self, _source: object, _info: object, representations: list[dict[str, Any]]) -> list[Any]:
        return [self._entity(one) for one in representations]

    def _entity(self, given: dict[str, Any]) -> Any:
        type_name = given["__typename"]
        keys = self._keys.get(type_name)
        if not keys:
            return GraphQLError(f"{self.name} has no resolvable key for {type_name}")
        for text, wanted in keys:
            try:
                key = self._store.project(given, wanted)
            except NotResolvable:
                continue
            ref = self._indexed(type_name, text, wanted).get(json.dumps(key, sort_keys=True))
            if ref is None:
                return None
            return Handle(ref, type_name if type_name in self.opaque else ref.type, given)
        return GraphQLError(f"the representation {given} has no whole key")

    def _indexed(self, type_name: str, text: str, wanted: SelectionSetNode) -> dict[str, Ref]:
        known = self._index.get((type_name, text))
        if known is None:
            refs = [Ref(one, row) for one in self._store.possible(type_name) for row in range(len(self._store.tables[one]))]
            known = {json.dumps(self._store.evaluate(ref, wanted), sort_keys=True): ref for ref in refs}
            self._index[type_name, text] = known
        return known

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Answer one fetch. A fetch that is not valid in this subgraph is refused whole, as a real one would."""
        body = msgspec.json.decode(request.body)
        document = parse(body["query"], no_location=True)
        errors = validate(self.schema, document, _RULES)
        if errors:
            return SubgraphAnswer(200, msgspec.json.encode({"errors": [{"message": f"invalid fetch: {errors[0].message}"}]}))
        result = execute_sync(
            self.schema, document, variable_values=body.get("variables") or {}, type_resolver=lambda value, _i, _t: value.shown
        )
        return SubgraphAnswer(200, msgspec.json.encode(result.formatted))

    async def close(self) -> None:
        """Nothing is open."""


def _merged(kept: list[Any], more: Iterable[Any]) -> DocumentNode:
    return DocumentNode(definitions=(*kept, *more))


def _has_key(node: ObjectTypeDefinitionNode) -> bool:
    return any(one.name.value == "key" for one in node.directives or ())


def _overridden(name: str, neighbours: Iterable[str]) -> Iterator[Coordinate]:
    for sdl in neighbours:
        for node in parse(sdl, no_location=True).definitions:
            if not isinstance(node, ObjectTypeDefinitionNode):
                continue
            for field in node.fields or ():
                for one in field.directives or ():
                    if one.name.value == "override" and argument(one, "from") == name and argument(one, "label") is None:
                        yield node.name.value, field.name.value


def _provided(store: Store, source: Handle, name: str) -> FieldNode | None:
    """The field as it is provided from above: all mentions of it in one."""
    if source.provided is None:
        return None
    found = list(_provided_in(store, source.provided, source.ref.type, name))
    if not found:
        return None
    inner = tuple(one for node in found if node.selection_set is not None for one in node.selection_set.selections)
    return FieldNode(name=found[0].name, selection_set=SelectionSetNode(selections=inner) if inner else None)


def _provided_in(store: Store, wanted: SelectionSetNode, type_name: str, name: str) -> Iterator[FieldNode]:
    for one in wanted.selections:
        if isinstance(one, FieldNode) and one.name.value == name:
            yield one
        elif isinstance(one, InlineFragmentNode) and store.is_a(type_name, _condition(one)):
            yield from _provided_in(store, one.selection_set, type_name, name)


def _joined(first: SelectionSetNode | None, second: SelectionSetNode | None) -> SelectionSetNode | None:
    """What is provided from above and by the field itself."""
    if first is None or second is None:
        return first or second
    return SelectionSetNode(selections=(*first.selections, *second.selections))


def _condition(node: InlineFragmentNode) -> str:
    assert node.type_condition is not None
    return node.type_condition.name.value


def _handles(value: object, shown: str | None, provided: SelectionSetNode | None) -> Any:
    if isinstance(value, list | tuple):
        return [_handles(item, shown, provided) for item in value]
    if isinstance(value, Ref):
        return Handle(value, shown or value.type, None, provided)
    return value


def _stale(value: object) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 7
        case str() if not value.isupper():
            return f"stale {value}"
        case list() | tuple():
            return [_stale(item) for item in value]
        case _:
            return _handles(value, None, None)
