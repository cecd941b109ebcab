"""A draft as text: one SDL per subgraph, and the whole schema that they are parts of."""

from __future__ import annotations

import json
import re

from tests.oracle.draft import Abstract, Draft, Field, Object

_IMPORTS = ("@key", "@external", "@requires", "@provides", "@shareable", "@override", "@interfaceObject", "@inaccessible")
_INPUT = 'input N {{ x: Int, s: String = "n", e: E, l: [Int!], n: N{} }}'


def subgraph_sdl(draft: Draft, graph: str) -> str:
    """What one subgraph declares."""
    body = _body(draft, graph)
    return f"{body}\n{_shared(draft, body, [graph])}"


def _body(draft: Draft, graph: str) -> str:
    sets_context = any(graph in one.contexts for one in draft.objects.values())
    imports = ", ".join(f'"{one}"' for one in (*_IMPORTS, *(("@context", "@fromContext") if sets_context else ())))
    parts = [f'extend schema @link(url: "https://specs.apollo.dev/federation/v{draft.version}", import: [{imports}])']
    parts += [_object(draft, one, graph) for one in draft.objects.values() if one.is_at(graph)]
    parts += [_abstract(draft, one, graph) for one in draft.abstracts.values()]
    return "\n".join(part for part in parts if part)


def whole_sdl(draft: Draft) -> str:
    """The whole schema."""
    parts = []
    for one in draft.objects.values():
        fields = [f"  {_signature(inner, inner.type)}{_hidden(inner)}" for inner in one.fields.values() if inner.resolvers()]
        if fields and any(one.is_at(graph) for graph in draft.graphs):
            parts.append(_block(f"type {one.name}{_implements(draft, one, draft.graphs)}", fields))
    for abstract in draft.abstracts.values():
        graphs = [graph for graph in draft.graphs if _declares(draft, abstract, graph)]
        if abstract.is_union and graphs:
            members = [one for one in abstract.members if any(one in draft.known(abstract, graph) for graph in graphs)]
            parts.append(f"union {abstract.name} = {' | '.join(members)}")
        elif graphs:
            names = {one.name for graph in graphs for one in draft.interface_fields(abstract, graph)}
            names |= {one.name for one in abstract.fields.values() if one.homes}
            fields = [f"  {_signature(one, one.type)}{_hidden(one)}" for one in abstract.fields.values() if one.name in names]
            parts.append(_block(f"interface {abstract.name}", fields))
    body = "\n".join(parts)
    return f"{body}\n{_shared(draft, body, draft.graphs)}"


def _declares(draft: Draft, abstract: Abstract, graph: str) -> bool:
    return graph in abstract.hubs or graph in abstract.known


def _shared(draft: Draft, body: str, graphs: list[str]) -> str:
    """Enums, the scalar and the input type, where they are used. The whole schema has the input fields that all know."""
    parts = []
    if _takes_input(body):
        declaring = graphs if len(graphs) == 1 else [graph for graph in graphs if _takes_input(_body(draft, graph))]
        extra = draft.input_fields.get(declaring[0], "") if len(declaring) == 1 else ""
        parts.append(_INPUT.format(f", {extra}" if extra else ""))
        body += _INPUT
    if "Json" in body:
        parts.append("scalar Json")
    for name, values in draft.enum_values.items():
        if re.search(rf"[\[ ]{name}\b", body):
            known = {value for graph in graphs for value in draft.values_at(name, graph) if _uses(draft, name, graph)}
            parts.append(f"enum {name} {{ {' '.join(value for value in values if value in known)} }}")
    return "\n".join(parts)


def _takes_input(body: str) -> bool:
    return ": N" in body or "[N" in body


def _uses(draft: Draft, enum: str, graph: str) -> bool:
    """True when the subgraph declares the enum: a field of that type, or (E) an input field."""
    return enum == "E" or any(
        inner.target == enum and ((graph in inner.homes) or graph in inner.mentions)
        for kind in draft.composites()
        for inner in kind.fields.values()
    )


def _block(head: str, fields: list[str]) -> str:
    return "\n".join([f"{head} {{", *fields, "}"])


def _signature(one: Field, kind: str, extra: str = "") -> str:
    arguments = [*one.arguments, extra] if extra else one.arguments
    return f"{one.name}{'(' + ', '.join(arguments) + ')' if arguments else ''}: {kind}"


def _hidden(one: Field) -> str:
    return " @inaccessible" if one.inaccessible else ""


def _implements(draft: Draft, one: Object, graphs: list[str]) -> str:
    names = [
        abstract.name
        for abstract in draft.abstracts.values()
        if not abstract.is_union
        and any(
            _declares(draft, abstract, graph) and one.name in draft.known(abstract, graph) and one.is_at(graph)
            for graph in graphs
        )
    ]
    return f" implements {' & '.join(names)}" if names else ""


def _object(draft: Draft, one: Object, graph: str) -> str:
    here = [key for key in one.keys if graph in key.homes]
    in_keys = {name for key in here for owner, name in key.path if owner == one.name}
    keys = "".join(_key(key.text, key.homes[graph]) for key in here)
    if graph in one.contexts:
        keys += f' @context(name: "{one.contexts[graph]}")'
    fields = [_field(inner, graph, in_keys) for inner in one.fields.values()]
    return _block(f"type {one.name}{_implements(draft, one, [graph])}{keys}", [line for line in fields if line])


def _key(text: str, resolvable: bool) -> str:
    return f' @key(fields: "{text}"{"" if resolvable else ", resolvable: false"})'


def _field(one: Field, graph: str, in_keys: set[str]) -> str:
    home = one.homes.get(graph)
    if home is None or home.via:
        return f"  {_signature(one, one.type)} @external" if graph in one.mentions else ""
    return _resolved(one, graph, in_keys)


def _resolved(one: Field, graph: str, in_keys: set[str]) -> str:
    home = one.homes[graph]
    marks = ""
    if len(one.resolvers()) > 1 and not home.stale and one.name not in in_keys:
        marks += " @shareable"
    if home.requires:
        marks += f" @requires(fields: {json.dumps(home.requires)})"
    if home.provides:
        marks += f' @provides(fields: "{home.provides}")'
    if home.override:
        label = f', label: "{home.label}"' if home.label else ""
        marks += f' @override(from: "{home.override}"{label})'
    return f"  {_signature(one, home.type or one.type, home.extra_argument)}{marks}{_hidden(one)}"


def _abstract(draft: Draft, one: Abstract, graph: str) -> str:
    if graph in one.opaque:
        fields = [_resolved(inner, graph, set()) for inner in one.fields.values() if graph in inner.homes]
        mentioned = [f"  {_signature(inner, inner.type)} @external" for inner in one.fields.values() if graph in inner.mentions]
        return _block(f'type {one.name} @key(fields: "id") @interfaceObject', ["  id: ID!", *fields, *mentioned])
    if not _declares(draft, one, graph):
        return ""
    if one.is_union:
        return f"union {one.name} = {' | '.join(draft.known(one, graph))}"
    key = ' @key(fields: "id")' if graph in one.hubs else ""
    fields = [f"  {_signature(inner, inner.type)}{_hidden(inner)}" for inner in draft.interface_fields(one, graph)]
    return _block(f"interface {one.name}{key}", fields)
