"""Draws how subgraphs differ about what they share: a stricter or narrower type of a field, an argument that the others do not
have, fewer enum values, further input fields, an object with key fields but no @key.

In: a draft with all its directives. Out: the same draft, changed.
"""

from __future__ import annotations

import re

from tests.oracle.draft import Draft, Field, Key, Object


def draw_variants(draft: Draft) -> None:
    """Everything of this module."""
    random = draft.random
    named_in_sets = _named_in_sets(draft)
    for one in draft.objects.values():
        for inner in one.fields.values():
            if random.random() < 0.3:
                _draw_stricter(draft, one, inner)
            plain = inner.name not in named_in_sets and not inner.unique and not _is_shown(draft, one, inner)
            if plain and random.random() < 0.2 and len(inner.resolvers()) > 1:
                home = inner.homes[random.choice(inner.resolvers())]
                home.extra_argument = "" if home.via else random.choice(("extra: Int", "extra: Int = 5", 'extra: String = "x"'))
    for graph in draft.graphs:
        if random.random() < 0.3:
            draft.enum_at["F", graph] = ("F0", *(value for value in ("F1", "F2") if random.random() < 0.5))
        if random.random() < 0.3:
            draft.input_fields[graph] = f"y{graph}: {random.choice(('Int', '[String]', 'E'))}"
    for one in draft.objects.values():
        for key in one.keys:
            _draw_keyless(draft, one, key)


def _named_in_sets(draft: Draft) -> set[str]:
    """The names of fields that some key, @requires or @provides may name."""
    homes = [home for one in draft.objects.values() for inner in one.fields.values() for home in inner.homes.values()]
    words = {word for home in homes for word in re.findall(r"\w+", f"{home.requires} {home.provides}")}
    return words | {"id", "o", "code", "n", "prop"}


def _is_shown(draft: Draft, one: Object, inner: Field) -> bool:
    return any(one.name in abstract.members and inner.name in abstract.fields for abstract in draft.abstracts.values())


def _draw_stricter(draft: Draft, one: Object, inner: Field) -> None:
    """One of several homes promises more: not null, or a member instead of the interface."""
    random = draft.random
    graphs = [graph for graph in inner.resolvers() if not inner.homes[graph].via]
    if len(graphs) < 2 or inner.unique or inner.progressive:
        return
    strict = set(random.sample(graphs, random.randint(1, len(graphs) - 1)))
    kind = inner.type
    abstract = draft.abstracts.get(inner.target)
    if abstract is not None and not any(home.provides for home in inner.homes.values()) and random.random() < 0.5:
        member = abstract.members[0]
        if all(graph not in abstract.opaque and member in draft.known(abstract, graph) for graph in strict):
            kind = kind.replace(abstract.name, member)
    if not kind.endswith("!"):
        kind = f"{kind}!"
    if kind != inner.type:
        for graph in strict:
            inner.homes[graph].type = kind


def _draw_keyless(draft: Draft, one: Object, key: Key) -> None:
    """A subgraph that only refers to an entity may leave its @key out: the key fields are there to leave by."""
    for graph, resolvable in list(key.homes.items()):
        if resolvable or len([other for other in one.keys if graph in other.homes]) > 1 or draft.random.random() < 0.8:
            continue
        if any(graph in abstract.hubs and one.name in abstract.members for abstract in draft.abstracts.values()):
            continue
        key.homes.pop(graph)
