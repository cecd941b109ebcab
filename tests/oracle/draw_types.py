"""Draws the types of a world: entities with their keys and the subgraphs they live in, value types, interfaces, unions, and
their fields.

In: a source of randomness. Out: a `Draft` with homes for every field, before directives that move data between subgraphs.
"""

from __future__ import annotations

from random import Random

from tests.oracle.draft import Abstract, Draft, Field, Home, Key, Object

FIELD_NAMES = ("f", "g", "h", "p", "q")
_LEAF_WEIGHTS = {"String": 8, "Int": 4, "Boolean": 2, "Float": 1, "ID": 1, "E": 2, "F": 1, "Json": 1}
_WRAPS = {"{}": 8, "{}!": 4, "[{}]": 3, "[{}!]!": 3, "[{}!]": 1, "[[{}]]": 1, "[[{}!]!]!": 1}
_ARGUMENTS = (
    ("x: Int",),
    ("x: Int = 3",),
    ("s: String!",),
    ("x: Int", 's: String = "d"'),
    ("l: [Int!]",),
    ("n: N",),
    ("e: E = E1",),
    ("n: [N!]!",),
)


def draw_types(random: Random) -> Draft:
    """A draft with types and fields."""
    graphs = [f"s{number}" for number in range(random.choice((2, 2, 3, 3, 3, 4, 5)))]
    draft = Draft(random, graphs)
    draft.version = random.choice(("2.3", "2.5", "2.7", "2.9", "2.11"))
    draft.enum_values = {"E": ("E0", "E1", "E2"), "F": ("F0", "F1", "F2")}
    for name in "ABCD"[: random.randint(2, 4)]:
        draft.objects[name] = Object(name, "entity", {"id": Field("id", "ID!", unique=True)})
    for name in "VW"[: random.randint(0, 2)]:
        draft.objects[name] = Object(name, "value", {"id": Field("id", "ID!", unique=True)})
    _draw_abstracts(draft)
    _draw_interface_fields(draft)
    entities = [one for one in draft.objects.values() if one.is_entity]
    for one in draft.objects.values():
        if not one.is_entity:
            _draw_fields(draft, one)
    for one in entities:
        _place(draft, one)
    for one in entities:
        _draw_keys(draft, one)
    for one in entities:
        _draw_fields(draft, one)
    _draw_opaque_fields(draft)
    _draw_roots(draft)
    draft.settle()
    return draft


def draw_arguments(random: Random, likely: float = 0.2) -> tuple[str, ...]:
    """Argument definitions, mostly none."""
    return random.choice(_ARGUMENTS) if random.random() < likely else ()


def draw_leaf(random: Random) -> str:
    """A leaf type with lists and non-nulls."""
    return _wrap(random, random.choices(list(_LEAF_WEIGHTS), list(_LEAF_WEIGHTS.values()))[0])


def _wrap(random: Random, name: str) -> str:
    return random.choices(list(_WRAPS), list(_WRAPS.values()))[0].format(name)


def _draw_abstracts(draft: Draft) -> None:
    random = draft.random
    names = list(draft.objects)
    for name in "IJ"[: random.choice((0, 1, 1, 2))]:
        entities_only = random.random() < 0.5
        usable = [one for one in names if draft.objects[one].is_entity or not entities_only]
        members = random.sample(usable, random.randint(2, len(usable)))
        interface = Abstract(name, False, members, {"id": Field("id", "ID!")})
        draft.abstracts[name] = interface
        entities = all(draft.objects[one].is_entity for one in members)
        if entities and len(draft.graphs) > 1 and random.random() < 0.7:
            interface.hubs = {random.choice(draft.graphs)}
            others = [one for one in draft.graphs if one not in interface.hubs]
            if random.random() < 0.7:
                interface.opaque = set(random.sample(others, random.randint(1, min(2, len(others)))))
            for graph in interface.opaque:
                draft.forbidden.update((one, graph) for one in members)
    _allow_hubs(draft)
    for name in "UT"[: random.choice((0, 1, 1, 2))]:
        draft.abstracts[name] = Abstract(name, True, random.sample(names, random.randint(1, min(3, len(names)))))


def _allow_hubs(draft: Draft) -> None:
    """A hub holds all implementations, so none of them may be opaque there; give up the second interface if one is."""
    for interface in list(draft.abstracts.values()):
        if any((one, hub) in draft.forbidden for one in interface.members for hub in interface.hubs):
            for other in draft.abstracts.values():
                other.opaque, other.hubs = set(), set()
            draft.forbidden.clear()
    for one in draft.objects:
        if all((one, graph) in draft.forbidden for graph in draft.graphs):
            draft.forbidden.clear()
            for other in draft.abstracts.values():
                other.opaque = set()


def _place(draft: Draft, one: Object) -> None:
    allowed = [graph for graph in draft.graphs if (one.name, graph) not in draft.forbidden]
    one.members_at = draft.random.sample(allowed, draft.random.randint(1, len(allowed)))
    for interface in draft.abstracts.values():
        if one.name in interface.members:
            one.members_at += [hub for hub in interface.hubs if hub not in one.members_at]


def _draw_keys(draft: Draft, one: Object) -> None:
    random = draft.random
    by_id = Key("id", ((one.name, "id"),))
    one.keys = [by_id]
    hubs = {hub for interface in draft.abstracts.values() if one.name in interface.members for hub in interface.hubs}
    if random.random() < 0.5:
        one.keys.append(_another_key(draft, one))
        if not hubs and random.random() < 0.3:
            one.keys.reverse()
    reached: list[str] = []
    for graph in sorted(one.members_at, key=lambda graph: graph not in hubs):
        joined = [key for key in one.keys if any(key.homes.get(other) for other in reached)] or one.keys[:1]
        key = by_id if graph in hubs else random.choice(joined)
        draft.add_key(key, graph, resolvable=True)
        reached.append(graph)
        for other in one.keys:
            if other is not key and random.random() < 0.4 and _can_have(draft, other, graph):
                draft.add_key(other, graph, resolvable=random.random() < 0.8)
    one.keys = [key for key in one.keys if key.homes]


