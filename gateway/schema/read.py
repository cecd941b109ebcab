"""Stage 1 of the gateway: the SDL text of one subgraph → `Subgraph`.

The way: parse → links → names → without machinery → types → usage of field sets → rules. Never raises for a faulty schema:
what is wrong is in `Subgraph.problems`, so that composition can report all subgraphs at once. A fault in the syntax or the
links ends the reading, since everything after would only be noise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import DocumentNode, GraphQLError, StringValueNode, parse

from gateway.schema.empty_extensions import without_empty_extensions
from gateway.schema.field_sets import parse_field_set, split_context
from gateway.schema.links import FEDERATION, Link, read_links
from gateway.schema.machinery import with_usual_roots, without_machinery
from gateway.schema.marks import read_marks
from gateway.schema.names import Names, read_names
from gateway.schema.problems import Problem
from gateway.schema.rules import LINK_RULES, RULES
from gateway.schema.selections import coordinates
from gateway.schema.specification import is_known_federation
from gateway.schema.subgraph import CompositeType, InputValue, Marks, Subgraph, Type, UnionType, Usage, named_type
from gateway.schema.types import read_directives, read_types, schema_directives
from gateway.schema.upgrade import upgrade
from gateway.schema.versions import FEDERATION_1, Version


def read_subgraph(name: str, sdl: str, url: str | None = None) -> Subgraph:
    """Read and check one subgraph.

    `name` is the subgraph's name in errors and plans, `url` where it is served. A subgraph without a @link to the federation
    specification is federation 1 and is upgraded implicitly.
    """
    try:
        document = _parsed(sdl)
    except GraphQLError as error:
        line, column = (error.locations[0].line, error.locations[0].column) if error.locations else (0, 0)
        return _broken(name, url, (), (Problem("INVALID_GRAPHQL", error.message, line, column),))
    links, problems = read_links(node for node in schema_directives(document) if node.name.value == "link")
    problems += tuple(found for rule in LINK_RULES for link in links for found in rule(link))
    if problems:
        return _broken(name, url, links, problems)
    names = read_names(federation_version(links), links)
    marks = read_marks(schema_directives(document), None, names)
    names = replace(names, composed=frozenset(composed_directives(marks)))
    written = without_machinery(document)
    cleaned = with_usual_roots(written)
    types = read_types(cleaned, names)
    if names.version == FEDERATION_1:
        types = upgrade(types)
    subgraph = Subgraph(
        name=name,
        url=url,
        version=names.version,
        links=links,
        names=names,
        types=types,
        directives=read_directives(cleaned, names),
        composed=marks.all("composeDirective"),
        schema_marks=marks,
        usage=read_usage(types),
        document=cleaned,
    )
    subgraph = replace(subgraph, types=_with_key_fields_shareable(subgraph))
    return replace(subgraph, problems=_problems(subgraph, written))


def _parsed(sdl: str) -> DocumentNode:
    try:
        return parse(sdl)
    except GraphQLError:
        text = without_empty_extensions(sdl)
        if text == sdl:
            raise
        return parse(text)


def federation_version(links: tuple[Link, ...]) -> Version:
    """The linked federation version; 1.0 when none is linked."""
    return next((link.version for link in links if link.identity == FEDERATION and link.version), FEDERATION_1)


def composed_directives(marks: Marks) -> Iterator[str]:
    """The names, without `@`, that the schema's @composeDirective applications ask for."""
    for one in marks.all("composeDirective"):
        name = one.value("name")
        if isinstance(name, StringValueNode):
            yield name.value.removeprefix("@")


def _problems(subgraph: Subgraph, document: DocumentNode) -> tuple[Problem, ...]:
    found = (found for rule in RULES for found in rule(replace(subgraph, document=document)))
    return tuple(dict.fromkeys(found))


def _broken(name: str, url: str | None, links: tuple[Link, ...], problems: tuple[Problem, ...]) -> Subgraph:
    version = federation_version(links)
    known = version if version == FEDERATION_1 or is_known_federation(version) else FEDERATION_1
    names = Names(known, {}, {})
    return Subgraph(name, url, known, links, names, {}, {}, (), Marks(), Usage(), DocumentNode(definitions=()), problems)


def read_usage(types: dict[str, Type]) -> Usage:
    """Which fields the field sets of these types name."""
    keys: set[str] = set()
    requires: set[str] = set()
    provides: set[str] = set()
    contexts: set[str] = set()
    for owner in types.values():
        if not isinstance(owner, CompositeType):
            continue
        for key in owner.keys:
            keys.update(coordinates(types, owner.name, key.fields.selections))
        for field in owner.fields.values():
            if field.requires:
                requires.update(coordinates(types, owner.name, field.requires.selections))
            if field.provides:
                provides.update(coordinates(types, named_type(field.type), field.provides.selections))
            for argument in field.arguments.values():
                contexts.update(_supplied(types, argument))
    return Usage(frozenset(keys), frozenset(requires), frozenset(provides), frozenset(contexts))


def _supplied(types: dict[str, Type], argument: InputValue) -> Iterator[str]:
    """What an argument's @fromContext selects on the types that set the context; rules tell what is wrong with it."""
    parts = split_context(argument.context or "")
    if parts is None:
        return
    try:
        selections = parse_field_set(parts[1]).selections
    except GraphQLError:
        return
    for holder in types.values():
        if isinstance(holder, CompositeType | UnionType) and parts[0] in holder.contexts:
            yield from coordinates(types, holder.name, selections)


def _with_key_fields_shareable(subgraph: Subgraph) -> dict[str, Type]:
    """Key fields are shareable by themselves: every subgraph that looks an entity up has them."""
    found: dict[str, Type] = dict(subgraph.types)
    for owner in subgraph.composites():
        if owner.is_interface:
            continue
        keyed = {
            name: replace(field, shareable=True)
            for name, field in owner.fields.items()
            if f"{owner.name}.{name}" in subgraph.usage.keys and not field.shareable
        }
        if keyed:
            found[owner.name] = replace(owner, fields={**owner.fields, **keyed})
    return found
