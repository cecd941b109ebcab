"""The merged supergraph → SDL text: schema, directive definitions, then all types by name.

The order of everything is fixed, so that the same subgraphs always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import print_ast

from gateway.composition.merge.contexts import context_name
from gateway.composition.merged import (
    Merged,
    MergedComposite,
    MergedDirective,
    MergedEnum,
    MergedField,
    MergedInput,
    MergedInputObject,
    MergedScalar,
    MergedType,
    MergedUnion,
)
from gateway.composition.printing.applied import description, join_field, join_type, marks, text
from gateway.composition.printing.features import CostNames, all_marks, cost_names, features
from gateway.schema.subgraph import Kind, Marks

_ROOTS = (("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription"))


@dataclass(frozen=True, slots=True)
class _Printer:
    """What every part of the text needs to know: above all the names of the cost directives."""

    merged: Merged
    names: CostNames

    def marks(self, given: Marks) -> Iterator[str]:
        return marks(given, self.names)

    def inline(self, *groups: Iterable[str]) -> str:
        """Directives behind an element, with a space before each."""
        return "".join(f" {one}" for group in groups for one in group)

    def head(self, keyword: str, name: str, given: Marks, directives: Iterable[str]) -> str:
        lines = "".join(f"\n  {one}" for one in (*directives, *self.marks(given)))
        return f"{description(given.description)}{keyword} {name}{lines}"


def print_supergraph(merged: Merged) -> str:
    """The text of the supergraph, ending in a newline."""
    printer = _Printer(merged, cost_names(merged))
    linked = features(merged)
    links = [feature.link for feature in linked] + [_link(one.url, one.imports) for one in merged.links]
    parts = [_schema(merged, links)]
    parts += [_directive(printer, one) for _, one in sorted(merged.directives.items())]
    if "oneOf" not in merged.directives and any(one.one_of for one in all_marks(merged)):
        parts.append("directive @oneOf on INPUT_OBJECT")  # readers older than September 2025 do not know it
    parts += [feature.definitions for feature in linked]
    parts.append(_graphs(merged))
    parts += [_type(printer, one) for _, one in sorted(merged.types.items())]
    return "\n\n".join(parts) + "\n"


def _schema(merged: Merged, links: list[str]) -> str:
    roots = [f"  {operation}: {name}" for operation, name in _ROOTS if name in merged.types]
    return "\n".join(["schema", *(f"  {link}" for link in links), "{", *roots, "}"])


def _link(url: str, imports: tuple[tuple[str, str], ...]) -> str:
    entries = (text(name) if name == alias else f"{{name: {text(name)}, as: {text(alias)}}}" for name, alias in imports)
    return f"@link(url: {text(url)}, import: [{', '.join(entries)}])"


def _graphs(merged: Merged) -> str:
    values = (
        f"  {graph.id} @join__graph(name: {text(graph.name)}, url: {text(graph.subgraph.url or '')})"
        for graph in merged.gathered.graphs.values()
    )
    return "\n".join(["enum join__Graph {", *values, "}"])


def _directive(printer: _Printer, one: MergedDirective) -> str:
    repeatable = " repeatable" if one.repeatable else ""
    arguments = _arguments(printer, one.arguments, "")
    return f"directive @{one.name}{arguments}{repeatable} on {' | '.join(one.locations)}"


def _type(printer: _Printer, one: MergedType) -> str:
    match one:
        case MergedComposite():
            return _composite(printer, one)
        case MergedUnion():
            return _union(printer, one)
        case MergedEnum():
            return _enum(printer, one)
        case MergedInputObject():
            head = printer.head("input", one.name, one.marks, _plain_joins(one.sources))
            return _block(head, (_input(printer, field, "  ") for field in one.fields.values()))
        case MergedScalar():
            return printer.head("scalar", one.name, one.marks, _plain_joins(one.sources))


def _plain_joins(sources: Mapping[str, object]) -> Iterator[str]:
    return (f"@join__type(graph: {graph})" for graph in sources)


def _contexts(printer: _Printer, one: MergedComposite | MergedUnion) -> Iterator[str]:
    for graph, source in one.sources.items():
        subgraph = printer.merged.gathered.graphs[graph].subgraph
        yield from (f"@context(name: {text(context_name(subgraph, name))})" for name in source.contexts)


def _composite(printer: _Printer, one: MergedComposite) -> str:
    keyword = "interface" if one.kind is Kind.INTERFACE else "type"
    implements = f" implements {' & '.join(one.interfaces)}" if one.interfaces else ""
    directives = [join_type(join) for join in one.joins]
    directives += [
        f"@join__implements(graph: {graph}, interface: {text(interface)})"
        for graph, source in one.sources.items()
        for interface in source.interfaces
    ]
    head = printer.head(keyword, one.name + implements, one.marks, [*directives, *_contexts(printer, one)])
    return _block(head, (_field(printer, field) for field in one.fields.values()))


def _union(printer: _Printer, one: MergedUnion) -> str:
    directives = [*_plain_joins(one.sources)]
    directives += [
        f"@join__unionMember(graph: {graph}, member: {text(member)})"
        for graph, source in one.sources.items()
        for member in source.members
    ]
    head = printer.head("union", one.name, one.marks, [*directives, *_contexts(printer, one)])
    return f"{head}\n = {' | '.join(one.members)}"


def _enum(printer: _Printer, one: MergedEnum) -> str:
    head = printer.head("enum", one.name, one.marks, _plain_joins(one.sources))
    values = (
        description(value.marks.description, "  ")
        + f"  {value.name}"
        + printer.inline((f"@join__enumValue(graph: {graph})" for graph in value.sources), printer.marks(value.marks))
        for value in one.values.values()
    )
    return _block(head, values)


def _block(head: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{head}\n{{" if "\n" in head else f"{head} {{", *lines, "}"])


def _field(printer: _Printer, one: MergedField) -> str:
    joins = (join_field(join) for join in one.joins)
    return (
        description(one.marks.description, "  ")
        + f"  {one.name}{_arguments(printer, one.arguments, '  ')}: {one.type}"
        + printer.inline(joins, printer.marks(one.marks))
    )


def _arguments(printer: _Printer, arguments: Mapping[str, MergedInput], indent: str) -> str:
    if not arguments:
        return ""
    if any(one.marks.description for one in arguments.values()):
        lines = "\n".join(_input(printer, one, f"{indent}  ") for one in arguments.values())
        return f"(\n{lines}\n{indent})"
    return f"({', '.join(_input(printer, one, '') for one in arguments.values())})"


def _input(printer: _Printer, one: MergedInput, indent: str) -> str:
    default = f" = {print_ast(one.default)}" if one.default is not None else ""
    joins = (join_field(join) for join in one.joins)
    return (
        description(one.marks.description, indent)
        + f"{indent}{one.name}: {one.type}{default}"
        + printer.inline(joins, printer.marks(one.marks))
    )