def _can_have(draft: Draft, key: Key, graph: str) -> bool:
    return all(draft.allows(draft.objects[owner].fields[name].target, graph) for owner, name in key.path)


def _another_key(draft: Draft, one: Object) -> Key:
    random = draft.random
    others = [other for other in draft.objects.values() if other is not one]
    kind = random.choice(("code", "pair", "nested", "nested"))
    if kind == "nested" and others:
        other = random.choice(others)
        if all(draft.allows(other.name, graph) for graph in draft.graphs):
            wrap, leaf = random.choice(("{}!", "{}!", "[{}!]!")), "id"
            one.fields["o"] = Field("o", wrap.format(other.name), unique=True)
            path: tuple[tuple[str, str], ...] = ((one.name, "o"), (other.name, leaf))
            if random.random() < 0.3:
                one.fields["n"] = Field("n", "Int!", unique=True)
                return Key(f"n o {{ {leaf} }}", ((one.name, "n"), *path))
            return Key(f"o {{ {leaf} }}", path)
    one.fields["code"] = Field("code", "String!", unique=True)
    if kind == "pair":
        one.fields["n"] = Field("n", "Int!", unique=True)
        return Key("code n", ((one.name, "code"), (one.name, "n")))
    return Key("code", ((one.name, "code"),))


def _draw_interface_fields(draft: Draft) -> None:
    random = draft.random
    for interface in draft.abstracts.values():
        if interface.is_union:
            continue
        for name in random.sample(FIELD_NAMES, random.randint(0, 2)):
            if any(name in draft.objects[one].fields for one in interface.members):
                continue
            kind, arguments = _draw_type(draft), draw_arguments(random)
            interface.fields[name] = Field(name, kind, arguments)
            for one in interface.members:
                strict = kind if kind.endswith("!") or random.random() < 0.7 else f"{kind}!"
                draft.objects[one].fields[name] = Field(name, strict, arguments)
        for graph in draft.graphs:
            interface.hidden.update((graph, name) for name in interface.fields if name != "id" and random.random() < 0.3)


def _draw_type(draft: Draft) -> str:
    random = draft.random
    if random.random() < 0.55:
        return draw_leaf(random)
    return _wrap(random, random.choice([*draft.objects, *draft.abstracts]))


def _draw_fields(draft: Draft, one: Object) -> None:
    random = draft.random
    for name in random.sample(FIELD_NAMES, random.randint(1, 4)):
        if name not in one.fields:
            one.fields[name] = Field(name, _draw_type(draft), draw_arguments(random))
    if not one.is_entity:
        return
    for field in one.fields.values():
        if not field.homes:
            give_home(draft, one, field)
    if one.members_at:
        for graph in one.members_at:
            if random.random() < 0.15:
                one.fields["id"].homes.setdefault(graph, Home())


def give_home(draft: Draft, one: Object, field: Field) -> None:
    """Let one subgraph resolve a field, or several."""
    random = draft.random
    allowed = [graph for graph in one.members_at if draft.allows(field.target, graph)]
    if not allowed:
        field.type, allowed = "String", one.members_at
        for interface in draft.abstracts.values():
            if one.name in interface.members and field.name in interface.fields:
                _replace_type(draft, interface, field.name)
    for graph in random.sample(allowed, min(len(allowed), random.choice((1, 1, 1, 2)))):
        field.homes[graph] = Home()


def _replace_type(draft: Draft, interface: Abstract, name: str) -> None:
    interface.fields[name].type = "String"
    for member in interface.members:
        draft.objects[member].fields[name].type = "String"
    for other in draft.abstracts.values():
        shared = other is not interface and name in other.fields and set(other.members) & set(interface.members)
        if shared and other.fields[name].type != "String":
            _replace_type(draft, other, name)


def _draw_opaque_fields(draft: Draft) -> None:
    random = draft.random
    for interface in draft.abstracts.values():
        for number, graph in enumerate(sorted(interface.opaque)):
            for name in (f"{interface.name.lower()}{number}{letter}" for letter in "xy"[: random.randint(1, 2)]):
                kind = _draw_type(draft)
                field = Field(name, kind, draw_arguments(random))
                if not draft.allows(field.target, graph):
                    field.type = draw_leaf(random)
                homes = {one for one in sorted(interface.opaque) if one == graph or random.random() < 0.2}
                homes = {one for one in homes if draft.allows(field.target, one)}
                field.homes = {one: Home(via=interface.name) for one in sorted(homes)}
                interface.fields[name] = field
                for member in interface.members:
                    draft.objects[member].fields[name] = Field(name, field.type, field.arguments, dict(field.homes))


def _draw_roots(draft: Draft) -> None:
    random = draft.random
    query = draft.objects["Query"] = Object("Query", "root")
    composites = [*(one for one in draft.objects if one != "Query"), *draft.abstracts]
    for number, graph in enumerate(draft.graphs):
        for letter in "ab"[: random.randint(1, 2)]:
            allowed = [one for one in composites if draft.allows(one, graph)]
            target = random.choice(allowed) if allowed and random.random() < 0.9 else "String"
            field = Field(f"{letter}{number}", _wrap(random, target), draw_arguments(random, 0.3))
            field.homes[graph] = Home()
            if random.random() < 0.2:
                field.homes.update({one: Home() for one in draft.graphs if random.random() < 0.5 and draft.allows(target, one)})
            query.fields[field.name] = field
