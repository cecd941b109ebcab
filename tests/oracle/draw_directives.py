"""Draws what moves data between subgraphs: @requires, @provides, @override, @inaccessible, mutations, re-entry.

In: a settled draft. Out: the same draft, changed. A field set names external fields (or what lies below them) only; when what
another one declares makes a field set invalid, its directive is dropped again.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from tests.oracle.draft import Abstract, Draft, Field, Home, Object
from tests.oracle.draw_field_set import FieldSetDrawing
from tests.oracle.draw_types import draw_arguments, draw_leaf
from tests.oracle.values import field_set


def draw_directives(draft: Draft) -> None:
    """Everything of this module."""
    random = draft.random
    _draw_mutations(draft)
    _draw_reentry(draft)
    for _ in range(random.choice((0, 0, 1, 2))):
        _draw_override(draft)
    for _ in range(random.choice((0, 1, 2, 3, 4))):
        _draw_requires(draft)
    for _ in range(random.choice((0, 0, 1))):
        _draw_opaque_requires(draft)
    for _ in range(random.choice((0, 1, 2, 3))):
        _draw_provides(draft)
    _tidy(draft)
    _draw_inaccessible(draft)


def _entities(draft: Draft) -> list[Object]:
    return [one for one in draft.objects.values() if one.is_entity]


def _draw_requires(draft: Draft) -> None:
    random = draft.random
    one = random.choice(_entities(draft))
    graphs = [graph for graph in one.members_at if any(key.homes.get(graph) for key in one.keys)]
    if not graphs:
        return
    graph = random.choice(graphs)
    text = FieldSetDrawing(draft, graph).on(one.name, 0, below_external=False)
    if not text:
        return
    plain = [inner for inner in one.fields.values() if _may_be_computed(draft, one, inner, graph)]
    if plain and random.random() < 0.25:
        inner = random.choice(plain)
        if _depends_on(draft, one, text, inner):
            return
    else:
        inner = Field(f"r{sum(name.startswith('r') for name in one.fields)}", draw_leaf(random), draw_arguments(random))
        if random.random() < 0.2:
            targets = [name for name in draft.objects if draft.objects[name].kind != "root" and draft.allows(name, graph)]
            if targets:
                inner.type = random.choice(("{}", "[{}]", "[{}!]!")).format(random.choice(targets))
        one.fields[inner.name] = inner
        inner.homes[graph] = Home()
    inner.homes[graph].requires = text
    _tidy(draft)


def _may_be_computed(draft: Draft, one: Object, inner: Field, graph: str) -> bool:
    if inner.unique or inner.name in ("id", "seq") or list(inner.homes) != [graph] or inner.homes[graph].via:
        return False
    return not inner.homes[graph].requires


def _depends_on(draft: Draft, one: Object, text: str, wanted: Field) -> bool:
    """True when the field set needs the field, directly or by what its fields require."""
    seen: set[tuple[str, str]] = set()

    def visit(type_name: str, text: str) -> bool:
        for owner, inner, _ in _named(draft, field_set(text), type_name):
            for member in [owner] if owner in draft.objects else draft.possible(owner):
                field = draft.objects[member].fields[inner]
                if field is wanted:
                    return True
                if (member, inner) not in seen:
                    seen.add((member, inner))
                    if any(home.requires and visit(member, home.requires) for home in field.homes.values()):
                        return True
        return False

    return visit(one.name, text)


def _draw_opaque_requires(draft: Draft) -> None:
    random = draft.random
    for interface in draft.abstracts.values():
        if not interface.opaque:
            continue
        graph = random.choice(sorted(interface.opaque))
        shown = {one.name for hub in interface.hubs for one in draft.interface_fields(interface, hub)}
        shown |= {one.name for one in interface.fields.values() if one.homes}
        usable = [
            one
            for one in interface.fields.values()
            if one.name in shown and one.name != "id" and one.is_leaf and graph not in one.homes and not one.arguments
        ]
        if usable:
            name = f"{interface.name.lower()}r"
            wanted = random.sample(usable, random.randint(1, min(2, len(usable))))
            home = Home(via=interface.name, requires=" ".join(one.name for one in wanted))
            interface.fields[name] = Field(name, draw_leaf(random), (), {graph: home})
            for member in interface.members:
                kind = interface.fields[name].type
                draft.objects[member].fields[name] = Field(name, kind, (), dict(interface.fields[name].homes))
            _tidy(draft)


def _draw_provides(draft: Draft) -> None:
    random = draft.random
    places = [
        (one, inner, graph)
        for one in draft.objects.values()
        if one.kind != "value"
        for inner in one.fields.values()
        if not inner.is_leaf and not inner.unique and inner.target != "Query"
        for graph in inner.resolvers()
        if not inner.homes[graph].via and not inner.homes[graph].provides
    ]
    if not places:
        return
    _, inner, graph = random.choice(places)
    if inner.target in draft.abstracts and graph in draft.abstracts[inner.target].opaque:
        return
    text = FieldSetDrawing(draft, graph, for_provides=True).on(inner.target, 1, below_external=False)
    if text:
        inner.homes[graph].provides = text
        _tidy(draft)


def _draw_override(draft: Draft) -> None:
    random = draft.random
    places = [
        (one, inner)
        for one in draft.objects.values()
        if one.kind != "value"
        for inner in one.fields.values()
        if not inner.unique and inner.name != "id" and len(inner.homes) == 1 and not next(iter(inner.homes.values())).via
    ]
    if not places:
        return
    one, inner = random.choice(places)
    graph = next(iter(inner.homes))
    others = [
        other
        for other in (draft.graphs if one.kind == "root" else one.members_at)
        if other != graph and draft.allows(inner.target, other)
    ]
    if not others:
        return
    other = random.choice(others)
    inner.homes[other] = Home(stale=True)
    inner.homes[graph].override = other
    if draft.version in ("2.7", "2.9", "2.11") and random.random() < 0.5:
        inner.homes[graph].label = random.choice(("percent(50)", "percent(20)", "blue"))
        inner.progressive = True
    _tidy(draft)


def _draw_mutations(draft: Draft) -> None:
    random = draft.random
    if random.random() < 0.6:
        return
    mutation = draft.objects["Mutation"] = Object("Mutation", "root")
    one = random.choice(_entities(draft))
    one.fields["seq"] = Field("seq", "Int!", (), {random.choice(one.members_at): Home()})
    for number in range(random.randint(1, 4)):
        graph = random.choice(draft.graphs)
        targets = [one for one in (*draft.objects, *draft.abstracts) if one != "Mutation" and draft.allows(one, graph)]
        kind = random.choice((draw_leaf(random), f"{random.choice(targets)}", f"[{random.choice(targets)}!]"))
        inner = Field(f"m{number}", kind, draw_arguments(random, 0.6), {graph: Home()})
        mutation.fields[inner.name] = inner
    draft.settle()


def _draw_reentry(draft: Draft) -> None:
    random = draft.random
    if random.random() < 0.15:
        one = random.choice(_entities(draft))
        one.fields["again"] = Field("again", random.choice(("Query", "Query!")), (), {random.choice(one.members_at): Home()})


def _draw_inaccessible(draft: Draft) -> None:
    random = draft.random
    if random.random() < 0.3:
        shown = {name for abstract in draft.abstracts.values() for name in abstract.fields}
        for one in _entities(draft):
            for inner in one.fields.values():
                if inner.name not in shown and inner.name != "id" and random.random() < 0.2:
                    inner.inaccessible = True


def _tidy(draft: Draft) -> None:
    """Drop directives whose field sets have become invalid, and mention exactly what the others name."""
    changed = True
    while changed:
        changed = False
        _mention(draft)
        draft.settle()
        for owner, inner, graph in list(_uses(draft)):
            home = inner.homes[graph]
            for attribute, root in (("requires", owner), ("provides", inner.target)):
                text = getattr(home, attribute)
                if text and not _is_valid(draft, graph, root, text):
                    setattr(home, attribute, "")
                    changed = True
        if changed:
            for kind in draft.composites():
                for one in kind.fields.values():
                    one.mentions.clear()


def _uses(draft: Draft) -> Iterator[tuple[str, Field, str]]:
    for abstract in draft.abstracts.values():
        for inner in abstract.fields.values():
            yield from ((abstract.name, inner, graph) for graph in inner.homes)
    for one in draft.objects.values():
        for inner in one.fields.values():
            yield from ((one.name, inner, graph) for graph, home in inner.homes.items() if not home.via)


def _mention(draft: Draft) -> None:
    for owner, inner, graph in _uses(draft):
        home = inner.homes[graph]
        for text, root in ((home.requires, owner), (home.provides, inner.target)):
            if text:
                for type_name, name, _ in _named(draft, field_set(text), root):
                    _mention_one(draft, graph, type_name, name)


def _mention_one(draft: Draft, graph: str, type_name: str, name: str) -> None:
    abstract = draft.abstracts.get(type_name)
    if abstract is not None:
        if name != "id" or graph not in abstract.opaque:
            abstract.fields[name].mentions.add(graph)
        owners = [] if graph in abstract.opaque else draft.known(abstract, graph)
    else:
        owners = [type_name]
    for one in owners:
        inner = draft.objects[one].fields[name]
        if not inner.resolves(graph) and draft.objects[one].kind != "value":
            inner.mentions.add(graph)


def _named(draft: Draft, wanted: SelectionSetNode, type_name: str) -> Iterator[tuple[str, str, FieldNode]]:
    """(type, field, node) of everything that a field set names."""
    for one in wanted.selections:
        if isinstance(one, InlineFragmentNode):
            assert one.type_condition is not None
            yield from _named(draft, one.selection_set, one.type_condition.name.value)
        elif isinstance(one, FieldNode):
            yield type_name, one.name.value, one
            if one.selection_set is not None:
                kind = draft.abstracts.get(type_name) or draft.objects[type_name]
                yield from _named(draft, one.selection_set, kind.fields[one.name.value].target)


def _is_valid(draft: Draft, graph: str, type_name: str, text: str) -> bool:
    return _all_external(draft, graph, type_name, field_set(text))


def _all_external(draft: Draft, graph: str, type_name: str, wanted: SelectionSetNode) -> bool:
    """True when every leaf is external there, or below an external field."""
    for one in wanted.selections:
        if isinstance(one, InlineFragmentNode):
            assert one.type_condition is not None
            if not _all_external(draft, graph, one.type_condition.name.value, one.selection_set):
                return False
        elif isinstance(one, FieldNode):
            kind = draft.abstracts.get(type_name) or draft.objects[type_name]
            inner = kind.fields[one.name.value]
            if isinstance(kind, Abstract):
                owners = [] if graph in kind.opaque else draft.known(kind, graph)
                fields = [draft.objects[owner].fields[inner.name] for owner in owners]
                external = not fields or all(not field.resolves(graph) for field in fields)
            else:
                external = not inner.resolves(graph)
            if not external and (one.selection_set is None or not _all_external(draft, graph, inner.target, one.selection_set)):
                return False
    return True
